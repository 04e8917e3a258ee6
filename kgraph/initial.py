"""A first configuration file: what a build would guess, written down with comments."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from kgraph.config import Check, Config, Limits, Lists, Rdf, Signals, Status
from kgraph.ingest.globs import literal_glob
from kgraph.ingest.stage import ingest
from kgraph.model.types import TYPES, TypeVocabulary

__all__ = ["initial_config"]


def initial_config(source: Path) -> tuple[str, tuple[str, ...]]:
    """Text of a ``kgraph.toml`` for a folder, and what was found.

    Raises:
        SourceError: there is no page.

    """
    corpus, _, tree = ingest(source, Config())
    by_role: dict[str, list[str]] = {"entities": [], "facts": [], "sources": []}
    for path, role in corpus.catalogs.items():
        folder = path.rpartition("/")[0]
        if role not in by_role:
            continue
        by_role[role].append(f"{literal_glob(folder)}/*.{path.rsplit('.', 1)[-1]}" if folder else literal_glob(path))
    components = sorted({link.kind for link in corpus.links if link.kind[:1].isupper()})
    types = TypeVocabulary()
    used = sorted({entity.type for entity in corpus.entities.values()}, key=types.position)
    declared = {written: entity.type for entity in corpus.entities.values() for written in entity.declared_types if written != entity.type}
    lines = [
        "# Configuration of kgraph. Every key is optional; what is commented out is the default.",
        "",
        "# Start of the IRI of every entity: an address that you control.",
        f'#base_iri = "{Config().base_iri}"',
        "",
        "# Types whose groups are shown first.",
        "#type_order = []",
        "",
        "[pages]",
        "# Folder that holds the pages; routes start here.",
        f"root = {_text(tree.page_root)}",
        "# Address of a page on the site: {route}, {path}, {slug} and {id} are filled in.",
        '#href = "/{route}/"',
        "# How the site is laid out, found by looking: what serves its pages, and at which addresses.",
        f"#layout = {_text(tree.layout.name.lower().replace(' ', '-'))}",
        "# Front matter fields that declare the id of a page's entity.",
        f"id_keys = {_list(Config().pages.id_keys)}",
        "# Globs of files that are pages and of files that are none, in the notation of .gitignore.",
        "#include = []",
        "#exclude = []",
        "# Whether drafts are pages too, which the site builder leaves out.",
        "#drafts = false",
        "# Whether a page that gives no date has the day of the last commit that changed it.",
        "#git_dates = true",
        "# Address of the site: absolute links that start with it are links to pages.",
        '#site_url = "https://example.org"',
        "",
        "[catalogs]",
        "# Files whose rows declare entities, add facts to them, or list cited works.",
        *(f"{role} = {_list(tuple(dict.fromkeys(globs)))}" for role, globs in by_role.items()),
        "#ignore = []",
        "",
        "[components]",
        f"# Components that link; found here: {', '.join(components) or 'none'}.",
        '#links = { EntityLink = "id" }',
        '#citations = { R = "id" }',
        "",
        "[entities]",
        '# Names in prose that nobody declared, as candidates: "on", "off", or "auto", where no catalog declares entities.',
        '#candidates = "auto"',
        "# A pipeline of spaCy that finds names as well: needs kgraph-wiki[spacy] and the pipeline.",
        '#spacy = "en_core_web_sm"',
        "",
        "[series]",
        '# Numbered pages that prose and fields may name, such as ADR-7 and PEP 8: "auto" finds them, "off" does not.',
        '#detect = "auto"',
        "# Start of the ids, file names or folder of a series, and what prose calls it.",
        '#names = { adr = ["ADR", "Decision"] }',
        "",
        "# Types found here: " + ", ".join(f"{key} ({types.plural(key)})" for key in used),
        *(f"# written as {written!r}, taken for {key}" for written, key in sorted(declared.items())),
        "#[types.organization]",
        '#plural = "Organizations"',
        f"#synonyms = {_list(TYPES['organization'].synonyms[:4])}",
        "",
        "# Groups of the related lists of the pages of a type: which types come first, and what their groups are called.",
        "#[groups.organization]",
        '#order = ["person", "policy"]',
        '#labels = { person = "Who works there" }',
        "",
        "# Relations found here: " + (", ".join(sorted({relation.name for relation in corpus.relations})) or "none"),
        "#[relations.mitigates]",
        '#inverse = "mitigated-by"',
        '#label = "mitigates"',
        "",
        "# Weight of each signal of relatedness; 0 switches it off.",
        "[signals]",
        *(f"#{name} = {value:g}" for name, value in msgspec.structs.asdict(Signals()).items()),
        "",
        "# Whether to learn from the site's own links what its authors join, and the folder of a Model2Vec model for the signal embedding.",
        "[ranking]",
        "#learn = false",
        '#embeddings = ""',
        "",
        "# Lengths of the related lists.",
        "[lists]",
        *(f"#{name} = {value}" for name, value in msgspec.structs.asdict(Lists()).items()),
        "",
        "# When a page counts as stale: days behind the newest page of the site, or behind a day that is given; 0 for never.",
        "[status]",
        f"#stale_days = {Status().stale_days}",
        '#as_of = "2026-01-31"',
        "",
        "# Bounds on what one file may cost.",
        "[limits]",
        *(f"#{name} = {value}" for name, value in msgspec.structs.asdict(Limits()).items()),
        "",
        "# What `kgraph check` finds: error, warning, note or off for a rule, on the whole site or below a glob.",
        "[check]",
        f"#fail_on = {_list(Check().fail_on)}",
        '#rules = { dead-link = "error", orphan = "off" }',
        '#paths = { "drafts/**" = { warning = "note" } }',
        "# Front matter fields that pages of a type must have, and how many words, links … they should have; all stands for every type.",
        '#metadata = { all = ["description"] }',
        "#expected = { person = { links = 3 } }",
        "",
        "# Whether there is a dataset, and what it holds beyond what pages state.",
        "[rdf]",
        *(f"#{name} = {json.dumps(value)}" for name, value in msgspec.structs.asdict(Rdf()).items() if value is not None),
        '#license = "https://creativecommons.org/licenses/by/4.0/"',
        "",
    ]
    return "\n".join(lines), corpus.assumptions


def _text(value: str) -> str:
    """A TOML string; JSON strings are TOML strings too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, values))}]"
