"""The answers of the named queries on the sample wiki, against the files of the wiki read without kgraph."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import kgraph
from kgraph.errors import QueryError, UnknownPageError
from kgraph.rdf.parameters import bind_parameters
from kgraph.rdf.queries import ANY, find_named_query, named_queries, parse_query_file
from kgraph.rdf.terms import Minter
from tests.conftest import REPOSITORY
from tests.rdf.pages import Sources, read_sources

QUERIES = named_queries()
EXAMPLES: dict[str, str] = {
    "entity": "racing-dynamics", "first": "anthropic", "second": "OpenAI", "risk": "Racing dynamics", "tag": "safety", "text": "RACE",
    "from": "elinor-ostrom", "to": "sam-altman",
}  # fmt: skip
"""A value for each parameter that must be given."""
OTHERS: dict[str, dict[str, str]] = {
    "same-sources": {"entity": "allan-dafoe"},
    "unanswered-risks": {"type": "concept"},
}
EMPTY = {"contradictory-relations", "dead-ends", "inferred-types", "short-of-expected", "thin-pages"}
"""Queries of which the sample wiki has no answer; others tests give them one."""
ACTS = ("mitigates", "addresses", "reduces", "prevents", "decreases")
ACTED = ("mitigated-by", "addressed-by", "reduced-by", "prevented-by", "decreased-by")


@pytest.fixture(scope="session")
def wiki() -> Sources:
    return read_sources()


def arguments_of(name: str) -> dict[str, Any]:
    needed = {one.name: EXAMPLES[one.name] for one in QUERIES[name].parameters if one.default is None}
    return {**needed, **OTHERS.get(name, {})}


def test_the_folder_of_queries_is_all_there() -> None:
    assert sorted(QUERIES) == sorted(path.stem for path in (REPOSITORY / "queries").glob("*.rq"))
    assert len(QUERIES) >= 40


@pytest.mark.parametrize("name", QUERIES)
def test_each_tells_what_it_takes_and_gives(name: str, sample: kgraph.KnowledgeGraph) -> None:
    query = QUERIES[name]
    result = sample.run(name, **arguments_of(name))
    assert bool(result.rows) != (name in EMPTY)
    assert query.purpose.endswith(".")
    assert len(query.purpose) > 20
    assert tuple(column.name for column in query.columns) == (result.variables if result.kind == "solutions" else ())
    assert "PREFIX" not in query.text
    for place, column in enumerate(query.columns):
        terms = [row[place] for row in result.rows if row[place] is not None]
        assert all(isinstance(term, ox.NamedNode) for term in terms) == (column.kind == "iri") or column.kind == "any" or not terms
        assert len(column.purpose) > 3
    for parameter in query.parameters:
        assert f"?{parameter.name}" in query.text
        assert parameter.default is not None or parameter.name in EXAMPLES
    rows = [tuple(map(str, row)) for row in result.rows]
    assert len(set(rows)) == len(rows), "a row twice"
    again = sample.run(name, **arguments_of(name))
    assert [tuple(map(str, row)) for row in again.rows] == rows, "the order is not the same each time"
    frame = ask(sample, name, **arguments_of(name)) if result.kind == "solutions" else None
    assert frame is None or len(frame) == len(rows)


def ask(sample: kgraph.KnowledgeGraph, name: str, **arguments: Any) -> Any:
    """A DataFrame, of any shape to the type checker."""
    return sample.query(name, **arguments)


def column(sample: kgraph.KnowledgeGraph, name: str, of: str, **arguments: Any) -> list[str]:
    return [str(value) for value in ask(sample, name, **arguments)[of]]


def rows(sample: kgraph.KnowledgeGraph, name: str, *of: str, **arguments: Any) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in ask(sample, name, **arguments)[list(of)].itertuples(index=False)}


def test_links(sample: kgraph.KnowledgeGraph, wiki: Sources) -> None:
    for entity in ("racing-dynamics", "eu-ai-act", "g7", "index"):
        assert set(column(sample, "backlinks", "page", entity=entity)) == {a for a, b in wiki.links if b == entity}
        forth = {b for a, b in wiki.links if a == entity and (b, a) not in wiki.links}
        assert set(column(sample, "one-way-links", "other", entity=entity)) == forth
    linked = {b for _, b in wiki.links}
    assert set(column(sample, "orphans", "entity")) == set(wiki.pages) - linked == {"dartmouth-workshop", "index"}
    assert set(column(sample, "dead-ends", "entity")) == set(wiki.pages) - {a for a, _ in wiki.links}


def test_what_two_entities_share(sample: kgraph.KnowledgeGraph, wiki: Sources) -> None:
    of = {one: {b for a, b in wiki.links if a == one} | {b for a, _, b in wiki.relations if a == one} for one in ("anthropic", "openai")}
    of = {one: found | {a for a, _, b in wiki.relations if b == one} for one, found in of.items()}
    both = of["anthropic"] & of["openai"]
    assert set(column(sample, "bridges", "between", first="anthropic", second="OpenAI")) == both
    concepts = {entity for entity in both if wiki.types[entity] == "concept"}
    assert set(column(sample, "shared", "shared", first="anthropic", second="openai")) == concepts
    assert "alignment-problem" in concepts


def test_paths(sample: kgraph.KnowledgeGraph, wiki: Sources) -> None:
    frame = ask(sample, "paths", **{"from": "elinor-ostrom", "to": "sam-altman"})
    assert set(frame["steps"]) == {3}
    for row in frame.itertuples():
        assert row.first in wiki.joined("elinor-ostrom")
        assert row.second in wiki.joined(row.first)
        assert "sam-altman" in wiki.joined(row.second)
    near = ask(sample, "paths", **{"from": "Racing dynamics", "to": "openai"})
    assert near["steps"].tolist()[0] == 1
    assert near["steps"].is_monotonic_increasing
    two = set(near[near["steps"] == 2]["first"])
    assert two >= (wiki.joined("racing-dynamics") & wiki.joined("openai")) - {"racing-dynamics", "openai"}


def test_what_acts_on_what(sample: kgraph.KnowledgeGraph, wiki: Sources) -> None:
    answers = {}
    for risk in (name for name, kind in wiki.types.items() if kind == "risk"):
        answers[risk] = {a for a, name, b in wiki.relations if b == risk and name in ACTS}
        answers[risk] |= {b for a, name, b in wiki.relations if a == risk and name in ACTED}
        assert set(column(sample, "what-mitigates", "answer", entity=risk)) == answers[risk], risk
    assert answers["racing-dynamics"] == {
        "asilomar-conference", "compute-thresholds", "confidence-building-measures", "credible-commitment", "future-of-life-institute",
        "responsible-scaling-policies",
    }  # fmt: skip
    unanswered = {risk for risk, found in answers.items() if not found}
    assert set(column(sample, "unanswered-risks", "entity")) == unanswered
    forth = {(a, b) for a, name, b in wiki.relations if name in (*ACTS, "governs", "regulates") and wiki.types[a] == "policy"}
    back = {(b, a) for a, name, b in wiki.relations if name in (*ACTED, "governed-by", "regulated-by") and wiki.types[b] == "policy"}
    assert rows(sample, "what-policies-address", "policy", "addressed") == forth | back
    assert ("chip-export-controls", "dual-use-technology") in forth
    working = {a for a, _, b in wiki.relations if b == "racing-dynamics"} | {b for a, _, b in wiki.relations if a == "racing-dynamics"}
    working |= {a for a, b in wiki.links if b == "racing-dynamics"} | {b for a, b in wiki.links if a == "racing-dynamics"}
    organizations = {name for name in working if wiki.types[name] == "organization"}
    assert set(column(sample, "works-on", "who", entity="Racing dynamics")) >= organizations
    assert {"anthropic", "cset", "frontier-model-forum", "future-of-life-institute"} <= organizations


def test_relations(sample: kgraph.KnowledgeGraph, wiki: Sources) -> None:
    forth = {(a, b) for a, name, b in wiki.relations if name == "influenced"}
    back = {(b, a) for a, name, b in wiki.relations if name == "influenced-by"}
    assert rows(sample, "influences", "entity", "influenced") == forth | back
    assert rows(sample, "influences", "influenced", entity="Mancur Olson") == {(b,) for a, b in forth | back if a == "mancur-olson"}
    uses = {row.relation: int(row.uses) for row in ask(sample, "relations").itertuples()}
    wanted = Counter(name for _, name, _ in wiki.relations)
    assert uses["kg:mitigates"] == wanted["mitigates"]
    assert uses["kg:contributesTo"] == wanted["contributes-to"]
    assert uses["kg:relatedTo"] == wanted["related"]
    one_sided = rows(sample, "one-sided-relations", "entity", "relation", "other")
    for name, inverse, prefixed in (("mitigates", "mitigated-by", "kg:mitigates"), ("founded-by", "founded", "kg:foundedBy")):
        alone = {(a, prefixed, b) for a, n, b in wiki.relations if n == name and (b, inverse, a) not in wiki.relations}
        assert {row for row in one_sided if row[1] == prefixed} == alone
    employed = {(a, b) for a, name, b in wiki.relations if {wiki.types.get(a), wiki.types.get(b)} == {"person", "organization"}}
    pairs = rows(sample, "who-works-where", "person", "organization")
    assert pairs == {(a, b) if wiki.types[a] == "person" else (b, a) for a, b in employed}
    causes = {(a, b) for a, name, b in wiki.relations if name in ("leads-to", "causes", "contributes-to", "drives", "amplifies")}
    causes |= {(b, a) for a, name, b in wiki.relations if name in ("caused-by", "results-from", "contributed-to-by", "driven-by")}
    reached: set[str] = set()
    new = {"free-rider-problem"}
    while new:
        new = {b for a, b in causes if a in new} - reached
        reached |= new
    assert set(column(sample, "consequences", "consequence", entity="free-rider-problem")) == reached - {"free-rider-problem"}


def test_types_tags_and_names(sample: kgraph.KnowledgeGraph, wiki: Sources) -> None:
    types = {row.label: (int(row.entities), int(row.stubs)) for row in ask(sample, "types").itertuples()}
    for label, kind in (("Organization", "organization"), ("Risk", "risk"), ("Policy", "policy"), ("Person", "person")):
        members = [name for name, told in wiki.types.items() if told == kind and (name in wiki.pages or name in wiki.rows)]
        entities = {entity.id for entity in sample.head.entities.values() if entity.type == kind}
        assert set(members) <= entities
        assert types[label] == (len(entities), len(entities - set(wiki.pages)))
        assert set(column(sample, "entities-of-type", "entity", type=kind)) == entities
    assert set(column(sample, "tagged", "entity", tag="safety")) == {name for name, tags in wiki.tags.items() if "safety" in tags}
    counts = Counter(tag for tags in wiki.tags.values() for tag in tags)
    assert {row.label: row.entities for row in ask(sample, "tags").itertuples()} == counts
    found = {"race-to-the-bottom", "racing-dynamics"}
    assert set(column(sample, "find", "entity", text="RACE")) == found
    declared = {row.declared: row.type for row in ask(sample, "declared-types").itertuples()}
    assert declared["researcher"] == "kg:Person"


def test_pages(sample: kgraph.KnowledgeGraph, wiki: Sources) -> None:
    edited = {name: str(front["lastEdited"]) for name, front in wiki.fronts.items()}
    since = ask(sample, "changed-since", since="2025-09-01")
    assert dict(zip(since["entity"], since["modified"], strict=True)) == {name: day for name, day in edited.items() if day >= "2025-09-01"}
    assert since["modified"].is_monotonic_decreasing
    assert len(ask(sample, "changed-since", since=2025)) == sum(day >= "2025" for day in edited.values())
    stale = {name for name, day in edited.items() if day < "2025-02-01"}
    assert set(column(sample, "stale-pages", "entity", before="2025-02-01")) == stale
    metrics = ask(sample, "page-metrics").set_index("entity")
    assert set(metrics.index) == set(wiki.pages)
    footnotes = {
        name: len({line.split("]")[0] for line in text.splitlines() if line.startswith("[^")}) for name, text in wiki.pages.items()
    }
    assert {name: int(count) for name, count in metrics["footnotes"].items()} == footnotes
    bare = {name for name in wiki.pages if not footnotes[name] and not wiki.rows.get(name, {}).get("sources")}
    uncited = ask(sample, "uncited-pages", least=250)
    assert set(uncited["entity"]) == {name for name in bare if metrics.loc[name, "words"] >= 250}
    wanted = {row.entity: int(row.links) for row in ask(sample, "wanted-pages").itertuples()}
    stubs = {b for _, b in wiki.links} - set(wiki.pages)
    assert {name: count for name, count in wanted.items() if count} == {
        stub: len({a for a, b in wiki.links if b == stub}) for stub in stubs
    }


def test_sources(sample: kgraph.KnowledgeGraph, wiki: Sources) -> None:
    cites = [
        (name, source["title"], source.get("author"), str(source.get("date", ""))[:4])
        for name, row in wiki.rows.items()
        for source in row.get("sources", ())
    ]
    titles = Counter(title for _, title in {(name, title) for name, title, _, _ in cites})
    cited = ask(sample, "cited-sources")
    assert {row.title: row.pages for row in cited.itertuples()}.items() <= titles.items()
    assert int(cited["pages"].max()) == max(titles.values())
    author_of = {title: author for _, title, author, _ in reversed(cites) if author}  # the first row counts
    authors = Counter(author for _, author in {(name, author_of[title]) for name, title, _, _ in cites if title in author_of})
    found = {row.author: row.pages for row in ask(sample, "cited-authors").itertuples()}
    assert found.items() <= authors.items()
    years = Counter(year for _, year in {(title, year) for _, title, _, year in cites if year})
    assert {row.year: row.works for row in ask(sample, "cited-years").itertuples()} == years
    own = {title for name, title, _, _ in cites if name == "allan-dafoe"}
    others = Counter(name for name, title in {cite[:2] for cite in cites} if title in own and name != "allan-dafoe")
    assert {row.other: row.works for row in ask(sample, "same-sources", entity="allan-dafoe").itertuples()} == others


def test_measures_are_those_of_the_build(sample: kgraph.KnowledgeGraph) -> None:
    measures, related = sample.rankings.measures, sample.rankings.related
    linked = sample._linked
    across = Counter((measures[a].community, measures[b].community) for a, b in linked if measures[a].community != measures[b].community)
    assert {(int(r.community), int(r.other)): int(r.links) for r in ask(sample, "community-links").itertuples()} == across
    degrees = ask(sample, "most-linked")
    assert degrees["inbound"].tolist() == sorted((m.in_degree for m in measures.values()), reverse=True)[:25]
    assert column(sample, "hubs", "entity")[0] == max(measures, key=lambda name: measures[name].authority)
    assert column(sample, "related", "target", entity="EU AI Act") == [item.id for item in related["eu-ai-act"][:10]]


def test_provenance_names_the_file_and_its_hash(sample: kgraph.KnowledgeGraph, page_hashes: dict[str, str]) -> None:
    frame = ask(sample, "provenance", entity="racing-dynamics").dropna(subset=["sha256"])
    assert len(frame) > 5
    assert all(page_hashes[row.path] == row.sha256 for row in frame.itertuples())
    around = ask(sample, "neighbourhood", entity="racing-dynamics")
    assert set(around["direction"]) == {"in", "out"}


def test_coverage(sample: kgraph.KnowledgeGraph) -> None:
    coverage = ask(sample, "pages-by-type").set_index("label")
    metrics = ask(sample, "page-metrics").set_index("entity")
    risks = [entity.id for entity in sample.head.entities.values() if entity.type == "risk"]
    assert int(coverage.loc["Risk", "pages"]) == len(risks)
    assert coverage.loc["Risk", "mean_words"] == pytest.approx(metrics.loc[risks, "words"].astype(float).mean())


TYPED = """# Echo.
# param text: string = any -- text
# param number: number = 1 -- a number
# param whole: integer = 1 -- a whole number
# param truth: boolean = true -- a truth value
# param day: date = 2025 -- a date
# param iri: iri = kg:Risk -- an IRI
SELECT ?text ?number ?whole ?truth ?day ?iri WHERE { }"""


def test_parameters_have_types(sample: kgraph.KnowledgeGraph) -> None:
    query = parse_query_file("echo", TYPED)
    assert query.parameters[0].default == ANY

    def bound(**values: object) -> dict[str, str]:
        found = bind_parameters(query, values, Minter("https://example.org/"), sample.entity_id, sample.types)
        return {name: str(term) for name, term in found.items()}

    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert bound() == {
        "number": f'"1"^^<{xsd}decimal>', "whole": f'"1"^^<{xsd}integer>', "truth": f'"true"^^<{xsd}boolean>',
        "day": f'"2025"^^<{xsd}gYear>', "iri": "<https://w3id.org/kgraph/ns#Risk>",
    }  # fmt: skip
    told = bound(text=7, number=0.25, whole=-3, truth=False, day="2025-03-31", iri="https://example.org/a?b=%20c")
    assert told == {
        "text": '"7"', "number": f'"0.25"^^<{xsd}decimal>', "whole": f'"-3"^^<{xsd}integer>', "truth": f'"false"^^<{xsd}boolean>',
        "day": f'"2025-03-31"^^<{xsd}date>', "iri": "<https://example.org/a?b=%20c>",
    }  # fmt: skip
    for name, wrong in (
        ("number", "many"), ("number", "nan"), ("number", "1e999"), ("whole", "1.5"), ("truth", "yes"), ("day", "2025-02-30"),
        ("day", "soon"), ("iri", "no iri"), ("iri", "<x:y>"), ("iri", "kg:a b"),
    ):  # fmt: skip
        with pytest.raises(QueryError, match=f"{name} must be"):
            bound(**{name: wrong})


def test_what_is_missing_is_said(sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="needs --param entity="):
        sample.run("backlinks")
    with pytest.raises(UnknownPageError):
        sample.run("backlinks", entity="nothing of the kind")
    with pytest.raises(QueryError, match="did you mean backlinks"):
        find_named_query("backlink")
    for head in ("param a b c", "param a: thing -- what", "column a -- what"):
        with pytest.raises(QueryError, match=r"x\.rq:2: .* is not of the form"):
            parse_query_file("x", f"# What.\n# {head}\nSELECT * WHERE {{}}")
