import { readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

/**
 * Reads what `kgraph export site --html -o FOLDER` wrote.
 *
 * @param {string} folder that folder
 * @param {{ source?: string }} options `source`: the folder that `kgraph build` read, the project by default
 */
export function openSite(folder, { source = "." } = {}) {
  const read = (name) => readFileSync(join(folder, name), "utf8");
  const { blocks, css } = JSON.parse(read("blocks.json"));
  return {
    /** Style of the block; it takes the colours of the page. */
    css,
    /** Blocks as HTML, by source path. */
    blocks,
    /** Related lists, by id. */
    get pages() {
      return JSON.parse(read("related.json")).pages;
    },
    /** The block of the page with this source path, absolute or relative to the project; empty where there is none. */
    block: (path) => blocks[pathOf(path, source)] ?? "",
  };
}

/** Path of a page as `blocks.json` has it: relative to the source, with slashes. */
export function pathOf(path, source = ".") {
  return relative(resolve(source), resolve(path)).split(sep).join("/");
}
