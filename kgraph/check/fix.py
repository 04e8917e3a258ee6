"""Mending what can be mended safely: an unlinked mention becomes a link, where it is used first.

Nothing is trusted: an edit counts only when the page, read again, is the same page with exactly one more link at that very place,
and the site, put together again, has exactly one more link, to the entity that was meant.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, pairwise

from msgspec import Struct, structs

from kgraph.check.notation import Notations
from kgraph.check.patch import SourceText, read_source
from kgraph.check.site import Site
from kgraph.check.unlinked_mention import in_table_head, open_mentions, within_name
from kgraph.config import Config
from kgraph.ingest.discover import SourceTree
from kgraph.ingest.load import LoadedFiles
from kgraph.ingest.readers import reader_of
from kgraph.ingest.stage import build_corpus
from kgraph.model.corpus import Corpus, Mention
from kgraph.model.document import Component, Document, Reference
from kgraph.model.finding import Finding

__all__ = ["Fix", "fix_mentions"]

_ENDINGS = ("md", "markdown", "mdx")
_KINDS = frozenset(("paragraph", "list", "table"))
_MOST_PASSES = 5
_MOST_ROUNDS = 12
_MOST_TRIES = 6
"""Edits that are tried for one mention."""
_MOST_PLACES = 8
"""Places in the source that are tried for one mention."""
_NOT_PROSE = re.compile(r"\s*(?::::|!!!|\?\?\?|===|\*\[|\[\^?[^\]]*\]:|import\b|export\b)")
"""Starts of lines that a builder reads as something else than prose."""
_HTML_LINE = re.compile(r"(?:\s|>|[-*+]\s|\d+[.)]\s)*<[A-Za-z/!?]")
_OPEN = (("{{", "}}"), ("{%", "%}"), ("{", "}"), ("<", ">"), ("“", "”"), ("«", "»"), ("„", "“"))
"""What must not be open where a link is put."""


class Fix(Struct, frozen=True):
    """One page that can be mended."""

    path: str
    source: SourceText
    """The page as it is."""
    text: str
    """Its text with the links."""
    findings: tuple[Finding, ...]
    """What is mended."""


class _Edit(Struct, frozen=True):
    """A link that is put into a page."""

    mention: Mention
    finding: Finding
    notation: str
    start: int
    end: int
    """Place in the text of the page."""
    written: str
    block: int
    at: int
    """Block and offset within it at which the text of the link stands."""


def fix_mentions(
    corpus: Corpus, loaded: LoadedFiles, tree: SourceTree, config: Config, wanted: Callable[[Finding], bool]
) -> tuple[tuple[Fix, ...], int]:
    """Link the unlinked mentions whose findings are ``wanted``.

    Returns:
        The pages that change, sorted by path, and how many mentions cannot be linked safely.

    """
    return _Mender(corpus, loaded, tree, config, wanted).run()


class _Mender:
    """Links mentions in rounds: what the site, put together again, does not bear out is taken back and tried in another notation."""

    def __init__(
        self, corpus: Corpus, loaded: LoadedFiles, tree: SourceTree, config: Config, wanted: Callable[[Finding], bool]
    ) -> None:  # fmt: skip
        self.corpus = corpus
        self.loaded = loaded
        self.tree = tree
        self.config = config
        self.wanted = wanted
        self.sources: dict[str, SourceText | None] = {}
        self.texts: dict[str, str] = {}
        self.mended: dict[str, list[Finding]] = defaultdict(list)
        self.refused: set[tuple[str, str, str]] = set()
        self.given_up: set[tuple[str, str]] = set()

    def run(self) -> tuple[tuple[Fix, ...], int]:
        """Passes over the site until one finds nothing to link, so that to mend the mended site changes nothing."""
        for _ in range(_MOST_PASSES):
            self.given_up, self.refused = set(), set()
            done = sum(map(len, self.mended.values()))
            rounds = 0
            while rounds < _MOST_ROUNDS and self.round():
                rounds += 1
            if sum(map(len, self.mended.values())) == done:
                break
        fixes = []
        for path, text in sorted(self.texts.items()):
            source = self.sources[path]
            if source is not None and text != source.text:
                fixes.append(Fix(path, source, text, tuple(sorted(self.mended[path]))))
        return tuple(fixes), len(self.given_up)

    def text_of(self, path: str) -> str | None:
        """Text of a page as it is mended so far; None where it is no Markdown, or not to be written back as it was."""
        if path not in self.sources:
            source = None if path.rsplit(".", 1)[-1].lower() not in _ENDINGS else read_source(self.tree.root, path, self.loaded.hashes)
            self.sources[path] = source
            if source is not None:
                self.texts[path] = source.text
        return self.texts.get(path)

    def round(self) -> bool:
        """Link what is open, and take back what is not borne out; gives whether there was anything to try."""
        site = Site(self.corpus, self.config, self.tree)
        pending: dict[str, list[tuple[Mention, Finding]]] = defaultdict(list)
        for mention, found in open_mentions(site):
            if (mention.path, mention.target) not in self.given_up and self.wanted(found):
                pending[mention.path].append((mention, found))
        notations = Notations(site, self.tree.layout, self.text_of)
        made: dict[str, tuple[str, Document, list[_Edit]]] = {}
        for path, mentions in pending.items():
            text, document = self.text_of(path), self.loaded.documents.get(path)
            page = None if text is None or document is None else self.linked(path, text, document, mentions, notations)
            if page is not None:
                made[path] = page
            else:
                self.given_up |= {(path, mention.target) for mention, _ in mentions}
        if made:
            self.bear_out(made)
        return bool(made)

    def linked(
        self, path: str, text: str, document: Document, mentions: list[tuple[Mention, Finding]], notations: Notations
    ) -> tuple[str, Document, list[_Edit]] | None:
        """A page with as many of the mentions linked as can be; None where none can."""
        options = [
            list(islice(self.options(path, text, document, mention, found, notations), _MOST_TRIES)) for mention, found in mentions
        ]  # fmt: skip
        kept = _bearing(path, text, document, [choices[0] for choices in options if choices])
        for (mention, _), choices in zip(mentions, options, strict=True):
            for choice in choices[1:]:
                if any(edit.mention is mention for edit in kept):
                    break
                if _verified(path, text, document, [*kept, choice]):
                    kept.append(choice)
        self.given_up |= {(path, mention.target) for mention, _ in mentions if not any(edit.mention is mention for edit in kept)}
        page = _verified(path, text, document, kept) if kept else None
        return (*page, kept) if page else None

    def options(
        self, path: str, text: str, document: Document, mention: Mention, found: Finding, notations: Notations
    ) -> Iterator[_Edit]:  # fmt: skip
        """Ways to link a mention, the best first: at its first place that bears a link, in the notation of the page."""
        lines = _line_starts(text)
        entity = self.corpus.entities[mention.target]
        ways = [way for way in notations.of(path, entity) if (path, mention.target, way.key) not in self.refused]
        for block, at in _uses(document, mention):
            for start, end in _places(text, lines, document, block, mention.text, markdown=not path.endswith(".mdx")):
                for way in ways:
                    written = way.write(text[start:end], document.blocks[block].kind == "table")
                    if written is not None:
                        yield _Edit(mention, found, way.key, start, end, written, block, at)

    def bear_out(self, made: Mapping[str, tuple[str, Document, list[_Edit]]]) -> None:
        """Put the site together with the pages made, and keep those whose new links all lead where they should and harm nothing."""
        documents = {**self.loaded.documents, **{path: document for path, (_, document, _) in made.items()}}
        loaded = structs.replace(self.loaded, documents=documents)
        corpus = build_corpus(self.tree, loaded, self.config)
        before, after = _joined(self.corpus), _joined(corpus)
        problems = Counter(item.path for item in set(corpus.findings) - set(self.corpus.findings))
        bad: set[str] = set()
        for path in before | after:
            edits = made[path][2] if path in made else []
            new = after.get(path, Counter()) - before.get(path, Counter())
            lost = before.get(path, Counter()) - after.get(path, Counter())
            if new != Counter(edit.mention.target for edit in edits) or lost or problems[path]:
                bad.add(path)
        for path in bad & made.keys():
            self.refused |= {(path, edit.mention.target, edit.notation) for edit in made[path][2] if not self.led(corpus, path, edit)}
        if bad - made.keys():
            self.given_up |= {(path, edit.mention.target) for path, (_, _, edits) in made.items() for edit in edits}
            return
        good = made.keys() - bad
        for path in good:
            self.texts[path] = made[path][0]
            self.mended[path] += [edit.finding for edit in made[path][2]]
        if bad:
            loaded = structs.replace(self.loaded, documents={**self.loaded.documents, **{path: made[path][1] for path in good}})
            corpus = build_corpus(self.tree, loaded, self.config)
        self.loaded, self.corpus = loaded, corpus

    def led(self, corpus: Corpus, path: str, edit: _Edit) -> bool:
        """Whether the link that an edit made leads where it should, and nothing is found wrong with it."""
        found = [link for link in corpus.links if (link.path, link.block, link.start) == (path, edit.block, edit.at)]
        wrong = {item for item in corpus.findings if item.path == path} - set(self.corpus.findings)
        return len(found) == 1 and found[0].target == edit.mention.target and not any(found[0].raw in item.message for item in wrong)


def _joined(corpus: Corpus) -> dict[str, Counter[str | None]]:
    """How often each page links to each entity, by path."""
    found: dict[str, Counter[str | None]] = defaultdict(Counter)
    for link in corpus.links:
        found[link.path][link.target] += 1
    return found


# -- places ----------------------------------------------------------------------------------------


def _uses(document: Document, mention: Mention) -> Iterator[tuple[int, int]]:
    """Blocks and offsets where the text of a mention stands in prose that may hold a link, from its first use on."""
    pattern = re.compile(rf"(?<![\w/@]){re.escape(mention.text)}(?!\w)")
    for place in range(max(0, mention.block), len(document.blocks)):
        block = document.blocks[place]
        if block.kind not in _KINDS or not pattern.search(block.text) or in_table_head(document, place):
            continue
        spans: list[Reference | Component] = [*document.references, *document.components]
        taken = [(item.start, item.end) for item in spans if item.block == place]
        taken += zip(block.code[::2], block.code[1::2], strict=True)
        for match in pattern.finditer(block.text):
            start, end = match.span()
            if (place, start) < (mention.block, mention.start) or any(first < end and start < last for first, last in taken):
                continue
            part = " " not in mention.text and within_name(block.text, start, end)
            if not part and not _quoted(block.text, start):
                yield place, start


def _quoted(text: str, start: int) -> bool:
    """Whether a place stands between quotation marks."""
    before = text[:start]
    return before.count('"') % 2 == 1 or any(before.count(first) > before.count(last) for first, last in _OPEN[4:])


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _places(
    text: str, lines: list[int], document: Document, block: int, name: str, *, markdown: bool
) -> list[tuple[int, int]]:  # fmt: skip
    """Places in the source at which a block may hold a name."""
    line = document.blocks[block].line
    after = next((later.line for later in document.blocks[block + 1 :] if later.line > line), len(lines) + 1)
    first, last = lines[min(line, len(lines)) - 1], lines[after - 1] if after <= len(lines) else len(text)
    spaced = r"[ \t]*\n?[ \t]*".join(map(re.escape, name.split(" ")))
    pattern = re.compile(rf"(?<![\w/@]){spaced}(?!\w)")
    found = []
    for match in pattern.finditer(text, first, last):
        row = document.blocks[block].kind != "table" or "|" in text[text.rfind("\n", 0, match.start()) + 1 : text.find("\n", match.end())]
        if row and _is_prose(text, match.start(), markdown=markdown):
            found.append(match.span())
    return found[:_MOST_PLACES]


def _is_prose(text: str, start: int, *, markdown: bool) -> bool:
    """Whether a builder reads the place as prose: no template, tag or title of a box is open there, and no block of HTML."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if _NOT_PROSE.match(line) or line.count("$") % 2 or any(line.count(first) > line.count(last) for first, last in _OPEN[:4]):
        return False
    if not markdown:
        return True
    chunk = text[: start - len(line)].rpartition("\n\n")[2]
    return not any(_HTML_LINE.match(each) for each in (*chunk.split("\n"), line))


# -- edits -----------------------------------------------------------------------------------------


def _bearing(path: str, text: str, document: Document, edits: list[_Edit]) -> list[_Edit]:
    """As many of the edits as bear one another, halves first: those that do not are few."""
    if not edits or _verified(path, text, document, edits):
        return list(edits)
    if len(edits) == 1:
        return []
    middle = len(edits) // 2
    one, other = (_bearing(path, text, document, half) for half in (edits[:middle], edits[middle:]))
    return [*one, *other] if one and other and _verified(path, text, document, [*one, *other]) else one or other


def _verified(path: str, text: str, document: Document, edits: list[_Edit]) -> tuple[str, Document] | None:
    """The page with the edits, read again; None unless it is the same page with exactly these links more."""
    edits = sorted(edits, key=lambda edit: -edit.start)
    if any(other.end > one.start for one, other in pairwise(edits)):
        return None
    for edit in edits:
        text = text[: edit.start] + edit.written + text[edit.end :]
    made = reader_of(path.rsplit(".", 1)[-1].lower())(text)
    bare = [structs.replace(each, references=(), components=()) for each in (document, made)]
    if bare[0] != bare[1]:
        return None
    new, old = _spans(made), _spans(document)
    expected = Counter((edit.block, edit.at, edit.at + len(edit.mention.text), edit.mention.text) for edit in edits)
    return (text, made) if new - old == expected and not old - new else None


def _spans(document: Document) -> Counter[tuple[int, int, int, str]]:
    """Block, start, end and text of all references and components of a page."""
    items: list[Reference | Component] = [*document.references, *document.components]
    return Counter((item.block, item.start, item.end, item.text) for item in items)
