"""What people look at: cards, graphs for NetworkX, pictures."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kgraph.api.build import Build
from kgraph.api.card import Backlink, EntityCard, RelatedLine
from kgraph.api.lists import Lists
from kgraph.errors import QueryError

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from kgraph.graph.csr import CSRGraph
    from kgraph.render.inline import GraphPage
    from kgraph.render.overview import GroupBy
    from kgraph.render.picture import Picture

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

    def to_csr(self) -> CSRGraph:
        """The graph of ``to_networkx("citation")`` in three arrays, for large sites.

        Functions of NetworkX take it as it is (``nx.pagerank``, ``nx.hits``, Louvain's communities, components, degrees);
        ``near(id, depth=2)`` and ``subgraph(ids)`` give a part of it as a graph of NetworkX.

        >>> sorted(kg.to_csr().near("montreal-protocol").successors("montreal-protocol"))[:2]
        ['collective-action-problem', 'compute-governance']
        """
        from kgraph.graph.projection import citation_arrays

        return citation_arrays(self.head.entities, self.statements.links, self.statements.relations)

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

    def picture(
        self, name: str | None = None, *, to: str | None = None, depth: int = 1, max_nodes: int | None = None, type: str | None = None,
        tag: str | None = None, community: int | None = None, by: GroupBy | None = None, since: Build | str | PathLike[str] | None = None,
    ) -> Picture:  # fmt: skip
        """What :meth:`render` draws, as nodes and edges."""
        from kgraph.errors import RenderError
        from kgraph.picturing import picture_of, picture_of_changes, picture_of_paths
        from kgraph.render.overview import overview

        chosen = {"type": type, "tag": tag, "community": community, "by": by}
        given = [option for option, value in chosen.items() if value is not None]
        if since is not None:
            if given or name is not None or to is not None:
                raise RenderError("a picture of what changed since a build shows all of it: leave out the other choices")
            from kgraph.diff import compare, find_generation

            old = since if isinstance(since, Lists) else Lists(find_generation(Path(since)))  # type: ignore[arg-type]
            return picture_of_changes(self, old, compare(old.generation.folder, self.generation.folder))
        if to is not None:
            if name is None or given:
                raise RenderError("a picture of paths needs two entities and no other choice: give the one to start from too")
            return picture_of_paths(self, name, to)
        found = picture_of(self, name, depth=depth, max_nodes=max_nodes, type=type, tag=tag, community=community)
        return overview(found, by) if by else found

    def render(
        self, name: str | None = None, *, to: str | None = None, depth: int = 1, max_nodes: int | None = None, type: str | None = None,
        tag: str | None = None, community: int | None = None, by: GroupBy | None = None, since: Build | str | PathLike[str] | None = None,
    ) -> GraphPage:  # fmt: skip
        """A graph page: one HTML text that needs no network; a notebook shows it, ``save`` writes it.

        Args:
            name: Entity in the middle; the whole graph when None.
            to: Another entity: the paths between the two.
            depth: Steps from the entity.
            max_nodes: Nodes at the most, the most important ones.
            type: Only entities of this type (and the one in the middle).
            tag: Only entities with this tag (and the one in the middle).
            community: Only entities of the community with this number; :meth:`communities` tells the numbers.
            by: ``type`` or ``community``: one node for each, joined by how much joins their members.
            since: An older build, or its workspace: what came, went and changed.

        Raises:
            UnknownPageError: no entity goes by a name.
            RenderError: the choices do not go together, or nothing is left to show.

        >>> kg.render("Racing dynamics", max_nodes=12)  # doctest: +ELLIPSIS
        <GraphPage of ... characters>

        """
        from kgraph.render.inline import GraphPage
        from kgraph.render.page import render_page

        return GraphPage(render_page(self.picture(
            name, to=to, depth=depth, max_nodes=max_nodes, type=type, tag=tag, community=community, by=by, since=since
        )))  # fmt: skip

    def render_rows(self, rows: pd.DataFrame, *, title: str = "Result of a query", about: str | None = None) -> GraphPage:
        """A graph page of the entities in a table, such as :meth:`query` gives.

        The first entity of a row is joined to each other one in it; the edge is named by the row's ``property``, ``relation``,
        ``predicate``, ``label`` or ``how``, else by the column of the other one. Rows of one entity each show what is known to join them.

        Args:
            rows: Columns that hold ids of entities; others are passed over.
            title: Heading.
            about: Entity that the question is about, to be shown too.

        Raises:
            RenderError: no row holds an entity.

        >>> kg.render_rows(kg.query("what-mitigates", entity="Racing dynamics"), about="Racing dynamics")  # doctest: +ELLIPSIS
        <GraphPage of ... characters>

        """
        from kgraph.picturing import picture_of_rows
        from kgraph.render.inline import GraphPage
        from kgraph.render.page import render_page

        focus = None if about is None else self.entity_id(about)
        found = picture_of_rows(self, list(map(str, rows.columns)), rows.itertuples(index=False), title=title, focus=focus)
        return GraphPage(render_page(found))
