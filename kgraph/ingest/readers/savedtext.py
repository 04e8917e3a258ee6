"""Plain text: notes, and pages saved from a browser as text.

A saved page has lost its markup but not its order: navigation, title, type, summary, tables whose cells run together, sections
headed by short lines, footnotes, a block of related pages. What the site shows around the text is known by the labels of
:mod:`kgraph.ingest.readers.savedlabels`; all else is told apart by the form of its lines.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

import msgspec

from kgraph.ingest.readers import savedlabels as labels
from kgraph.ingest.readers.common import free_anchor, metrics
from kgraph.ingest.readers.footnotes import Footnotes
from kgraph.ingest.readers.mailheader import mail_header
from kgraph.ingest.readers.savedhead import is_saved, read_head
from kgraph.ingest.readers.savedlines import BULLET, UNDERLINE, Chunk, chunks_of, is_sentence, is_short
from kgraph.ingest.runtogether import junctions, mixed_words
from kgraph.model.document import Block, BlockKind, Document, Heading, Listed, Reference
from kgraph.model.text import anchor_of, fold

__all__ = ["read_saved_text"]

_LABEL_LENGTH = 400
_MOST_LISTED = 20_000
"""Characters of a related block at the most."""
_NUMBERED = re.compile(r"\s{0,12}\[?(\d{1,3})[.)\]]\s+(?=\S)")
_ARROWS = re.compile(r"(?:\s*↩[\ufe0e\ufe0f]?\s*\d{0,3})+\s*$")
_BARE_RETURNS = re.compile(r"(?:\s\d{1,3})+\s*$")
_MARK = re.compile(
    r"(?:(?<=[^\W\d_][.,;:!?)”\"’'\]])|(?<=[%)”\"’][.,;:]))(\d{1,3})(?=[\s,.;:)]|$)|(?<=[^\W\d_]{3})(\d{1,2})(?=[.,;:!?]?(?:\s|$))|\[(\d{1,3})\]"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”]{3,2000}")
_VALUE_SIGNS = "≈~<>≤≥±$€£“0123456789"


def read_saved_text(text: str) -> Document:
    """Parse a text file; fields at its top as mails have them are its front matter, unless it is a page saved from a browser."""
    chunks = chunks_of(text)
    fields, lines, rest = mail_header(text)
    if not fields or is_saved(chunks):
        return _Builder(chunks).document()
    read = _Builder(chunks_of(rest)).document()
    title = fields.get("title") or fields.get("subject") or read.title
    return msgspec.structs.replace(read, title=title, front_matter={**read.front_matter, **fields}, lines={**read.lines, **lines})


class _Builder:
    """Goes through the chunks once for the head, once for the body."""

    def __init__(self, chunks: list[Chunk]) -> None:
        self.chunks = chunks
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self.listed: list[Listed] = []
        self.anchors: Counter[str] = Counter()
        self.tables = 0
        self.footnotes: dict[int, tuple[int, int | None]] = {}
        self.notes = Footnotes()
        self.related_from = self.find_related(saved=is_saved(chunks))
        self.head = read_head(chunks, self.related_from)
        self.words = mixed_words(chunk.lines[0] for chunk in chunks[: self.related_from] if is_sentence(chunk.lone or ""))

    def document(self) -> Document:
        self.read_body(self.head.start)
        self.count_footnotes()
        self.find_addresses()
        told = self.head.front.get("metrics", {})
        cited = [times for _, times in self.footnotes.values() if times is not None]
        counted = {
            "tables": self.tables or told.get("tables", 0), "footnotes": len(self.footnotes) or told.get("footnotes", 0),
            "diagrams": told.get("diagrams", 0), "images": told.get("images", 0), "footnote_references": sum(cited),
        }  # fmt: skip
        counts, bag = metrics(self.blocks, self.headings, counted)
        return Document(
            title=self.head.title, front_matter=self.head.front, lines=self.head.lines,
            headings=tuple(self.headings), blocks=tuple(self.blocks),
            references=tuple(self.references), components=(), counts=counts, bag=bag, related=tuple(self.listed),
            footnotes=self.notes.finished(),
        )  # fmt: skip

    # -- the body --------------------------------------------------------------------------------

    def read_body(self, start: int) -> None:
        place = start
        while place < len(self.chunks):
            if place == self.related_from:
                place = self.read_related(place)
                continue
            chunk = self.chunks[place]
            kept = [(number, line) for number, line in enumerate(chunk.lines, chunk.line) if number not in self.head.used]
            if not kept:
                pass
            elif fold(kept[0][1]) in labels.FOOTNOTES and self.notes_follow(place):
                self.add_heading(kept[0][1], kept[0][0])
                place = self.read_footnotes(place + (len(kept) == 1), skip=len(kept) > 1)
                continue
            elif self.heads(place) if len(kept) == 1 else _underlined(kept):
                self.add_heading(kept[0][1], kept[0][0])
            elif not (fold(kept[0][1]) in labels.FOOTER and len(kept) == 1):
                self.read_chunk(kept)
            place += 1

    def heads(self, place: int) -> bool:
        """Whether a lone line is a heading: short, and what follows is text, at once or after up to three more such lines."""
        line = self.chunks[place].lone
        if line is None or not is_short(line):
            return False
        for after in self.chunks[place + 1 : place + 5]:
            if after.lone is None or not is_short(after.lone):
                return True
        return place + 1 < len(self.chunks) and fold(self.chunks[place + 1].lines[0]) in labels.FOOTNOTES | labels.RELATED

    def read_chunk(self, kept: list[tuple[int, str]]) -> None:
        """A table, a list, or a paragraph."""
        if self.read_table(kept):
            return
        if not any(BULLET.match(line) for _, line in kept):
            self.add_block("paragraph", " ".join(line.strip() for _, line in kept), kept[0][0])
            return
        kind: BlockKind = "paragraph"
        number, parts = kept[0][0], list[str]()
        for at, line in kept:
            bullet = BULLET.match(line)
            if bullet:
                self.add_block(kind, " ".join(parts), number)
                kind, number, parts = "list", at, []
            parts.append(line[bullet.end() if bullet else 0 :].strip())
        self.add_block(kind, " ".join(parts), number)

    def read_table(self, kept: list[tuple[int, str]]) -> bool:
        """Rows whose cells are parted by tabs, or run together under a head that does so as well."""
        if len(kept) < 2 or len(kept[0][1]) > _LABEL_LENGTH:
            return False
        lines = [line.strip() for _, line in kept]
        columns = lines[0].count("\t") + 1
        if columns > 1:
            rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
            if sum(len(row) == columns for row in rows) * 5 < len(rows) * 4:
                return False
        else:
            head = _cells(lines[0], junctions(lines[0], self.words))
            if len(head) < 2 or len(kept) < 3 or any(len(cell.split()) > 4 for cell in head):
                return False
            rows = [head, *(self.split_row(line, len(head)) for line in lines[1:])]
            if sum(len(row) == len(head) for row in rows) * 5 < len(rows) * 4:
                return False
        self.tables += 1
        for (number, _), row in zip(kept, rows, strict=True):
            self.add_block("table", " | ".join(row), number)
        if len(rows[0]) == 2 and fold(rows[0][0]) in labels.ASPECTS and "assessment" not in self.head.front:
            told = {" ".join(row[0].split())[:100]: row[1] for row in rows[1:] if len(row) == 2 and row[0]}
            self.head.state("assessment", told, kept[0][0])
        return True

    def split_row(self, line: str, columns: int) -> list[str]:
        """Cells of a row run together: at the first places where a cell can begin."""
        places = junctions(line, self.words, opening=_VALUE_SIGNS if columns == 2 else "")
        if not places:
            places = [match.start() for match in re.finditer(r"(?<=[A-Z0-9])(?=[A-Z][a-z])", line[:_LABEL_LENGTH])]
        return _cells(line, places[: columns - 1])

    def add_heading(self, line: str, number: int) -> None:
        text = " ".join(line.strip().lstrip("#").split())
        anchor = free_anchor(anchor_of(text), self.anchors)
        self.blocks.append(Block("heading", text, number, len(self.headings) - 1))
        self.headings.append(Heading(2, text, anchor, number))

    def add_block(self, kind: BlockKind, text: str, number: int) -> None:
        if not text.strip():
            return
        self.blocks.append(Block(kind, text, number, len(self.headings) - 1))

    def find_addresses(self) -> None:
        """Addresses written out in prose are its links."""
        for place, block in enumerate(self.blocks):
            for match in _ADDRESS.finditer(block.text):
                address = match.group().rstrip(".,;:!?)]")
                start, end = match.start(), match.start() + len(address)
                self.references.append(Reference("link", address, address, block.line, place, start, end))

    # -- footnotes -------------------------------------------------------------------------------

    def notes_follow(self, place: int) -> bool:
        chunk = self.chunks[place]
        after = chunk.lines[1] if len(chunk.lines) > 1 else self.chunks[place + 1].lines[0] if place + 1 < len(self.chunks) else ""
        return bool(_NUMBERED.match(after))

    def read_footnotes(self, place: int, *, skip: bool) -> int:
        """Numbered notes from a chunk on; gives the chunk after the last one."""
        end = self.related_from if place <= self.related_from else len(self.chunks)
        while place < end:
            chunk = self.chunks[place]
            lines = list(enumerate(chunk.lines, chunk.line))[1 if skip else 0 :]
            skip = False
            if not _NUMBERED.match(lines[0][1]):
                break
            note: tuple[int, int, list[str]] | None = None
            for at, line in lines:
                numbered = _NUMBERED.match(line)
                if numbered or note is None:
                    self.add_footnote(note)
                    note = (int(numbered.group(1)) if numbered else 0, at, [line[numbered.end() if numbered else 0 :].strip()])
                else:
                    note[2].append(line.strip())
            self.add_footnote(note)
            place += 1
        return place

    def add_footnote(self, note: tuple[int, int, list[str]] | None) -> None:
        """A footnote, its back-references taken off: one for each time that it is cited."""
        if note is None:
            return
        number, line, parts = note
        text = " ".join(parts)
        arrows = _ARROWS.search(text[-200:])
        times: int | None = None
        if arrows:
            times = arrows.group().count("↩")
            text = text[: len(text) - len(arrows.group())]
        self.footnotes[number] = (len(self.blocks), times)
        self.add_block("footnote", text.strip() or str(number), line)
        self.notes.define(str(number), len(self.blocks) - 1, len(self.blocks))

    def count_footnotes(self) -> None:
        """How often each footnote is cited: by its back-references, else by the marks in the text, which are taken out."""
        if not self.footnotes:
            return
        marks: Counter[int] = Counter()
        for place, block in enumerate(self.blocks):
            if block.kind in ("paragraph", "list", "quote"):
                self.blocks[place] = self.unmarked(place, marks)
        for number, (place, times) in sorted(self.footnotes.items()):
            block = self.blocks[place]
            returns = _BARE_RETURNS.search(block.text[-80:])
            if times is None and returns:
                wanted = _returns(returns.group().split(), marks[number])
                if wanted:
                    times = wanted + 1
                    text = block.text.rstrip()
                    for _ in range(wanted):
                        text = text[: text.rindex(" ")].rstrip()
                    self.blocks[place] = Block(block.kind, text, block.line, block.section)
            self.footnotes[number] = (place, marks[number] if times is None else times)
        self.head.state("footnoteCitations", {str(n): times for n, (_, times) in sorted(self.footnotes.items())[:200]}, self.first_note())

    def first_note(self) -> int:
        return min(self.blocks[place].line for place, _ in self.footnotes.values())

    def unmarked(self, index: int, marks: Counter[int]) -> Block:
        """A block without the numbers of footnotes after its sentences; ``marks`` counts them."""
        block = self.blocks[index]
        found: list[str] = []
        length = 0
        place = 0
        for match in _MARK.finditer(block.text):
            number = int(match.group(1) or match.group(2) or match.group(3))
            if number in self.footnotes:
                marks[number] += 1
                found.append(block.text[place : match.start()])
                length += len(found[-1])
                self.notes.refer(str(number), index, length)
                place = match.end()
        return Block(block.kind, "".join([*found, block.text[place:]]), block.line, block.section) if found else block

    # -- the related block -----------------------------------------------------------------------

    def find_related(self, *, saved: bool) -> int:
        """Index of the chunk that heads the block of related pages; behind the last one where there is none.

        A note has one only where the names stand in groups by type: any other list of names is for people to read.
        """
        for place in range(len(self.chunks) - 1, 0, -1):
            line = self.chunks[place].lines[0].strip()
            if fold(line) in labels.RELATED and len(line) <= _LABEL_LENGTH and self.lists_names(place, grouped=not saved):
                while place > 1 and self.chunks[place - 1].lone and fold(self.chunks[place - 1].lines[0]) in labels.RELATED:
                    place -= 1
                return place
        return len(self.chunks)

    def lists_names(self, place: int, *, grouped: bool) -> bool:
        """Whether names follow a heading, and no sentences; ``grouped`` asks for the label of a group among them."""
        lines = list(chain(self.chunks[place].lines[1:], *(chunk.lines for chunk in self.chunks[place + 1 : place + 40])))
        lines = [BULLET.sub("", line).strip() for line in lines]
        ends = labels.FOOTER | labels.SECTIONS_AFTER
        end = next((at for at, line in enumerate(lines) if fold(line) in ends), len(lines))
        if grouped and not any(map(labels.type_group, lines[:end])):
            return False
        return end > 0 and sum(is_sentence(line) for line in lines[:end]) * 5 < end

    def read_related(self, place: int) -> int:
        """Names by group to the end of the page; gives the index behind the last chunk."""
        heading = self.chunks[place].lines[0].strip()
        self.add_heading(heading, self.chunks[place].line)
        group, size = heading, 0
        for at, chunk in enumerate(self.chunks[place:], place):
            for number, line in enumerate(chunk.lines, chunk.line):
                line = BULLET.sub("", line).strip()
                if number == self.chunks[place].line:
                    continue
                if fold(line) in labels.FOOTER or size > _MOST_LISTED:
                    return len(self.chunks)
                if at > place and number == chunk.line and (fold(line) in labels.SECTIONS_AFTER or is_sentence(line)):
                    return at
                if label := labels.group_label(line):
                    group = label
                elif "://" not in line:
                    self.listed.append(Listed(group, line, number))
                    size += len(line)
        return len(self.chunks)


def _returns(numbers: list[str], marks: int) -> int:
    """How many numbers at the end of a footnote are back-references: 2, 3 … as far as the marks in the text go.

    >>> _returns(["1999", "2", "3"], 3), _returns(["2"], 1), _returns(["2", "3"], 0)
    (2, 0, 2)
    """
    for start in range(len(numbers)):
        if [int(number) for number in numbers[start:]] == list(range(2, 2 + len(numbers) - start)):
            most = len(numbers) - start
            return most if marks in (0, most + 1) or marks > 1 else 0
    return 0


def _underlined(kept: list[tuple[int, str]]) -> bool:
    return len(kept) == 2 and bool(UNDERLINE.fullmatch(kept[1][1].strip())) and is_short(kept[0][1].strip())


def _cells(line: str, places: list[int]) -> list[str]:
    return [line[start:end].strip() for start, end in zip([0, *places], [*places, len(line)], strict=True)]
