"""What follows by the ontology: inverse and more general statements, and more general classes, for those who query without a reasoner."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.memory import long_key_of
from kgraph.model.corpus import Corpus
from kgraph.model.relations import RELATED, RelationVocabulary
from kgraph.model.types import TypeVocabulary
from kgraph.rdf.parts import Parts, whole
from kgraph.rdf.terms import Minter
from kgraph.rdf.writer import TYPE, outside_term, term

__all__ = ["entailed_parts", "entailed_quads"]


def entailed_parts(corpus: Corpus, types: TypeVocabulary, relations: RelationVocabulary) -> Parts:
    """What :func:`entailed_quads` gives as one part."""
    stated = [(item.source, item.name, item.target) for item in corpus.relations]
    tags = [(entity.id, entity.tags) for entity in corpus.entities.values() if entity.tags]
    kinds = [(entity.id, entity.type) for entity in corpus.entities.values()]
    key = long_key_of(corpus.base_iri, types.types, relations.relations, stated, tags, kinds)
    return whole(key, entailed_quads(corpus, types, relations))


def entailed_quads(corpus: Corpus, types: TypeVocabulary, relations: RelationVocabulary) -> Iterator[str]:
    """Statements that nobody states, in a graph of their own: by inverse, symmetric, more general properties and more general classes."""
    mint = Minter(corpus.base_iri)
    graph = f"<{mint.graph('entailed')}>"
    yield f"{graph} {term('prov:wasGeneratedBy')} <{mint.base}activity/entailment> {graph} ."
    properties = {item.name: _following(item.name, relations, mint) for item in corpus.relations}
    stated: set[tuple[str, str, str]] = set()
    entailed: set[tuple[str, str, str]] = set()
    for item in corpus.relations:
        if item.target is None:
            continue
        source, target = f"<{mint.entity(item.source)}>", f"<{mint.entity(item.target)}>"
        own, onward, back = properties[item.name]
        stated.add((source, own, target))
        entailed.update((source, name, target) for name in onward)
        entailed.update((target, name, source) for name in back)
    about = term("dcterms:subject")
    used = {entity.type for entity in corpus.entities.values()}
    classes = {key: [outside_term(name, f"types.{key}.parents") for name in types.get_type(key).classes] for key in used}
    for entity in corpus.entities.values():
        subject = f"<{mint.entity(entity.id)}>"
        entailed.update((subject, about, f"<{mint.tag(tag)}>") for tag in entity.tags)
        entailed.update((subject, TYPE, name) for name in classes[entity.type])
    for subject, name, value in sorted(entailed - stated):
        yield f"{subject} {name} {value} {graph} ."


def _following(name: str, relations: RelationVocabulary, mint: Minter) -> tuple[str, frozenset[str], frozenset[str]]:
    """The property of a relation, what holds with it in its direction, and what holds in the other."""
    onward = _more_general(name, relations)
    inverse = relations.inverse(name)
    back = {f"<{mint.relation(inverse, relations.known(inverse))}>", *_more_general(inverse, relations)} if inverse else set()
    related = f"<{mint.relation(RELATED, True)}>"
    both = {related, term("skos:related")}
    return f"<{mint.relation(name, relations.known(name))}>", frozenset(onward | both), frozenset(back | both)


def _more_general(name: str, relations: RelationVocabulary) -> set[str]:
    known = relations.relations.get(name)
    return {outside_term(known.property, f"relations.{name}.property")} if known and known.property else set()
