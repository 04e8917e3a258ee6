"""Each signal on tiny wikis, against values computed by hand."""

from __future__ import annotations

import re
from math import log, sqrt
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import minimize

import kgraph
from kgraph.rank import sparse
from kgraph.rank.evidence import Evidence
from kgraph.rank.linkability import _FIRM, _START, FEATURES, _fit, linkability
from kgraph.rank.pagerank import personalized_pagerank, total_pagerank
from kgraph.rank.signals import SIGNALS, Signal, load_signals
from kgraph.rank.signals.proximity import FOLLOW
from kgraph.rank.sparse import normalize_rows, product, top_k_rows
from tests.ingest.wiki import corpus_of


class Seen:
    """What one signal says of a wiki."""

    def __init__(self, folder: Path, name: str, **pages: str) -> None:
        """Write ``pages`` by id (``a="…"`` is the page ``a.md``) and ask the signal."""
        self.evidence = Evidence(corpus_of(folder, {f"{page}.md": text for page, text in pages.items()}))
        self.signal: Signal = load_signals([name])[0]
        self.matrix: Any = self.signal.scores(self.evidence).toarray()

    def score(self, source: str, target: str) -> float:
        """Score of one pair."""
        return float(self.matrix[self.evidence.index[source], self.evidence.index[target]])

    def pairs(self) -> set[str]:
        """All pairs with a score, such as ``ab``."""
        ids = self.evidence.ids
        return {ids[row] + ids[column] for row, column in np.argwhere(self.matrix > 0)}

    def told(self, source: str, target: str) -> tuple[str, tuple[str, ...]] | None:
        """Text and evidence of the reason for one pair."""
        found = self.signal.reason(self.evidence, self.evidence.index[source], self.evidence.index[target])
        return None if found is None else (found.text, found.evidence)


def page(title: str, text: str = "", **front: str) -> str:
    """A page with front matter."""
    fields = "".join(f"{key}: {value}\n" for key, value in front.items())
    return f"---\ntitle: {title}\n{fields}---\n{text}\n"


def test_signals_have_the_names_they_are_listed_under() -> None:
    assert tuple(signal.name for signal in load_signals(SIGNALS)) == SIGNALS


@pytest.mark.parametrize("name", SIGNALS)
def test_signal_says_nothing_of_pages_that_share_nothing(tmp_path: Path, name: str) -> None:
    seen = Seen(tmp_path, name, a=page("Anchovy", "harbour"), b=page("Basalt", "quarry"), c=page("Copper", "lantern"))
    assert seen.pairs() == set()


@pytest.mark.parametrize("name", SIGNALS)
def test_signal_of_one_page_is_empty(tmp_path: Path, name: str) -> None:
    assert Seen(tmp_path, name, a=page("Anchovy", "harbour")).matrix.tolist() == [[0.0]]


# -- relation ---------------------------------------------------------------------------------------


def related(**names: str) -> str:
    return "[" + ", ".join(f"{{id: {target}, relationship: {name}}}" for target, name in names.items()) + "]"


def test_relation_counts_in_both_directions(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "relation", a=page("Anchovy", relatedEntries=related(b="part-of")), b=page("Basalt"))
    assert seen.matrix.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_relation_stated_on_both_sides_counts_twice(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "relation", a=page("Anchovy", relatedEntries=related(b="part-of")), b=page("Basalt", relatedEntries=related(a="related"))
    )
    assert (seen.score("a", "b"), seen.score("b", "a")) == (2.0, 2.0)


def test_relation_under_two_names_counts_a_little_more(tmp_path: Path) -> None:
    both = "[{id: b, relationship: part-of}, {id: b, relationship: causes}]"
    seen = Seen(tmp_path, "relation", a=page("Anchovy", relatedEntries=both), b=page("Basalt"))
    assert seen.score("a", "b") == pytest.approx(1.0 + 0.5 * log(2))


def test_relation_stated_twice_under_one_name_counts_once(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "relation", a=page("Anchovy", "## See also\n\n- [Basalt](b.md)", related="[b]"), b=page("Basalt"))
    assert seen.score("a", "b") == 1.0
    assert seen.told("a", "b") == ("related (related, See also)", ("a.md:3", "a.md:7"))


def test_relation_is_told_from_both_sides(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "relation", a=page("Anchovy", relatedEntries=related(b="causes")), b=page("Basalt"), c=page("Copper"))
    vocabulary = seen.evidence.vocabulary
    assert vocabulary.label("causes") != vocabulary.inverse_label("causes")
    assert seen.told("a", "b") == (f"{vocabulary.label('causes')} (relatedEntries)", ("a.md:3",))
    assert seen.told("b", "a") == (f"{vocabulary.inverse_label('causes')} (relatedEntries)", ("a.md:3",))
    assert seen.told("a", "c") is None


def test_relation_that_a_component_states_is_told_by_its_name_without_markup(tmp_path: Path) -> None:
    files = {
        "docs/a.mdx": "# Anchovy\n\n<InfoBox entityId='b' />\n",
        "data/rows.yaml": "- {id: b, title: Basalt}\n- {id: c, title: Copper}\n",
    }
    evidence = Evidence(corpus_of(tmp_path, files))
    found = load_signals(["relation"])[0].reason(evidence, evidence.index["a"], evidence.index["b"])
    assert found is not None
    assert (found.text, found.evidence) == ("about (InfoBox)", ("docs/a.mdx:3",))


# -- link -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("In the lead [Basalt](b.md).", 1.5),
        ("## Part\n\nIn the body [Basalt](b.md).", 1.0),
        ("## Part\n\n- [Basalt](b.md)", 1.0),
        ("## Part\n\n| x | y |\n| - | - |\n| z | [Basalt](b.md) |", 0.9),
        ("## Part\n\n### About [Basalt](b.md)\n\nText.", 1.2),
        ("## Part\n\nWords.[^1]\n\n[^1]: In a note [Basalt](b.md).", 0.5),
        ("## Part\n\nBoth [Basalt](b.md) and again [Basalt](b.md).", 1.0 + log(2)),
        ("In the lead [Basalt](b.md).\n\n## Part\n\n- [Basalt](b.md)", 1.5 * (1.0 + log(2))),
    ],
    ids=["lead", "body", "list", "table", "heading", "footnote", "twice", "best place"],
)
def test_link_counts_by_place_and_repetition_and_four_fifths_backward(tmp_path: Path, text: str, strength: float) -> None:
    seen = Seen(tmp_path, "link", a=page("Anchovy", text), b=page("Basalt", "quarry"))
    assert seen.score("a", "b") == pytest.approx(strength)
    assert seen.score("b", "a") == pytest.approx(0.8 * strength)


def test_links_to_each_other_add_up(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "link", a=page("Anchovy", "To [Basalt](b.md)."), b=page("Basalt", "## Part\n\nTo [Anchovy](a.md)."))
    assert (seen.score("a", "b"), seen.score("b", "a")) == pytest.approx((1.5 + 0.8, 1.0 + 0.8 * 1.5))
    assert seen.told("a", "b") == ("the pages link to each other: “To Basalt.”", ("a.md:4", "b.md:6"))


def test_link_is_told_from_both_sides(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "link", a=page("Anchovy", "To [Basalt](b.md)."), b=page("Basalt"), c=page("Copper"))
    assert seen.told("a", "b") == ("linked here: “To Basalt.”", ("a.md:4",))
    assert seen.told("b", "a") == ("links here: “To Basalt.”", ("a.md:4",))
    assert seen.told("a", "c") is None


def test_repeated_links_are_told_by_their_number(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "link", a=page("Anchovy", "To [Basalt](b.md) and [Basalt](b.md).\n\nSee [Basalt](b.md)."), b=page("Basalt"))
    assert seen.told("a", "b") == ("linked here 3 times: “To Basalt and Basalt.”", ("a.md:4", "a.md:6"))
    assert seen.told("b", "a") == ("links here 3 times: “To Basalt and Basalt.”", ("a.md:4", "a.md:6"))


def test_link_to_the_own_page_and_dead_link_count_nothing(tmp_path: Path) -> None:
    assert Seen(tmp_path, "link", a=page("Anchovy", "[Own](a.md) and [gone](gone.md)."), b=page("Basalt")).pairs() == set()


# -- mention ----------------------------------------------------------------------------------------


def test_mention_speaks_for_what_is_named_and_named_by_for_what_names(tmp_path: Path) -> None:
    pages = {"a": page("Anchovy Bay", "Near Basalt Hill today."), "b": page("Basalt Hill"), "c": page("Copper Mine")}
    there, back = Seen(tmp_path / "1", "mention", **pages), Seen(tmp_path / "2", "named_by", **pages)
    assert (there.pairs(), back.pairs()) == ({"ab"}, {"ba"})
    assert 0.0 < back.score("b", "a") < 1.0
    assert there.score("a", "b") == pytest.approx(back.score("b", "a") ** 2)
    assert there.told("a", "b") == ("named here: “Near Basalt Hill today.”", ("a.md:4",))
    assert back.told("b", "a") == ("names this page: “Near Basalt Hill today.”", ("a.md:4",))
    assert (there.told("b", "a"), back.told("a", "b")) == (None, None)


def test_a_name_that_authors_mostly_link_counts_more(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "mention",
        a=page("Anchovy Bay", "Near Basalt Hill and Copper Mine."), b=page("Basalt Hill"), c=page("Copper Mine"),
        d=page("Dune Sea", "By [Basalt Hill](b.md)."), e=page("Ember Pit", "By [Basalt Hill](b.md)."),
        f=page("Fjord End", "By Copper Mine."),
    )  # fmt: skip
    assert seen.score("a", "b") > seen.score("a", "c") > 0


def _names(folder: Path, *, early: bool) -> Evidence:
    """Thirty pages that name two others, one at the beginning and one at the end, and link one of them; the last page links none."""
    filler = "\n\n".join(["harbour"] * 12)
    files = {f"{target.lower()}.md": page(target) for target in ("Basalt", "Copper")}
    for number in range(30):
        first, last = ("Basalt", "Copper") if number % 2 else ("Copper", "Basalt")
        texts = [
            f"[{name}]({name.lower()}.md)" if number < 29 and (place == 0) == early else name for place, name in enumerate((first, last))
        ]
        files[f"p{number:02}.md"] = page(f"Page {number}", f"By {texts[0]}.\n\n{filler}\n\nBy {texts[1]}.")
    return Evidence(corpus_of(folder, files))


@pytest.mark.parametrize("early", [True, False], ids=["early", "late"])
def test_where_authors_link_a_name_is_learned_from_the_site(tmp_path: Path, early: bool) -> None:
    evidence = _names(tmp_path, early=early)
    chance = linkability(evidence)
    last, basalt, copper = (evidence.index[name] for name in ("p29", "basalt", "copper"))
    assert (chance[last, basalt] > chance[last, copper]) == early
    assert max(chance[last, basalt], chance[last, copper]) > 0.5 > min(chance[last, basalt], chance[last, copper])


def test_coefficients_are_those_of_the_ridge_logistic_regression() -> None:
    dice = np.random.default_rng(3)
    features = np.column_stack((np.ones(400), dice.normal(size=(400, len(FEATURES) - 1))))
    linked = (features @ dice.normal(size=len(FEATURES)) + dice.logistic(size=400) > 0).astype(float)

    def loss(found: Any) -> float:
        odds = features @ found
        return float((np.logaddexp(0.0, odds) - linked * odds).sum() + 0.5 * (_FIRM * (found - _START) ** 2).sum())

    expected = minimize(loss, _START, method="BFGS", options={"gtol": 1e-6}).x
    assert _fit(features, linked) == pytest.approx(expected, abs=0.06)  # rounded to tenths


# -- title ------------------------------------------------------------------------------------------


def test_a_text_about_the_words_of_a_title_counts_without_naming_it(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "title",
        a=page("Anchovy", "quarry of basalt"), b=page("Basalt quarry"), c=page("Copper", "lantern"), d=page("Dune", "lantern"),
    )  # fmt: skip
    evidence = seen.evidence
    text, terms = evidence.text
    a, rarity = evidence.index["a"], log(5 / 3)  # both words are on two of four pages
    held = {terms[place]: text[a, place] for place in text.indices[text.indptr[a] : text.indptr[a + 1]]}
    there = sum(held[word] * rarity for word in ("basalt", "quarry")) / sqrt(2 * rarity**2 + 4)
    assert seen.score("a", "b") == pytest.approx(there)
    assert seen.score("b", "a") == pytest.approx(0.4 * there)
    assert seen.told("a", "b") == ("this text uses words of its title: basalt, quarry", ())
    assert seen.told("b", "a") == ("its text uses words of this title: basalt, quarry", ())
    assert (seen.score("a", "c"), seen.told("a", "c")) == (0.0, None)


# -- three steps ------------------------------------------------------------------------------------


def test_a_walk_of_three_steps_leads_to_what_pages_with_the_same_links_link(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "three_steps",
        a=page("Anchovy", "[Xylem](x.md)"), b=page("Basalt", "[Xylem](x.md) [Yarrow](y.md)"), c=page("Copper", "[Xylem](x.md)"),
        x=page("Xylem"), y=page("Yarrow"),
    )  # fmt: skip
    # one way to x, a third of the ways back to b, half of its ways on to y
    assert seen.score("a", "y") == pytest.approx(1 / 3 * 1 / 2)
    assert seen.pairs() == {"ay", "cy"}
    assert seen.told("a", "y") == ("a page that shares links with this one links there: Basalt", ("b",))
    assert seen.told("y", "a") is None


# -- co-citation and coupling -----------------------------------------------------------------------

CITING = page("Copper", "First [Anchovy](a.md) then [Basalt](b.md).")
TARGETS = {"a": page("Anchovy", "harbour"), "b": page("Basalt", "quarry")}
COUPLED = {"a": page("Anchovy", "See [Copper](c.md)."), "b": page("Basalt", "Read [Copper](c.md)."), "c": page("Copper", "lantern")}


def test_a_page_that_cites_two_makes_them_co_cited_and_not_coupled(tmp_path: Path) -> None:
    assert Seen(tmp_path / "1", "co_citation", **TARGETS, c=CITING).pairs() == {"ab", "ba"}
    assert Seen(tmp_path / "2", "bibliographic_coupling", **TARGETS, c=CITING).pairs() == set()


def test_two_pages_that_cite_a_third_are_coupled_and_not_co_cited(tmp_path: Path) -> None:
    assert Seen(tmp_path / "1", "bibliographic_coupling", **COUPLED).pairs() == {"ab", "ba"}
    assert Seen(tmp_path / "2", "co_citation", **COUPLED).pairs() == set()


@pytest.mark.parametrize(
    ("text", "proximity"),
    [
        ("## Part\n\nFirst [Anchovy](a.md) then [Basalt](b.md).", 1.0 + 0.35 + 0.15),
        ("## Part\n\nFirst [Anchovy](a.md).\n\nThen [Basalt](b.md).", 0.35 + 0.15),
        ("## Part\n\nFirst [Anchovy](a.md).\n\n## Other\n\nThen [Basalt](b.md).", 0.15),
    ],
    ids=["block", "section", "page"],
)
def test_co_citation_counts_more_the_closer_the_links_stand(tmp_path: Path, text: str, proximity: float) -> None:
    seen = Seen(tmp_path, "co_citation", **TARGETS, c=page("Copper", text))
    expected = proximity / (1 + log(2)) / (sqrt(2) * sqrt(2))
    assert (seen.score("a", "b"), seen.score("b", "a")) == pytest.approx((expected, expected))


def test_co_citation_by_links_outside_prose_is_not_that_of_one_block(tmp_path: Path) -> None:
    text = "## Part\n\n<EntityLink id='a' />\n\n<EntityLink id='b' />"
    seen = Seen(tmp_path, "co_citation", **TARGETS, c=page("Copper", text))
    assert {link.block for link in seen.evidence.corpus.links} == {-1}
    assert seen.score("a", "b") == pytest.approx((0.35 + 0.15) / (1 + log(2)) / 2)


def test_co_citation_by_two_pages_is_normalised_by_both_in_degrees(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "co_citation", **TARGETS, c=CITING, d=page("Dune", "Also [Anchovy](a.md) and [Basalt](b.md)."))
    assert seen.score("a", "b") == pytest.approx(2 * 1.5 / (1 + log(2)) / 3)
    assert seen.told("a", "b") == ("both linked from Copper and 1 more", ("c", "d"))


def test_coupling_is_the_damped_cosine_of_rare_targets(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "bibliographic_coupling", **COUPLED)
    rarity = log(3 / 2)
    assert seen.score("a", "b") == pytest.approx(rarity**2 / (rarity**2 + 4))
    assert seen.told("a", "b") == ("both link to Copper", ("c",))
    assert seen.told("a", "c") is None


def test_coupling_over_a_rare_target_counts_more_than_over_a_common_one(tmp_path: Path) -> None:
    common, rare = "[Xylem](x.md)", "[Yarrow](y.md)"
    seen = Seen(
        tmp_path, "bibliographic_coupling",
        a=page("Anchovy", rare), b=page("Basalt", rare), c=page("Copper", common), d=page("Dune", common), e=page("Ember", common),
        x=page("Xylem"), y=page("Yarrow"),
    )  # fmt: skip
    assert seen.score("a", "b") > seen.score("c", "d") > 0


# -- text -------------------------------------------------------------------------------------------


def test_text_of_identical_pages_is_one_and_of_disjoint_ones_zero(tmp_path: Path) -> None:
    same = "harbour lantern drizzle"
    seen = Seen(tmp_path, "text", a=page("Anchovy", same), b=page("Basalt", same), c=page("Copper", "quarry"))
    assert seen.score("a", "b") == pytest.approx(1.0)
    assert seen.pairs() == {"ab", "ba"}
    found = seen.told("a", "b")
    assert found is not None
    assert sorted(found[0].removeprefix("similar text: ").split(", ")) == ["drizzle", "harbour", "lantern"]
    assert seen.told("a", "c") is None


def test_text_is_the_cosine_of_the_terms(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "text", a=page("Anchovy", "harbour lantern"), b=page("Basalt", "harbour"), c=page("Copper", "lantern"))
    assert (seen.score("a", "b"), seen.score("a", "c"), seen.score("b", "c")) == pytest.approx((sqrt(0.5), sqrt(0.5), 0.0))


def test_text_of_rare_terms_counts_more(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "text",
        a=page("Anchovy", "harbour lantern"), b=page("Basalt", "harbour drizzle"), c=page("Copper", "lantern quarry"),
        d=page("Dune", "lantern drizzle"), e=page("Ember", "quarry"),
    )  # fmt: skip
    rare, common = log(6 / 3), log(6 / 4)  # on 2 and on 3 of 5 pages
    assert seen.score("a", "b") == pytest.approx(rare**2 / (sqrt(rare**2 + common**2) * sqrt(2) * rare))
    assert seen.score("a", "c") == pytest.approx(common**2 / (rare**2 + common**2))


def test_text_that_many_pages_repeat_does_not_count(tmp_path: Path) -> None:
    pages = {name: page(f"Title{name}", f"{name * 4}\n\nfootline disclaimer") for name in "abcd"}
    others = {name: page(f"Title{name}", name * 5) for name in "efghijkl"}
    assert Seen(tmp_path / "1", "text", **pages, **others).pairs() == set()
    kept = {name: text for name, text in pages.items() if name in "abc"}
    assert "ab" in Seen(tmp_path / "2", "text", **kept, **others).pairs()


def test_text_common_to_more_than_half_of_the_pages_does_not_count(tmp_path: Path) -> None:
    def wiki(many: int) -> dict[str, str]:
        return {name: page(f"Title{name}", f"{name * 4} harbour" if place < many else name * 5) for place, name in enumerate("abcdefghij")}

    assert Seen(tmp_path / "5", "text", **wiki(5)).score("a", "b") > 0
    assert Seen(tmp_path / "6", "text", **wiki(6)).pairs() == set()


def test_text_counts_titles_three_times_and_summaries_once(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "text", a=page("Harbour", "lantern"), b=page("Basalt", "harbour lantern"), c=page("Copper"))
    three, two = 1 + log(3), 1 + log(2)  # the first paragraph is the summary as well
    assert seen.score("a", "b") == pytest.approx((three * two + two**2) / (sqrt(three**2 + two**2) * sqrt(2) * two))


@pytest.mark.parametrize(
    ("first", "second", "similar"),
    [
        (page("Anchovy", aliases="[Harbour]"), page("Basalt", "harbour"), True),
        (page("Anchovy", "deep-sea"), page("Basalt", "sea"), True),
        (page("Anchovy", "lanterns"), page("Basalt", "lantern"), True),
        (page("Anchovy", "2024 of"), page("Basalt", "2024 of"), False),
    ],
    ids=["alias", "part of a hyphenated word", "plural", "numbers and short words"],
)
def test_text_counts_names_and_forms(tmp_path: Path, first: str, second: str, similar: bool) -> None:
    assert Seen(tmp_path, "text", a=first, b=second, c=page("Copper")).pairs() == ({"ab", "ba"} if similar else set())


def test_text_of_an_entity_without_page_is_its_facts(tmp_path: Path) -> None:
    files = {
        "docs/a.md": page("Anchovy", "obsidian"),
        "docs/b.md": page("Basalt"),
        "data/rows.yaml": "- {id: x, title: Xylem, made: obsidian}\n",
    }
    evidence = Evidence(corpus_of(tmp_path, files))
    assert evidence.similarity[evidence.index["a"], evidence.index["x"]] > 0


# -- links of similar pages -------------------------------------------------------------------------


def test_what_a_similar_page_links_counts_in_both_directions(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "neighbour_links", a=page("Anchovy", "harbour lantern"), b=page("Basalt", "harbour lantern [Cy](c.md)"), c=page("Cy")
    )
    assert seen.pairs() == {"ac", "ca"}
    assert (seen.score("a", "c"), seen.score("c", "a")) == pytest.approx((1.0, 1.0))
    assert seen.told("a", "c") == ("linked with a similar page: Basalt", ("b",))
    assert seen.told("c", "a") == ("similar to a page linked here: Basalt", ("b",))
    assert seen.told("a", "b") is None


def test_what_a_similar_page_relates_to_counts_too(tmp_path: Path) -> None:
    front = {"relatedEntries": related(c="part-of")}
    seen = Seen(
        tmp_path, "neighbour_links", a=page("Anchovy", "harbour lantern"), b=page("Basalt", "harbour lantern", **front), c=page("Cy")
    )
    assert seen.score("a", "c") == pytest.approx(1.0)


# -- links of peers, prefix, section, types, popularity -----------------------------------------------


def test_what_a_page_with_the_same_links_is_joined_with_counts(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "peer_links",
        a=page("Anchovy", "[Xylem](x.md) [Yarrow](y.md)"), b=page("Basalt", "[Xylem](x.md) [Yarrow](y.md) [Copper](c.md)"),
        c=page("Copper", "quarry"), x=page("Xylem"), y=page("Yarrow"),
    )  # fmt: skip
    # the likeness of a and b, which is joined with c; those of c to x and to y, which are joined with a
    assert seen.score("a", "c") == pytest.approx(2 / sqrt((2 + 2) * (3 + 2)) + 2 / sqrt((1 + 2) * (2 + 2)))
    assert seen.told("a", "c") == ("linked with a page that has the same links: Basalt", ("b",))
    assert seen.told("c", "a") == ("linked with pages that have the same links: Xylem, Yarrow", ("x", "y"))


def test_entities_related_to_the_same_few_count_more(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "adamic_adar",
        a=page("Anchovy", relatedEntries=related(x="part-of", y="part-of")), b=page("Basalt", relatedEntries=related(x="causes")),
        c=page("Copper", relatedEntries=related(y="causes")), d=page("Dune", relatedEntries=related(y="causes")),
        x=page("Xylem"), y=page("Yarrow"),
    )  # fmt: skip
    assert (seen.score("a", "b"), seen.score("b", "a")) == pytest.approx((1 / log(2), 1 / log(2)))
    assert seen.score("a", "c") == pytest.approx(1 / log(3))
    assert seen.told("a", "b") == ("both related to Xylem", ("x",))
    assert seen.told("b", "c") is None


def test_ids_that_begin_alike_count_by_rarity_and_length(tmp_path: Path) -> None:
    names = ("coal-mine-north", "coal-mine-south", "coal-tar", "dune")
    seen = Seen(tmp_path, "prefix", **{name: page(f"Title{place}") for place, name in enumerate(names)})
    one, two = log(5 / 3), log(5 / 2)
    assert seen.score("coal-mine-north", "coal-mine-south") == pytest.approx(one + 0.5 * two)
    assert seen.score("coal-mine-north", "coal-tar") == pytest.approx(one)
    assert seen.score("coal-tar", "dune") == 0
    assert seen.told("coal-mine-north", "coal-mine-south") == ("both ids begin with “coal-mine”", ())
    assert seen.told("coal-tar", "dune") is None


def _grouped(folder: Path, name: str) -> tuple[Evidence, Signal, Any]:
    files = {f"sea/a{number}.md": page(f"Ta{number}", f"harbour [x](b{number}.md)", type="fish") for number in range(2)}
    files |= {f"sea/b{number}.md": page(f"Tb{number}", "harbour", type="fish") for number in range(2)}
    files |= {f"land/c{number}.md": page(f"Tc{number}", "harbour", type="stone") for number in range(2)}
    evidence = Evidence(corpus_of(folder, files | {f"land/d{number}.md": page(f"D{number}", type="stone") for number in range(6)}))
    signal: Signal = load_signals([name])[0]
    return evidence, signal, signal.scores(evidence).toarray()


@pytest.mark.parametrize(("name", "text"), [("section", "same section: sea"), ("types", "both are of the type fish")])
def test_groups_that_are_joined_more_often_than_by_chance_count(tmp_path: Path, name: str, text: str) -> None:
    evidence, signal, matrix = _grouped(tmp_path, name)
    index = evidence.index
    share = 4 / 12  # of the entities; both links run within the group
    assert matrix[index["a0"], index["b1"]] == pytest.approx(log((2 + 5 * share) / (2 + 5) / share))
    found = signal.reason(evidence, index["a0"], index["b1"])
    assert found is not None
    assert found.text == text
    assert matrix[index["a0"], index["c0"]] == 0
    assert signal.reason(evidence, index["a0"], index["c0"]) is None


def test_popularity_counts_only_where_something_else_speaks(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "popularity",
        a=page("Anchovy", "[Xylem](x.md)"), b=page("Basalt", "[Xylem](x.md)"), c=page("Copper", "lantern"), x=page("Xylem"),
    )  # fmt: skip
    assert seen.score("a", "x") == pytest.approx(log(3))
    assert seen.score("c", "x") == 0
    assert seen.told("a", "x") == ("much linked: from 2 pages", ())


# -- tags -------------------------------------------------------------------------------------------


def test_a_rare_shared_tag_beats_a_common_one(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "tags",
        a=page("Anchovy", tags="[rare, common]"), b=page("Basalt", tags="[rare]"), c=page("Copper", tags="[common]"),
        d=page("Dune", tags="[common, alone]"),
    )  # fmt: skip
    rare, common = log(5 / 2), log(5 / 3)
    assert seen.score("a", "b") == pytest.approx(rare**2 / sqrt((rare**2 + common**2 + 9) * (rare**2 + 9)))
    assert seen.score("a", "c") == pytest.approx(common**2 / sqrt((rare**2 + common**2 + 9) * (common**2 + 9)))
    assert seen.score("a", "b") > seen.score("a", "c")
    assert seen.score("c", "d") == pytest.approx(common**2 / (common**2 + 9))  # a tag of one page weighs nothing
    assert seen.told("a", "b") == ("share the tag rare", ("a.md:3", "b.md:3"))
    assert seen.told("b", "c") is None


def test_shared_tags_are_told_rarest_first(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path,
        "tags",
        a=page("Anchovy", tags="[common, rare]"),
        b=page("Basalt", tags="[common, rare]"),
        c=page("Copper", tags="[common]"),
    )
    assert seen.told("a", "b") == ("share the tags rare, common", ("a.md:3", "b.md:3"))


# -- sources ----------------------------------------------------------------------------------------


def test_shared_outside_addresses_count_by_rarity_whatever_the_fragment(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "sources",
        a=page("Anchovy", "See [this](https://example.org/work#one)."), b=page("Basalt", "See [that](https://example.org/work#two)."),
        c=page("Copper", "See [other](https://example.org/other)."),
    )  # fmt: skip
    weight = log(4 / 2)
    assert seen.pairs() == {"ab", "ba"}
    assert seen.score("a", "b") == pytest.approx(weight**2 / (weight**2 + 60))
    assert seen.told("a", "b") == ("cite the same source: https://example.org/work", ("a.md:4", "b.md:4"))
    assert seen.told("a", "c") is None


def test_several_shared_sources_are_told_by_their_number(tmp_path: Path) -> None:
    text = "See [one](https://example.org/one), [two](https://example.org/two) and [three](https://example.org/three)."
    found = Seen(tmp_path, "sources", a=page("Anchovy", text), b=page("Basalt", text), c=page("Copper")).told("a", "b")
    assert found is not None
    assert re.fullmatch(r"cite the same sources: https://example\.org/\w+ and 2 more", found[0])


def test_several_similar_pages_are_told_as_such(tmp_path: Path) -> None:
    text = "harbour lantern"
    seen = Seen(
        tmp_path, "neighbour_links",
        a=page("Anchovy", text), b=page("Basalt", f"{text} [Cy](c.md)"), c=page("Cy"), d=page("Dune", f"{text} [Cy](c.md)"),
    )  # fmt: skip
    assert seen.told("a", "c") == ("linked with similar pages: Basalt, Dune", ("b", "d"))
    assert seen.told("c", "a") == ("similar to pages linked here: Basalt, Dune", ("b", "d"))


def test_shared_works_of_a_catalog_are_told_by_title(sample: kgraph.KnowledgeGraph) -> None:
    evidence = Evidence(sample.corpus)
    (signal,) = load_signals(["sources"])
    titles = {work.title for work in sample.corpus.sources.values()}
    pairs = np.argwhere(signal.scores(evidence).toarray() > 0)
    assert len(pairs) > 0
    for source, target in pairs:
        found = signal.reason(evidence, source, target)
        assert found is not None
        assert re.sub(r" and \d+ more$", "", re.sub("^cite the same sources?: ", "", found.text)) in titles


# -- proximity --------------------------------------------------------------------------------------


def _shares(graph: nx.DiGraph[str], joined: str) -> Any:
    """Where a walk from each node ends, by NetworkX, over the square root of how often walks from others do; 0 for ``joined`` pairs."""
    nodes = list(graph)
    found = [nx.pagerank(graph, alpha=FOLLOW, personalization={start: 1.0}, tol=1e-13, max_iter=1000) for start in nodes]
    reached = np.array([[ranks[node] for node in nodes] for ranks in found])
    np.fill_diagonal(reached, 0.0)
    shares = reached / np.sqrt(np.maximum(reached.mean(axis=0), 1e-12))
    for one, other in map(tuple, joined.split()):
        shares[nodes.index(one), nodes.index(other)] = shares[nodes.index(other), nodes.index(one)] = 0.0
    return shares


def test_proximity_is_personalised_pagerank_over_links(tmp_path: Path) -> None:
    seen = Seen(
        tmp_path, "proximity",
        a=page("An", "To [By](b.md)."), b=page("By", "## Hill\n\nTo [Cy](c.md)."),
        c=page("Cy", "## Lake\n\nTo [Dy](d.md)."), d=page("Dy", "quarry"),
    )  # fmt: skip
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from("abcd")
    for source, target, weight in (("a", "b", 1.5), ("b", "c", 1.0), ("c", "d", 1.0)):
        graph.add_edge(source, target, weight=weight)
        graph.add_edge(target, source, weight=weight)
    assert seen.matrix == pytest.approx(_shares(graph, "ab bc cd"), abs=1e-6)
    assert seen.told("a", "c") == ("connected through By", ("b",))
    assert seen.told("a", "b") is None
    assert seen.told("a", "d") == ("connected over several steps in the graph", ())


def test_proximity_follows_a_relation_three_times_as_often_as_a_link(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "proximity", a=page("An", "To [Cy](c.md).", relatedEntries=related(b="part-of")), b=page("By"), c=page("Cy"))
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from("abc")
    graph.add_weighted_edges_from([("a", "b", 3.0), ("a", "c", 1.0), ("b", "a", 1.0), ("c", "a", 1.0)])
    assert seen.matrix == pytest.approx(_shares(graph, "ab ac"), abs=1e-6)


def test_proximity_follows_similar_texts_half_as_often_as_a_link(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "proximity", a=page("An", "harbour"), b=page("By", "harbour [Cy](c.md)."), c=page("Cy"))
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from("abc")
    graph.add_weighted_edges_from([("a", "b", 1.0), ("b", "a", 0.5), ("b", "c", 1.0), ("c", "b", 1.0)])
    assert seen.matrix == pytest.approx(_shares(graph, "bc"), abs=1e-6)


def test_proximity_follows_shared_tags_three_tenths_as_often_as_a_link(tmp_path: Path) -> None:
    seen = Seen(tmp_path, "proximity", a=page("An", tags="[sea]"), b=page("By", "[Cy](c.md).", tags="[sea]"), c=page("Cy"))
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from("abc")
    graph.add_weighted_edges_from([("a", "b", 1.0), ("b", "a", 0.3), ("b", "c", 1.0), ("c", "b", 1.0)])
    assert seen.matrix == pytest.approx(_shares(graph, "bc"), abs=1e-6)


def test_proximity_follows_mentions_half_as_often_as_a_link(tmp_path: Path) -> None:
    others = {name: page(f"Title{name}", "harbour hill") for name in "defg"}  # words that common make no texts similar
    seen = Seen(tmp_path, "proximity", a=page("Quay", "Near Harbour Hill [Cy](c.md)."), b=page("Harbour Hill"), c=page("Cy"), **others)
    assert {(item.source, item.target) for item in seen.evidence.corpus.mentions} >= {("a", "b")}
    assert seen.evidence.nearest.nnz == 0
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from("abcdefg")
    named = [(item.source, item.target, 0.5) for item in seen.evidence.corpus.mentions]
    graph.add_weighted_edges_from([*named, *((target, source, 0.5) for source, target, _ in named), ("a", "c", 1.0), ("c", "a", 1.0)])
    assert seen.matrix == pytest.approx(_shares(graph, "ac"), abs=1e-6)


@pytest.mark.parametrize(("most", "kept"), [(2, [0, 3, 3, 0, 0]), (4, [0, 3, 3, 3, 2]), (5, [1, 3, 3, 3, 2])])
def test_the_largest_entries_of_a_row_are_kept_ties_by_column(most: int, kept: list[float]) -> None:
    matrix = sp.csr_array(np.array([[1.0, 3, 3, 3, 2], [0, 5, 0, 0, 0]]))
    assert top_k_rows(matrix, most).toarray().tolist() == [kept, [0, 5, 0, 0, 0]]


def _random_transition(size: int = 30, seed: int = 5) -> Any:
    dice = np.random.default_rng(seed)
    weights = dice.random((size, size)) * (dice.random((size, size)) < 0.2)
    weights[np.arange(size), (np.arange(size) + 1) % size] = 1.0
    np.fill_diagonal(weights, 0.0)
    return normalize_rows(sp.csr_array(weights))


def test_personalised_pagerank_is_that_of_networkx() -> None:
    transition = _random_transition()
    graph = nx.from_scipy_sparse_array(transition, create_using=nx.DiGraph)
    found = personalized_pagerank(transition, follow=0.7).toarray()
    for start in (0, 11, 29):
        expected = nx.pagerank(graph, alpha=0.7, personalization={start: 1.0}, tol=1e-13, max_iter=1000)
        assert found[start].tolist() == pytest.approx([expected[node] for node in range(30)], abs=1e-6)


def test_personalised_pagerank_of_large_graphs_leaves_out_no_more_than_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    transition = _random_transition()
    exact = personalized_pagerank(transition, follow=0.5).toarray()
    monkeypatch.setattr(sparse, "SMALL", 0)
    lost = exact - personalized_pagerank(transition, follow=0.5).toarray()
    assert lost.min() > -1e-12
    assert lost.sum(axis=1).min() > 0.5**13 - 1e-9  # the cut after 12 steps
    lost_steps = (30 + transition.nnz * 0.3) * 0.005 / 500  # each time, the faint nodes and the faint steps
    assert lost.sum(axis=1).max() < 0.5**13 + 12 * lost_steps


def test_totals_of_personalised_pagerank_are_exact() -> None:
    transition = _random_transition()
    whole = personalized_pagerank(transition, follow=0.6).toarray()
    assert total_pagerank(transition, follow=0.6).tolist() == pytest.approx(whole.sum(axis=0).tolist(), abs=1e-13)


def test_personalised_pagerank_of_large_graphs_is_cut_after_twelve_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = sp.csr_array((np.ones(20), (np.arange(20), (np.arange(20) + 1) % 20)), shape=(20, 20))
    monkeypatch.setattr(sparse, "SMALL", 0)
    found = personalized_pagerank(ring, follow=0.5).toarray()
    assert found[0].tolist() == [0.5 ** (step + 1) if step <= 12 else 0.0 for step in range(20)]


def test_product_is_whole_on_small_sites_and_keeps_the_largest_entries_on_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = _random_transition(seed=1), _random_transition(seed=2)
    whole = (left @ right).toarray()
    assert (product(left, right).toarray() == whole).all()
    monkeypatch.setattr(sparse, "SMALL", 0)
    assert product(left, right).toarray() == pytest.approx(whole)
    monkeypatch.setattr(sparse, "KEPT", 3)
    found = product(left, right).toarray()
    for row in range(30):
        assert sorted(found[row])[-3:] == pytest.approx(sorted(whole[row])[-3:])
        assert np.count_nonzero(found[row]) == min(3, np.count_nonzero(whole[row]))


def test_personalised_pagerank_of_large_graphs_keeps_the_largest_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    transition = _random_transition()
    exact = personalized_pagerank(transition, follow=0.5).toarray()
    monkeypatch.setattr(sparse, "SMALL", 0)
    monkeypatch.setattr(sparse, "KEPT", 5)
    found = personalized_pagerank(transition, follow=0.5).toarray()
    for row in range(30):
        assert set(np.flatnonzero(found[row])) == set(np.argsort(-exact[row])[:5])


def test_words_that_one_language_always_uses_tell_nothing(tmp_path: Path) -> None:
    pages = {f"docs/en/p{number}.md": f"# Page {number}\n\nThe rope and the mast number{number % 4}.\n" for number in range(30)}
    pages |= {f"docs/de/p{number}.md": f"# Seite {number}\n\nDas Seil und der Mast zahl{number % 4}.\n" for number in range(12)}
    corpus = corpus_of(tmp_path, pages)
    assert {entity.language for entity in corpus.entities.values()} == {"en", "de"}
    terms = Evidence(corpus).counts[1]
    assert "und" not in terms
    assert {"zahl1", "number1"} <= set(terms)
