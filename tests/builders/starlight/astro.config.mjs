import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import kgraph from "kgraph-related/starlight";

export default defineConfig({
  site: "https://cooperating.example",
  integrations: [starlight({ title: "Cooperating on AI", pagefind: false, plugins: [kgraph({ data: "kgraph-site" })] })],
});
