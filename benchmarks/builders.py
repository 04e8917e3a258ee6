"""Builds of the same Markdown in turns: kgraph, Hugo with its own related lists, Eleventy.

    python -m benchmarks.builders [RUNS]        (5 where nothing is given)

The pages are those of ``../shared/corpora/longterm-wiki-2026-02`` where that is present, else the sample wiki. Hugo (Debian's) and
Eleventy (from npm) get the pages as ``.md`` with their front matter and without what is MDX alone, one bare layout, no plugins, and else
what they do by default; what they write is the page as HTML. What kgraph writes is ``WORKSPACE/site``, which a site imports. For "one
page changed" a line is added to one page, and everything is asked for again in a new process, as a commit does it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_MDX = re.compile(r"^(?:import|export)\s[^\n]*$|\{/\*[\s\S]*?\*/\}", re.MULTILINE)
_HUGO = """baseURL = "https://example.org/"
[markup.goldmark.renderer]
unsafe = true
[related]
threshold = 0
includeNewer = true
[[related.indices]]
name = "fragmentrefs"
type = "fragments"
applyFilter = true
weight = 80
[[related.indices]]
name = "tags"
weight = 100
"""
_LAYOUT = """<!doctype html><title>{{ .Title }}</title><main>{{ .Content }}</main>
<ul>{{ range first 10 (.Site.RegularPages.Related .) }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
"""
_ELEVENTY = """export default function (config) {
  config.setTemplateFormats("md");
  return { dir: { input: "content", output: "out", includes: "../layouts" }, markdownTemplateEngine: false };
}
"""


def main() -> None:
    """Run and print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    corpus = REPOSITORY.parent / "shared" / "corpora" / "longterm-wiki-2026-02"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wiki = folder / "wiki"
        shutil.copytree(corpus if corpus.is_dir() else REPOSITORY / "data", wiki, copy_function=shutil.copyfile)
        contestants = {**_of_kgraph(folder, wiki), **_of_hugo(folder, wiki), **_of_eleventy(folder, wiki)}
        measured: dict[str, list[float]] = {what: [] for what in contestants}
        for _ in range(runs):
            for what, run in contestants.items():
                measured[what].append(run())
        _print(measured, len(_pages(wiki)), runs)


def _pages(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.md*") if path.suffix in (".md", ".mdx"))


def _of_kgraph(folder: Path, wiki: Path) -> dict[str, Callable[[], float]]:
    """Builds with and without RDF."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}

    def build(workspace: Path, *options: str) -> float:
        started = time.perf_counter()
        _call([sys.executable, "-m", "kgraph", "build", str(wiki), "-w", str(workspace), *options], folder, environment)
        return time.perf_counter() - started

    def cold(workspace: Path, *options: str) -> float:
        shutil.rmtree(workspace, ignore_errors=True)
        return build(workspace, *options)

    def changed(workspace: Path, *options: str) -> float:
        _add_line(_pages(wiki)[0])
        return build(workspace, *options)

    lists, whole = folder / "lists", folder / "whole"
    return {
        "kgraph, lists only: cold": lambda: cold(lists, "--no-rdf"),
        "kgraph, lists only: one page changed": lambda: changed(lists, "--no-rdf"),
        "kgraph, lists only: nothing changed": lambda: build(lists, "--no-rdf"),
        "kgraph, with RDF and SPARQL store: cold": lambda: cold(whole),
        "kgraph, with RDF and SPARQL store: one page changed": lambda: changed(whole),
    }


def _of_hugo(folder: Path, wiki: Path) -> dict[str, Callable[[], float]]:
    if shutil.which("hugo") is None:
        print("no hugo here: left out\n")
        return {}
    site = folder / "hugo"
    _copy_pages(wiki, site / "content", index="_index.md")
    (site / "layouts" / "_default").mkdir(parents=True)
    for name in ("single.html", "list.html"):
        (site / "layouts" / "_default" / name).write_text(_LAYOUT, encoding="utf-8")
    (site / "hugo.toml").write_text(_HUGO, encoding="utf-8")
    return {"Hugo with related lists: cold": lambda: _built(site, ["hugo", "--quiet", "-d", "out"])}


def _of_eleventy(folder: Path, wiki: Path) -> dict[str, Callable[[], float]]:
    from tests.builders.building import modules_of

    if shutil.which("npx") is None:
        print("no npm here: Eleventy left out\n")
        return {}
    site = folder / "eleventy"
    _copy_pages(wiki, site / "content", index="index.md")
    (site / "eleventy.config.js").write_text(_ELEVENTY, encoding="utf-8")
    (site / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (site / "node_modules").symlink_to(modules_of("eleventy"))
    return {"Eleventy: cold": lambda: _built(site, ["npx", "--no-install", "eleventy", "--quiet"])}


def _copy_pages(wiki: Path, folder: Path, *, index: str) -> None:
    """The pages as plain Markdown with their front matter, at their paths."""
    for path in _pages(wiki):
        text = path.read_text(encoding="utf-8")
        front = _FRONT.match(text)
        said = front[1] if front else f"title: {json.dumps(path.stem)}"
        body = _MDX.sub("", text[front.end() :] if front else text)
        place = folder / path.relative_to(wiki).with_suffix(".md")
        place = place.with_name(index) if place.stem in ("index", "_index") else place
        place.parent.mkdir(parents=True, exist_ok=True)
        address = json.dumps(f"/{place.relative_to(folder).with_suffix('.html').as_posix()}")
        place.write_text(f"---\n{said}\npermalink: {address}\n---\n{body.replace('{{', '&#123;&#123;')}", encoding="utf-8")


def _built(site: Path, command: list[str]) -> float:
    shutil.rmtree(site / "out", ignore_errors=True)
    shutil.rmtree(site / "resources", ignore_errors=True)
    started = time.perf_counter()
    _call(command, site, dict(os.environ))
    return time.perf_counter() - started


def _call(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def _add_line(page: Path) -> None:
    with page.open("a", encoding="utf-8") as stream:
        stream.write(f"\nOne sentence more, at {time.time_ns()}.\n")


def _print(measured: dict[str, list[float]], pages: int, runs: int) -> None:
    medians = {what: statistics.median(seconds) for what, seconds in measured.items()}
    peers = [what for what in medians if not what.startswith("kgraph")]
    print(f"{pages} pages; median of {runs} runs, in turns\n")
    print(f"| what | seconds | {' | '.join(f'times {what.split()[0].rstrip(chr(58))}' for what in peers)} |")
    print(f"| --- | --- |{' --- |' * len(peers)}")
    for what, seconds in medians.items():
        print(f"| {what} | {seconds:.2f} | {' | '.join(f'{seconds / medians[peer]:.2f}' for peer in peers)} |")


if __name__ == "__main__":
    main()
