"""Prints what obsidiantools finds in a vault; run by a Python that has it, without kgraph."""

import importlib
import json
import sys
from pathlib import Path


def main() -> None:
    """Print one JSON object."""
    vault = importlib.import_module("obsidiantools.api").Vault(Path(sys.argv[1])).connect()
    print(json.dumps({
        "paths": {name: Path(path).as_posix() for name, path in vault.md_file_index.items()},
        "wikilinks": vault.wikilinks_index,
        "markdown": vault.md_links_index,
        "embeds": vault.embedded_files_index,
        "aliases": {
            name: [str(one) for one in (found if isinstance(found, list) else [found])]
            for name, front in vault.front_matter_index.items() if (found := (front or {}).get("aliases"))
        },
    }))  # fmt: skip


main()
