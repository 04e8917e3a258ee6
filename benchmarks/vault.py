"""A vault of notes: kgraph beside obsidiantools, which reads notes and their links into a graph of NetworkX.

    python -m benchmarks.vault [NOTES]        (2,000 generated notes where nothing is given)

Beside the generated vault, ``../shared/corpora/obsidian-help`` where that is present. Three runs each, in turns; seconds by the clock, the
start of Python included; memory is that of the largest process.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.__main__ import REPOSITORY, timed
from benchmarks.peers import peer_python
from benchmarks.wiki import write_wiki

_RUNS = 3
_LINK = re.compile(r"\[([^\]]+)\]\(/part-\d+/(page-\d+)/\)")
_PEER = (
    "import pathlib, sys; from obsidiantools.api import Vault; v = Vault(pathlib.Path(sys.argv[1])).connect()\n"
    "if sys.argv[2:]: v.gather()\nassert v.graph.number_of_nodes()"
)


def main() -> None:
    """Run and print the tables."""
    notes = int(sys.argv[1]) if sys.argv[1:] else 2_000
    corpus = REPOSITORY.parent / "shared" / "corpora" / "obsidian-help"
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "vault"
        _write_vault(made, notes)
        for name, vault in ((f"generated, {notes:,} notes", made), ("obsidian-help", corpus)):
            if vault.is_dir():
                _table(name, vault, Path(folder))


def _write_vault(folder: Path, notes: int) -> None:
    """A generated wiki with wikilinks, its catalog left out."""
    write_wiki(folder, notes)
    (folder / "data" / "entities.yaml").unlink()
    (folder / "data").rmdir()
    for path in folder.rglob("*.md"):
        path.write_text(_LINK.sub(r"[[\2|\1]]", path.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / ".obsidian").mkdir()


def _table(name: str, vault: Path, folder: Path) -> None:
    kgraph = [sys.executable, "-m", "kgraph"]
    contestants = {
        "kgraph ingest: links, mentions, RDF": [*kgraph, "ingest", str(vault), "-w", str(folder / "ingested"), "--full"],
        "kgraph build: the same, ranked, with all lists": [*kgraph, "build", str(vault), "-w", str(folder / "built"), "--full"],
    }
    python = peer_python()
    if python is None:
        print("obsidiantools is not installed: `sh scripts/peers.sh`\n")
    else:
        contestants["obsidiantools, connect: links"] = [python, "-c", _PEER, str(vault)]
        contestants["obsidiantools, connect and gather: links, plain text"] = [python, "-c", _PEER, str(vault), "gather"]
    measured: dict[str, list[tuple[float, float]]] = {what: [] for what in contestants}
    for _ in range(_RUNS):
        for what, command in contestants.items():
            measured[what].append(timed(command))
    peer = next((statistics.median(seconds for seconds, _ in measured[what]) for what in measured if what.startswith("obsidian")), None)
    print(f"{name}\n\n| what | seconds | times obsidiantools, connect | memory, MB |\n| --- | --- | --- | --- |")
    for what, runs in measured.items():
        seconds = statistics.median(seconds for seconds, _ in runs)
        print(f"| {what} | {seconds:.2f} | {f'{seconds / peer:.2f}' if peer else ''} | {max(memory for _, memory in runs):,.0f} |")
    print(flush=True)


if __name__ == "__main__":
    main()
