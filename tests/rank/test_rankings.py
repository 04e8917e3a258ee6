"""The lists as a whole: what holds of every one of them."""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest
import scipy.sparse as sp

import kgraph
from kgraph.config import Config, Lists, Signals
from kgraph.export.site import PageObjects
from kgraph.ingest.mentions import names_of
from kgraph.ingest.stage import ingest
from kgraph.model.corpus import Corpus, Entity
from kgraph.rank.evidence import Evidence
from kgraph.rank.fusion import contribution, fuse
from kgraph.rank.rankings import Reason, RelatedItem
from kgraph.rank.select import select
from kgraph.rank.signals import SIGNALS
from kgraph.rank.stage import _damping, rank, score_table
from tests.conftest import REPOSITORY
from tests.ingest.wiki import corpus_of, entity_of, write_wiki
from tests.rank.invented import Plan, corpus_of_plan

SHARES = 1e-5
"""Shares and scores are rounded to six digits, and an item has three reasons at the most."""

Ranked = Mapping[str, tuple[RelatedItem, ...]]


def _items(sample: kgraph.KnowledgeGraph) -> Iterator[tuple[str, RelatedItem]]:
    for source, items in sample.rankings.related.items():
        for item in items:
            yield source, item


def _reasons(sample: kgraph.KnowledgeGraph) -> Iterator[tuple[str, str, Reason]]:
    for source, item in _items(sample):
        for reason in item.reasons:
            yield source, item.id, reason


def _pages(sample: kgraph.KnowledgeGraph) -> list[Entity]:
    return [entity for entity in sample.head.entities.values() if not entity.stub]


# -- the sample wiki --------------------------------------------------------------------------------


def test_every_entity_has_a_list(sample: kgraph.KnowledgeGraph) -> None:
    assert list(sample.rankings.related) == list(sample.head.entities)


def test_shares_of_the_reasons_sum_to_the_score(sample: kgraph.KnowledgeGraph) -> None:
    wrong = [
        (source, item.id, item.score)
        for source, item in _items(sample)
        if abs(sum(reason.share for reason in item.reasons) - item.score) > SHARES
    ]
    assert wrong == []


def test_every_item_has_one_to_three_reasons_of_different_signals_strongest_first(sample: kgraph.KnowledgeGraph) -> None:
    for source, item in _items(sample):
        shares = [reason.share for reason in item.reasons]
        assert 1 <= len(shares) <= 3, (source, item.id)
        assert shares == sorted(shares, reverse=True), (source, item.id)
        assert min(shares) > 0, (source, item.id)
        assert len({reason.signal for reason in item.reasons}) == len(shares), (source, item.id)


def test_signals_in_force_are_all_and_nearly_all_are_reasons(sample: kgraph.KnowledgeGraph) -> None:
    assert sample.rankings.signals == SIGNALS
    used = {reason.signal for _, _, reason in _reasons(sample)}
    assert set(SIGNALS) - {"sources", "bibliographic_coupling", "prefix"} <= used <= set(SIGNALS)  # three that weigh little


def test_scores_are_in_the_unit_interval_and_do_not_increase(sample: kgraph.KnowledgeGraph) -> None:
    for source, items in sample.rankings.related.items():
        scores = [item.score for item in items]
        assert all(0.0 < score < 1.0 for score in scores), source
        assert scores == sorted(scores, reverse=True), source


def test_scores_of_the_long_ranking_do_not_increase_and_ties_go_by_id(sample: kgraph.KnowledgeGraph) -> None:
    for source in sample.head.entities:
        found = list(sample.scores.candidates(source))
        assert found == sorted(found, key=lambda pair: (-pair[1], pair[0])), source


def test_ranks_count_from_one(sample: kgraph.KnowledgeGraph) -> None:
    for source, items in sample.rankings.related.items():
        assert [item.rank for item in items] == list(range(1, len(items) + 1)), source


def test_no_entity_is_in_its_own_list_and_none_is_twice(sample: kgraph.KnowledgeGraph) -> None:
    for source, items in sample.rankings.related.items():
        ids = [item.id for item in items]
        assert source not in ids
        assert len(set(ids)) == len(ids), source
        assert source not in dict(sample.scores.candidates(source))


def test_every_page_has_ten_candidates(sample: kgraph.KnowledgeGraph) -> None:
    pages = _pages(sample)
    assert len(pages) > 100
    assert [page.id for page in pages if len(sample.related_items(page.id, 10, explain=False)) < 10] == []


def test_items_say_whether_the_page_links_there(sample: kgraph.KnowledgeGraph) -> None:
    links = {(link.source, link.target) for link in sample.corpus.links}
    told = {(source, item.id): item.linked for source, item in _items(sample)}
    assert told == {pair: pair in links for pair in told}
    assert set(told.values()) == {True, False}


def test_unlinked_leaves_out_exactly_what_the_page_links(sample: kgraph.KnowledgeGraph) -> None:
    links: dict[str, set[str | None]] = {page.id: set() for page in _pages(sample)}
    for link in sample.corpus.links:
        links[link.source].add(link.target)
    everything = len(sample.head.entities)
    for page in _pages(sample):
        whole = [(item.id, item.score) for item in sample.related_items(page.id, everything, explain=False)]
        rest = [(item.id, item.score) for item in sample.related_items(page.id, everything, unlinked=True, explain=False)]
        assert rest == [pair for pair in whole if pair[0] not in links[page.id]], page.id


def test_unlinked_items_are_ranked_from_one(sample: kgraph.KnowledgeGraph) -> None:
    linked = next(source for source, item in _items(sample) if item.linked and item.rank == 1)
    assert [item.rank for item in sample.related_items(linked, 5, unlinked=True)] == [1, 2, 3, 4, 5]


def test_evidence_is_a_line_of_a_file_or_an_entity(sample: kgraph.KnowledgeGraph) -> None:
    lengths = {
        path.relative_to(REPOSITORY / "data").as_posix(): len(path.read_bytes().splitlines())
        for path in (REPOSITORY / "data").rglob("*") if path.is_file()
    }  # fmt: skip
    wrong, kinds = [], Counter[str]()
    for source, target, reason in _reasons(sample):
        for place in reason.evidence:
            path, colon, line = place.rpartition(":")
            if colon and line.isdigit():
                kinds["line"] += 1
                right = 1 <= int(line) <= lengths.get(path, 0)
            else:
                kinds["entity"] += 1
                right = place in sample.head.entities
            if not right:
                wrong.append((source, target, reason.signal, place))
    assert wrong == []
    assert min(kinds["line"], kinds["entity"]) > 100


def _names(entity: Entity, linked_by: set[str]) -> set[str]:
    """What a line that speaks of an entity may call it: by a name, by its file, or as links to it do."""
    stem = {Path(entity.path).stem} if entity.path else set()
    return {name.casefold() for name in {entity.id, *names_of(entity), *stem, *linked_by}}


def test_lines_given_for_links_relations_and_mentions_name_the_other_entity(sample: kgraph.KnowledgeGraph) -> None:
    entities, lines = sample.head.entities, dict[str, list[str]]()
    linked_by: dict[str, set[str]] = defaultdict(set)
    for link in sample.statements.links:
        linked_by[link.target or ""].add(link.text)
    seen, wrong = Counter[str](), []
    for source, target, reason in _reasons(sample):
        if reason.signal not in ("link", "relation", "mention"):
            continue
        assert reason.evidence, (source, target, reason.signal)
        for place in reason.evidence:
            path, _, number = place.rpartition(":")
            if path not in lines:
                lines[path] = (REPOSITORY / "data" / path).read_text(encoding="utf-8").splitlines()
            line = lines[path][int(number) - 1].casefold()
            seen[reason.signal] += 1
            others = [entities[name] for name in (source, target) if entities[name].path != path]
            if not any(name in line for other in others for name in _names(other, linked_by[other.id])):
                wrong.append((source, target, reason.signal, place))
    assert wrong == []
    assert min(seen[name] for name in ("link", "relation", "mention")) > 100


def test_shared_things_are_told_with_right_numbers(sample: kgraph.KnowledgeGraph) -> None:
    forms = Counter[str]()
    for _, _, reason in _reasons(sample):
        if reason.signal == "neighbour_links":
            several = "pages" in reason.text.split(":")[0]
            assert several is (len(reason.evidence) > 1)
            assert several is not ("a similar page" in reason.text or "a page linked" in reason.text)
            forms["several" if several else "one"] += 1
        elif reason.signal == "tags":
            several = ", " in reason.text
            assert reason.text.startswith("share the tags " if several else "share the tag ")
            forms["tags" if several else "tag"] += 1
        more = re.search(r" and (\d+) more$", reason.text)
        if more and reason.signal != "sources":
            assert min(int(more[1]) + (1 if reason.signal == "co_citation" else 2), 5) == len(reason.evidence), reason
            forms["more"] += 1
    assert min(forms[form] for form in ("several", "one", "tags", "tag", "more")) >= 5


def test_texts_of_reasons_are_plain_and_say_something(sample: kgraph.KnowledgeGraph) -> None:
    markup = re.compile(r"\bnan\b|</?[A-Za-z][^>]*>|\]\(|\[\[|\*\*|`|\n|\{\{|&[a-z]+;|\(\)|: $|[:,] ?,")
    texts = {reason.text for _, _, reason in _reasons(sample)}
    assert len(texts) > 100
    assert sorted(text for text in texts if markup.search(text) or not text or text != text.strip()) == []
    assert sorted(text for text in texts if re.search(r"\bNone\b", re.sub("“.*”", "", text))) == []  # a table that is quoted says None


# -- small wikis ------------------------------------------------------------------------------------


def _page(title: str, text: str, tags: str = "", related: str = "") -> str:
    front = [f"title: {title}"]
    if tags:
        front.append(f"tags: [{tags}]")
    if related:
        front.append(f"relatedEntries:\n  - id: {related}\n    relationship: part-of")
    return "---\n" + "\n".join(front) + f"\n---\n{text}\n"


def _wiki(names: Mapping[str, str]) -> dict[str, str]:
    """A wiki in which every signal speaks; ``names`` are the ids of its six pages."""
    one, two, three, four, five, six = (names[key] for key in "abcdef")
    work = "[work](https://example.org/work)"
    return {
        f"{one}.md": _page(
            "Harbour Light", f"Ships find the quay by the [tide]({two}.md) and the [crane]({three}.md). See {work}.", "sea, port", four
        ),
        f"{two}.md": _page("Tide Gauge", f"Ships find the quay when water rises, says the [crane]({three}.md). See {work}.", "sea"),
        f"{three}.md": _page("Crane Yard", f"Goods leave by the Harbour Light and the [rail]({five}.md).", "port"),
        f"{four}.md": _page("Storm Office", f"Warnings reach the [rail]({five}.md) and the [tide]({two}.md); water rises.", "sea, port"),
        f"{five}.md": _page("Rail Depot", "Goods leave for the hills.", "land"),
        f"{six}.md": _page("Hill Farm", f"Goods leave by the [rail]({five}.md) for the Tide Gauge.", "land"),
    }


PLAIN = {key: f"page-{key}" for key in "abcdef"}


def _ranked(folder: Path, files: Mapping[str, str], config: Config = Config()) -> Ranked:  # noqa: B008
    return rank(corpus_of(folder, files, config), config)[0]


def _signals_of(ranked: Ranked) -> set[str]:
    return {reason.signal for items in ranked.values() for item in items for reason in item.reasons}


ALL_REASONS = Config(lists=Lists(reasons=len(SIGNALS)))
SPEAKING = tuple(name for name in SIGNALS if name not in ("section", "adamic_adar"))
"""Signals that speak in the small wiki, which has one section and one relation."""


def test_small_wiki_has_reasons_of_every_signal(tmp_path: Path) -> None:
    assert _signals_of(_ranked(tmp_path, _wiki(PLAIN), ALL_REASONS)) == set(SPEAKING)


@pytest.mark.parametrize("signal", SIGNALS)
def test_weight_zero_takes_a_signal_out_of_all_reasons(tmp_path: Path, signal: str) -> None:
    config = msgspec.structs.replace(ALL_REASONS, signals=msgspec.structs.replace(Signals(), **{signal: 0.0}))
    corpus = corpus_of(tmp_path, _wiki(PLAIN), config)
    ranked, names, _ = rank(corpus, config)
    assert _signals_of(ranked) == set(SPEAKING) - {signal}
    assert set(names) == set(SIGNALS) - {signal}


def test_a_greater_weight_gives_a_greater_share(tmp_path: Path) -> None:
    def share(weight: float) -> float:
        config = msgspec.structs.replace(ALL_REASONS, signals=Signals(tags=weight))
        items = _ranked(tmp_path, _wiki(PLAIN), config)["page-a"]
        found = next(item for item in items if item.id == "page-d")
        return sum(reason.share for reason in found.reasons if reason.signal == "tags") / found.score

    assert 0 < share(0.5) < share(1.0) < share(4.0)


def test_shares_sum_to_the_score_when_few_reasons_are_given(tmp_path: Path) -> None:
    ranked = _ranked(tmp_path, _wiki(PLAIN), Config(lists=Lists(reasons=1)))
    for items in ranked.values():
        assert items
        assert all([reason.share for reason in item.reasons] == pytest.approx([item.score], abs=SHARES) for item in items)


def test_order_in_which_pages_are_written_does_not_matter(tmp_path: Path) -> None:
    files = _wiki(PLAIN)
    forward = _ranked(tmp_path / "forward", files)
    backward = _ranked(tmp_path / "backward", dict(reversed(files.items())))
    assert forward == backward


def test_ranking_twice_gives_the_same(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, _wiki(PLAIN))
    assert rank(corpus, Config())[0] == rank(corpus, Config())[0]


def test_reasons_written_by_two_processes_are_the_same(tmp_path: Path) -> None:
    more = {f"other-{number:02}.md": _page(f"Other {number:02}x", f"Goods number{number} [tide](page-b.md).") for number in range(40)}
    corpus = corpus_of(tmp_path, _wiki(PLAIN) | more)
    assert rank(corpus, Config(), jobs=2)[0] == rank(corpus, Config(), jobs=1)[0]


def test_new_names_of_all_files_permute_the_lists_and_keep_the_scores(tmp_path: Path) -> None:
    turned = {"a": "kilo", "b": "alfa", "c": "zulu", "d": "bravo", "e": "mike", "f": "delta"}
    config = Config(signals=Signals(prefix=0.0))  # the one signal that looks at ids
    before = _ranked(tmp_path / "before", _wiki(PLAIN), config)
    after = _ranked(tmp_path / "after", _wiki(turned), config)
    for key in "abcdef":
        assert {turned[item.id.removeprefix("page-")]: item.score for item in before[PLAIN[key]]} == pytest.approx(
            {item.id: item.score for item in after[turned[key]]}, abs=2e-6
        )
        assert [reason.signal for item in before[PLAIN[key]] for reason in item.reasons]
    assert [[round(item.score, 5) for item in before[PLAIN[key]]] for key in "abcdef"] == [
        [round(item.score, 5) for item in after[turned[key]]] for key in "abcdef"
    ]


def test_label_is_read_from_either_side(tmp_path: Path) -> None:
    ranked = _ranked(tmp_path, _wiki(PLAIN))
    vocabulary = Config().relation_vocabulary()
    there = {item.id: item.label for item in ranked["page-a"]}
    back = {item.id: item.label for item in ranked["page-d"]}
    assert (there["page-d"], back["page-a"]) == (vocabulary.label("part-of"), vocabulary.inverse_label("part-of"))
    assert (there["page-b"], back["page-b"]) == (None, None)


def test_label_of_the_own_side_comes_first_and_one_that_says_more_than_related(tmp_path: Path) -> None:
    files = _wiki(PLAIN) | {"page-d.md": _page("Storm Office", "Water rises.", related="page-a").replace("part-of", "causes")}
    ranked = _ranked(tmp_path / "1", files)
    assert {item.id: item.label for item in ranked["page-a"]}["page-d"] == "part of"
    assert {item.id: item.label for item in ranked["page-d"]}["page-a"] == "causes"
    plain = {name: text.replace("causes", "related") for name, text in files.items()}
    assert {item.id: item.label for item in _ranked(tmp_path / "2", plain)["page-d"]}["page-a"] == "has part"


def test_translations_of_a_page_do_not_fill_its_list(tmp_path: Path) -> None:
    corpus = corpus_of_plan(Plan(4, links=((0, 1), (0, 2), (1, 2), (2, 3), (3, 0))))
    german = msgspec.structs.replace(corpus.entities["p2"], language="de", variant_of="p0")
    ranked = rank(msgspec.structs.replace(corpus, entities={**corpus.entities, "p2": german}), Config())[0]
    assert {source: {item.id for item in items} for source, items in ranked.items()} == {
        "p0": {"p1", "p3"}, "p1": {"p0", "p3"}, "p2": {"p1", "p3"}, "p3": {"p0", "p1"},
    }  # fmt: skip


def test_wiki_of_one_page_and_wiki_of_none_have_nothing_to_rank(tmp_path: Path) -> None:
    assert _ranked(tmp_path / "one", {"a.md": _page("Alone", "Nothing.")}) == {"a": ()}
    (tmp_path / "none").mkdir()
    assert rank(msgspec.structs.replace(corpus_of(tmp_path / "one"), entities={}, pages={}, documents={}), Config())[0] == {}


# -- fusion -----------------------------------------------------------------------------------------


def test_contribution_is_half_relative_to_the_site_and_half_to_the_row() -> None:
    found = contribution(sp.csr_array([[0.0, 4.0, 2.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]), 2.0).toarray()
    strong = 3.7  # the 90th percentile of 4 and 1
    assert found == pytest.approx(
        np.array([
            [0.0, 2 * 4 * (0.5 / strong + 0.5 / 4), 2 * 2 * (0.5 / strong + 0.5 / 4)],
            [2 * (0.5 / strong + 0.5), 0.0, 0.0],
            [0.0, 0.0, 0.0],
        ]),
        rel=0.045,
    )  # fmt: skip


def test_fused_total_is_the_sum_of_the_contributions_and_half_scores_one_half() -> None:
    first, second = sp.csr_array([[0.0, 1.0], [2.0, 0.0]]), sp.csr_array([[0.0, 0.0], [1.0, 0.0]])
    fused = fuse(2, {"first": first, "second": second, "off": first}.items(), {"off": 0.0}, np.array([1.0, 0.5]))
    assert fused.names == ("first", "second")
    assert fused.total.toarray() == pytest.approx(sum(part.toarray() for part in fused.contributions))
    assert fused.contributions[0].toarray()[0, 1] == pytest.approx(0.5 * contribution(first, 1.0).toarray()[0, 1])
    assert (fused.score(fused.half), fused.score(0.0)) == (0.5, 0.0)


def test_a_signal_that_scores_an_entity_itself_does_not_bring_it_into_its_own_list(tmp_path: Path) -> None:
    evidence = Evidence(corpus_of(tmp_path, _wiki(PLAIN)))
    table = score_table(evidence, fuse(6, {"all": sp.csr_array(np.ones((6, 6)))}.items(), {}))
    for name in PLAIN.values():
        assert [found for found, _ in table.candidates(name)] == [other for other in PLAIN.values() if other != name]


def _weights(**some: float) -> Config:
    """All signals off but ``some``."""
    return Config(signals=Signals(**(dict.fromkeys(SIGNALS, 0.0) | some)))


def test_without_any_signal_all_lists_are_empty(tmp_path: Path) -> None:
    assert _ranked(tmp_path, _wiki(PLAIN), _weights()) == dict.fromkeys(PLAIN.values(), ())


@pytest.mark.parametrize("signal", SPEAKING)
def test_one_signal_alone_gives_lists_whose_only_reason_has_the_whole_score(tmp_path: Path, signal: str) -> None:
    ranked = _ranked(tmp_path, _wiki(PLAIN), _weights(**{signal: 1.0}))
    items = [item for items in ranked.values() for item in items]
    assert items
    assert {(reason.signal, reason.share == item.score) for item in items for reason in item.reasons} == {(signal, True)}
    assert all(len(item.reasons) == 1 and item.reasons[0].text for item in items)


def test_a_signal_with_nothing_to_tell_is_named_as_the_reason(tmp_path: Path) -> None:
    files = {"a.md": _page("Anchovy", "By Basalt Hill."), "b.md": _page("Basalt Hill", "quarry")}
    (item,) = _ranked(tmp_path, files, _weights(proximity=1.0))["a"]  # one step apart: no page between to tell of
    assert [(reason.signal, reason.share, reason.evidence) for reason in item.reasons] == [("proximity", item.score, ())]
    assert "proximity" in item.reasons[0].text


# -- selection --------------------------------------------------------------------------------------


def _entities(*items: tuple[str, str, str | None]) -> dict[str, Entity]:
    return {name: msgspec.structs.replace(entity_of(name, kind=kind), href=href) for name, kind, href in items}


OWN = msgspec.structs.replace(entity_of("own"), href="/own/")
MIXED = _entities(*((f"page{number}", "page", None) for number in range(6)), *((f"person{number}", "person", None) for number in range(4)))


def test_select_takes_the_best_of_those_with_almost_the_same_text() -> None:
    candidates = [(f"page{number}", 0.9 - number / 10) for number in range(4)]
    alike = {"page0": frozenset({"page1", "page3"})}
    assert [name for name, _ in select(candidates, MIXED, OWN, Lists(top=2, length=4), alike)] == ["page0", "page2"]


def test_select_takes_the_best_up_to_the_length() -> None:
    candidates = [(f"page{number}", 0.9 - number / 10) for number in range(6)]
    assert select(candidates, MIXED, OWN, Lists(top=2, length=4)) == candidates[:4]


def test_select_adds_a_type_with_a_strong_candidate_beyond_the_length() -> None:
    candidates = [("page0", 0.9), ("page1", 0.8), ("page2", 0.7), ("page3", 0.6), ("person0", 0.5), ("person1", 0.49), ("person2", 0.485)]
    chosen = select(candidates, MIXED, OWN, Lists(top=2, length=3, per_type=2))
    assert [name for name, _ in chosen] == ["page0", "page1", "page2", "person0", "person1"]


def test_select_adds_no_type_whose_candidate_is_weak() -> None:
    candidates = [("page0", 0.9), ("page1", 0.8), ("page2", 0.7), ("person0", 0.479)]  # less than 0.6 of 0.8
    assert [name for name, _ in select(candidates, MIXED, OWN, Lists(top=2, length=3))] == ["page0", "page1", "page2"]
    candidates[-1] = ("person0", 0.481)
    assert [name for name, _ in select(candidates, MIXED, OWN, Lists(top=2, length=3))] == ["page0", "page1", "page2", "person0"]


def test_select_counts_what_is_in_the_list_towards_a_type() -> None:
    candidates = [("person0", 0.9), ("page0", 0.8), ("person1", 0.7), ("person2", 0.6), ("person3", 0.59)]
    assert [name for name, _ in select(candidates, MIXED, OWN, Lists(top=2, length=2, per_type=2))] == ["person0", "page0", "person1"]


def test_select_leaves_out_entities_that_share_an_address() -> None:
    entities = _entities(("a", "page", "/x/"), ("b", "person", "/x/"), ("c", "page", "/own/"), ("d", "page", None), ("e", "page", None))
    candidates = [("a", 0.9), ("b", 0.8), ("c", 0.7), ("d", 0.6), ("e", 0.5)]
    assert [name for name, _ in select(candidates, entities, OWN, Lists())] == ["a", "d", "e"]


def test_select_leaves_out_an_entity_without_page_that_has_the_title_of_the_page_or_of_one_before() -> None:
    def titled(name: str, title: str, path: str | None) -> Entity:
        return msgspec.structs.replace(entity_of(name), title=title, path=path)

    own = titled("own", "Acorn", "own.md")
    entities = {item.id: item for item in (titled("a", "ACORN", None), titled("b", "Birch", "b.md"), titled("c", "birch", None))}
    entities |= {item.id: item for item in (titled("d", "Birch", "d.md"), titled("e", "Acorn", "e.md"))}
    candidates = [(name, 0.9 - place / 10) for place, name in enumerate("abcde")]
    assert [name for name, _ in select(candidates, entities, own, Lists())] == ["b", "d", "e"]


def test_select_of_nothing_and_of_no_length_is_empty() -> None:
    assert select([], MIXED, OWN, Lists()) == []
    assert select([("page0", 0.9)], MIXED, OWN, Lists(length=0)) == []


def test_types_of_the_sample_with_a_strong_candidate_are_in_the_list(sample: kgraph.KnowledgeGraph) -> None:
    entities, lists = sample.head.entities, sample.config.lists
    beyond = 0
    for source, items in sample.rankings.related.items():
        if len(items) < lists.length:
            continue
        bound = 0.6 * items[lists.top - 1].score
        types = {entities[item.id].type for item in items}
        addresses = {entities[item.id].href for item in items} | {entities[source].href}
        strong = {
            entities[name].type for name, score in sample.scores.candidates(source)
            if score >= bound and (entities[name].href is None or entities[name].href not in addresses)
        }  # fmt: skip
        assert strong <= types, source
        beyond += len(items) > lists.length
    assert beyond > 0


# -- what stands beside what ------------------------------------------------------------------------

MOVED = {
    "docs/tide.md": "---\ntitle: Tide Gauge\naliases: [Water Gauge, /old/tide/]\n---\nRises at the [crane](crane.md).\n",
    "docs/crane.md": "---\ntitle: Crane Yard\n---\nBy the [gauge](/old/tide/), the [[Water Gauge]] and the [[Tide Gauge]].\n",
    "docs/light.md": "---\ntitle: Harbour Light\n---\nSeen from the Water Gauge, from the [row](/tide/) and the [[gauge-row]].\n",
    "data/rows.yaml": "- {id: gauge-row, title: Gauge in the table, path: /tide/, tags: [sea]}\n- {id: crane, title: Crane, tags: [sea]}\n",
}


def test_old_names_and_rows_about_the_same_page_never_stand_beside_it(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, MOVED)
    assert {entity.id: entity.href for entity in corpus.entities.values()} == {
        "crane": "/crane/", "gauge-row": "/tide/", "light": "/light/", "tide": "/tide/",
    }  # fmt: skip
    ranked = rank(corpus, Config())[0]
    for source, items in ranked.items():
        addresses = [corpus.entities[item.id].href for item in items]
        assert len(set(addresses)) == len(addresses), source
        assert corpus.entities[source].href not in addresses, source
    assert len([item for item in ranked["crane"] if item.id in ("tide", "gauge-row")]) == 1


def test_old_names_do_not_stand_beside_the_page_in_the_long_list_either(tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", MOVED)
    graph = kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    entities = graph.head.entities
    for source in entities:
        addresses = [entities[item.id].href for item in graph.related_items(source, 100)]
        assert addresses
        assert len(set(addresses)) == len(addresses)
        assert entities[source].href not in addresses


def test_groups_come_in_the_order_of_the_types_after_the_first_five(sample: kgraph.KnowledgeGraph) -> None:
    objects = dict(
        PageObjects(
            sample.head.entities,
            sample.head.pages,
            sample.statements.links,
            sample.rankings,
            sample.types,
            top=5,
            backlinks=10,
            statuses={},
        )
    )
    seen: set[str] = set()
    for name, told in objects.items():
        items = sample.rankings.related[name]
        assert [item["id"] for item in told["top"]] == [item.id for item in items[:5]]
        own = sample.head.entities[name].type
        kinds = [group["type"] for group in told["groups"]]
        assert kinds == sorted(kinds, key=lambda kind: sample.types.group_position(own, kind))
        seen.update(group["label"] for group in told["groups"])
        in_groups = [item for group in told["groups"] for item in group["items"]]
        assert sorted(item["rank"] for item in in_groups) == list(range(6, len(items) + 1))
        assert all([item["rank"] for item in group["items"]] == sorted(item["rank"] for item in group["items"]) for group in told["groups"])
    assert {"Approaches", "Analysis", "Organizations", "Policy"} <= seen


def test_an_edit_of_a_page_leaves_most_lists_as_they_are(tmp_path: Path) -> None:
    wiki = shutil.copytree(REPOSITORY / "data" / "wiki", tmp_path / "wiki")
    before = rank(ingest(wiki, Config())[0], Config())[0]
    path = wiki / "content/organizations/algorithmwatch.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nLighthouses have nothing to do with it.\n", encoding="utf-8")
    lists = rank(ingest(wiki, Config())[0], Config())[0]
    changed = [name for name, items in lists.items() if items != before[name]]
    assert len(changed) < 0.15 * len(lists)


def test_lists_of_pages_are_held_back(tmp_path: Path) -> None:
    words = [f"w{number}" for number in range(60)]
    pages = {f"p{number}.md": f"# P{number}\n\nA {words[number]} by [it](p{(number + 1) % 60}.md).\n" for number in range(60)}
    pages["all.md"] = "# All\n\n" + "\n".join(f"- [P{number}](p{number}.md)" for number in range(60)) + "\n"
    pages["some.md"] = "# Some\n\n" + "\n".join(f"- [P{number}](p{number}.md)" for number in range(30)) + "\n"
    factor = dict(zip(*_factors(corpus_of(tmp_path, pages)), strict=True))
    assert {name for name, value in factor.items() if value < 1} == {"all"}


def _factors(corpus: Corpus) -> tuple[tuple[str, ...], list[float]]:
    evidence = Evidence(corpus)
    return evidence.ids, _damping(evidence).tolist()
