"""Translations and versions: pages that say the same in another language or for another release, told by their paths."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct

from kgraph.ingest.layouts.base import Layout, is_index

__all__ = ["Variant", "find_variants"]

_LANGUAGES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj
fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la
lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa
sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_CODES = frozenset(_LANGUAGES.split())
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_](?:[A-Z]{2}|[a-z]{2}|[A-Z][a-z]{3}|\d{3}))?")
_VERSION = re.compile(r"v?\d+(?:\.(?:\d+|x))*|version[-_]?\d[\w.]*|latest|stable|current|next|nightly|dev|main|master|edge|unreleased")
_MAIN_VERSIONS = ("latest", "stable", "current", "")
_COMING_VERSIONS = ("next", "dev", "nightly", "main", "master", "edge", "unreleased")
_SHARED = 0.2
"""Part of the smaller edition's pages that must have a counterpart in the larger one."""


_Edition: TypeAlias = tuple[str, str, str]
"""Path without language and version, language, version."""


class Variant(Struct, frozen=True):
    """One page among others that say the same."""

    work: str
    """What the variants share: the path with language and version taken out."""
    language: str
    """Code of the language as the site writes it; empty for the one without a code."""
    version: str
    """Name of the version; empty for the one without a name."""
    main: str
    """Path of the variant that stands for all; its own path for that one."""


def find_variants(paths: Iterable[str], layout: Layout) -> dict[str, Variant]:
    """Pages of a language or a version, by path; those of a site that has only one are left out.

    A folder or a part of the file name counts as a language or version only where editions beside it hold pages of the same
    names: at least a fifth of the smaller edition.

    Args:
        paths: Pages of the site.
        layout: Its layout, which may know where editions lie.

    """
    editions = {path: layout.edition(path) or (path, "", "") for path in paths}
    named = {path: edition for path, edition in editions.items() if edition[0] != path}
    if not named:
        parts: set[str] = set()
        for _ in range(2):
            editions = _by_folder(editions, _is_language, parts, version=False)
            editions = _by_folder(editions, _is_version, parts, version=True)
        editions = _by_ending(editions)
    groups: dict[str, list[str]] = defaultdict(list)
    for path, (work, _, _) in editions.items():
        groups[work].append(path)
    languages = Counter(edition[1] for edition in editions.values())
    found: dict[str, Variant] = {}
    for work, members in groups.items():
        apart = len({editions[path][1:] for path in members}) == len(members)
        main = min(members, key=lambda path: (*_standing(editions[path], languages), path))
        for path in members:
            _, language, version = editions[path]
            if language or version or (len(members) > 1 and apart):
                found[path] = Variant(work, language, version, main if apart else path)
    return found


def _is_language(part: str) -> bool:
    match = _LANGUAGE.fullmatch(part)
    return match is not None and match.group(1) in _CODES


def _is_version(part: str) -> bool:
    return _VERSION.fullmatch(part) is not None and not re.fullmatch(r"\d{4}", part)


def _by_folder(editions: Mapping[str, _Edition], fits: Callable[[str], bool], known: set[str], *, version: bool) -> dict[str, _Edition]:
    """Take folders that name an edition out of the paths, where editions beside them hold pages of the same names.

    ``known`` gathers the names of such folders; another folder of the same name counts as well.
    """
    found = dict(editions)
    inner: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for path, (work, _, _) in editions.items():
        folders = work.split("/")[:-1]
        for place, part in enumerate(folders):
            if fits(part):
                before, after = "/".join(folders[:place]), work[len("/".join(folders[: place + 1])) + 1 :]
                inner[before, part][after] = path
    beside: dict[str, list[str]] = defaultdict(list)
    for before, part in inner:
        beside[before].append(part)
    works = {work for work, _, _ in editions.values()}
    for before, parts in beside.items():
        prefix = f"{before}/" if before else ""
        for part in parts:
            pages = inner[before, part]
            others: set[str] = set()
            for other in parts:
                if other != part:
                    others |= inner[before, other].keys()
            others |= {after for after in pages if f"{prefix}{after}" in works}
            telling = [after for after in pages if not is_index(after)]
            shared = [after for after in telling if after in others]
            if part in known or (shared and len(shared) >= _SHARED * min(len(telling), max(len(others), 1))):
                known.add(part)
                for after, path in pages.items():
                    _, language, version_name = found[path]
                    name = part.removeprefix("version-")
                    found[path] = (prefix + after, language, name) if version else (prefix + after, part, version_name)
    return found


def _by_ending(editions: Mapping[str, _Edition]) -> dict[str, _Edition]:
    """``page.fr.md`` beside ``page.md`` or ``page.de.md``."""
    found = dict(editions)
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for path, (work, language, _) in editions.items():
        stem, _, ending = work.rpartition(".")
        name, _, code = stem.rpartition(".")
        if not language:
            told = _is_language(code) and name and not name.endswith("/")
            groups[f"{name}.{ending}" if told else work][code if told else ""] = path
    for work, members in groups.items():
        if len(members) > 1:
            found.update({path: (work, code, editions[path][2]) for code, path in members.items()})
    return found


def _standing(edition: _Edition, languages: Mapping[str, int]) -> tuple[object, ...]:
    """Order of variants: the site's first language, then the newest released version."""
    _, language, version = edition
    first = (language != "", not language.lower().startswith("en"), -languages.get(language, 0))
    numbers = tuple(-int(part) for part in re.findall(r"\d+", version))
    tier = _MAIN_VERSIONS.index(version) if version in _MAIN_VERSIONS else 10 + (version in _COMING_VERSIONS)
    return (*first, tier, numbers)
