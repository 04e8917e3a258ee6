"""The Python interface: tables with stable columns, the card, paths, communities."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import kgraph
from kgraph.api.card import Backlink, EntityCard, RelatedLine
from kgraph.errors import UnknownPageError


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> kgraph.KnowledgeGraph:
    """A wiki of one page: most tables are empty."""
    folder = tmp_path_factory.mktemp("single")
    (folder / "alone.md").write_text("# Alone\n\nNothing else here.\n", encoding="utf-8")
    return kgraph.build(folder, folder / "workspace")


def test_columns_have_the_same_types_when_empty(sample: kgraph.KnowledgeGraph, single: kgraph.KnowledgeGraph) -> None:
    def tables(kg: kgraph.KnowledgeGraph, name: str) -> dict[str, pd.DataFrame]:
        return {
            "related": kg.related(name), "reasons": kg.reasons(name), "hubs": kg.hubs(), "communities": kg.communities(),
            "path": kg.path(name, name), "links": kg.links(name), "backlinks": kg.backlinks(name), "relations": kg.relations(name),
            "mentions": kg.mentions(name), "entities": kg.entities(), "check": kg.check(), "changes": kg.changes(kg),
            "search": kg.search("act" if name != "Alone" else "zzzz"), "degrees": kg.hubs(by="in-degree"), "candidates": kg.candidates(),
        }  # fmt: skip

    full, empty = tables(sample, "EU AI Act"), tables(single, "Alone")
    assert empty["related"].empty
    assert empty["links"].empty
    for name, table in full.items():
        assert table.dtypes.astype(str).to_dict() == empty[name].dtypes.astype(str).to_dict(), name


def test_shares_of_the_reasons_sum_to_the_score(sample: kgraph.KnowledgeGraph) -> None:
    shares = sample.reasons("EU AI Act", k=5).groupby("id")["share"].sum()
    scores = sample.related("EU AI Act", k=5).set_index("id")["score"]
    assert (shares - scores).abs().max() < 0.01


def test_links_of_one_page_and_to_it(sample: kgraph.KnowledgeGraph) -> None:
    own = sample.entity_id("EU AI Act")
    every = sample.links()
    assert len(sample.links("EU AI Act")) == int((every["source"] == own).sum())
    back = sample.backlinks("EU AI Act")
    assert set(back["target"]) == {own}
    assert own not in set(back["source"])


def test_path_is_a_walk_with_its_statements(sample: kgraph.KnowledgeGraph) -> None:
    steps = sample.path("Montreal Protocol", "Racing dynamics", count=3)
    assert set(steps["path"]) == {1, 2, 3}
    for _, walk in steps.groupby("path"):
        assert walk["id"].iloc[0] == "montreal-protocol"
        assert walk["next_id"].iloc[-1] == "racing-dynamics"
        assert walk["next_id"].tolist()[:-1] == walk["id"].tolist()[1:]
    assert steps["place"].str.contains(r":\d+$").all()
    with pytest.raises(UnknownPageError):
        sample.path("Montreal Protocol", "no such page")


def test_communities_hold_everything_once(sample: kgraph.KnowledgeGraph) -> None:
    found = sample.communities()
    assert found["entities"].tolist() == sorted(found["entities"], reverse=True)
    assert int(found["entities"].sum()) == sample.stats()["entities"]
    assert found["within"].between(0, 1).all()


def test_changes_since_an_older_build(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.md").write_text("# A\n\nSee [B](b.md).\n", encoding="utf-8")
    (pages / "b.md").write_text("# B\n\nText of B.\n", encoding="utf-8")
    old = kgraph.build(pages, tmp_path / "old")
    (pages / "c.md").write_text("# C\n\nSee [A](a.md).\n", encoding="utf-8")
    new = kgraph.build(pages, tmp_path / "new")
    found = new.changes(old)
    assert ("entity", "added", "c") in set(zip(found["what"], found["change"], found["id"], strict=True))
    link = found[found["what"] == "link"].iloc[0]
    assert (link["id"], link["target"], link["path"], link["line"]) == ("c", "a", "c.md", 3)
    assert found.equals(new.changes(tmp_path / "old"))


def test_related_graph_keeps_reasons(sample: kgraph.KnowledgeGraph) -> None:
    graph = sample.to_networkx("related")
    _, _, edge = next(iter(graph.out_edges("eu-ai-act", data=True)))
    assert edge["kind"] == "related"
    assert 0 < edge["weight"] < 1
    assert edge["reason"]
    assert edge["signal"]


def test_card_escapes_everything() -> None:
    text = "</div><script>alert(1)</script>' onmouseover='x' \u202e \ud800"
    card = EntityCard(
        id=text, title=text, type=text, type_label=text, summary=text, path=text, href="javascript:alert(1)", aliases=(text,), tags=(text,),
        pagerank=0.1, pagerank_place=1, hub=0.0, authority=0.0, in_degree=1, out_degree=1, community=0,
        related=(RelatedLine(text, text, 0.5, text, text),), backlinks=(Backlink(text, text, text, text, 1),),
    )  # fmt: skip
    tags: list[str] = []
    attributes: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            attributes.update(name for name, _ in attrs)

    html = card._repr_html_()
    html.encode("utf-8")
    Reader().feed(html)
    assert set(tags) <= {"div", "bdi", "ol", "ul", "li", "span", "i"}
    assert attributes == {"style"}


def test_card_of_the_sample(sample: kgraph.KnowledgeGraph) -> None:
    card = sample.entity("EU AI Act")
    assert card.pagerank_place == 1
    assert len(card.backlinks) == sample.backlinks("EU AI Act")["source"].nunique()
    assert [line.id for line in card.related[:5]] == sample.related("EU AI Act", k=5)["id"].tolist()


def test_search_forgives_and_tells_where(sample: kgraph.KnowledgeGraph) -> None:
    found = sample.search("coalishon fatigue", k=3)
    assert found["title"].iloc[0] == "Coalition fatigue"
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert sample.search("").empty
    assert sample.search("ozone", k=2)["excerpt"].str.contains("zone").any()
