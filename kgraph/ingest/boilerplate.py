"""What a site puts around its pages, known by its repeating on most of them.

That is navigation, footers, links of templates, the name of the site in every title.

A page alone cannot tell a menu that is built of plain paragraphs from content; all pages together can. Something is boilerplate
when it stands on more than half of the HTML pages of a tree that has at least five. The measure is wide on both sides: what a
template writes stands on nearly all pages, while a sentence of content seldom stands on a tenth of them; with fewer than five pages,
half of them is one or two, which may well be written alike by hand. A template writes a link equally often on each page; a link to
a glossary or a basic function, which authors write here once and there five times, is left alone however common it is.

Menus of a part of the site stand on the pages of one folder only. There the same measure holds for blocks that are nothing but links:
prose that the pages of a folder share is what they have in common, while a list item with one and the same link on most of them is a
menu.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from msgspec import structs

from kgraph.model.document import Block, Component, Document, Reference, term_bag
from kgraph.model.text import fold, terms

__all__ = ["without_boilerplate"]

_ENDINGS = (".html", ".htm", ".xhtml")
_FEWEST = 5
_SHARE = 0.5
_LINKED = 0.8
_Links: TypeAlias = tuple[tuple[str, str], ...]
_SEPARATOR = re.compile(r"\s+(?:[-|–—―·•»:/]|::|\|\|)\s+|:\s+|\s*(?:\||»|::|—)\s*|\s+(?=\([^()]+\)$)")


def without_boilerplate(documents: Mapping[str, Document]) -> dict[str, Document]:
    """Documents by path, those of HTML without what repeats on most of them; in the same order."""
    pages = {path: document for path, document in documents.items() if path.lower().endswith(_ENDINGS) and not document.redirect}
    if len(pages) < _FEWEST:
        return dict(documents)
    most = _SHARE * len(pages)
    texts: Counter[str] = Counter()
    targets: Counter[tuple[tuple[str, str], int]] = Counter()
    for path, document in pages.items():
        texts.update({fold(block.text) for block in document.blocks})
        targets.update(Counter(_address(path, item) for item in document.references).items())
    common_texts = {text for text, count in texts.items() if count > most}
    common_targets = {target for (target, _), count in targets.items() if count > most}
    menus = _menus(pages)
    named = _titles(pages, most)
    cleaned: dict[str, Document] = {}
    for path, document in documents.items():
        if path in pages:
            document = _without(path, document, common_texts, common_targets, menus.get(posixpath.dirname(path), set()))
            if named[path] != document.title:
                document = structs.replace(document, title=named[path])
        cleaned[path] = document
    return cleaned


def _address(path: str, item: Reference) -> tuple[str, str]:
    """What a reference points to, seen from the top of the tree, and its text: the same link is written otherwise in each folder."""
    target = item.target.partition("#")[0] if not item.target.startswith("#") else item.target
    if not target.startswith(("/", "#")) and ":" not in target.partition("/")[0]:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return target, fold(item.text)


def _links_only(path: str, document: Document) -> dict[int, _Links]:
    """Blocks whose text is almost all links, with these links."""
    inside: dict[int, list[Reference]] = defaultdict(list)
    for item in document.references:
        if item.block >= 0:
            inside[item.block].append(item)
    return {
        place: tuple(_address(path, item) for item in items)
        for place, items in inside.items()
        if sum(item.end - item.start for item in items) >= _LINKED * len(document.blocks[place].text)
    }


def _menus(pages: Mapping[str, Document]) -> dict[str, set[_Links]]:
    """Links of blocks that stand on most pages of a folder."""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in pages:
        folders[posixpath.dirname(path)].append(path)
    found: dict[str, set[_Links]] = {}
    for folder, paths in folders.items():
        if len(paths) >= _FEWEST:
            counts = Counter(links for path in paths for links in set(_links_only(path, pages[path]).values()))
            found[folder] = {links for links, count in counts.items() if count > _SHARE * len(paths)}
    return found


def _without(path: str, document: Document, texts: set[str], targets: set[tuple[str, str]], menus: set[_Links]) -> Document:
    """A document without the blocks and references given; a document that has none of them is given back as it is."""
    places: list[int] = []
    blocks: list[Block] = []
    in_menus = {place for place, links in _links_only(path, document).items() if links in menus} if menus else ()
    for number, block in enumerate(document.blocks):
        gone = fold(block.text) in texts or number in in_menus
        places.append(-1 if gone else len(blocks))
        if not gone:
            blocks.append(block)
    references: list[Reference] = []
    for item in document.references:
        if _address(path, item) in targets or (item.block >= 0 and places[item.block] < 0):
            continue
        references.append(structs.replace(item, block=places[item.block]) if item.block >= 0 else item)
    if len(blocks) == len(document.blocks) and len(references) == len(document.references):
        return document
    bag = Counter(terms("\n".join([block.text for block in blocks])))
    return structs.replace(
        document,
        blocks=tuple(blocks),
        references=tuple(references),
        components=tuple(_moved(item, places) for item in document.components),
        counts=structs.replace(document.counts, words=sum(bag.values())),
        bag=term_bag(bag),
    )


def _moved(item: Component, places: list[int]) -> Component:
    """A component whose block stands elsewhere or not at all."""
    if item.block < 0 or places[item.block] == item.block:
        return item
    if places[item.block] < 0:
        return structs.replace(item, block=-1, start=0, end=0)
    return structs.replace(item, block=places[item.block])


# -- titles -------------------------------------------------------------------------------------------


def _titles(pages: Mapping[str, Document], most: float) -> dict[str, str | None]:
    """Title of each page without the name of the site that most titles begin or end with.

    Where most pages have one and the same title it is that of the site: the first heading is theirs.
    """
    titles = {path: document.title for path, document in pages.items()}
    shared = {fold(title) for title, count in Counter(titles.values()).items() if title and count > most}
    for path, document in pages.items():
        if fold(titles[path] or "") in shared:
            heading = next((item.text for item in sorted(document.headings, key=lambda item: item.level)), None)
            titles[path] = heading or titles[path]
    named = [title for title in titles.values() if title]
    ends = _most_common((end for title in named for end in {title[at:] for at, _ in _cuts(title)}), most)
    starts = _most_common((start for title in named for start in {title[:at] for _, at in _cuts(title) if title[at : at + 1] != "("}), most)
    return {path: _stripped(title, ends, starts) for path, title in titles.items()}


def _cuts(title: str) -> list[tuple[int, int]]:
    """Where separators stand in a title."""
    return [match.span() for match in _SEPARATOR.finditer(title[:500])]


def _most_common(parts: Iterable[str], most: float) -> list[str]:
    """Parts that stand on most pages, the longest first."""
    return sorted((part for part, count in Counter(parts).items() if count > most), key=lambda part: (-len(part), part))


def _stripped(title: str | None, ends: list[str], starts: list[str]) -> str | None:
    if not title:
        return title
    for end in ends:
        if title.endswith(end) and title[: -len(end)].strip():
            title = title[: -len(end)].strip()
            break
    for start in starts:
        if title.startswith(start) and title[len(start) :].strip():
            return title[len(start) :].strip()
    return title
