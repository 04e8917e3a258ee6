"""Vocabulary of curated relations: what each name means read from either end."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from kgraph.model.types import type_key

__all__ = ["RELATED", "RELATIONS", "RelationType", "RelationVocabulary"]

RELATED = "related"
"""Name of a relation that says no more than that two entities are related."""


class RelationType(Struct, frozen=True):
    """One kind of curated relation."""

    label: str
    """Read from the source: "mitigated by"."""
    inverse: str | None
    """Name of the relation read from the target, or None when none is known."""
    symmetric: bool = False
    property: str | None = None
    """Property of another vocabulary (prefixed name) that it is a sub-property of."""


_PAIRS = """
mitigates | mitigated-by
addresses | addressed-by
affects | affected-by
analyzes | analyzed-by
models | modeled-by
measures | measured-by
supports | supported-by
opposes | opposed-by
increases | increased-by
decreases | decreased-by
amplifies | amplified-by
reduces | reduced-by
enables | enabled-by
requires | required-by
prevents | prevented-by
drives | driven-by
shapes | shaped-by
causes | caused-by
leads-to | results-from
contributes-to | contributed-to-by
influenced | influenced-by
implements | implemented-by
builds-on | basis-of
extends | extended-by
applies-to | subject-of
evaluates | evaluated-by
criticizes | criticized-by
proposes | proposed-by
funds | funded-by
regulates | regulated-by
governs | governed-by
signs | signed-by
endorses | endorsed-by
adopts | adopted-by
hosts | hosted-by
adopted-at | venue-of | schema:location
uses | used-by
owns | owned-by
publishes | published-by
advises | advised-by
employs | works-at
leads | led-by
created | created-by | | schema:creator
founded | founded-by | | schema:founder
authored | authored-by | | schema:author
has-member | member-of | schema:member | schema:memberOf
has-part | part-of | dcterms:hasPart | dcterms:isPartOf
has-component | component-of | dcterms:hasPart | dcterms:isPartOf
composed-of | component-of | dcterms:hasPart | dcterms:isPartOf
parent-of | child-of
has-example | example-of
succeeded-by | preceded-by | dcterms:isReplacedBy | dcterms:replaces
supersedes | superseded-by | dcterms:replaces | dcterms:isReplacedBy
updates | updated-by
replaces | replaced-by | dcterms:replaces | dcterms:isReplacedBy
obsoletes | obsoleted-by | dcterms:replaces | dcterms:isReplacedBy
amends | amended-by
refines | refined-by
depends-on | dependency-of | dcterms:requires | dcterms:isRequiredBy
blocks | blocked-by
key-people | key-person-of
affiliation | has-affiliate
parent-org | has-subsidiary | schema:parentOrganization | schema:subOrganization
parent-factor | has-sub-factor
about | topic-of | schema:about | schema:subjectOf
"""

_NOUNS = """
key-factor driver mechanism consequence outcome cause prerequisite research example mitigation manifestation
component scenario sub-scenario vulnerable-technique indicator symptom subtopic author founder
"""

_SYMMETRIC = {
    "related": "skos:related", "related-to": "skos:related", "see-also": "skos:related", "similar-to": "skos:related",
    "contrasts-with": "skos:related", "collaborates-with": None, "competes-with": None, "complements": None,
    "conflicts-with": None, "partner-of": None, "allied-with": None, "sibling-of": "skos:related",
}  # fmt: skip


def _spoken(name: str) -> str:
    return name.replace("-", " ")


def _known() -> dict[str, RelationType]:
    table: dict[str, RelationType] = {
        name: RelationType("related" if prop and name == RELATED else _spoken(name), name, True, prop) for name, prop in _SYMMETRIC.items()
    }
    for line in _PAIRS.strip().splitlines():
        forward, inverse, *properties = [part.strip() or None for part in line.split("|")]
        if forward is None or inverse is None:
            raise ValueError(line)
        first, second = ([*properties, None, None])[:2]
        table[forward] = RelationType(_spoken(forward), inverse, False, first)
        table[inverse] = RelationType(_spoken(inverse), forward, False, second)
    for name in _NOUNS.split():
        inverse = f"{name}-of"
        table[name] = RelationType(_spoken(name), inverse)
        table.setdefault(inverse, RelationType(_spoken(inverse), name))
    return table


RELATIONS: dict[str, RelationType] = _known()
"""Relations known from the start, by name."""


class RelationVocabulary:
    """The relations of one site: the known ones, changed and added to by configuration.

    >>> relations = RelationVocabulary()
    >>> relations.label("mitigated-by"), relations.inverse_label("mitigated-by"), relations.inverse("related")
    ('mitigated by', 'mitigates', 'related')
    """

    def __init__(self, changes: Mapping[str, RelationType] | None = None) -> None:
        """Take the known relations, replaced or joined by ``changes``."""
        self.relations = dict(RELATIONS)
        for name, change in (changes or {}).items():
            self.relations[name] = change
            if change.inverse and change.inverse not in self.relations:
                self.relations[change.inverse] = RelationType(_spoken(change.inverse), name)

    def canonical(self, written: str) -> str:
        """Name of the relation as written, in kebab-case."""
        key = type_key(written)
        return RELATED if key in ("", "related-to", "relates-to") else key

    def known(self, name: str) -> bool:
        """Whether the relation and its inverse are known."""
        return name in self.relations

    def label(self, name: str) -> str:
        """Label read from the source."""
        known = self.relations.get(name)
        return known.label if known else _spoken(name)

    def inverse(self, name: str) -> str | None:
        """Name of the inverse relation, or None when none is known."""
        known = self.relations.get(name)
        return known.inverse if known else None

    def inverse_label(self, name: str) -> str:
        """Label read from the target; of a relation without inverse, its own name with the direction said."""
        inverse = self.inverse(name)
        return self.label(inverse) if inverse else f"{_spoken(name)} (of)"

    def symmetric(self, name: str) -> bool:
        """Whether the relation reads the same from both ends."""
        known = self.relations.get(name)
        return bool(known and known.symmetric)
