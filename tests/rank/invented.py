"""Corpora invented by hypothesis, made without files so that many can be ranked in a short time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from hypothesis import strategies as st
from msgspec import Struct

from kgraph.model.corpus import Citation, CitedSource, Corpus, Entity, Link, Mention, Page, Relation
from kgraph.model.document import Counts, Document, term_bag

__all__ = ["Plan", "corpus_of_plan", "plans"]

_WORDS = ("anchor", "basalt", "copper", "drizzle", "ember", "fjord", "granite")

Pair = tuple[int, int]


class Plan(Struct, frozen=True):
    """What a wiki of so many pages holds; pages are numbers."""

    size: int
    links: tuple[Pair, ...] = ()
    relations: tuple[Pair, ...] = ()
    mentions: tuple[Pair, ...] = ()
    tags: tuple[Pair, ...] = ()
    """Page and number of the tag."""
    words: tuple[Pair, ...] = ()
    """Page and number of the word."""
    cited: tuple[Pair, ...] = ()
    """Page and number of the work."""

    def mirrored(self) -> Plan:
        """The same with every join stated from both sides."""
        return msgspec.structs.replace(
            self, links=_both(self.links), relations=_both(self.relations), mentions=_both(self.mentions)
        )  # fmt: skip


def _both(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted({*pairs, *((second, first) for first, second in pairs)}))


@st.composite
def plans(draw: st.DrawFn, *, smallest: int = 2, largest: int = 9) -> Plan:
    """Plans of small wikis."""
    size = draw(st.integers(smallest, largest))
    page = st.integers(0, size - 1)

    def pairs(other: st.SearchStrategy[int], most: int) -> tuple[Pair, ...]:
        return tuple(sorted(draw(st.sets(st.tuples(page, other), max_size=most))))

    def joins() -> tuple[Pair, ...]:
        return tuple(pair for pair in pairs(page, 2 * size) if pair[0] != pair[1])

    return Plan(
        size, joins(), joins(), joins(),
        pairs(st.integers(0, 3), 2 * size), pairs(st.integers(0, len(_WORDS) - 1), 3 * size), pairs(st.integers(0, 2), size),
    )  # fmt: skip


def corpus_of_plan(plan: Plan, names: Sequence[str] | None = None) -> Corpus:
    """The corpus of a plan; ``names`` are the ids of its pages, ``p0``, ``p1``, … when None."""
    ids = list(names or (f"p{number}" for number in range(plan.size)))
    path = {name: f"{name}.md" for name in ids}

    def grouped(pairs: Sequence[Pair]) -> Mapping[str, list[int]]:
        return {ids[page]: [value for key, value in pairs if key == page] for page in range(plan.size)}

    tags, words = grouped(plan.tags), grouped(plan.words)
    entities = {
        name: Entity(name, "", "page", "default", (), (), tuple(f"tag{tag}" for tag in tags[name]), None, path[name], f"/{name}/", (), ())
        for name in sorted(ids)
    }
    empty = Document(None, {}, {}, (), (), (), (), Counts(), term_bag({}))
    named = [(ids[first], ids[second]) for first, second in plan.links]
    return Corpus(
        base_iri="https://example.org/",
        entities=entities,
        pages={path[name]: Page(name, path[name], "", "markdown", f"/{name}/", None, None, Counts(), 0, 0, 0) for name in sorted(ids)},
        links=tuple(sorted(
            (Link(one, other, other, "markdown", other, f"To {other}.", path[one], 3, 0, -1, 0, "body") for one, other in named),
            key=lambda link: (link.path, link.target or ""),
        )),
        relations=tuple(sorted(
            (Relation(ids[one], ids[other], "related", ids[other], "related", path[ids[one]], 2) for one, other in plan.relations),
            key=lambda relation: (relation.path, relation.target or ""),
        )),
        mentions=tuple(sorted(
            (Mention(ids[one], ids[other], ids[other], f"Of {ids[other]}.", path[ids[one]], 4, 1, 3) for one, other in plan.mentions),
            key=lambda mention: (mention.path, mention.target),
        )),
        sources={f"w{number}": CitedSource(f"w{number}", f"Work {number}", None, None, (), None, "works.yaml", 1) for number in range(3)},
        citations=tuple(sorted(
            (Citation(ids[page], f"w{work}", path[ids[page]], 5) for page, work in plan.cited),
            key=lambda citation: (citation.path, citation.work),
        )),
        external={},
        findings=(),
        assumptions=(),
        catalogs={},
        documents={
            path[name]: msgspec.structs.replace(empty, bag=term_bag({_WORDS[word]: 1 for word in words[name]})) for name in sorted(ids)
        },
    )  # fmt: skip
