import { join, resolve } from "node:path";

import { openSite, pathOf } from "./index.js";

const NAME = "virtual:kgraph-related";

/**
 * Integration of Astro: lets `<RelatedPages path={entry.filePath} />` find the blocks.
 *
 * @param {{ data?: string, source?: string }} options folder of the exported files; folder that `kgraph build` read
 */
export default function kgraph({ data = "kgraph-site", source = "." } = {}) {
  const plugin = {
    name: "kgraph-related",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      this.addWatchFile(resolve(data, "blocks.json"));
      const { blocks, css } = openSite(data, { source });
      return `export const blocks = ${JSON.stringify(blocks)};\nexport const css = ${JSON.stringify(css)};`;
    },
  };
  return {
    name: "kgraph-related",
    hooks: {
      "astro:config:setup": ({ updateConfig, addWatchFile }) => {
        addWatchFile(join(resolve(data), "blocks.json"));
        updateConfig({ vite: { plugins: [plugin], define: { __KGRAPH_SOURCE__: JSON.stringify(source) } } });
      },
    },
  };
}

export { pathOf };
