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
    r"^(?:extensions|master_doc|root_doc|html_theme|exclude_patterns|source_suffix|templates_path|intersphinx_mapping|project)\s*(?::[^=\n]*)?\+?="
    r"|^(?:from|import)\s+sphinx",
    re.M,
)
_TEXT = re.compile(r"""[rRuU]?(?:"([^"\n]*)"|'([^'\n]*)')""")
_COMMENT = re.compile(r"^\s*#.*$", re.M)
_NEVER = ("_build/**", "_templates/**", "_static/**", "_themes/**")
_BUILDER = re.compile(r"^[ \t]*(?:SPHINX)?BUILDER\s*[?:]?=\s*dirhtml\b", re.M)
_ENDINGS = (".rst", ".rest", ".md", ".txt")
_LONGEST_VALUE = 20_000
_READ_AS = re.compile(r"""["'](\.\w{1,8})["']\s*:\s*["'](\w+)["']""")
_MARKDOWN = re.compile(r"\b(?:myst_parser|myst_nb|recommonmark|m2r2?|sphinx_mdinclude)\b")


class Sphinx(Layout):
    """A Sphinx site; ``strict`` tells that every name it refers to is its own, ``titled`` that each heading is a name to refer to."""

    name = "Sphinx"
    by_label = True

    def __init__(self, root: str, evidence: str, settings: str, base: str, *, folders: bool, suffixes: Mapping[str, str]) -> None:
        """Keep what the settings say: patterns left out, base of the addresses, whether pages are folders, endings and their readers."""
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
        return super().is_page(path) and path.lower().endswith(tuple(self.suffixes)) and not self.left_out.match_file(inner)

    def kind(self, path: str) -> str | None:
        return self.suffixes.get(".txt") if path.lower().endswith(".txt") and self.is_page(path) else None

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
    return Sphinx(folder, path, text, base, folders=folders, suffixes=_suffixes(text))


def _suffixes(settings: str) -> dict[str, str]:
    """Endings of pages, and the ending whose reader reads each; reStructuredText and Markdown where nothing is said."""
    told = [suffix.lower() for suffix in _texts(settings, "source_suffix") if re.fullmatch(r"\.[A-Za-z]{2,8}", suffix)]
    if not told:
        return {".rst": "rst", ".rest": "rst", ".md": "md"}
    read_as = {ending.lower(): name for ending, name in _READ_AS.findall(settings)}
    suffixes = {ending: "md" if ending == ".md" or read_as.get(ending) == "markdown" else "rst" for ending in told}
    return {**suffixes, ".md": "md"} if _MARKDOWN.search(settings) else suffixes


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
