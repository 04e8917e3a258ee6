"""Real corpora, counted independently; skipped where they are absent."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

import kgraph
from kgraph.config import Config
from kgraph.evaluate.inferring import evaluate_types
from kgraph.ingest.stage import ingest

pytestmark = pytest.mark.xdist_group("corpora")


@pytest.fixture(scope="module")
def wiki(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> kgraph.KnowledgeGraph:
    return kgraph.build(corpora / "longterm-wiki-2026-02", tmp_path_factory.mktemp("wiki"))


@pytest.fixture(scope="module")
def root(corpora: Path) -> Path:
    return corpora / "longterm-wiki-2026-02"


def test_every_page_is_read(wiki: kgraph.KnowledgeGraph, root: Path) -> None:
    files = {path.relative_to(root).as_posix() for path in (root / "content").rglob("*.md*")}
    assert len(files) == 624
    assert set(wiki.head.pages) == files
    assert not [item for item in wiki.findings() if item.severity == "error"]


def test_every_catalog_entity_is_there(wiki: kgraph.KnowledgeGraph, root: Path) -> None:
    rows = [row for path in sorted((root / "data" / "entities").glob("*.yaml")) for row in yaml.safe_load(path.read_text())]
    assert len(rows) == 380
    declared = {entity.id for entity in wiki.head.entities.values() if any("/entities/" in place for place in entity.declared_in)}
    assert declared == {row["id"] for row in rows}
    wanted = Counter((row["id"], item["id"]) for row in rows for item in row.get("relatedEntries") or [])
    found = Counter((x.source, x.target) for x in wiki.statements.relations if x.key == "relatedEntries" and "/entities/" in x.path)
    assert sum(wanted.values()) == 908
    assert found == wanted


def test_links_of_components_are_found(wiki: kgraph.KnowledgeGraph, root: Path) -> None:
    uses = [link for link in wiki.statements.links if link.kind == "EntityLink"]
    pairs = {(link.source, link.target) for link in uses if link.target and link.target != link.source}
    assert 5_110 <= len(pairs) <= 5_134
    for link in uses:
        line = (root / link.path).read_text(encoding="utf-8").splitlines()[link.line - 1]
        assert "<EntityLink" in line, f"{link.path}:{link.line}"


def test_no_link_comes_from_code(wiki: kgraph.KnowledgeGraph, root: Path) -> None:
    fences: dict[str, set[int]] = {}
    for path in {link.path for link in wiki.statements.links}:
        fence = ""
        for number, line in enumerate((root / path).read_text(encoding="utf-8").splitlines(), 1):
            mark = re.match(r"\s*(`{3,}|~{3,})", line)
            if mark and not fence:
                fence = mark.group(1)
            elif mark and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            elif fence:
                fences.setdefault(path, set()).add(number)
    assert not [f"{link.path}:{link.line}" for link in wiki.statements.links if link.line in fences.get(link.path, ())]


def test_dead_ids_are_listed_with_file_and_line(wiki: kgraph.KnowledgeGraph) -> None:
    dead = Counter(link.raw for link in wiki.statements.links if link.kind == "EntityLink" and link.target is None)
    ambiguous = {item.message.split("'")[1] for item in wiki.findings() if item.rule == "W203"}
    for name in ambiguous:
        dead.pop(name, None)
    assert (len(dead), sum(dead.values())) == (34, 60)
    told = Counter(item.message.split("'")[1] for item in wiki.findings() if item.rule == "W201" and item.line > 0)
    assert all(told[name] == count for name, count in dead.items())


def test_pages_that_share_a_stem_stay_apart(wiki: kgraph.KnowledgeGraph) -> None:
    ids = [page.entity for page in wiki.head.pages.values()]
    assert len(ids) == len(set(ids))
    for stem in ("epoch-ai", "goal-misgeneralization", "epistemics"):
        assert len([path for path in wiki.head.pages if Path(path).stem == stem]) == 2


def test_every_page_has_ten_candidates(wiki: kgraph.KnowledgeGraph) -> None:
    for page in wiki.head.pages.values():
        assert len(list(wiki.scores.candidates(page.entity))) >= 10, page.path


def test_hubs_are_the_pages_one_would_expect(wiki: kgraph.KnowledgeGraph) -> None:
    leading = set(wiki.hubs(10, by="authority")["id"])
    assert {"anthropic", "openai", "deceptive-alignment"} <= leading


@pytest.mark.parametrize(("name", "pages", "links"), [("obsidian-help", 173, 1_300), ("fastapi-docs", 155, 130)])
def test_other_layouts_build_without_configuration(corpora: Path, tmp_path: Path, name: str, pages: int, links: int) -> None:
    graph = kgraph.build(corpora / name, tmp_path)
    counts = graph.stats()
    assert counts["pages"] == pages
    assert counts["links"] - counts["dead_links"] >= links


def test_hidden_types_come_back(corpora: Path) -> None:
    corpus, _, tree = ingest(corpora / "longterm-wiki-2026-02", Config(), jobs=2)
    found = evaluate_types(corpus, Config(), tree.page_root, 0.3, (0, 1, 2))
    assert found.accuracy > 0.9
    assert found.accuracy > found.majority + 0.5
