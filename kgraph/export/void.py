"""What stands beside a dump: its description in VoID and DCAT, and its checksum as ``sha256sum`` writes it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from kgraph.errors import ExportError
from kgraph.rdf.terms import KG, PREFIXES, expand, literal, number

__all__ = ["Census", "describe_dump", "take_census"]

_MEDIA = {
    "nquads": "application/n-quads", "trig": "application/trig", "turtle": "text/turtle", "ntriples": "application/n-triples",
    "jsonld": "application/ld+json", "rdfxml": "application/rdf+xml",
}  # fmt: skip
_TYPE = expand("rdf:type").encode()
_CHUNK = 1 << 20


class Census(Struct, frozen=True):
    """What VoID tells of a dataset."""

    statements: int
    subjects: int
    properties: dict[str, int]
    """Statements by the IRI of their property."""
    classes: dict[str, int]
    """Statements of type by the IRI of the class."""


def take_census(lines: Iterable[bytes]) -> Census:
    """Count the statements of sorted N-Quads lines, in memory for properties and classes only."""
    properties: Counter[bytes] = Counter()
    classes: Counter[bytes] = Counter()
    before, subjects, statements = b"", 0, 0
    for line in lines:
        subject, predicate, rest = line[:-3].split(b" ", 2)
        value = rest.rpartition(b" ")[0]
        statements += 1
        subjects += subject != before
        before = subject
        properties[predicate] += 1
        if predicate[1:-1] == _TYPE:
            classes[value] += 1
    return Census(statements, subjects, _plain(properties), _plain(classes))


def _plain(counts: Counter[bytes]) -> dict[str, int]:
    return {name[1:-1].decode(): count for name, count in sorted(counts.items())}


def describe_dump(path: Path, census: Census, *, form: str, base: str, title: str, license: str | None) -> tuple[Path, Path]:
    """Write ``NAME.void.ttl`` and ``NAME.sha256`` beside the dump ``path``; gives their paths.

    Args:
        path: The dump, as it was written.
        census: What the dataset holds.
        form: Format of the dump.
        base: Base IRI of the site.
        title: Title of the dataset.
        license: IRI of its licence, where the configuration names one.

    Raises:
        ExportError: a file cannot be read or written.

    """
    described, summed = path.with_name(path.name + ".void.ttl"), path.with_name(path.name + ".sha256")
    try:
        size, digest = path.stat().st_size, _digest(path)
        described.write_bytes(_turtle(_statements(path.name, size, digest, census, form=form, base=base, title=title, license=license)))
        summed.write_text(f"{digest}  {path.name}\n", encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise ExportError(f"{described}: cannot be written ({error.strerror or error})") from None
    return described, summed


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _t(name: str) -> str:
    return f"<{expand(name)}>"


def _statements(
    name: str, size: int, digest: str, census: Census, *, form: str, base: str, title: str, license: str | None
) -> list[str]:  # fmt: skip
    dataset = f"<{base}dataset>"
    dump = f"<{base}dump/{quote(name.encode('utf-8', 'replace'), safe='-._~')}>"
    checksum = f"{dump[:-1]}/checksum>"
    hexadecimal, media = _t("xsd:hexBinary"), literal(_MEDIA[form])
    lines = [
        f"{dataset} {_t('rdf:type')} {_t('void:Dataset')}", f"{dataset} {_t('rdf:type')} {_t('dcat:Dataset')}",
        f"{dataset} {_t('dcterms:title')} {literal(title)}", f"{dataset} {_t('void:uriSpace')} {literal(base)}",
        f"{dataset} {_t('void:triples')} {number(census.statements)}",
        f"{dataset} {_t('void:distinctSubjects')} {number(census.subjects)}",
        f"{dataset} {_t('void:entities')} {number(census.classes.get(KG + 'Entity', 0))}",
        f"{dataset} {_t('void:properties')} {number(len(census.properties))}",
        f"{dataset} {_t('void:classes')} {number(len(census.classes))}",
        f"{dataset} {_t('dcat:distribution')} {dump}", f"{dump} {_t('rdf:type')} {_t('dcat:Distribution')}",
        f"{dump} {_t('dcterms:title')} {literal(name)}", f"{dump} {_t('dcterms:format')} {media}",
        f'{dump} {_t("dcat:byteSize")} "{size}"^^{_t("xsd:nonNegativeInteger")}', f"{dump} {_t('spdx:checksum')} {checksum}",
        f"{checksum} {_t('rdf:type')} {_t('spdx:Checksum')}",
        f"{checksum} {_t('spdx:algorithm')} {_t('spdx:checksumAlgorithm_sha256')}",
        f'{checksum} {_t("spdx:checksumValue")} "{digest}"^^{hexadecimal}',
    ]  # fmt: skip
    if license:
        lines += [f"{thing} {_t('dcterms:license')} <{license}>" for thing in (dataset, dump)]
    used = sorted(prefix for prefix, iri in PREFIXES.items() if any(term.startswith(iri) for term in (*census.properties, *census.classes)))
    lines += [f"{dataset} {_t('void:vocabulary')} <{PREFIXES[prefix]}>" for prefix in used]
    for kind, term, count, counts in (
        ("property", "void:property", "void:triples", census.properties), ("class", "void:class", "void:entities", census.classes),
    ):  # fmt: skip
        for iri, number_of in counts.items():
            part = f"<{base}dataset/{kind}/{quote(iri, safe='-._~')}>"
            lines += [
                f"{dataset} {_t(f'void:{kind}Partition')} {part}",
                f"{part} {_t(term)} <{iri}>",
                f"{part} {_t(count)} {number(number_of)}",
            ]
    return [f"{line} ." for line in lines]


def _turtle(lines: list[str]) -> bytes:
    import pyoxigraph as ox

    triples = [quad.triple for quad in ox.parse("\n".join(sorted(lines)).encode("utf-8", "replace"), format=ox.RdfFormat.N_TRIPLES)]
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={name: iri for name, iri in PREFIXES.items() if name != "rdf"})
    assert written is not None
    return written
