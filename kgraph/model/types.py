"""Vocabulary of entity types: one key for the many names that people give the same kind of thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

__all__ = ["DEFAULT_TYPE", "GROUP_ORDER", "TYPES", "EntityType", "TypeVocabulary", "class_name", "type_key"]

DEFAULT_TYPE = "page"
"""Type of an entity about which nothing is known."""


class EntityType(Struct, frozen=True):
    """One type of entity."""

    label: str
    """Singular label, such as ``Organization``."""
    plural: str
    """Label of a group of them, such as ``Organizations``."""
    parents: tuple[str, ...] = ()
    """Classes of other vocabularies (prefixed names) that it is a subclass of."""
    synonyms: tuple[str, ...] = ()
    """Other names that mean the same type, in kebab-case."""
    folders: tuple[str, ...] = ()
    """Names of folders that hold pages of this type."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The parents; what nobody placed in a vocabulary is a concept, as SKOS has it: whatever can be thought of."""
        return self.parents or ("skos:Concept",)


def _type(label: str, plural: str, parents: str, synonyms: str = "", folders: str = "") -> EntityType:
    return EntityType(label, plural, tuple(parents.split()), tuple(synonyms.split()), tuple(folders.split()))


TYPES: dict[str, EntityType] = {
    "concept": _type("Concept", "Concepts", "skos:Concept", "concepts idea term definition glossary-term topic", "concepts glossary terms"),
    "approach": _type(
        "Approach",
        "Approaches",
        "skos:Concept",
        "approaches safety-agenda safety-agendas safety-approach safety-approaches intervention interventions method methods "
        "technique techniques response responses practice strategy",
        "approaches responses interventions methods techniques practices",
    ),
    "analysis": _type(
        "Analysis",
        "Analysis",
        "schema:AnalysisNewsArticle skos:Concept",
        "analyses report reports essay essays study assessment",
        "analysis analyses reports essays",
    ),
    "argument": _type("Argument", "Arguments", "skos:Concept", "arguments debate debates", "arguments debates formal-arguments"),
    "model": _type("Model", "Models", "skos:Concept", "models", "models"),
    "organization": _type(
        "Organization",
        "Organizations",
        "org:Organization schema:Organization",
        "organizations organisation organisations org orgs lab labs lab-research lab-academic frontier-lab safety-org company "
        "companies corporation nonprofit non-profit ngo think-tank think-tanks government government-agency agency institute institution "
        "funder funders startup university coalition research-organization academic academic-lab government-institute",
        "organizations organisations orgs companies labs safety-orgs funders institutions",
    ),
    "person": _type(
        "Person",
        "People",
        "schema:Person foaf:Person",
        "people persons researcher researchers author authors expert experts scientist politician founder",
        "people persons authors researchers experts",
    ),
    "policy": _type(
        "Policy",
        "Policy",
        "schema:Legislation skos:Concept",
        "policies legislation law laws regulation regulations treaty treaties act standard standards framework agreement",
        "policy policies legislation laws regulations treaties",
    ),
    "risk": _type("Risk", "Risks", "skos:Concept", "risks threat threats hazard hazards", "risks threats hazards"),
    "event": _type(
        "Event", "Events", "schema:Event", "events historical history incident incidents summit conference", "events history incidents"
    ),
    "capability": _type("Capability", "Capabilities", "skos:Concept", "capabilities", "capabilities"),
    "crux": _type("Key question", "Key Questions", "skos:Concept", "cruxes question questions key-question", "cruxes questions"),
    "project": _type("Project", "Projects", "schema:Project", "projects initiative initiatives program programme", "projects"),
    "tool": _type("Tool", "Tools", "schema:SoftwareApplication", "tools software library application", "tools"),
    "place": _type("Place", "Places", "schema:Place", "places location locations country city region", "places countries locations"),
    "publication": _type(
        "Publication",
        "Publications",
        "schema:CreativeWork",
        "publications paper papers book books article-source",
        "publications papers books",
    ),
    "metric": _type("Metric", "Metrics", "skos:Concept", "metrics indicator indicators measure", "metrics indicators"),
    "scenario": _type("Scenario", "Scenarios", "skos:Concept", "scenarios", "scenarios future-projections"),
    "factor": _type("Factor", "Factors", "skos:Concept", "factors", "factors"),
    "parameter": _type("Parameter", "Parameters", "skos:Concept", "parameters", "parameters"),
    "worldview": _type("Worldview", "Worldviews", "skos:Concept", "worldviews perspective", "worldviews"),
    "tutorial": _type(
        "Tutorial", "Tutorials", "schema:LearningResource", "tutorials how-to howto lesson", "tutorial tutorials how-to howtos lessons"
    ),
    "guide": _type("Guide", "Guides", "schema:LearningResource", "guides handbook manual", "guides guide"),
    "reference": _type("Reference", "Reference", "schema:TechArticle", "api api-reference", "reference api"),
    "index": _type("Index", "Index Pages", "schema:CollectionPage", "overview landing hub toc section", ""),
    "page": _type("Page", "Pages", "schema:Article", "doc docs document article note post", ""),
}
"""Types known from the start, in the order in which groups are shown."""


GROUP_ORDER: dict[str, tuple[str, ...]] = {
    "organization": ("person", "organization", "policy", "project", "approach"),
    "person": ("organization", "person", "publication", "concept"),
    "policy": ("policy", "organization", "event", "approach", "risk"),
    "risk": ("approach", "policy", "risk", "factor", "scenario"),
    "approach": ("risk", "approach", "policy", "organization"),
    "concept": ("concept", "approach", "risk", "analysis"),
    "analysis": ("analysis", "concept", "risk", "approach"),
    "event": ("policy", "organization", "person", "event"),
    "capability": ("risk", "capability", "approach", "model"),
    "project": ("organization", "person", "project", "tool"),
    "tool": ("tool", "guide", "reference", "organization"),
    "crux": ("argument", "analysis", "crux", "concept"),
    "scenario": ("factor", "risk", "scenario", "approach"),
    "tutorial": ("tutorial", "guide", "reference"),
    "guide": ("guide", "tutorial", "reference"),
    "reference": ("reference", "guide", "tutorial"),
}
"""Types whose groups come first in the list of a page of a type: who works there, what helps against it, who was part of it."""


@lru_cache(maxsize=1 << 14)
def type_key(text: str) -> str:
    """Normalise a type or relation name as written to kebab-case.

    >>> type_key("Lab_Research"), type_key("safetyAgenda"), type_key(" Key  Question ")
    ('lab-research', 'safety-agenda', 'key-question')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text.strip())
    return re.sub(r"[\s_./:-]+", "-", spaced).strip("-").lower()


def class_name(key: str) -> str:
    """Local name of the RDF class of a type.

    >>> class_name("organization"), class_name("ai-transition-model-factor")
    ('Organization', 'AiTransitionModelFactor')
    """
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^\w]+", key) if part) or "Thing"


_UPPER = frozenset({"ai", "api", "ui", "us", "uk", "eu", "un", "faq", "rfc", "pep"})


def _title_words(key: str) -> str:
    return " ".join(word.upper() if word in _UPPER else word.capitalize() for word in key.split("-"))


_UNCOUNTED = re.compile(
    r"(?:^|[ -])(?:series|species|news|media|data|metadata|software|hardware|research|other|misc|miscellaneous|staff|equipment|advice)$",
    re.I,
)
_PLURAL = re.compile(r"ics$|(?:[^aisu\W]|[aeiou]e|[ei]a)s$", re.I)
"""How what is written as a plural ends: *widgets*, *movies*; not *class*, *focus*, *crisis*, *atlas*."""


def _plural(label: str) -> str:
    """Plural of a label of one or more English words; another script, and what has no plural or is one, stays.

    >>> [_plural(word) for word in ("Policy", "AI lab", "Class", "Crisis", "Widgets", "News", "Bus", "Axis", "Box", "Key")]
    ['Policies', 'AI labs', 'Classes', 'Crises', 'Widgets', 'News', 'Buses', 'Axes', 'Boxes', 'Keys']
    """
    if _UNCOUNTED.search(label) or _PLURAL.search(label) or not re.search(r"[A-Za-z]$", label):
        return label
    if re.search(r"[^aeiou]y$", label):
        return label[:-1] + "ies"
    if re.search(r"(sis|xis)$", label):
        return label[:-2] + "es"
    if re.search(r"(s|x|z|ch|sh)$", label):
        return label + "es"
    return label + "s"


class TypeVocabulary:
    """The types of one site: the known ones, changed and added to by configuration.

    >>> types = TypeVocabulary()
    >>> types.canonical("lab-research"), types.canonical("Researcher"), types.plural("ai-model-factor")
    ('organization', 'person', 'AI Model Factors')
    """

    def __init__(
        self,
        changes: Mapping[str, EntityType] | None = None,
        order: tuple[str, ...] = (),
        group_orders: Mapping[str, tuple[str, ...]] | None = None,
        group_labels: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Take the known types, replaced or joined by ``changes``.

        Args:
            changes: Types that replace known ones or join them, by key.
            order: Types whose groups are shown first on every page.
            group_orders: The same on pages of a type; before ``order``. :data:`GROUP_ORDER` holds where neither says anything.
            group_labels: Labels of groups on pages of a type, by the type of the group.

        """
        known = dict(TYPES)
        for key, change in (changes or {}).items():
            known[key] = change
        self.types = known
        self._synonyms = {name: key for key, kind in TYPES.items() for name in kind.synonyms}
        self._folders = {name: key for key, kind in known.items() for name in kind.folders}
        for key, change in (changes or {}).items():
            self._synonyms.pop(key, None)
            self._synonyms.update(dict.fromkeys(change.synonyms, key))
        orders = {**({} if order else GROUP_ORDER), **{self.canonical(kind): first for kind, first in (group_orders or {}).items()}}
        self._first = {kind: [self.canonical(name) for name in first] for kind, first in orders.items()}
        self._labels = {
            self.canonical(kind): {self.canonical(name): text for name, text in labels.items()}
            for kind, labels in (group_labels or {}).items()
        }
        self._order = {key: rank for rank, key in enumerate([*order, *(k for k in known if k not in order)])}

    def settings(self) -> tuple[object, ...]:
        """All that this vocabulary says, as plain values: two with the same settings are the same."""
        return self.types, self._synonyms, self._folders, self._first, self._labels, self._order

    def canonical(self, written: str) -> str:
        """Key of the type that ``written`` means; an unknown one is kept as a type of its own."""
        key = type_key(written)
        if key in self.types:
            return key
        return self._synonyms.get(key, key) or DEFAULT_TYPE

    def of_folder(self, name: str) -> str | None:
        """Type of the pages that a folder of this name holds, or None."""
        return self._folders.get(type_key(name))

    def get_type(self, key: str) -> EntityType:
        """The type with this key; one that nobody declared gets labels made from its name."""
        known = self.types.get(key)
        if known is not None:
            return known
        label = _title_words(key)
        return EntityType(label, _plural(label))

    def plural(self, key: str) -> str:
        """Label of a group of entities of this type."""
        return self.get_type(key).plural

    def position(self, key: str) -> tuple[int, str]:
        """Sort key that gives the order in which groups of types are shown: unknown types after the known, pages last."""
        if key == DEFAULT_TYPE and key not in self._order:
            return (len(self._order) + 1, key)
        return (self._order.get(key, len(self._order) - 2), key)

    def group_position(self, own: str, key: str) -> tuple[int, int, str]:
        """Sort key of the group of type ``key`` in the list of a page of type ``own``."""
        first = self._first.get(own, [])
        return (first.index(key) if key in first else len(first), *self.position(key))

    def group_label(self, own: str, key: str) -> str:
        """Label of the group of type ``key`` in the list of a page of type ``own``."""
        return self._labels.get(own, {}).get(key) or self.plural(key)
