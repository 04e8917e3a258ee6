"""Mentions, citations and footnotes as annotations of the sentence they stand in, in the terms of NIF 2.0, CiTO and DoCO.

A sentence is a ``nif:Context``; a mention is a ``nif:Phrase`` within it, whose offsets count characters of the sentence and whose IRI
is that of the sentence with a fragment of RFC 5147 (https://persistence.uni-leipzig.org/nlp2rdf/specification/core.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b

from kgraph.model.corpus import Citation, Corpus, Mention
from kgraph.model.document import Block, Document, Footnote
from kgraph.model.text import fold, sentence_at
from kgraph.rdf.identity import web_iri
from kgraph.rdf.terms import literal, number
from kgraph.rdf.writer import TYPE, Writer, own, term

__all__ = ["notes_about", "offsets_in_sentence", "tell_citations", "tell_footnotes", "tell_mentions"]

_CONTEXT, _PHRASE, _IS_STRING, _REFERENCE = term("nif:Context"), term("nif:Phrase"), term("nif:isString"), term("nif:referenceContext")
_ANCHOR, _BEGIN, _END, _IDENT = term("nif:anchorOf"), term("nif:beginIndex"), term("nif:endIndex"), term("itsrdf:taIdentRef")
_SENTENCE, _PART_OF = term("nif:Sentence"), term("dcterms:isPartOf")
_FOOTNOTE, _CONTENT, _SOURCE = own("Footnote"), term("c4o:hasContent"), term("dcterms:source")
_LINE, _SUPPORTS, _OF_FOOTNOTE = own("line"), own("supportsSentence"), own("footnote")
_WRITTEN, _MARKS = re.compile(r"https?://[^\s<>\"]+", re.I), "?!.,:;*_~'"
_TELLING = 8
_CITATION, _CITING, _CITED = term("cito:Citation"), term("cito:hasCitingEntity"), term("cito:hasCitedEntity")


def offsets_in_sentence(block: str, sentence: str, start: int, end: int) -> tuple[int, int] | None:
    """Where within a sentence the characters ``start`` to ``end`` of its block stand; None when it does not hold them.

    >>> offsets_in_sentence("One AI. Of AIs and AI.", "Of AIs and AI.", 19, 21)
    (11, 13)
    """
    cut = sentence.startswith("…") and not block.startswith("…", start)
    body = sentence[1:] if cut else sentence
    core = body.removesuffix("…")
    first = block.rfind(core, 0, start + len(core))
    begin = start - first + cut
    end = begin + end - start
    return (begin, end) if first >= 0 and begin >= 0 and end <= len(sentence) else None


class _Sentences:
    """The sentences of one site, each told of once in each graph."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.told: set[str] = set()

    def iri(self, entity_id: str, sentence: str, graph: str | None) -> str:
        """IRI of a sentence of a page, without its angle brackets; it is told of in a graph, or another one does that where it is None."""
        digest = blake2b(sentence.encode("utf-8", "replace"), digest_size=8).hexdigest()
        iri = self.writer.mint.sentence(entity_id, digest)
        if graph is not None and iri not in self.told:
            self.told.add(iri)
            subject, add = f"<{iri}>", self.writer.add
            add(subject, TYPE, _CONTEXT, graph)
            add(subject, TYPE, _SENTENCE, graph)
            add(subject, _IS_STRING, literal(sentence), graph)
            add(subject, _PART_OF, f"<{self.writer.mint.page(entity_id)}>", graph)
        return iri


def tell_mentions(writer: Writer) -> None:
    """Each mention: the words, the sentence, where in it they stand, and the entity or candidate that they name."""
    sentences, mint = _Sentences(writer), writer.mint
    for mention in writer.corpus.mentions:
        _mention(writer, sentences, mention, mint.entity(mention.target))
    for candidate in writer.corpus.candidates:
        for mention in candidate.mentions:
            _mention(writer, sentences, mention, mint.candidate(candidate.id))


def _mention(writer: Writer, sentences: _Sentences, mention: Mention, target: str) -> None:
    block = writer.corpus.documents[mention.path].blocks[mention.block]
    found = offsets_in_sentence(block.text, mention.sentence, mention.start, mention.start + len(mention.text))
    if found is None:
        return
    graph, add = writer.graphs[mention.path], writer.add
    sentence = sentences.iri(mention.source, mention.sentence, graph)
    subject = f"<{sentence}#char={found[0]},{found[1]}>"
    add(subject, TYPE, _PHRASE, graph)
    add(subject, _REFERENCE, f"<{sentence}>", graph)
    add(subject, _ANCHOR, literal(mention.text), graph)
    add(subject, _BEGIN, number(found[0]), graph)
    add(subject, _END, number(found[1]), graph)
    add(subject, _IDENT, f"<{target}>", graph)
    add(subject, _LINE, number(mention.line), graph)


def tell_footnotes(writer: Writer) -> None:
    """Each footnote: its text, the addresses that it names, and the sentences that refer to it."""
    sentences, mint, add = _Sentences(writer), writer.mint, writer.add
    for path, page in writer.corpus.pages.items():
        document, graph = writer.corpus.documents.get(path), writer.graphs[path]
        if document is None:
            continue
        named = _addresses(document)
        subject_of_page = f"<{mint.page(page.entity)}>"
        for note in document.footnotes:
            subject, blocks = f"<{mint.footnote(page.entity, note.label)}>", document.blocks[note.first : note.end]
            add(subject, TYPE, _FOOTNOTE, graph)
            add(subject, _PART_OF, subject_of_page, graph)
            add(subject, _CONTENT, literal("\n".join(block.text for block in blocks)), graph)
            add(subject, _LINE, number(blocks[0].line), graph)
            for place in range(note.first, note.end):
                for address in dict.fromkeys((*named.get(place, ()), *_written(document.blocks[place].text))):
                    add(subject, _SOURCE, f"<{address}>", graph)
                    add(subject_of_page, _SOURCE, f"<{address}>", graph)
            for sentence in _marked(document.blocks, note):
                add(subject, _SUPPORTS, f"<{sentences.iri(page.entity, sentence, graph)}>", graph)


def _addresses(document: Document) -> dict[int, list[str]]:
    """By footnote block: the web addresses that it links to, as IRIs."""
    found: dict[int, list[str]] = {}
    for item in document.references:
        within = item.kind == "link" and 0 <= item.block < len(document.blocks) and document.blocks[item.block].kind == "footnote"
        if within and (address := web_iri(item.target)) is not None:
            found.setdefault(item.block, []).append(address)
    return found


def _written(text: str) -> Iterator[str]:
    """The web addresses that stand in a text, as IRIs; without the marks after them, as GitHub Flavored Markdown 0.29, section 6.9, has it.

    >>> list(_written("See https://example.org/a_(b), or (http://example.org/c)."))
    ['https://example.org/a_(b)', 'http://example.org/c']
    """
    for found in _WRITTEN.findall(text):
        address = found.rstrip(_MARKS)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_MARKS)
        if (iri := web_iri(address)) is not None:
            yield iri


def _marked(blocks: tuple[Block, ...], note: Footnote) -> Iterator[str]:
    """The sentences whose marks refer to a footnote: a mark belongs to what stands before it."""
    for place, offset in zip(note.marks[::2], note.marks[1::2], strict=True):
        if place < len(blocks):
            text = blocks[place].text
            end = len(text[:offset].rstrip()) or min(1, len(text))
            if sentence := sentence_at(text, end - 1, end):
                yield sentence


def tell_citations(writer: Writer) -> None:
    """Each citation: who cites what, on which line, in which footnote, and the sentences that it supports."""
    sentences, mint, add = _Sentences(writer), writer.mint, writer.add
    places: dict[str, int] = {}
    for item in writer.corpus.citations:
        graph = writer.graphs[item.path]
        place = mint.citation(item.source, item.work)
        places[place] = count = places.get(place, 0) + 1
        subject = f"<{place}/{count}>"
        add(subject, TYPE, _CITATION, graph)
        add(subject, _CITING, f"<{mint.entity(item.source)}>", graph)
        add(subject, _CITED, f"<{mint.source(item.work)}>", graph)
        add(subject, _LINE, number(item.line), graph)
        document = writer.corpus.documents.get(item.path)
        note = _note_of(document, item.block) if document else None
        supported = list(_supported(document, item, note)) if document else []
        labels = [note.label] if note else []
        for label, marked in notes_about(writer.whole, item) if document is None else ():
            labels.append(label)
            supported += marked
        for label in labels:
            add(subject, _OF_FOOTNOTE, f"<{mint.footnote(item.source, label)}>", graph)
        for sentence in supported:  # those of footnotes that a catalog means are told of by the page
            iri = sentences.iri(item.source, sentence, graph if document else None)
            add(subject, _SUPPORTS, f"<{iri}>", graph)


def notes_about(corpus: Corpus, item: Citation) -> Iterator[tuple[str, list[str]]]:
    """For a work that a catalog says an entity cites: label and marked sentences of each footnote of its page that names the work.

    A footnote names a work by its address, or by its title where that has eight letters or more.
    """
    document, work = corpus.documents.get(corpus.entities[item.source].path or ""), corpus.sources[item.work]
    if document is None or not document.footnotes:
        return
    title = fold(work.title)
    for note in document.footnotes:
        text = "\n".join(block.text for block in document.blocks[note.first : note.end])
        address = web_iri(work.url) if work.url else None
        if (address and address in _written(text)) or (len(title) >= _TELLING and title in fold(text)):
            yield note.label, list(_marked(document.blocks, note))


def _note_of(document: Document, block: int) -> Footnote | None:
    """The footnote that holds a block."""
    return next((note for note in document.footnotes if note.first <= block < note.end), None)


def _supported(document: Document, item: Citation, note: Footnote | None) -> Iterator[str]:
    """The sentence that a citation stands in; where it stands in a footnote, those that refer to it."""
    if note is not None:
        yield from _marked(document.blocks, note)
    elif item.block >= 0 and (sentence := sentence_at(document.blocks[item.block].text, item.start, item.end)):
        yield sentence
