"""What is related to what and why, who holds the site together, and how two entities are connected."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kgraph.api.build import Build
from kgraph.api.frames import frame
from kgraph.errors import QueryError
from kgraph.graph.measures import HubMeasure
from kgraph.rank.rankings import RelatedItem

if TYPE_CHECKING:
    import pandas as pd

    from kgraph.graph.paths import Connections
    from kgraph.search import Search

__all__ = ["Lists"]

_LEADING = 5
"""Members that stand for their community."""


class Lists(Build):
    """Ranked lists: related entities, reasons, hubs, communities, paths."""

    @cached_property
    def _explainer(self) -> Any:
        from kgraph.archive import read_learned
        from kgraph.rank.stage import explainer

        return explainer(self.corpus, self.config, read_learned(self.generation))

    @cached_property
    def _linked(self) -> frozenset[tuple[str, str]]:
        return frozenset((link.source, link.target) for link in self.statements.links if link.target is not None)

    @cached_property
    def _connections(self) -> Connections:
        from kgraph.graph.paths import project_connections

        stated = self.statements
        return project_connections(self.head.entities, stated.links, stated.relations, stated.mentions)

    def related_items(self, name: str, k: int = 10, *, unlinked: bool = False, explain: bool = True) -> list[RelatedItem]:
        """The ``k`` most related entities, best first.

        Args:
            name: Id, title, alias or source path.
            k: How many at the most.
            unlinked: Only entities that the page does not link yet.
            explain: Whether items beyond the list of the build get their reasons too (that takes a second).

        """
        own = self.entity_id(name)
        known = {item.id: item for item in self.rankings.related.get(own, ())}
        entities = self.head.entities
        addresses = {entities[own].href} - {None}
        chosen: list[tuple[str, float]] = []
        for candidate, score in self.scores.candidates(own):
            if len(chosen) >= k:
                break
            href = entities[candidate].href
            if (unlinked and (own, candidate) in self._linked) or (href is not None and href in addresses):
                continue
            addresses.add(href)
            chosen.append((candidate, score))
        missing = [pair for pair in chosen if pair[0] not in known]
        if missing and explain:
            known.update({item.id: item for item in self._explainer.items(own, missing)})
        items = []
        for rank, (candidate, score) in enumerate(chosen, 1):
            item = known.get(candidate)
            reasons, label = (item.reasons, item.label) if item else ((), None)
            items.append(RelatedItem(candidate, score, rank, label, (own, candidate) in self._linked, reasons))
        return items

    @cached_property
    def _index(self) -> Search:
        from kgraph.archive import read_texts
        from kgraph.search import Search

        texts, measures = read_texts(self.generation), self.rankings.measures
        order = sorted(measures, key=lambda entity_id: (-measures[entity_id].pagerank, entity_id))
        return Search(
            self.head.entities, {page.entity: texts[path] for path, page in self.head.pages.items() if path in texts},
            {entity_id: place for place, entity_id in enumerate(order, 1)},
        )  # fmt: skip

    def search(self, words: str, k: int = 10) -> pd.DataFrame:
        """The ``k`` entities that fit the words best: by title, other names, tags, summary and text; slips of the keyboard are forgiven.

        Columns: ``rank``, ``id``, ``title``, ``type``, ``excerpt`` (a passage of its page round the words), ``path``, ``href``.

        >>> kg.search("montreal protocl")["title"].tolist()[0]
        'Montreal Protocol'
        """
        from kgraph.search import MARK_END, MARK_START

        found = self._index.find(words)
        ids = found.ids[:k] if found.words else []
        passages = self._index.excerpts(found, ids)
        rows = []
        for rank, entity_id in enumerate(ids, 1):
            entity, passage = self.head.entities[entity_id], passages.get(entity_id)
            excerpt = None if passage is None else passage.replace(MARK_START, "").replace(MARK_END, "")
            rows.append((rank, entity_id, entity.title, entity.type, excerpt, entity.path, entity.href))
        columns = {
            "rank": "Int64", "id": "string", "title": "string", "type": "string", "excerpt": "string", "path": "string", "href": "string",
        }  # fmt: skip
        return frame(columns, rows)

    def related(self, name: str, k: int = 10, *, unlinked: bool = False) -> pd.DataFrame:
        """The ``k`` most related entities as a DataFrame, best first.

        Columns: ``rank``, ``id``, ``title``, ``type``, ``score`` in [0, 1), ``label`` (curated relation as read from the
        page), ``linked`` (whether the page links there), ``why`` (strongest reason), ``href``. With ``unlinked``, only entities that
        the page does not link yet.

        >>> kg.related("Montreal Protocol", k=3)["rank"].tolist()
        [1, 2, 3]
        """
        columns = {
            "rank": "Int64", "id": "string", "title": "string", "type": "string", "score": "float64", "label": "string",
            "linked": "boolean", "why": "string", "href": "string",
        }  # fmt: skip
        rows = []
        for item in self.related_items(name, k, unlinked=unlinked):
            entity, why = self.head.entities[item.id], item.reasons[0].text if item.reasons else None
            rows.append((item.rank, item.id, entity.title, entity.type, item.score, item.label, item.linked, why, entity.href))
        return frame(columns, rows)

    def reasons(self, name: str, k: int = 10) -> pd.DataFrame:
        """Why the ``k`` most related entities are related: a row for each signal of each of them.

        Columns: ``rank``, ``id``, ``title``, ``signal``, ``share`` (the shares of one item sum to its score), ``text``, ``evidence``
        (ids, or ``path:line`` of the source).

        >>> why = kg.reasons("Montreal Protocol", k=3)
        >>> bool((why.groupby("rank")["share"].sum() < 1).all())
        True
        """
        columns = {
            "rank": "Int64", "id": "string", "title": "string", "signal": "string", "share": "float64", "text": "string",
            "evidence": "string",
        }  # fmt: skip
        rows = [
            (item.rank, item.id, self.head.entities[item.id].title, reason.signal, reason.share, reason.text, "; ".join(reason.evidence))
            for item in self.related_items(name, k)
            for reason in item.reasons
        ]
        return frame(columns, rows)

    # -- hubs and communities --------------------------------------------------------------------

    def hub_rows(self, k: int = 20, *, by: HubMeasure = "pagerank", type: str | None = None) -> list[dict[str, Any]]:
        """The ``k`` leading entities by a measure; see :meth:`hubs`."""
        from kgraph.graph.measures import HUB_MEASURES, betweenness
        from kgraph.graph.projection import project_citations

        if by not in HUB_MEASURES:
            raise QueryError(f"no measure is called {by!r}: use one of {', '.join(HUB_MEASURES)}")
        wanted = self.types.canonical(type) if type else None
        if wanted and wanted not in {entity.type for entity in self.head.entities.values()}:
            found = ", ".join(sorted({entity.type for entity in self.head.entities.values()}))
            raise QueryError(f"no entity has the type {type!r}: the types here are {found}")
        values: dict[str, float]
        if by == "betweenness":
            values = betweenness(project_citations(self.corpus))
        else:
            field = by.replace("-", "_")
            values = {entity_id: getattr(measures, field) for entity_id, measures in self.rankings.measures.items()}
        rows: list[dict[str, Any]] = []
        for entity_id in sorted(values, key=lambda entity_id: (-values[entity_id], entity_id)):
            entity = self.head.entities[entity_id]
            if wanted is None or entity.type == wanted:
                measures = self.rankings.measures[entity_id]
                rows.append({
                    "rank": len(rows) + 1, "id": entity_id, "title": entity.title, "type": entity.type, by: values[entity_id],
                    "community": measures.community, "href": entity.href,
                })  # fmt: skip
            if len(rows) == k:
                break
        return rows

    def hubs(self, k: int = 20, *, by: HubMeasure = "pagerank", type: str | None = None) -> pd.DataFrame:
        """The ``k`` leading entities by a measure, best first.

        Columns: ``rank``, ``id``, ``title``, ``type``, the measure under its name, ``community``, ``href``.

        Args:
            k: How many.
            by: ``hub``, ``authority`` (HITS), ``pagerank``, ``in-degree``, ``out-degree`` or ``betweenness``.
            type: Only entities of this type.

        >>> kg.hubs(1, by="in-degree")["title"].tolist()
        ['EU AI Act']

        """
        columns = {
            "rank": "Int64", "id": "string", "title": "string", "type": "string", by: "Int64" if by.endswith("degree") else "float64",
            "community": "Int64", "href": "string",
        }  # fmt: skip
        return frame(columns, [[row[name] for name in columns] for row in self.hub_rows(k, by=by, type=type)])

    @cached_property
    def community_members(self) -> dict[int, tuple[str, ...]]:
        """Ids of the members of each community, the one with the highest PageRank first."""
        found: dict[int, list[str]] = defaultdict(list)
        measures = self.rankings.measures
        for entity_id in sorted(measures, key=lambda entity_id: (-measures[entity_id].pagerank, entity_id)):
            found[measures[entity_id].community].append(entity_id)
        return {number: tuple(found[number]) for number in sorted(found)}

    def communities(self) -> pd.DataFrame:
        """The communities, a row each, the largest first.

        Columns: ``community`` (its number), ``entities`` (how many), ``leading`` (the titles of the five members with the highest
        PageRank), ``types`` (its most frequent types), ``within`` (share of the links and relations of its members that stay in it).

        >>> int(kg.communities()["entities"].sum()) == kg.stats()["entities"]
        True
        """
        from kgraph.graph.projection import project_citations

        measures, entities = self.rankings.measures, self.head.entities
        inside: Counter[int] = Counter()
        total: Counter[int] = Counter()
        for source, target in project_citations(self.corpus).edges():
            sides = {measures[source].community, measures[target].community}
            total.update(sides)
            if len(sides) == 1:
                inside.update(sides)
        rows = []
        for number, members in self.community_members.items():
            types = Counter(self.types.plural(entities[member].type) for member in members)
            common = ", ".join(f"{name} {count}" for name, count in sorted(types.items(), key=lambda item: (-item[1], item[0]))[:3])
            leading = ", ".join(entities[member].title for member in members[:_LEADING])
            rows.append((number, len(members), leading, common, inside[number] / total[number] if total[number] else None))
        columns = {"community": "Int64", "entities": "Int64", "leading": "string", "types": "string", "within": "float64"}
        return frame(columns, rows)

    # -- paths -----------------------------------------------------------------------------------

    def path(self, source: str, target: str, *, count: int = 1) -> pd.DataFrame:
        """How two entities are connected: the most telling paths over relations, links and mentions, a row for each step.

        Columns: ``path`` (from 1, the most telling first), ``step``, ``id``, ``title``, ``type`` of the entity that the step starts from,
        ``how`` (what joins it to the next one, read from it: "mitigated by", "links to", "is linked from", "mentions" …), ``next_id``,
        ``next_title``, ``place`` (``path:line`` of the statement). No row where nothing connects them.

        Args:
            source: Id, title, alias or source path.
            target: The same.
            count: Paths at the most; no two share an entity between the ends.

        >>> kg.path("Montreal Protocol", "Racing dynamics")["id"].tolist()[0]
        'montreal-protocol'

        """
        from kgraph.graph.paths import find_paths

        found = find_paths(self._connections, self.entity_id(source), self.entity_id(target), count=count)
        said = self._statements_between({pair for path in found for pair in pairwise(path)})
        entities = self.head.entities
        rows = [
            (
                number,
                step,
                one,
                entities[one].title,
                entities[one].type,
                said[one, other][0],
                other,
                entities[other].title,
                said[one, other][1],
            )
            for number, path in enumerate(found, 1)
            for step, (one, other) in enumerate(pairwise(path), 1)
        ]
        columns = {
            "path": "Int64", "step": "Int64", "id": "string", "title": "string", "type": "string", "how": "string", "next_id": "string",
            "next_title": "string", "place": "string",
        }  # fmt: skip
        return frame(columns, rows)

    def _statements_between(self, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
        """What joins each pair, as read from its first entity, and where it is stated; the most telling statement of all."""
        vocabulary = self.config.relation_vocabulary()
        found: dict[tuple[str, str], tuple[int, str, str]] = {}

        def tell(source: str, target: str | None, level: int, forth: str, back: str, place: str) -> None:
            for pair, how in (((source, str(target)), forth), ((str(target), source), back)):
                if pair in pairs and (pair not in found or level < found[pair][0]):
                    found[pair] = (level, how, place)

        for item in self.statements.relations:
            forth, back = vocabulary.label(item.name), vocabulary.inverse_label(item.name)
            tell(item.source, item.target, 2 if item.name == "related" else 0, forth, back, f"{item.path}:{item.line}")
        for link in self.statements.links:
            tell(link.source, link.target, 1, "links to", "is linked from", f"{link.path}:{link.line}")
        for mention in self.statements.mentions:
            tell(mention.source, mention.target, 3, "mentions", "is mentioned by", f"{mention.path}:{mention.line}")
        return {pair: (how, place) for pair, (_, how, place) in found.items()}
