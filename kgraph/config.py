"""Configuration: one frozen object, read from ``kgraph.toml`` or ``[tool.kgraph]`` in ``pyproject.toml``."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from kgraph.configtext import explain, line_of
from kgraph.errors import ConfigError
from kgraph.model.finding import find_rules
from kgraph.model.relations import RelationType, RelationVocabulary
from kgraph.model.types import TYPES, EntityType, TypeVocabulary

__all__ = [
    "Catalogs",
    "Check",
    "Components",
    "Config",
    "Entities",
    "Group",
    "Level",
    "Limits",
    "Lists",
    "Pages",
    "Ranking",
    "Rdf",
    "Series",
    "Signals",
    "Status",
    "find_config",
    "read_config",
]


class Pages(Struct, frozen=True, forbid_unknown_fields=True):
    """Which files are pages, and how their ids and addresses are formed."""

    root: str | None = None
    """Folder that holds the pages, relative to SOURCE; guessed when absent."""
    include: tuple[str, ...] = ()
    """Globs of the files that are pages; all files of a known kind when empty."""
    exclude: tuple[str, ...] = ()
    """Globs of files that are no pages."""
    drafts: bool = False
    """Whether drafts are pages that the site builder leaves out: ``draft: true``, in Jekyll ``published: false``."""
    layout: (
        Literal["plain", "mkdocs", "docusaurus", "starlight", "vitepress", "quartz", "hugo", "jekyll", "sphinx", "obsidian", "github-wiki"]
        | None
    ) = None
    """How the site is laid out; found by looking when absent."""
    git_dates: bool = True
    """Whether a page that gives no date of its last edit has the day of the last commit that changed it, where a git repository knows."""
    href: str | None = None
    """Address of a page; ``{route}``, ``{path}``, ``{slug}`` and ``{id}`` are filled in. The one the layout serves when absent."""
    id_keys: tuple[str, ...] = ("entityId", "entity_id", "id")
    """Front matter fields that declare the id of the page's entity, first one found."""
    site_url: str | None = None
    """Address of the site: absolute links that start with it are links to pages."""


class Catalogs(Struct, frozen=True, forbid_unknown_fields=True):
    """Which files are catalogs; guessed by looking at their rows where nothing is said."""

    entities: tuple[str, ...] = ()
    """Globs of catalogs whose rows declare entities."""
    facts: tuple[str, ...] = ()
    """Globs of catalogs whose rows add facts to entities declared elsewhere."""
    sources: tuple[str, ...] = ()
    """Globs of catalogs of cited works."""
    ignore: tuple[str, ...] = ()
    """Globs of files that are no catalogs."""


class Components(Struct, frozen=True, forbid_unknown_fields=True):
    """Which JSX and HTML elements mean something; those of the defaults and those found by looking are added."""

    links: dict[str, str] = {}
    """Element name to the attribute that names the page: ``EntityLink = "id"``."""
    citations: dict[str, str] = {}
    """Element name to the attribute that names the cited source: ``R = "id"``."""
    ignore: tuple[str, ...] = ()
    """Elements that are never links."""


class Entities(Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked for where nobody declared entities."""

    candidates: Literal["auto", "on", "off"] = "auto"
    """Whether names in prose that no page or row declares are kept as candidates; ``auto`` does so where no catalog declares entities."""
    spacy: str = ""
    """Pipeline of spaCy whose names count as candidates beside those of the rules: its name, or its folder; none where empty."""


class Series(Struct, frozen=True, forbid_unknown_fields=True):
    """Series of numbered pages, such as ``ADR-7``, which prose and fields may name."""

    detect: Literal["auto", "off"] = "auto"
    """Whether series are looked for; ``auto`` finds those of three pages or more whose names are written in capitals."""
    names: dict[str, tuple[str, ...]] = {}
    """Start of the ids, file names or folder of a series to what prose calls it: ``adr = ["ADR", "Decision"]``."""


class TypeChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A type that a site adds or changes."""

    label: str | None = None
    plural: str | None = None
    parents: tuple[str, ...] | None = None
    synonyms: tuple[str, ...] | None = None
    folders: tuple[str, ...] | None = None


class RelationChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A relation that a site adds or changes."""

    label: str | None = None
    inverse: str | None = None
    symmetric: bool | None = None
    property: str | None = None


class Signals(Struct, frozen=True, forbid_unknown_fields=True):
    """Weight of each signal of relatedness; 0 switches it off."""

    relation: float = 3.0
    link: float = 2.0
    mention: float = 6.5
    named_by: float = 1.0
    title: float = 3.0
    co_citation: float = 1.25
    bibliographic_coupling: float = 0.25
    text: float = 3.5
    neighbour_links: float = 2.5
    peer_links: float = 2.0
    three_steps: float = 1.25
    tags: float = 2.0
    sources: float = 0.5
    adamic_adar: float = 2.0
    proximity: float = 2.0
    prefix: float = 0.75
    section: float = 0.75
    types: float = 0.5
    popularity: float = 1.5
    embedding: float = 1.0
    """Only where ``ranking.embeddings`` names a model."""


class Ranking(Struct, frozen=True, forbid_unknown_fields=True):
    """How the signals are fused."""

    learn: bool = False
    """Whether to learn from the site's own links what its authors join; used where that beats the weights on held-out pages."""
    embeddings: str = ""
    """Folder of a Model2Vec model, for the signal ``embedding``; without one there is no such signal."""


class Lists(Struct, frozen=True, forbid_unknown_fields=True):
    """Lengths of the related lists."""

    top: int = 5
    """Items shown first."""
    length: int = 25
    """Items of the whole list, groups included."""
    per_type: int = 2
    """Items that each type with a strong candidate gets at least."""
    reasons: int = 3
    """Reasons given for one item at the most."""
    backlinks: int = 100
    """Backlinks of one page at the most."""


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds on what one file may cost."""

    max_file_bytes: int = 20_000_000
    """Larger files are skipped with a finding."""
    seconds_per_file: float = 10.0
    """Processor time that reading one file may take; its content is left out with a finding when it takes longer. 0 for no limit."""


class Rdf(Struct, frozen=True, forbid_unknown_fields=True):
    """The dataset: whether there is one, and what it holds beyond what pages state."""

    dataset: bool = True
    """Whether a build writes the dataset and loads its store; a site build that only imports lists is done sooner without."""
    related: int = 10
    """Related entities written for each entity."""
    entailed: bool = True
    """Whether inverse and more general statements are written, in a graph of their own."""
    annotations: bool = True
    """Whether mentions and citations are written with their sentence and offsets."""
    title: str = "Knowledge graph"
    """Title of the dataset, for its description."""
    license: str | None = None
    """IRI of the licence of the dataset."""


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """How the related lists of pages of one type are grouped."""

    order: tuple[str, ...] = ()
    """Types whose groups come first."""
    labels: dict[str, str] = {}
    """Label of the group of a type, where it is not the plural of the type: ``approach = "What helps"``."""


class Status(Struct, frozen=True, forbid_unknown_fields=True):
    """When a page is stale."""

    stale_days: int = 365
    """Days between the edit of a page and the newest edit of the site from which on it is stale."""
    as_of: date | None = None
    """Day to count from instead of the newest edit of the site."""


Level = Literal["error", "warning", "note", "off"]
"""How much a finding weighs; ``off`` leaves it out."""


class Check(Struct, frozen=True, forbid_unknown_fields=True):
    """What ``kgraph check`` finds, and how much each finding weighs. Rules go by number, by name or by severity."""

    fail_on: tuple[str, ...] = ("error", "warning")
    """Rules, or weights, that make the command exit with 1."""
    rules: dict[str, Level] = {}
    """Weight of rules on the whole site; a rule by its own name counts before one by its severity."""
    paths: dict[str, dict[str, Level]] = {}
    """The same for the files of a glob; of several globs that fit, the last one counts."""
    metadata: dict[str, tuple[str, ...]] = {}
    """Front matter fields that pages of a type must have; ``all`` stands for every type. Else what nearly all of a type have."""
    expected: dict[str, dict[str, int]] = {}
    """How many words, links … a page of a type should have, as ``{ person = { links = 3 } }``; else the site's own median."""


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a site can say; each part has defaults."""

    base_iri: str = "https://kgraph.example/"
    """Start of the IRI of every entity and page."""
    pages: Pages = field(default_factory=Pages)
    catalogs: Catalogs = field(default_factory=Catalogs)
    components: Components = field(default_factory=Components)
    entities: Entities = field(default_factory=Entities)
    series: Series = field(default_factory=Series)
    types: dict[str, TypeChange] = {}
    """Types added or changed, by key."""
    type_order: tuple[str, ...] = ()
    """Types whose groups are shown first."""
    groups: dict[str, Group] = {}
    """How the related lists are grouped, by the type of the page whose list it is."""
    relations: dict[str, RelationChange] = {}
    """Relations added or changed, by name."""
    signals: Signals = field(default_factory=Signals)
    ranking: Ranking = field(default_factory=Ranking)
    lists: Lists = field(default_factory=Lists)
    limits: Limits = field(default_factory=Limits)
    rdf: Rdf = field(default_factory=Rdf)
    status: Status = field(default_factory=Status)
    check: Check = field(default_factory=Check)

    def type_vocabulary(self) -> TypeVocabulary:
        """The types in force."""
        changes = {}
        for key, change in self.types.items():
            known = TYPES.get(key) or TypeVocabulary().get_type(key)
            told = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not None}
            if "label" in told and "plural" not in told:
                told["plural"] = TypeVocabulary().get_type(told["label"].lower().replace(" ", "-")).plural
            changes[key] = EntityType(**{**msgspec.structs.asdict(known), **told})
        orders = {kind: group.order for kind, group in self.groups.items() if group.order}
        labels = {kind: group.labels for kind, group in self.groups.items()}
        return TypeVocabulary(changes, self.type_order, orders, labels)

    def relation_vocabulary(self) -> RelationVocabulary:
        """The relations in force."""
        changes = {}
        known = RelationVocabulary()
        for name, change in self.relations.items():
            symmetric = known.symmetric(name) if change.symmetric is None else change.symmetric
            inverse = name if symmetric else change.inverse or known.inverse(name)
            changes[name] = RelationType(change.label or known.label(name), inverse, symmetric, change.property)
        return RelationVocabulary(changes)


def find_config(folder: Path) -> Path | None:
    """The configuration file of ``folder``: ``kgraph.toml``, else a ``pyproject.toml`` with ``[tool.kgraph]``."""
    own = folder / "kgraph.toml"
    if own.is_file():
        return own
    project = folder / "pyproject.toml"
    if project.is_file() and "[tool.kgraph" in project.read_text(encoding="utf-8", errors="replace"):
        return project
    return None


def read_config(path: Path | None) -> Config:
    """Read a configuration file; None gives the defaults.

    Raises:
        ConfigError: the file is no TOML, a key is unknown or a value has the wrong type; the message names the line.

    """
    if path is None:
        return Config()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{path.name}: cannot be read ({why}): check the file") from None
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{path.name}:{line.group(1)}" if line else path.name
        raise ConfigError(f"{where}: not valid TOML: {error}") from None
    prefix: tuple[str, ...] = ()
    if path.name == "pyproject.toml":
        prefix = ("tool", "kgraph")
        data = data.get("tool", {}).get("kgraph", {})
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(explain(str(error), path.name, text, prefix, Config)) from None
    return _checked(config, path.name, text, prefix)


def _checked(config: Config, name: str, text: str, prefix: tuple[str, ...]) -> Config:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[^\s<>\"{}|\\^`\[\]%]|%[0-9A-Fa-f]{2})+[/#]", config.base_iri):
        line = line_of(text, (*prefix, "base_iri"))
        raise ConfigError(f"{name}:{line}: base_iri must be an absolute IRI that ends in / or #, as https://example.org/kg/")
    for part, path in ((config.signals, "signals"), (config.lists, "lists"), (config.limits, "limits"), (config.rdf, "rdf"),
                       (config.status, "status")):  # fmt: skip
        for key, value in msgspec.structs.asdict(part).items():
            if not isinstance(value, int | float):
                continue
            if value < 0 or value != value:
                raise ConfigError(f"{name}:{line_of(text, (*prefix, path, key))}: {path}.{key} must not be negative")
    if config.rdf.license is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\[\]]+", config.rdf.license):
        line = line_of(text, (*prefix, "rdf", "license"))
        raise ConfigError(f"{name}:{line}: rdf.license must be an IRI, as https://creativecommons.org/licenses/by/4.0/")
    if config.pages.href is not None and not re.search(r"\{(route|path|slug|id)\}", config.pages.href):
        line = line_of(text, (*prefix, "pages", "href"))
        raise ConfigError(f"{name}:{line}: pages.href must hold one of {{route}}, {{path}}, {{slug}}, {{id}}")
    _require_rules(config.check, name, text, prefix)
    return config


def _require_rules(check: Check, name: str, text: str, prefix: tuple[str, ...]) -> None:
    """Refuse names that no rule has.

    Raises:
        ConfigError: there is one; the message names the line.

    """
    told: list[tuple[tuple[str, ...], str]] = [(("fail_on",), rule) for rule in check.fail_on if rule.casefold() != "none"]
    told += [(("rules", rule), rule) for rule in check.rules]
    told += [(("paths", glob, rule), rule) for glob, rules in check.paths.items() for rule in rules]
    for place, rule in told:
        if not find_rules(rule):
            where = f"{name}:{line_of(text, (*prefix, 'check', *place))}"
            raise ConfigError(f"{where}: no rule is called {rule!r}: see docs/findings.md for their numbers and names")
