"""The RDF dataset as a file in every usual format, written in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

from kgraph.errors import ExportError, WorkspaceError
from kgraph.export.sorting import sorted_lines
from kgraph.rdf.results import whole_lines, xml_triples
from kgraph.rdf.store import NoDatasetError
from kgraph.rdf.terms import KG, PREFIXES

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["RDF_FORMATS", "RDF_SUFFIXES", "read_dataset", "write_rdf"]

RDF_FORMATS = ("nquads", "trig", "turtle", "ntriples", "jsonld", "rdfxml")
RDF_SUFFIXES = {
    ".nq": "nquads", ".trig": "trig", ".ttl": "turtle", ".nt": "ntriples", ".jsonld": "jsonld", ".json": "jsonld", ".rdf": "rdfxml",
    ".xml": "rdfxml", ".owl": "rdfxml",
}  # fmt: skip
_WITH_GRAPHS = ("nquads", "trig", "jsonld")
_RDF12 = ("nquads", "trig", "turtle", "ntriples")
"""Formats that can hold the terms of RDF 1.2."""
_SOURCE, _TARGET, _REIFIES, _CLOSE = (
    f" <{iri}> ".encode() for iri in (f"{KG}source", f"{KG}target", f"{PREFIXES['rdf']}reifies", f"{KG}closeTo")
)


def read_dataset(folder: Path, *, entailed: bool = True, rdf12: bool = False) -> Iterator[bytes]:
    """The dataset of a generation as N-Quads lines, sorted by their bytes, each once, in bounded memory.

    Args:
        folder: Folder of the generation.
        entailed: Whether the graph of what follows from the ontology is among them.
        rdf12: Whether each computed relatedness reifies its statement, as a triple term of RDF 1.2.

    Raises:
        WorkspaceError: a file is missing or damaged.

    """
    lines = _stored(folder, entailed=entailed)
    return sorted_lines(_reified(lines) if rdf12 else lines)


def _stored(folder: Path, *, entailed: bool) -> Iterator[bytes]:
    """The lines as the build wrote them; an error when they are not as many as it counted."""
    damaged = WorkspaceError(f"{folder}: pages.nq, entailed.nq or rankings.nq is missing or damaged: run `kgraph build --full`")
    expected = _count(folder / "stats.msgpack")
    if not expected:
        raise NoDatasetError(folder)
    count = 0
    for path in (folder / "pages.nq", folder / "entailed.nq", folder / "rankings.nq"):
        if path.exists():
            with path.open("rb") as stream:
                for line in stream:
                    if not line.endswith(b" .\n"):
                        raise damaged
                    count += 1
                    if entailed or path.name != "entailed.nq":
                        yield line
    if count != expected:
        raise damaged


def _reified(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, and after source and target of a relatedness the statement that it is about (https://www.w3.org/TR/rdf12-concepts/)."""
    pair: tuple[bytes, bytes] = (b"", b"")
    for line in lines:
        yield line
        if _SOURCE in line:
            subject, _, rest = line.partition(_SOURCE)
            pair = (subject, rest.split(b" ", 1)[0])
        elif _TARGET in line:
            subject, _, rest = line.partition(_TARGET)
            target, graph = rest.split(b" ", 1)
            if subject == pair[0]:
                yield b"%s%s<<( %s%s%s )>> %s" % (subject, _REIFIES, pair[1], _CLOSE, target, graph)


def _count(path: Path) -> object:
    """How many statements the build counted."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, object]).get("triples")
    except (OSError, msgspec.DecodeError) as error:
        raise WorkspaceError(f"{path}: missing or damaged ({error}): run `kgraph build --full`") from None


def write_rdf(folder: Path, path: Path, form: str | None = None, *, entailed: bool = True, rdf12: bool = False) -> str:
    """Write the dataset in ``form``, or in the format that the suffix of ``path`` names; gives the format.

    N-Quads, TriG and JSON-LD keep the named graphs; Turtle, N-Triples and RDF/XML hold their union. Characters that XML cannot
    write are replaced in RDF/XML. Statements come in the order of the bytes of their N-Quads, by graph where the format groups them:
    the same dataset gives the same bytes. Memory stays bounded, however large the dataset is.

    Args:
        folder: Folder of the generation.
        path: File to write.
        form: One of :data:`RDF_FORMATS`.
        entailed: Whether to write the graph of what follows from the ontology.
        rdf12: Whether each computed relatedness reifies its statement, as a triple term of RDF 1.2.

    Raises:
        ExportError: the format is unknown or cannot hold RDF 1.2, or the file cannot be written.

    """
    chosen = form or RDF_SUFFIXES.get(path.suffix.lower())
    if chosen not in RDF_FORMATS:
        told = f"format {form!r}" if form else f"suffix {path.suffix!r}"
        raise ExportError(f"{path}: unknown {told}: use --format {', '.join(RDF_FORMATS)}")
    if rdf12 and chosen not in _RDF12:
        raise ExportError(f"{path}: {chosen} cannot hold RDF 1.2: use --format {', '.join(_RDF12)}")
    part = path if path.exists() and not path.is_file() else path.with_name(path.name + ".part")
    lines = read_dataset(folder, entailed=entailed, rdf12=rdf12)
    try:
        with part.open("wb") as stream:
            if chosen == "nquads":
                stream.writelines(lines)
            elif chosen == "ntriples":
                stream.writelines(sorted_lines(map(_triple, lines)))
            else:
                _serialize(_parsed(lines, chosen), stream, chosen)
        if part != path:
            part.replace(path)
    except SyntaxError as error:
        raise WorkspaceError(f"{folder}: the dataset is damaged ({error}): run `kgraph build --full`") from None
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror or error})") from None
    finally:
        if part != path:
            part.unlink(missing_ok=True)
    return chosen


def _triple(line: bytes) -> bytes:
    """A line of N-Triples of one of N-Quads: no IRI holds a space, so the name of the graph is what follows the last."""
    return line[:-3].rpartition(b" ")[0] + b" .\n"


def _by_graph(line: bytes) -> bytes:
    triple, _, graph = line[:-3].rpartition(b" ")
    return graph + b" " + triple + b"\n"


def _parsed(lines: Iterable[bytes], form: str) -> Iterator[ox.Quad]:
    """Statements in the order of the format: by graph where it has graphs, else each once, without its graph."""
    import pyoxigraph as ox

    if form in _WITH_GRAPHS:
        ordered: Iterable[bytes] = (b"%s %s .\n" % (rest[:-1], graph) for graph, _, rest in
                                    (line.partition(b" ") for line in sorted_lines(map(_by_graph, lines))))  # fmt: skip
    else:
        ordered = sorted_lines(map(_triple, lines))
    return iter(ox.parse(BufferedReader(_Lines(ordered)), format=ox.RdfFormat.N_QUADS))


class _Lines(RawIOBase):
    """Lines as a file to read from."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.lines = iter(lines)
        self.rest = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next; gives how many bytes."""
        held, length = [self.rest], len(self.rest)
        while length < len(buffer) and (line := next(self.lines, None)) is not None:
            held.append(line)
            length += len(line)
        data = b"".join(held)
        count = min(len(buffer), length)
        buffer[:count], self.rest = data[:count], data[count:]
        return count


def _serialize(quads: Iterator[ox.Quad], stream: BinaryIO, form: str) -> None:
    import pyoxigraph as ox

    formats = {"trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML}
    prefixes = {name: iri for name, iri in PREFIXES.items() if name != "rdf"}
    triples = (quad.triple for quad in quads)
    statements = quads if form in _WITH_GRAPHS else xml_triples(triples) if form == "rdfxml" else triples
    written = cast("IO[bytes]", _XmlFile(stream)) if form == "rdfxml" else stream
    ox.serialize(statements, output=written, format=formats[form], prefixes=prefixes)


class _XmlFile:
    """A file of RDF/XML, to which the library writes carriage returns as they are."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def write(self, piece: bytes) -> int:
        self.stream.write(whole_lines(piece))
        return len(piece)

    def flush(self) -> None:
        self.stream.flush()
