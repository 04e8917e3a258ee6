"""What people look at: cards, graphs for NetworkX, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kgraph.api.card import Backlink, EntityCard, RelatedLine
from kgraph.api.lists import Lists
from kgraph.errors import QueryError

if TYPE_CHECKING:
    import networkx as nx

    from kgraph.render.inline import GraphPage

__all__ = ["Drawing"]


class Drawing(Lists):
    """Cards, graphs and pictures."""

    def entity(self, name: str) -> EntityCard:
        """What is known of the entity that goes by a name; a notebook shows it as a card.

        Args:
            name: Id, title, alias or source path.

        Raises:
            UnknownPageError: there is none; the error lists the closest names.

        >>> kg.entity("montreal-protocol").title
        'Montreal Protocol'

        """
        own = self.entity_id(name)
        entity, measures, entities = self.head.entities[own], self.rankings.measures, self.head.entities
        one = measures[own]
        related = tuple(
            RelatedLine(item.id, entities[item.id].title, item.score, item.label, item.reasons[0].text if item.reasons else "")
            for item in self.rankings.related.get(own, ())
        )
        first: dict[str, Backlink] = {}
        for link in self.statements.links:
            if link.target == own and link.source != own:
                first.setdefault(link.source, Backlink(link.source, entities[link.source].title, link.sentence, link.path, link.line))
        return EntityCard(
            id=own, title=entity.title, type=entity.type, type_label=self.types.plural(entity.type), summary=entity.summary,
            path=entity.path, href=entity.href, aliases=entity.aliases, tags=entity.tags, pagerank=one.pagerank,
            pagerank_place=1 + sum(other.pagerank > one.pagerank for other in measures.values()), hub=one.hub, authority=one.authority,
            in_degree=one.in_degree, out_degree=one.out_degree, community=one.community, related=related,
            backlinks=tuple(sorted(first.values(), key=lambda link: (link.title.casefold(), link.id))),
        )  # fmt: skip

    def to_networkx(self, kind: Literal["all", "link", "relation", "mention", "related", "citation"] = "all") -> Any:
        """The graph for NetworkX; edges run from the page that links to the page linked.

        ``all`` (default: links, relations and mentions) and the names of single kinds give a MultiDiGraph with the attributes of
        :func:`kgraph.graph.projection.project`, among them ``weight``, ``kind``, ``path`` and ``line``. ``related`` gives the
        computed lists in the same form: ``weight`` is the score, ``name`` the curated relation, ``signal`` and ``reason`` the strongest
        one, ``evidence`` its ids and places. ``citation`` gives the DiGraph of links and relations with one edge a pair that the
        measures are computed on.

        >>> kg.to_networkx("relation").number_of_edges() > 500
        True
        """
        from kgraph.graph.projection import EDGE_KINDS, project, project_citations

        if kind == "citation":
            graph: nx.DiGraph[str] = project_citations(self.corpus)
            return graph
        if kind == "related":
            return self._related_graph()
        if kind != "all" and kind not in EDGE_KINDS:
            raise QueryError(f"no kind of edge is called {kind!r}: use all, citation, related, {', '.join(EDGE_KINDS)}")
        return project(self.corpus, EDGE_KINDS if kind == "all" else (kind,))

    def _related_graph(self) -> nx.MultiDiGraph[str]:
        from kgraph.graph.projection import project

        graph = project(self.corpus, ())
        for source in sorted(self.rankings.related):
            for item in self.rankings.related[source]:
                signal, text, evidence = (
                    (item.reasons[0].signal, item.reasons[0].text, "; ".join(item.reasons[0].evidence)) if item.reasons else ("", "", "")
                )
                graph.add_edge(
                    source, item.id, key="related", kind="related", name=item.label or "", weight=item.score, rank=item.rank,
                    signal=signal, reason=text, evidence=evidence,
                )  # fmt: skip
        return graph

    def render(
        self, name: str | None = None, *, depth: int = 1, max_nodes: int | None = None, type: str | None = None,
    ) -> GraphPage:  # fmt: skip
        """A graph page: one HTML text that needs no network; a notebook shows it, ``save`` writes it.

        Args:
            name: Entity in the middle; the whole graph when None.
            depth: Steps from the entity.
            max_nodes: Nodes at the most, the most important ones.
            type: Only entities of this type (and the one in the middle).

        """
        from kgraph.picturing import picture_of
        from kgraph.render.inline import GraphPage
        from kgraph.render.page import render_page

        return GraphPage(render_page(picture_of(self, name, depth=depth, max_nodes=max_nodes, type=type)))
