"""Cross references by role, as reStructuredText has them: where ``:doc:``, ``:ref:``, ``:term:`` and the names of things lead.

Rules are those of Sphinx (https://www.sphinx-doc.org/en/master/usage/referencing.html). A thing of a program that no page describes, and
a name that may be that of another site, lead nowhere and are no dead links.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from msgspec import structs

from kgraph.ingest.anchors import myst_labels
from kgraph.ingest.resolve import Resolution
from kgraph.model.document import Document, Label, Reference

__all__ = ["CrossReferences", "with_contents"]

_WRITTEN = re.compile(r":([\w+.:-]*?):(.*)", re.S)
_ENDINGS = (".rst", ".md", ".rest", ".txt", ".mdx", ".markdown")
_OWN_LABELS = frozenset(("genindex", "modindex", "py-modindex", "search"))
_NAMED = ("ref", "numref", "term", "any")
_KINDS = {
    "dir": "directive", "directive": "directive", "role": "role", "confval": "confval", "setting": "setting", "event": "event",
    "option": "option", "envvar": "envvar", "djadmin": "django-admin", "ttag": "templatetag", "tfilter": "templatefilter",
    "lookup": "fieldlookup", "opcode": "opcode", "pdbcmd": "pdbcommand", "monitoring-event": "monitoring-event",
    "2to3fixer": "2to3fixer", "signal": "signal",
}  # fmt: skip
"""Kind of thing that a role refers to; all others refer to things of a programming language."""
_PEPS = "https://peps.python.org/pep-{:04}/"
_RFCS = "https://datatracker.ietf.org/doc/html/rfc{}"
_PATTERN = ":toctree:"


class CrossReferences:
    """All names that pages of a site may refer to."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        ids: Mapping[str, str],
        root: str,
        *,
        strict: bool = True,
        titled: bool = False,
        numbered: Callable[[str, int], str | None] | None = None,
    ) -> None:
        """Index the names.

        Args:
            documents: Pages by path.
            ids: Id of each page.
            root: Folder that absolute names of pages start from.
            strict: Whether every name is one of this site, so that one that nobody gives is dead.
            titled: Whether the text of each heading is a name too.
            numbered: The page with a number in a series, such as ``pep``, or None.

        """
        self.ids = ids
        self.root = root
        self.strict = strict
        self.numbered = numbered
        self.pages = {_stem(path): path for path in sorted(ids, reverse=True)}
        self.names: dict[tuple[str, str], list[tuple[str, Label]]] = defaultdict(list)
        self.ends: dict[str, list[tuple[str, Label]]] = defaultdict(list)
        for path in sorted(documents):
            document = documents[path]
            for label in (*document.labels, *myst_labels(document)):
                self.names[label.kind, _folded(label.kind, label.name)].append((path, label))
                if label.kind == "code":
                    self.ends[re.split(r"[.:]+", label.name)[-1]].append((path, label))
            if titled:
                inner = self._inner(_stem(path))
                for heading in document.headings:
                    label = Label(heading.text, "label", heading.anchor, heading.text, heading.line)
                    for name in (heading.text, f"{inner}:{heading.text}"):
                        self.names["label", _folded("label", name)].append((path, label))

    def resolve(self, written: str, from_path: str) -> Resolution:
        """Where ``:role:target``, written on a page, leads."""
        found = _WRITTEN.fullmatch(written)
        if not found:
            return Resolution("dead")
        role, target = found[1].lower(), found[2].strip()
        if role == "doc":
            return self.page(target, from_path) or Resolution("dead" if self.strict or self._is_own(target, from_path) else "external")
        if role in ("pep", "rfc"):
            return self.published(role, target, from_path)
        if role in _NAMED:
            return self.named(role, target, from_path)
        return self.thing(target, from_path, _KINDS.get(role.rpartition(":")[2], "code")) or Resolution("external")

    def page(self, target: str, from_path: str) -> Resolution | None:
        """The page at a path without ending, relative to the page that names it, or to the root."""
        base, _, fragment = target.partition("#")
        place = _absolute(base, posixpath.dirname(from_path), self.root)
        path = self.pages.get(place) or self.pages.get(_stem(place))
        return self._at(path, fragment, "", from_path) if path else None

    def named(self, role: str, target: str, from_path: str) -> Resolution:
        """The place with a label, the entry of a glossary, or for ``any`` whatever goes by the name."""
        kinds = {"term": ("term",), "any": ("label", "term")}.get(role, ("label",))
        if role == "any" and (page := self.page(target, from_path)):
            return page
        for kind in kinds:
            if found := self._nearest(self.names.get((kind, _folded(kind, target)), ()), from_path):
                return self._at(found[0], found[1].anchor, found[1].text, from_path)
        if role == "any":
            return self.thing(target, from_path) or Resolution("external")
        if target.lower() in _OWN_LABELS:
            return Resolution("asset")
        return Resolution("dead" if self.strict else "external")

    def published(self, role: str, target: str, from_path: str) -> Resolution:
        """The PEP or RFC with a number: a page of the site, else the one that all the world knows."""
        number, _, fragment = target.partition("#")
        if not number.strip().isdecimal() or len(number) > 6:
            return Resolution("dead")
        own = self.numbered(role, int(number)) if self.numbered else None
        if own:
            return self._at(own, fragment, "", from_path)
        address = (_PEPS if role == "pep" else _RFCS).format(int(number))
        return Resolution("external", address=f"{address}#{fragment}" if fragment else address)

    def thing(self, target: str, from_path: str, kind: str = "code") -> Resolution | None:
        """The description of a thing of a program, looked for as Python looks for names; None where no page has it."""
        name, _, scope = target.partition(" in ")
        name = name.removesuffix("()")
        if kind != "code":
            wanted = (f"{scope} {name}" if scope else name, name, name.replace(".", " ", 1))
            own = next((found for full in wanted if (found := self._nearest(self.names.get((kind, full), ()), from_path))), None)
            return self._at(own[0], own[1].anchor, "", from_path) if own else None
        if name.startswith("."):
            name = name.lstrip(".")
            ending = [item for item in self.ends.get(re.split(r"[.:]+", name)[-1], ()) if f".{item[1].name}".endswith(f".{name}")]
            found = self._nearest(ending, from_path)
            return self._at(found[0], found[1].anchor, "", from_path) if found else None
        outer = scope.split(".") if scope else []
        for length in (*range(len(outer), 0, -1), 0):
            full = ".".join([*outer[:length], name])
            found = self._nearest(self.names.get(("code", full), ()), from_path)
            if found:
                return self._at(found[0], found[1].anchor, "", from_path)
        return None

    def _at(self, path: str, fragment: str, text: str, from_path: str) -> Resolution:
        if path == from_path:
            return Resolution("self", None, fragment)
        return Resolution("found", self.ids[path], fragment, text=text)

    def _is_own(self, target: str, from_path: str) -> bool:
        """Whether a page that is not there would be one of this site: it is named without a folder, or in one that the site has."""
        if ":" in target:
            return False
        place = _absolute(target.partition("#")[0], posixpath.dirname(from_path), self.root)
        folder = posixpath.dirname(place)
        return "/" not in target.strip("/") or target.startswith(".") or any(stem.startswith(f"{folder}/") for stem in self.pages)

    def _inner(self, stem: str) -> str:
        return stem[len(self.root) + 1 :] if self.root and stem.startswith(f"{self.root}/") else stem

    @staticmethod
    def _nearest(found: Iterable[tuple[str, Label]], from_path: str) -> tuple[str, Label] | None:
        """Of several places with one name, that on the same page, else the one in the nearest folder."""
        listed = list(found)[:1000]
        if len(listed) < 2:
            return listed[0] if listed else None
        return max(listed, key=lambda item: (item[0] == from_path, len(posixpath.commonprefix((item[0], from_path)))))


def with_contents(documents: Mapping[str, Document], root: str) -> dict[str, Document]:
    """The pages, with each pattern in a table of contents replaced by the pages that fit it and are not named beside it."""
    changed = dict(documents)
    stems = sorted({_stem(path) for path in documents})
    for path, document in documents.items():
        if not any(item.target.startswith(_PATTERN) for item in document.references):
            continue
        folder = posixpath.dirname(path)
        named = [item.target[5:] for item in document.references if item.target.startswith(":doc:") and item.block < 0]
        listed = {_stem(path), *(_absolute(name, folder, root) for name in named)}
        references: list[Reference] = []
        for item in document.references:
            if not item.target.startswith(_PATTERN):
                references.append(item)
                continue
            fitting = _glob(_absolute(item.target[len(_PATTERN) :], folder, root))
            for stem in (stem for stem in stems if stem not in listed and fitting.fullmatch(stem)):
                listed.add(stem)
                inner = stem[len(root) + 1 :] if root and stem.startswith(f"{root}/") else stem
                references.append(structs.replace(item, target=f":doc:/{inner}"))
        changed[path] = structs.replace(document, references=tuple(references))
    return changed


def _stem(path: str) -> str:
    """Path of a page without the ending of its format."""
    return next((path[: -len(ending)] for ending in _ENDINGS if path.endswith(ending)), path)


def _absolute(written: str, folder: str, root: str) -> str:
    """Path that a name of a page means; none leads out of the root.

    >>> _absolute("/a/b", "docs/c", "docs"), _absolute("../../b", "docs/c", "docs"), _absolute("b", "c", "")
    ('docs/a/b', 'docs/b', 'c/b')
    """
    inner = "" if written.startswith("/") else folder[len(root) :] if root and f"{folder}/".startswith(f"{root}/") else f"/{folder}"
    return (
        posixpath.normpath(f"/{inner}/{written}".replace("//", "/")).lstrip("/")
        if not root
        else (posixpath.normpath(f"{root}{posixpath.normpath(f'/{inner}/{written}').replace('//', '/')}"))
    )


def _folded(kind: str, name: str) -> str:
    """Labels and terms are the same in every letter case; names of things are not."""
    return " ".join(name.lower().split()) if kind in ("label", "term") else " ".join(name.split())


def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern of Sphinx, whose star stays within one folder."""
    parts = re.split(r"(\*\*|\*|\?|\[!?[^\]/]+\])", pattern[:500])
    signs = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    made = "".join(
        signs.get(part) or (f"[{'^' if part[1] == '!' else ''}{re.escape(part[1:-1].lstrip('!'))}]".replace(r"\-", "-")
                            if part.startswith("[") and part.endswith("]") and len(part) > 2 else re.escape(part))
        for part in parts
    )  # fmt: skip
    try:
        return re.compile(made)
    except re.error:
        return re.compile(re.escape(pattern))
