"""The dataset as files: every format says the same as the store."""

from __future__ import annotations

import re
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rdflib

import kgraph
from kgraph.errors import ExportError
from kgraph.export.rdf import RDF_FORMATS, RDF_SUFFIXES, write_rdf
from kgraph.rdf.results import render_result
from tests.conftest import REPOSITORY, RunKgraph
from tests.ingest.wiki import write_wiki
from tests.rdf.reading import Quads, by_oxigraph, by_rdflib, rdflib_quads, store_quads, without_graphs

WITH_GRAPHS = ("nquads", "trig", "jsonld")


@pytest.fixture(scope="module")
def quads(sample: kgraph.KnowledgeGraph) -> Quads:
    return store_quads(sample.store)


@pytest.mark.parametrize("form", RDF_FORMATS)
def test_every_format_says_what_the_store_says(form: str, sample: kgraph.KnowledgeGraph, quads: Quads, tmp_path: Path) -> None:
    path = tmp_path / "wiki"
    assert write_rdf(sample.generation.folder, path, form) == form
    assert len(quads) == sample.stats()["triples"]
    expected = quads if form in WITH_GRAPHS else without_graphs(quads)
    assert by_oxigraph(path, form) == expected
    assert by_rdflib(path, form) == expected


@pytest.mark.parametrize("form", RDF_FORMATS)
def test_hostile_text_is_written_and_read_back(form: str, odd: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "wiki"
    write_rdf(odd.generation.folder, path, form)
    expected = store_quads(odd.store)
    assert ("literal", 'The \x01 end \\ " \ufffe', "http://www.w3.org/2001/XMLSchema#string", "") in {o for _, _, o, _ in expected}
    if form not in WITH_GRAPHS:
        expected = without_graphs(expected)
    if form == "rdfxml":  # XML has no way to write some characters
        unwritable = str.maketrans("\x01\ufffe", "\ufffd\ufffd")
        expected = {(s, p, tuple(part.translate(unwritable) for part in o), g) for s, p, o, g in expected}
    assert by_oxigraph(path, form) == expected
    assert by_rdflib(path, form) == expected


def test_carriage_returns_are_kept_in_every_format(tmp_path: Path) -> None:
    statement = '<https://example.org/a> <https://example.org/b> "one\\r\\ntwo\\rthree" .\n'
    write_wiki(tmp_path / "wiki", {"a.md": "# A\n", "data/more.nt": statement})
    kg = kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    graph = kg.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s = <https://example.org/a>) }")
    [told] = [str(value) for value in graph.objects(None, rdflib.URIRef("https://example.org/b"))]
    assert told == "one\r\ntwo\rthree"
    for form in RDF_FORMATS:
        path = tmp_path / f"out.{form}"
        write_rdf(kg.generation.folder, path, form)
        for read in (by_oxigraph, by_rdflib):
            assert told in {value for _, predicate, (_, value, *_), _ in read(path, form) if "example.org/b" in str(predicate)}, form
    query = kg.run("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s = <https://example.org/a>) }")
    written = rdflib.Graph().parse(data=render_result(query, "rdfxml"), format="xml")
    assert [str(value) for value in written.objects()] == [told]


def test_plain_literals_of_the_dataset_are_those_of_rdflib(sample: kgraph.KnowledgeGraph) -> None:
    dataset, label = sample.to_rdflib(), rdflib.SKOS.prefLabel
    page = rdflib.URIRef("https://kgraph.example/entity/eu-ai-act")
    plain = rdflib.Literal("EU AI Act")
    assert dataset.value(page, label) == plain
    assert (page, label, plain) in dataset
    select = dataset.query(f"SELECT ?label ?none WHERE {{ <{page}> skos:prefLabel ?label }}")
    assert select.bindings == [{rdflib.Variable("label"): plain}]
    assert list(dataset.query(f"CONSTRUCT WHERE {{ <{page}> skos:prefLabel ?label }}")) == [(page, label, plain)]
    assert dataset.query(f"ASK {{ <{page}> skos:prefLabel 'EU AI Act' }}").askAnswer


def test_dataset_of_rdflib_is_the_same(sample: kgraph.KnowledgeGraph, quads: Quads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    dataset = sample.to_rdflib()
    assert rdflib_quads(dataset) == quads
    assert {"kg", "skos", "prov"} <= {prefix for prefix, _ in dataset.namespaces()}
    page = rdflib.URIRef("https://kgraph.example/entity/eu-ai-act")
    label = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    assert str(dataset.value(page, label)) == "EU AI Act"  # read from the union, though it lies in a named graph


def test_the_suffix_names_the_format(sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    for suffix, form in RDF_SUFFIXES.items():
        assert write_rdf(sample.generation.folder, tmp_path / f"a{suffix}") == form
    with pytest.raises(ExportError, match=r"unknown suffix '\.txt'"):
        write_rdf(sample.generation.folder, tmp_path / "a.txt")
    with pytest.raises(ExportError, match="unknown format 'n3'"):
        write_rdf(sample.generation.folder, tmp_path / "a.nq", "n3")
    assert (tmp_path / "a.nq").read_bytes().startswith(b"<https://kgraph.example/")


@pytest.mark.parametrize("form", RDF_FORMATS)
def test_two_exports_are_the_same_bytes(form: str, odd: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    write_rdf(odd.generation.folder, tmp_path / "one", form)
    write_rdf(odd.generation.folder, tmp_path / "two", form)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_nothing_of_the_machine_is_in_the_dataset(odd: kgraph.KnowledgeGraph, quads: Quads) -> None:
    texts = {part for quad in (*quads, *store_quads(odd.store)) for node in quad[:3] for part in node}
    machine = [str(REPOSITORY), str(odd.generation.folder.parents[2]), str(Path.home()), "/tmp/", "file:"]
    assert not [text for text in texts for word in machine if word in text]
    now = datetime.now(UTC).astimezone()
    assert not [text for text in texts if text.startswith((f"{now:%Y-%m-%d}", f"{now.astimezone(UTC):%Y-%m-%d}"))]
    host = socket.gethostname()
    own = {part for quad in store_quads(odd.store) for node in quad[:3] for part in node}
    assert not [text for text in own if re.search(rf"\b{re.escape(host)}\b", text)]
    assert not [text for text in texts if re.fullmatch(r"1[67]\d{8}(\.\d+)?|1[67]\d{11,17}", text)]


def test_every_iri_is_absolute_and_below_the_base_or_of_a_vocabulary(odd: kgraph.KnowledgeGraph) -> None:
    iris = {node[1] for quad in store_quads(odd.store) for node in quad[:3] if node[0] == "iri"}
    assert len(iris) > 200
    for iri in iris:
        assert re.fullmatch(r"[a-z]+:[^\s<>\"{}|\\^`]+", iri)
        assert "/../" not in f"{iri}/"
        assert "/./" not in f"{iri}/"


def test_export_to_a_place_that_cannot_be_written(sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    (tmp_path / "file").write_text("here")
    for output in (tmp_path / "missing" / "x.nq", tmp_path / "file" / "x.ttl", tmp_path):
        done = run_kgraph("export", "rdf", "-o", output, "--format", "nquads", "-w", sample_workspace)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert str(output) in done.stderr
