"""The RDF dataset as a file in every usual format."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kgraph.errors import ExportError, WorkspaceError
from kgraph.rdf.results import xml_triples
from kgraph.rdf.terms import PREFIXES

__all__ = ["RDF_FORMATS", "RDF_SUFFIXES", "read_dataset", "write_rdf"]

RDF_FORMATS = ("nquads", "trig", "turtle", "ntriples", "jsonld", "rdfxml")
RDF_SUFFIXES = {
    ".nq": "nquads", ".trig": "trig", ".ttl": "turtle", ".nt": "ntriples", ".jsonld": "jsonld", ".json": "jsonld", ".rdf": "rdfxml",
    ".xml": "rdfxml", ".owl": "rdfxml",
}  # fmt: skip


def read_dataset(folder: Path) -> list[bytes]:
    """The dataset of a generation as N-Quads lines, sorted.

    Raises:
        WorkspaceError: a file is missing or damaged.

    """
    found: list[bytes] = []
    for name in ("pages.nq", "rankings.nq"):
        if (folder / name).exists():
            found += (folder / name).read_bytes().splitlines(keepends=True)
    if len(found) != _count(folder / "stats.msgpack") or not all(line.endswith(b" .\n") for line in found):
        raise WorkspaceError(f"{folder}: pages.nq or rankings.nq is missing or damaged: run `kgraph build --full`")
    return sorted(set(found))


def _count(path: Path) -> object:
    """How many statements the build counted."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, object]).get("triples")
    except (OSError, msgspec.DecodeError) as error:
        raise WorkspaceError(f"{path}: missing or damaged ({error}): run `kgraph build --full`") from None


def write_rdf(folder: Path, path: Path, form: str | None = None) -> str:
    """Write the dataset in ``form``, or in the format that the suffix of ``path`` names; gives the format.

    N-Quads, TriG and JSON-LD keep the named graphs; Turtle, N-Triples and RDF/XML hold their union. Characters that XML cannot
    write are replaced in RDF/XML. Statements come in a
    fixed order: the same dataset gives the same bytes.

    Args:
        folder: Folder of the generation.
        path: File to write.
        form: One of :data:`RDF_FORMATS`.

    Raises:
        ExportError: the format is unknown, or the file cannot be written.

    """
    chosen = form or RDF_SUFFIXES.get(path.suffix.lower())
    if chosen not in RDF_FORMATS:
        told = f"format {form!r}" if form else f"suffix {path.suffix!r}"
        raise ExportError(f"{path}: unknown {told}: use --format {', '.join(RDF_FORMATS)}")
    try:
        if chosen == "nquads":
            with path.open("wb") as stream:
                stream.writelines(read_dataset(folder))
        else:
            _convert(b"".join(read_dataset(folder)), path, chosen)
    except SyntaxError as error:
        raise WorkspaceError(f"{folder}: the dataset is damaged ({error}): run `kgraph build --full`") from None
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror or error})") from None
    return chosen


def _convert(nquads: bytes, path: Path, form: str) -> None:
    import pyoxigraph as ox

    formats = {
        "trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD,
        "rdfxml": ox.RdfFormat.RDF_XML,
    }  # fmt: skip
    quads = ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    prefixes = None if form == "ntriples" else {name: iri for name, iri in PREFIXES.items() if name != "rdf"}
    if form in ("trig", "jsonld"):
        ordered = sorted(quads, key=lambda quad: (str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)))
        ox.serialize(ordered, output=str(path), format=formats[form], prefixes=prefixes)
        return
    triples = sorted({quad.triple for quad in quads}, key=lambda triple: (str(triple.subject), str(triple.predicate), str(triple.object)))
    ox.serialize(xml_triples(triples) if form == "rdfxml" else triples, output=str(path), format=formats[form], prefixes=prefixes)
