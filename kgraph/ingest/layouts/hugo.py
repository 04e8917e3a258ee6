"""Hugo: ``content`` with sections, bundles and languages (https://gohugo.io/content-management/urls/)."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from kgraph.ingest.layouts.base import Files, Layout, is_index, join_address, without_ending
from kgraph.ingest.readers.yamldata import YamlProblem, read_yaml

__all__ = ["recognise"]

_SETTINGS = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json")
_OLD_SETTINGS = ("config.toml", "config.yaml", "config.yml", "config.json")
_MARKS = frozenset(("baseurl", "contentdir", "languagecode", "defaultcontentlanguage", "disablekinds", "enablegitinfo"))
_LANGUAGE_ENDING = re.compile(r"\.([a-z]{2}(?:-[a-z]{2,4})?)$", re.I)
_TOKEN = re.compile(r":([a-z]+)")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Hugo(Layout):
    """A Hugo site: addresses in lower case; ``slug`` and ``url`` of the front matter, languages and permalinks of the settings in force."""

    name = "Hugo"

    def __init__(self, root: str, evidence: str, settings: Mapping[str, Any], folders: Mapping[str, str]) -> None:
        """Keep the settings, names in lower case, and the language of each folder of content."""
        folder = posixpath.dirname(evidence)
        super().__init__(root, evidence, folder=posixpath.dirname(posixpath.dirname(folder)) if _is_default(folder) else folder)
        self.folders = dict(sorted(folders.items(), key=lambda item: -len(item[0])))
        address = settings.get("baseurl")
        self.base = urlsplit(address).path.strip("/") if isinstance(address, str) else ""
        self.site = address if self.base and isinstance(address, str) and address.startswith(("http://", "https://")) else None
        self.languages = frozenset(_mapping(settings.get("languages")))
        self.first = str(settings.get("defaultcontentlanguage") or "en").lower()
        self.first_apart = settings.get("defaultcontentlanguageinsubdir") is True
        told = _mapping(settings.get("taxonomies"))
        self.taxonomies = frozenset(str(name) for name in told.values()) or frozenset(("tags", "categories"))
        self.sections: frozenset[str] = frozenset()
        """Folders that have a list of their pages although no file stands for it."""
        permalinks = _mapping(settings.get("permalinks"))
        self.permalinks = {
            key: value for key, value in {**permalinks, **_mapping(permalinks.get("page"))}.items() if isinstance(value, str)
        }

    def is_page(self, path: str) -> bool:
        return any(path.startswith(f"{folder}/") for folder in self.folders)

    def is_published(self, front_matter: Mapping[str, Any]) -> bool:
        return front_matter.get("draft") is not True

    def inner(self, path: str) -> str:
        folder = self._folder(path)
        return path[len(folder) + 1 :] if folder else super().inner(path)

    def slug(self, path: str) -> str:
        folder, name = posixpath.split(self.inner(path))
        return posixpath.basename(folder) if without_ending(name) == "index" else super().slug(path)

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:
        stem, language = self._language(path)
        apart = [language] if language and (language != self.first or self.first_apart) else []
        told = front_matter.get("url")
        if isinstance(told, str) and told.strip():
            return posixpath.join("/", self.base, *apart, told.strip().lstrip("/"))
        names = [*posixpath.dirname(self.inner(path)).split("/"), stem]
        parts = [_urlize(part) for part in names if part and part not in ("index", "_index")]
        slug = front_matter.get("slug")
        named = isinstance(slug, str) and bool(slug.strip()) and bool(parts) and stem != "_index"
        if named:
            parts[-1] = _urlize(str(slug).strip("/ "))
        if stem != "_index" and parts and names[0] in self.permalinks:
            parts = _permalink(self.permalinks[names[0]], parts, front_matter) or parts
        return join_address("/".join(part for part in (self.base, *apart) if part), parts)

    def makes(self, address: str) -> bool:
        inner = address.strip("/")
        inner = inner[len(self.base) :].strip("/") if inner == self.base or inner.startswith(f"{self.base}/") else inner
        return inner.partition("/")[0] in self.taxonomies or inner in self.sections

    def _folder(self, path: str) -> str:
        return next((folder for folder in self.folders if path.startswith(f"{folder}/")), "")

    def _language(self, path: str) -> tuple[str, str]:
        """Name of the file without ending and language, and its language: by its ending, else by its folder."""
        stem = without_ending(posixpath.basename(path))
        told = _LANGUAGE_ENDING.search(stem)
        if told and (told[1].lower() in self.languages or (not self.languages and not is_index(path))):
            return stem[: told.start()], told[1].lower()
        return stem, self.folders.get(self._folder(path), "")


def recognise(files: Files) -> Layout | None:
    """Recognise by its settings beside a folder of content."""
    for path in files.called(*_SETTINGS, *_OLD_SETTINGS):
        folder, name = posixpath.split(path)
        settings = _read(files, path)
        if name in _OLD_SETTINGS and not _MARKS & settings.keys():
            continue
        site = posixpath.dirname(posixpath.dirname(folder)) if _is_default(folder) else folder
        settings = {**_beside(files, posixpath.join(site, "config/_default")), **settings}
        folders = {}
        content = _inside(site, settings.get("contentdir") or "content")
        for language, own in _mapping(settings.get("languages")).items():
            if isinstance(told := _lowered(own).get("contentdir"), str):
                folders[_inside(site, told)] = language
        folders.setdefault(content, "")
        folders = {root: language for root, language in folders.items() if any(name.startswith(f"{root}/") for name in files.names)}
        if folders:
            layout = Hugo(posixpath.commonpath(folders), path, settings, folders)
            layout.sections = frozenset(_urlize(layout.inner(name).partition("/")[0]) for name in files.names if "/" in layout.inner(name))
            return layout
    return None


def _is_default(folder: str) -> bool:
    return folder == "config/_default" or folder.endswith("/config/_default")


def _inside(site: str, folder: object) -> str:
    return posixpath.normpath(posixpath.join(site, str(folder).strip())).removeprefix("./")


def _beside(files: Files, folder: str) -> dict[str, Any]:
    """Settings that lie in files of their own."""
    names = ("languages", "permalinks")
    paths = {name: [f"{folder}/{name}.{ending}" for ending in ("toml", "yaml", "yml", "json")] for name in names}
    return {name: _read(files, path) for name, found in paths.items() for path in found if path in files.names}


def _read(files: Files, path: str) -> dict[str, Any]:
    """Settings by name in lower case, as Hugo takes them; none where the file cannot be read."""
    text = files.text(path)
    try:
        if path.endswith(".toml"):
            return _lowered(tomllib.loads(text))
        return _lowered(msgspec.json.decode(text) if path.endswith(".json") else read_yaml(text)[0])
    except (tomllib.TOMLDecodeError, msgspec.DecodeError, YamlProblem, RecursionError):
        return {}


def _lowered(data: object) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in data.items()} if isinstance(data, Mapping) else {}


def _mapping(data: object) -> dict[str, Any]:
    return _lowered(data)


def _permalink(template: str, parts: list[str], front_matter: Mapping[str, Any]) -> list[str]:
    """Parts of the address that a template gives; none where it asks for what is not known.

    >>> _permalink("/:year/:month/:slug/", ["posts", "rope"], {"date": "2024-05-06"})
    ['2024', '05', 'rope']
    """
    title = str(front_matter.get("title") or parts[-1])
    date = _DATE.match(str(front_matter.get("date") or ""))
    year, month, day = date.groups() if date else ("", "", "")
    slug = front_matter.get("slug")
    values = {
        "year": year, "month": month, "day": day, "section": parts[0], "sections": "/".join(parts[:-1]), "title": _urlize(title),
        "slug": parts[-1] if slug else _urlize(title), "filename": parts[-1], "slugorfilename": parts[-1], "contentbasename": parts[-1],
        "slugorcontentbasename": parts[-1],
    }  # fmt: skip
    names = _TOKEN.findall(template)
    if not all(values.get(name) for name in names) or "[" in template:
        return []
    return [part for part in _TOKEN.sub(lambda found: values[found[1]], template).split("/") if part]


def _urlize(part: str) -> str:
    return re.sub(r"[^\w\-.~+%/]", "", re.sub(r"\s+", "-", part.strip())).lower()
