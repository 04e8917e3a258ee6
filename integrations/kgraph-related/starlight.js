import kgraph from "./astro.js";

/**
 * Plugin of Starlight: the block stands below the content of each page.
 *
 * @param {{ data?: string, source?: string }} options folder of the exported files; folder that `kgraph build` read
 */
export default function kgraphRelated(options = {}) {
  return {
    name: "kgraph-related",
    hooks: {
      "config:setup": ({ config, updateConfig, addIntegration }) => {
        addIntegration(kgraph(options));
        updateConfig({ components: { MarkdownContent: "kgraph-related/MarkdownContent.astro", ...config.components } });
      },
    },
  };
}
