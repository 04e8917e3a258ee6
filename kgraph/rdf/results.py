"""Results of queries as text and as Python values.

SPARQL 1.1 Query Results JSON, XML, CSV and TSV (https://www.w3.org/TR/sparql11-overview/); triple terms as in SPARQL 1.2.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kgraph.errors import QueryError
from kgraph.rdf.terms import PREFIXES, shorten
from kgraph.tabular import table_lines

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kgraph.rdf.labels import Labels
    from kgraph.rdf.sparql import QueryResult, QueryStream

__all__ = [
    "GRAPH_FORMATS",
    "TABLE_FORMATS",
    "python_value",
    "render_result",
    "serialize_triples",
    "whole_lines",
    "write_result",
    "xml_triples",
]

TABLE_FORMATS = ("table", "json", "csv", "tsv", "xml")
GRAPH_FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")


def render_result(result: QueryResult, form: str, *, base: str = "") -> str:
    """Text of a result in one of :data:`TABLE_FORMATS` or :data:`GRAPH_FORMATS`.

    Raises:
        QueryError: the form of the query does not go with the format.

    """
    return "".join(write_result(result, form, base=base))


def write_result(
    result: QueryResult | QueryStream, form: str, *, base: str = "", labels: Labels | None = None, width: int | None = None
) -> Iterator[str]:
    """Text of a result, piece by piece as its rows come.

    Args:
        result: A whole result, or solutions that are still read.
        form: One of :data:`TABLE_FORMATS` or :data:`GRAPH_FORMATS`.
        base: Base IRI of the site: its entities are shown by their ids in a table.
        labels: What a table names IRIs by, beside the id or prefixed name.
        width: Columns of the terminal, which a table then fits.

    Raises:
        QueryError: the form of the query does not go with the format.

    """
    import pyoxigraph as ox

    kind = getattr(result, "kind", "solutions")
    if kind == "triples":
        if form == "table":
            form = "turtle"
        if form not in GRAPH_FORMATS:
            raise QueryError(f"CONSTRUCT and DESCRIBE give a graph: use --format {', '.join(GRAPH_FORMATS)}, not {form}")
        yield serialize_triples([ox.Triple(*row) for row in result.rows], form)
        return
    if form not in TABLE_FORMATS:
        raise QueryError(f"SELECT and ASK give a table: use --format {', '.join(TABLE_FORMATS)}, not {form}")
    if kind == "boolean":
        yield _render_answer(bool(getattr(result, "answer", False)), form)
    elif form == "table":
        cells = (list(_named(row, base, labels)) if labels else [_cell(term, base) for term in row] for row in result.rows)
        yield from table_lines(list(result.variables), cells, width)
    else:
        yield from _WRITERS[form](result.variables, result.rows)


def _named(row: Sequence[Any], base: str, labels: Labels) -> Iterator[str]:
    """Cells of a row; an IRI is followed by its label where no other cell tells it."""
    import pyoxigraph as ox

    told = {term.value for term in row if isinstance(term, ox.Literal)}
    for term in row:
        text = _cell(term, base)
        label = labels.find(term.value) if isinstance(term, ox.NamedNode) else None
        yield text if label is None or label in told or label == text else f"{text} ({label})"


def _render_answer(answer: bool, form: str) -> str:
    text = "true" if answer else "false"
    if form == "json":
        return f'{{"head":{{}},"boolean":{text}}}\n'
    if form == "xml":
        return (
            f'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head><boolean>{text}</boolean></sparql>\n'
        )
    return text + "\n"


def _write_csv(variables: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    import csv

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(variables)
    for row in rows:
        writer.writerow(["" if term is None else _value(term) for term in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _write_tsv(variables: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in variables) + "\n"
    for row in rows:
        yield "\t".join("" if term is None else _ntriples(term).replace("\t", "\\t") for term in row) + "\n"


def _write_json(variables: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    import msgspec

    encode = msgspec.json.Encoder().encode
    yield f'{{"head":{{"vars":{encode(list(variables)).decode()}}},"results":{{"bindings":['
    before = "\n"
    for row in rows:
        yield before + encode({name: _json_term(term) for name, term in zip(variables, row, strict=True) if term is not None}).decode()
        before = ",\n"
    yield "\n]}}\n"


def _write_xml(variables: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    from xml.sax.saxutils import quoteattr

    head = "".join(f"<variable name={quoteattr(name)}/>" for name in variables)
    yield f'<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>{head}</head><results>\n'
    starts = [f"<binding name={quoteattr(name)}>" for name in variables]
    for row in rows:
        cells = [f"{start}{_xml_term(_json_term(term))}</binding>" for start, term in zip(starts, row, strict=True) if term is not None]
        yield f"<result>{''.join(cells)}</result>\n"
    yield "</results></sparql>\n"


_WRITERS = {"csv": _write_csv, "tsv": _write_tsv, "json": _write_json, "xml": _write_xml}


def _json_term(term: Any) -> dict[str, Any]:
    import pyoxigraph as ox

    if isinstance(term, ox.Triple):
        parts = ("subject", "predicate", "object")
        return {"type": "triple", "value": {part: _json_term(getattr(term, part)) for part in parts}}
    if isinstance(term, ox.Literal):
        told: dict[str, Any] = {"type": "literal", "value": term.value}
        if term.language:
            told["xml:lang"] = term.language
        elif term.datatype.value != PREFIXES["xsd"] + "string":
            told["datatype"] = term.datatype.value
        return told
    return {"type": "bnode" if isinstance(term, ox.BlankNode) else "uri", "value": term.value}


def _xml_term(told: dict[str, Any]) -> str:
    from xml.sax.saxutils import escape, quoteattr

    if told["type"] == "triple":
        return f"<triple>{''.join(f'<{part}>{_xml_term(term)}</{part}>' for part, term in told['value'].items())}</triple>"
    if told["type"] == "literal":
        extra = f" xml:lang={quoteattr(told['xml:lang'])}" if "xml:lang" in told else ""
        extra += f" datatype={quoteattr(told['datatype'])}" if "datatype" in told else ""
        return f"<literal{extra}>{escape(_xml_safe(told['value']), {chr(13): '&#13;'})}</literal>"
    return f"<{told['type']}>{escape(told['value'])}</{told['type']}>"


def _xml_safe(text: str) -> str:
    """Text without the characters that no XML document can hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)


def xml_triples(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Triples whose literals hold only characters that XML can write."""
    import pyoxigraph as ox

    for triple in triples:
        term = triple.object
        if isinstance(term, ox.Literal) and _xml_safe(term.value) != term.value:
            told = {"language": term.language} if term.language else {"datatype": term.datatype}
            yield ox.Triple(triple.subject, triple.predicate, ox.Literal(_xml_safe(term.value), **told))
        else:
            yield triple


def serialize_triples(triples: Iterable[Any], form: str) -> str:
    """Triples, in the order given, in a graph format."""
    import pyoxigraph as ox

    formats = {
        "turtle": ox.RdfFormat.TURTLE,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdfxml": ox.RdfFormat.RDF_XML,
    }
    prefixes = PREFIXES if form in ("turtle", "rdfxml") else None
    data = ox.serialize(xml_triples(triples) if form == "rdfxml" else triples, format=formats[form], prefixes=prefixes) or b""
    return (whole_lines(data) if form == "rdfxml" else data).decode("utf-8")


def whole_lines(xml: bytes) -> bytes:
    """RDF/XML whose carriage returns are characters of literals: as they are, XML takes them for ends of lines (XML 1.0, section 2.11).

    >>> whole_lines(b"<a>one\\r\\ntwo</a>")
    b'<a>one&#13;\\ntwo</a>'
    """
    return xml.replace(b"\r", b"&#13;")


def _value(term: Any) -> str:
    """A cell of CSV: the bare value; a blank node with its ``_:``."""
    import pyoxigraph as ox

    return str(term.value) if isinstance(term, (ox.Literal, ox.NamedNode)) else _ntriples(term)


def _ntriples(term: Any) -> str:
    import pyoxigraph as ox

    return f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)


def _cell(term: Any, base: str) -> str:
    if term is None:
        return ""
    import pyoxigraph as ox

    return shorten(term.value, base) if isinstance(term, ox.NamedNode) else _value(term)


def python_value(term: Any, base: str) -> Any:
    """A term as an analyst wants it: numbers and truth values as such, entities by id, other IRIs shortened."""
    if term is None:
        return None
    import pyoxigraph as ox

    if not isinstance(term, ox.Literal):
        return _cell(term, base)
    kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
    if kind in ("integer", "int", "long", "nonNegativeInteger"):
        return int(term.value)
    if kind in ("decimal", "double", "float"):
        return float(term.value)
    return term.value == "true" if kind == "boolean" else term.value
