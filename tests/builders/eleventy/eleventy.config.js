import { InputPathToUrlTransformPlugin } from "@11ty/eleventy";
import kgraph from "kgraph-related/eleventy";

export default function (eleventyConfig) {
  eleventyConfig.addPlugin(kgraph, { data: "kgraph-site" });
  eleventyConfig.addPlugin(InputPathToUrlTransformPlugin);
  eleventyConfig.addGlobalData("layout", "page.njk");
  return { dir: { input: "docs", includes: "../_includes", output: "out" }, markdownTemplateEngine: false };
}
