"""Which file states what of an entity: the names, tags, types and summary that only rows of catalogs give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kgraph.ingest.catalog import TITLE_KEYS, TYPE_KEYS, Row, first_of
from kgraph.model.corpus import Entity, Fact
from kgraph.model.text import fold

__all__ = ["ALIAS_KEYS", "SUMMARY_KEYS", "TAG_KEYS", "plain_tags", "stated_by_rows", "texts"]

SUMMARY_KEYS = ("description", "summary", "excerpt", "abstract", "shortDescription", "short_description", "blurb")
ALIAS_KEYS = (
    "aliases", "alias", "altLabels", "altLabel", "alt_labels", "alternateName", "alternateNames", "alternate_names", "alternativeNames",
    "alternative_names", "altNames", "alt_names", "altTitles", "alt_titles", "otherNames", "other_names", "alsoKnownAs", "also_known_as",
    "aka", "synonyms", "acronym", "acronyms", "abbreviation", "abbreviations", "abbr", "shortName", "short_name",
)  # fmt: skip
TAG_KEYS = ("tags", "keywords", "categories", "topics")


def texts(data: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    """Scalars under ``keys``: a list's items, or a text split at commas."""
    found: list[str] = []
    for key in keys:
        value = data.get(key)
        if isinstance(value, list):
            found += [" ".join(str(item).split()) for item in value
                      if isinstance(item, (str, int, float)) and not isinstance(item, bool) and str(item).strip()]  # fmt: skip
        elif isinstance(value, str):
            found += [" ".join(part.split()) for part in value.split(",") if part.strip()]
    return found


def plain_tags(written: Iterable[str]) -> set[str]:
    """Tags as they are compared: without ``#``, folded, in kebab-case."""
    return {"-".join(fold(tag.lstrip("#")).split()) for tag in written} - {""}


def stated_by_rows(
    entity: Entity, front: Mapping[str, Any], titles: Sequence[str], rows: Sequence[tuple[str, Row]], canonical: Callable[[str], str]
) -> tuple[Fact, ...]:
    """What of an entity is stated by a row, and neither by its page nor, where it has none, by the file of its first row.

    Each statement is told once, with the first row that makes it; the key is the field of :class:`~kgraph.model.corpus.Entity`.

    Args:
        entity: The entity as its page and rows make it.
        front: Front matter of its page.
        titles: Titles that its page gives.
        rows: Rows about it, with the path of their catalog.
        canonical: Gives the type that a written one stands for.

    """
    said = {("title", title) for title in titles} | {("aliases", title) for title in titles}
    said |= {(key, value) for key, value in _fields(front, canonical)}
    own = entity.path or (rows[0][0] if rows else "")
    found: dict[tuple[str, str], Fact] = {}
    for path, row in rows:
        for key, value in (*_fields(row.data, canonical), *_titles(row.data)):
            if (key, value) not in said:
                said.add((key, value))
                if path != own and _holds(entity, key, value):
                    found[key, value] = Fact(key, value, path, row.line)
    return tuple(found.values())


def _fields(data: Mapping[str, Any], canonical: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for alias in texts(data, ALIAS_KEYS):
        yield "aliases", alias
    for tag in sorted(plain_tags(texts(data, TAG_KEYS))):
        yield "tags", tag
    if (summary := first_of(data, SUMMARY_KEYS)) is not None:
        yield "summary", " ".join(summary.split())
    for key in TYPE_KEYS:
        if isinstance(written := data.get(key), str) and written.strip():
            yield "declared_types", written
            yield "type", canonical(written)


def _titles(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if (title := first_of(data, TITLE_KEYS)) is not None:
        told = " ".join(title.split())
        yield "title", told
        yield "aliases", told


def _holds(entity: Entity, key: str, value: str) -> bool:
    held = getattr(entity, key)
    return value == held if held is None or isinstance(held, str) else value in held
