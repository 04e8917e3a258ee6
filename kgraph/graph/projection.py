"""From a corpus to a NetworkX graph.

An edge runs from the page that links to the page linked, from the subject of a relation to its object, from the page that
names an entity to that entity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from kgraph.model.corpus import Corpus, Link, Relation

if TYPE_CHECKING:
    import networkx as nx

    from kgraph.graph.csr import CSRGraph

__all__ = ["EDGE_KINDS", "EdgeKind", "citation_arrays", "project", "project_citations"]

EdgeKind = Literal["link", "relation", "mention"]
EDGE_KINDS: tuple[EdgeKind, ...] = ("link", "relation", "mention")


def project(corpus: Corpus, kinds: tuple[EdgeKind, ...] = EDGE_KINDS) -> nx.MultiDiGraph[str]:
    """Project a corpus to a directed multigraph.

    Nodes are entity ids with the attributes ``title``, ``type``, ``path``, ``href`` and ``stub``. Edges have a key (``link``,
    ``mention`` or the name of the relation) and the attributes ``kind``, ``name`` (of the relation), ``weight`` (how often it
    is stated), ``path`` and ``line`` (where it is stated first). Dead links and self links are left out. Nodes and edges
    come in the order of their ids.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for entity in corpus.entities.values():
        graph.add_node(entity.id, title=entity.title, type=entity.type, path=entity.path or "", href=entity.href or "", stub=entity.stub)
    stated: Counter[tuple[str, str, str, EdgeKind]] = Counter()
    first: dict[tuple[str, str, str, EdgeKind], tuple[str, int]] = {}
    for kind in kinds:
        for source, target, key, path, line in _statements(corpus, kind):
            edge = (source, target, key, kind)
            stated[edge] += 1
            first.setdefault(edge, (path, line))
    for place in sorted(stated):
        source, target, key, edge_kind = place
        path, line = first[place]
        name = key if edge_kind == "relation" else ""
        graph.add_edge(source, target, key=key, kind=edge_kind, name=name, weight=float(stated[place]), path=path, line=line)
    return graph


def _statements(corpus: Corpus, kind: EdgeKind) -> list[tuple[str, str, str, str, int]]:
    if kind == "link":
        return [(x.source, x.target, "link", x.path, x.line) for x in corpus.links if x.target and x.target != x.source]
    if kind == "relation":
        return [(x.source, x.target, x.name, x.path, x.line) for x in corpus.relations if x.target and x.target != x.source]
    return [(x.source, x.target, "mention", x.path, x.line) for x in corpus.mentions if x.target != x.source]


def project_citations(corpus: Corpus) -> nx.DiGraph[str]:
    """Project the links and curated relations of a corpus to a directed graph with one edge a pair.

    The graph that PageRank, HITS and communities are computed on, as NetworkX has it; :func:`citation_arrays` is the same in arrays. The
    ``weight`` of an edge is 1 for a link, however often it is repeated, and 1 more for a curated relation.
    """
    import networkx as nx

    weights: Counter[tuple[str, str]] = Counter()
    for kind in ("link", "relation"):
        weights.update({(source, target) for source, target, *_ in _statements(corpus, kind)})
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(corpus.entities)
    graph.add_weighted_edges_from((source, target, float(weight)) for (source, target), weight in sorted(weights.items()))
    return graph


def citation_arrays(ids: Iterable[str], links: Iterable[Link], relations: Iterable[Relation]) -> CSRGraph:
    """The graph of :func:`project_citations` in arrays, of entities in the order of their ids and what joins them."""
    import numpy as np

    from kgraph.graph.csr import CSRGraph

    names = tuple(ids)
    index = {name: place for place, name in enumerate(names)}
    size = max(len(names), 1)
    pairs = [(index[x.source] * size + index[x.target] for x in found if x.target and x.target != x.source) for found in (links, relations)]
    keys = np.concatenate([np.unique(np.fromiter(found, dtype=np.int64)) for found in pairs])
    return CSRGraph.from_edges(names, keys // size, keys % size)
