"""N404: a curated relation that only one of its two sides states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from kgraph.check.site import Site, declared
from kgraph.model.corpus import Relation
from kgraph.model.finding import Finding, finding
from kgraph.model.relations import RelationVocabulary

__all__ = ["one_sided_relations"]


def one_sided_relations(site: Site) -> Iterator[Finding]:
    """Relations with a known inverse that the other side does not state.

    A symmetric relation is answered by any relation back. Another one is answered by its inverse, and by a relation back that
    says something of its own and is no inverse of a further one: two sites may name the same pair ``affiliation`` and
    ``key-people``. An index page need not answer a symmetric one. One finding a statement, at its first place.
    """
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    first: dict[tuple[str, str, str], Relation] = {}
    for item in site.corpus.relations:
        if item.target is None or item.target == item.source or not declared(item):
            continue
        names[item.source, item.target].add(item.name)
        key = (item.source, item.target, item.name)
        if key not in first or (item.path, item.line) < (first[key].path, first[key].line):
            first[key] = item
    for (source, target, name), item in first.items():
        inverse = site.relations.inverse(name)
        overview = site.relations.symmetric(name) and any(site.is_index(site.corpus.entities[end]) for end in (source, target))
        if inverse is not None and not overview and not _answered(name, (source, target), names, site.relations):
            yield finding(
                "N404", f"{source} → {target}: {name!r} stands here only, {target} does not state {inverse!r}", item.path, item.line
            )


def _answered(name: str, pair: tuple[str, str], names: Mapping[tuple[str, str], set[str]], vocabulary: RelationVocabulary) -> bool:
    there, back = names.get(pair, set()), names.get((pair[1], pair[0]), set())
    if vocabulary.symmetric(name):
        return bool(back)
    if any(_inverse(name, other, vocabulary) for other in back):
        return True
    own = {other for other in back - there if not vocabulary.symmetric(other)}
    return any(not any(_inverse(known, other, vocabulary) for known in there) for other in own)


def _inverse(one: str, other: str, vocabulary: RelationVocabulary) -> bool:
    return vocabulary.inverse(one) == other or vocabulary.inverse(other) == one
