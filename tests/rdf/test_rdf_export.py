"""Dumps: sorted in bounded memory, described, checked by others, and in RDF 1.2 where asked for."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tracemalloc
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

import kgraph
from kgraph.errors import ConfigError, ExportError
from kgraph.export.rdf import RDF_FORMATS, read_dataset, write_rdf
from kgraph.export.sorting import sorted_lines
from kgraph.rdf.terms import KG
from tests.conftest import RunKgraph
from tests.ingest.wiki import write_wiki
from tests.rdf.reading import by_oxigraph, by_rdflib, rdflib_quads

RAPPER = {"nquads": "nquads", "trig": "trig", "turtle": "turtle", "ntriples": "ntriples", "rdfxml": "rdfxml"}
ENTAILED = "https://kgraph.example/graph/entailed"


@given(st.lists(st.binary(max_size=9).map(lambda data: data.replace(b"\n", b"") + b"\n"), max_size=60), st.integers(1, 40))
def test_lines_are_sorted_whatever_fits_in_memory(lines: list[bytes], held: int) -> None:
    assert list(sorted_lines(lines, held=held)) == sorted(set(lines))


def test_more_runs_than_may_be_open() -> None:
    lines = [b"%05d\n" % (number * 7919 % 1000) for number in range(1000)]
    assert list(sorted_lines(lines, held=1)) == sorted(lines)


def test_sorting_takes_bounded_memory() -> None:
    def most(count: int) -> int:
        tracemalloc.start()
        for _ in sorted_lines((b"%032d\n" % (number * 7919 % 1_000_003) for number in range(count)), held=200_000):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(80_000) < 1.5 * most(40_000) + 500_000


def test_nquads_are_sorted_by_their_bytes(sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    write_rdf(sample.generation.folder, tmp_path / "a.nq")
    lines = (tmp_path / "a.nq").read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert len(lines) == sample.stats()["triples"]
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("form", ["nquads", "trig", "jsonld"])
def test_a_trip_through_rdflib_loses_nothing(
    form: str, odd: kgraph.KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    write_rdf(odd.generation.folder, tmp_path / "one", form)
    expected = by_oxigraph(tmp_path / "one", form)
    dataset = rdflib.Dataset()
    dataset.parse(tmp_path / "one", format={"nquads": "nquads", "trig": "trig", "jsonld": "json-ld"}[form])
    dataset.serialize(tmp_path / "two", format="nquads")
    assert rdflib_quads(dataset) == expected
    assert by_oxigraph(tmp_path / "two", "nquads") == expected
    assert by_rdflib(tmp_path / "two", "nquads") == expected


@pytest.mark.parametrize("form", sorted(RAPPER))
@pytest.mark.parametrize("name", ["sample", "odd"])
def test_raptor_reads_every_format_without_a_warning(form: str, name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if shutil.which("rapper") is None:
        pytest.skip("rapper (Debian: raptor2-utils) is not installed")
    if name == "odd" and form in ("turtle", "trig"):
        pytest.skip("Raptor refuses the noncharacter U+FFFE in Turtle, which RDF allows")
    kg: kgraph.KnowledgeGraph = request.getfixturevalue(name)
    write_rdf(kg.generation.folder, tmp_path / "a", form)
    done = subprocess.run(["rapper", "-c", "-i", RAPPER[form], tmp_path / "a"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert not [line for line in done.stderr.splitlines() if "Error" in line or "Warning" in line]
    assert f"returned {len(by_oxigraph(tmp_path / 'a', form))} triples" in done.stderr


@pytest.mark.parametrize("form", ["nquads", "trig", "turtle", "ntriples"])
def test_relatedness_reifies_its_statement_in_rdf_12(form: str, sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    write_rdf(sample.generation.folder, tmp_path / "a", form, rdf12=True)
    formats = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES}
    quads = list(ox.parse(path=str(tmp_path / "a"), format=formats[form]))
    made = {str(quad.subject): quad.object for quad in quads if quad.predicate.value.endswith("#reifies")}
    ends = {(str(quad.subject), quad.predicate.value[len(KG) :]): quad.object for quad in quads if quad.predicate.value.startswith(KG)}
    pairs = {str(quad.subject) for quad in quads if quad.object == ox.NamedNode(KG + "Relatedness") and "/related/" in str(quad.subject)}
    assert pairs == set(made)
    assert len(pairs) > 500
    for subject, triple in made.items():
        assert isinstance(triple, ox.Triple)
        assert (triple.subject, triple.object) == (ends[subject, "source"], ends[subject, "target"])
        assert triple.predicate.value == KG + "closeTo"


def test_rdf_12_has_its_formats(sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"jsonld cannot hold RDF 1.2: use --format nquads"):
        write_rdf(sample.generation.folder, tmp_path / "a.jsonld", rdf12=True)


def test_what_is_entailed_can_be_left_out(sample: kgraph.KnowledgeGraph) -> None:
    folder = sample.generation.folder
    lines, fewer = list(read_dataset(folder)), list(read_dataset(folder, entailed=False))
    left_out = set(lines) - set(fewer)
    assert set(fewer) < set(lines)
    assert {line.split()[-2].decode() for line in left_out} == {f"<{ENTAILED}>"}


def test_a_dump_is_described_and_summed(
    sample_workspace: Path, sample: kgraph.KnowledgeGraph, tmp_path: Path, run_kgraph: RunKgraph
) -> None:
    done = run_kgraph("export", "rdf", "-o", tmp_path / "my wiki.nq", "-w", sample_workspace)
    assert done.returncode == 0, done.stderr
    dump, void = tmp_path / "my wiki.nq", rdflib.Graph().parse(tmp_path / "my wiki.nq.void.ttl")
    digest = hashlib.sha256(dump.read_bytes()).hexdigest()
    assert (tmp_path / "my wiki.nq.sha256").read_text() == f"{digest}  my wiki.nq\n"
    dataset = rdflib.URIRef("https://kgraph.example/dataset")
    ns = rdflib.Namespace("http://rdfs.org/ns/void#")
    assert void.value(dataset, ns.triples).toPython() == sample.stats()["triples"]  # type: ignore[union-attr]
    assert void.value(dataset, ns.entities).toPython() == sample.stats()["entities"]  # type: ignore[union-attr]
    assert digest in {str(value) for value in void.objects(None, rdflib.URIRef("http://spdx.org/rdf/terms#checksumValue"))}
    counted = sum(int(str(void.value(part, ns.triples))) for part in void.objects(dataset, ns.propertyPartition))
    assert counted == sample.stats()["triples"]
    assert not [node for triple in void for node in triple if isinstance(node, rdflib.BNode)]
    assert str(tmp_path) not in (tmp_path / "my wiki.nq.void.ttl").read_text()
    run_kgraph("export", "rdf", "-o", tmp_path / "b.nt", "--no-describe", "-w", sample_workspace)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("b")) == ["b.nt"]


def test_the_licence_comes_from_the_configuration(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    write_wiki(tmp_path / "wiki", {"a.md": "# A\n", "kgraph.toml": f'[rdf]\nlicense = "{licence}"\nentailed = false\ntitle = "Mine"\n'})
    kg = kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    assert not list(kg.store.quads_for_pattern(None, None, None, ox.NamedNode(ENTAILED)))
    assert run_kgraph("export", "rdf", "-o", tmp_path / "a.nq", "-w", tmp_path / "workspace").returncode == 0
    void = rdflib.Graph().parse(tmp_path / "a.nq.void.ttl")
    assert {str(value) for value in void.objects(None, rdflib.DCTERMS.license)} == {licence}
    assert "Mine" in {str(value) for value in void.objects(None, rdflib.DCTERMS.title)}


def test_a_licence_that_is_no_iri_is_refused(tmp_path: Path) -> None:
    from kgraph.config import read_config

    (tmp_path / "kgraph.toml").write_text('[rdf]\nlicense = "CC BY <4.0>"\n')
    with pytest.raises(ConfigError, match=r"kgraph.toml:2: rdf.license must be an IRI"):
        read_config(tmp_path / "kgraph.toml")


def test_every_format_is_covered_here() -> None:
    assert {*RAPPER, "jsonld"} == set(RDF_FORMATS)
