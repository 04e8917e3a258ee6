"""Who made each graph, in PROV: the reader and the version of kgraph that ran it, never when."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.rdf.terms import literal
from kgraph.rdf.writer import TYPE, Writer, term

__all__ = ["ENTAILMENT", "INFERENCE", "RANKING", "made_by", "provenance_quads"]

INFERENCE, RANKING, ENTAILMENT = "inference", "ranking", "entailment"
_MADE_BY = term("prov:wasGeneratedBy")
_TOLD = {
    INFERENCE: "inference by kgraph: types of entities, names in prose; no author states it",
    RANKING: "ranking by kgraph: relatedness, hubs, communities; computed from the whole site",
    ENTAILMENT: "entailment by kgraph: inverse and more general statements, as the ontology has them",
}


def made_by() -> str:
    """The property from a graph to what made it."""
    return _MADE_BY


def provenance_quads(writer: Writer, version: str) -> Iterator[str]:
    """What can make a graph on this site, and the software that does, in the graph of the provenance."""
    graph, agent, label = f"<{writer.mint.graph('provenance')}>", f"<{writer.mint.base}agent/kgraph>", term("rdfs:label")
    yield f"{agent} {TYPE} {term('prov:SoftwareAgent')} {graph} ."
    yield f"{agent} {label} {literal('kgraph')} {graph} ."
    if version:
        yield f"{agent} {term('schema:softwareVersion')} {literal(version)} {graph} ."
    readers = sorted({page.reader for page in writer.whole.pages.values()})
    roles = sorted(set(writer.whole.catalogs.values()) - set(readers))
    made = {f"reading/{name}": f"reading by kgraph: pages, with the reader {name}" for name in readers}
    made |= {f"reading/{name}": f"reading by kgraph: catalogs of {name}" for name in roles}
    for name, told in (made | _TOLD).items():
        activity = writer.activity(name)
        yield f"{activity} {TYPE} {term('prov:Activity')} {graph} ."
        yield f"{activity} {label} {literal(told)} {graph} ."
        yield f"{activity} {term('prov:wasAssociatedWith')} {agent} {graph} ."
