"""Results of the ranking as N-Quads lines: relatedness and hubs as resources, measures of every entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kgraph.graph.measures import Measures
from kgraph.memory import long_key_of
from kgraph.model.corpus import Corpus
from kgraph.rank.rankings import PackedLists, Rankings, RelatedItem
from kgraph.rdf.parts import Parts, as_text
from kgraph.rdf.terms import KG, Minter, literal, number
from kgraph.rdf.vocabulary import share_property
from kgraph.rdf.writer import TYPE, own, term

__all__ = ["ranking_parts"]

_MEASURES = {"pagerank": "pageRank", "hub": "hubScore", "authority": "authorityScore", "in_degree": "inDegree",
             "out_degree": "outDegree", "community": "community"}  # fmt: skip
_RELATEDNESS, _SOURCE, _TARGET, _SCORE, _RANK, _REASON = (
    own("Relatedness"), own("source"), own("target"), own("score"), own("rank"), own("reason"),
)  # fmt: skip


def ranking_parts(corpus: Corpus, rankings: Rankings, *, related: int) -> Parts:
    """Measures of every entity, its standing among the hubs, and its ``related`` best related ones, in the graph of the rankings.

    One part holds all measures, and one each list.
    """
    mint = Minter(corpus.base_iri)
    site = long_key_of(corpus.base_iri, related)
    packed = rankings.related.packed if isinstance(rankings.related, PackedLists) else rankings.related
    keys = [
        ("", long_key_of(site, rankings.signals, rankings.measures)),
        *((source, long_key_of(site, items)) for source, items in packed.items()),
    ]

    def make(names: Sequence[str]) -> Iterator[bytes]:
        for name in names:
            lines = _list_quads(mint, name, rankings.related[name][:related]) if name else _measure_quads(mint, rankings)
            yield as_text(lines)

    return Parts(tuple(keys), make)


def _measure_quads(mint: Minter, rankings: Rankings) -> Iterator[str]:
    graph = f"<{mint.graph('rankings')}>"
    yield f"{graph} {term('prov:wasGeneratedBy')} <{mint.base}activity/ranking> {graph} ."
    for signal in sorted({*rankings.signals}):
        share = f"<{share_property(signal)}>"
        yield f"{share} {TYPE} {term('owl:DatatypeProperty')} {graph} ."
        yield f"{share} {term('rdfs:subPropertyOf')} <{KG}share> {graph} ."
        yield f"{share} {term('rdfs:label')} {literal(f'share of the signal {signal}')} {graph} ."
    standing = {name: _ranks(rankings.measures, name) for name in ("hub", "authority", "pagerank")}
    for entity_id, measures in rankings.measures.items():
        subject, result = f"<{mint.entity(entity_id)}>", f"<{mint.hub(entity_id)}>"
        yield from [f"{subject} <{KG}{name}> {number(getattr(measures, field))} {graph} ." for field, name in _MEASURES.items()]
        yield f"{result} {TYPE} <{KG}HubResult> {graph} ."
        yield f"{result} <{KG}target> {subject} {graph} ."
        yield f"{result} <{KG}score> {number(measures.hub)} {graph} ."
        for field, name in (("hub", "rank"), ("authority", "authorityRank"), ("pagerank", "pageRankRank")):
            yield f"{result} <{KG}{name}> {number(standing[field][entity_id])} {graph} ."


def _list_quads(mint: Minter, source: str, items: Iterable[RelatedItem]) -> Iterator[str]:
    graph, source_iri = f"<{mint.graph('rankings')}>", f"<{mint.entity(source)}>"
    for item in items:
        yield from _relatedness(item, f"<{mint.related(source, item.id)}>", source_iri, f"<{mint.entity(item.id)}>", graph)


def _relatedness(item: RelatedItem, subject: str, source: str, target: str, graph: str) -> list[str]:
    lines = [
        f"{subject} {TYPE} {_RELATEDNESS} {graph} .",
        f"{subject} {_SOURCE} {source} {graph} .",
        f"{subject} {_TARGET} {target} {graph} .",
        f"{subject} {_SCORE} {number(item.score)} {graph} .",
        f"{subject} {_RANK} {number(item.rank)} {graph} .",
    ]
    if item.reasons:
        lines.append(f"{subject} {_REASON} {literal(item.reasons[0].text)} {graph} .")
    shares: dict[str, float] = {}
    for reason in item.reasons:
        shares[reason.signal] = shares.get(reason.signal, 0.0) + reason.share
    return lines + [f"{subject} <{share_property(signal)}> {number(float(share))} {graph} ." for signal, share in shares.items()]


def _ranks(measures: Mapping[str, Measures], field: str) -> dict[str, int]:
    """Rank of each entity by a measure, from 1, ties by id."""
    ordered = sorted(measures, key=lambda entity_id: (-getattr(measures[entity_id], field), entity_id))
    return {entity_id: rank for rank, entity_id in enumerate(ordered, 1)}
