import { openSite } from "./index.js";

/**
 * Plugin of Eleventy: the filter `relatedPages` and the global data `kgraph` (`pages`, `css`).
 *
 * @param {{ data?: string, source?: string }} options folder of the exported files; folder that `kgraph build` read
 */
export default function kgraph(eleventyConfig, { data = "kgraph-site", source = "." } = {}) {
  let site;
  eleventyConfig.on("eleventy.before", () => {
    site = openSite(data, { source });
  });
  eleventyConfig.addWatchTarget(data);
  eleventyConfig.addGlobalData("kgraph", () => {
    const { css, pages } = openSite(data, { source });
    return { css, pages };
  });
  eleventyConfig.addFilter("relatedPages", (inputPath) => site.block(inputPath));
}
