"""Sphinx: pages beside ``conf.py``, which is searched and never run (https://www.sphinx-doc.org/en/master/usage/configuration.html)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from kgraph.ingest.globs import compile_globs
from kgraph.ingest.layouts.base import Files, Layout, join_address, without_ending

__all__ = ["recognise"]

_MARKS = re.compile(
    r"^(?:extensions|master_doc|root_doc|html_theme|exclude_patterns|source_suffix|templates_path|intersphinx_mapping|project)\s*(?::[^=\n]*)?\+?=",
    re.M,
)
_TEXT = re.compile(r"""[rRuU]?(?:"([^"\n]*)"|'([^'\n]*)')""")
_COMMENT = re.compile(r"^\s*#.*$", re.M)
_NEVER = ("_build/**", "_templates/**", "_static/**", "_themes/**")
_BUILDER = re.compile(r"^[ \t]*(?:SPHINX)?BUILDER\s*[?:]?=\s*dirhtml\b", re.M)
_ENDINGS = (".rst", ".rest", ".md", ".txt")
_LONGEST_VALUE = 20_000


class Sphinx(Layout):
    """A Sphinx site; ``strict`` tells that every name it refers to is its own, ``titled`` that each heading is a name to refer to."""

    name = "Sphinx"

    def __init__(self, root: str, evidence: str, settings: str, base: str, *, folders: bool, suffixes: tuple[str, ...]) -> None:
        """Keep what the settings say: patterns left out, base of the addresses, and whether pages are folders."""
        super().__init__(root, evidence, folder=root)
        self.left_out = compile_globs([*_NEVER, *(_spread(glob) for glob in _texts(settings, "exclude_patterns"))])
        self.base = base
        self.folders = folders
        self.suffixes = suffixes
        extensions = " ".join(_texts(settings, "extensions"))
        self.strict = "intersphinx" not in settings
        self.titled = "autosectionlabel" in extensions

    def is_page(self, path: str) -> bool:
        inner = self.inner(path)
        return super().is_page(path) and path.lower().endswith(self.suffixes) and not self.left_out.match_file(inner)

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:  # noqa: ARG002
        parts = self.parts(path)
        index = not self.slug(path)
        return join_address(self.base, parts, "/" if self.folders or index else ".html")

    def slug(self, path: str) -> str:
        stem = without_ending(path.rsplit("/", 1)[-1])
        return "" if stem == "index" else stem

    def parts(self, path: str) -> list[str]:
        *folders, name = self.inner(path).split("/")
        stem = without_ending(name)
        return folders if stem == "index" else [*folders, stem]


def recognise(files: Files) -> Layout | None:
    """Recognise by ``conf.py`` beside a first page; of several, the one with most pages below it counts."""
    best: tuple[int, str] | None = None
    readable = [name for name in files.names if name.lower().endswith(_ENDINGS)]
    for path in files.called("conf.py")[:50]:
        folder = posixpath.dirname(path)
        prefix = f"{folder}/" if folder else ""
        first = any(f"{prefix}{name}{ending}" in files.names for name in ("index", "contents", "main") for ending in _ENDINGS)
        text = files.text(path)
        if not _MARKS.search(text) or not (first or re.search(r"^(?:master_doc|root_doc)\s*=", text, re.M)):
            continue
        count = sum(1 for name in readable if name.startswith(prefix))
        if best is None or count > best[0]:
            best = count, path
    if best is None:
        return None
    path = best[1]
    folder = posixpath.dirname(path)
    text = _COMMENT.sub("", files.text(path))
    base = next(iter(_texts(text, "html_baseurl")), "")
    try:
        base = urlsplit(base).path if "://" in base else ""
    except ValueError:
        base = ""
    makefiles = [posixpath.join(posixpath.dirname(folder), "Makefile"), posixpath.join(folder, "Makefile")]
    folders = any(_BUILDER.search(files.text(name)) for name in makefiles if name in files.names)
    told = tuple(suffix.lower() for suffix in _texts(text, "source_suffix") if re.fullmatch(r"\.[A-Za-z]{2,8}", suffix))
    suffixes = tuple(dict.fromkeys((*told, ".rst", ".md", ".rest")))
    return Sphinx(folder, path, text, base, folders=folders, suffixes=suffixes)


def _texts(settings: str, name: str) -> list[str]:
    """Texts that stand in the value of a setting, the keys of a mapping included."""
    found: list[str] = []
    for start in re.finditer(rf"^{name}\s*(?::[^=\n]*)?\+?=\s*", settings, re.M):
        value = settings[start.end() : start.end() + _LONGEST_VALUE]
        closing = {"[": "]", "{": "}", "(": ")"}.get(value[:1])
        end = value.find(f"{closing}") if closing else value.find("\n")
        found += [first or second for first, second in _TEXT.findall(value[: end + 1 if end >= 0 else len(value)])]
    return found


def _spread(glob: str) -> str:
    """A glob of Sphinx, which starts at the folder of the settings, as ``.gitignore`` writes it."""
    return "/" + glob.removeprefix("./").lstrip("/") if not glob.startswith("**") else glob
