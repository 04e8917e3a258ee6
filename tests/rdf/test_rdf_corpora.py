"""What holds of every dataset, on every real corpus at hand: shapes, classes, relations, graphs, IRIs, files that others read."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, Namespace, URIRef
from rdflib.namespace import PROV

import kgraph
from kgraph.export.rdf import RDF_FORMATS, write_rdf
from kgraph.rdf.terms import KG, PREFIXES, Minter
from tests.conftest import CORPORA
from tests.rdf.reading import GRAPH_OF

pytestmark = pytest.mark.xdist_group("rdf corpora")

NAMES = ("seed-page", "obsidian-help", "fastapi-docs", "cppreference-c-html", "mediawiki-dumps", "longterm-wiki-2026-02")
NS = Namespace(KG)
RDF_FOLDER = Path(kgraph.__file__).parent / "rdf"
OWN = "https://kgraph.example/"


@pytest.fixture(scope="module", params=NAMES)
def kg(request: pytest.FixtureRequest, corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> kgraph.KnowledgeGraph:
    return kgraph.build(corpora / request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def quads(kg: kgraph.KnowledgeGraph) -> list[tuple[str, str, str, str]]:
    """Subject, predicate, object and graph as N-Quads writes them."""
    return [(str(q.subject), str(q.predicate), str(q.object), str(q.graph_name)) for q in kg.store]


@pytest.fixture(scope="module")
def union(kg: kgraph.KnowledgeGraph) -> rdflib.Graph:
    found = rdflib.Graph()
    for quad in kg.store:
        found.add(tuple(_node(term) for term in (quad.subject, quad.predicate, quad.object)))  # type: ignore[arg-type]
    return found


def _node(term: object) -> rdflib.term.Node:
    if isinstance(term, ox.Literal):
        return rdflib.Literal(term.value, lang=term.language, datatype=None if term.language else URIRef(term.datatype.value))
    assert isinstance(term, ox.NamedNode), f"blank node or other term: {term}"
    return URIRef(term.value)


def test_it_conforms_to_the_shapes(union: rdflib.Graph) -> None:
    shapes, ontology = (rdflib.Graph().parse(RDF_FOLDER / name) for name in ("shapes.ttl", "ontology.ttl"))
    verdict, _, text = pyshacl.validate(union, shacl_graph=shapes, ont_graph=ontology)
    assert verdict, text[:3000]


def test_every_type_is_a_class_below_one_of_the_field(union: rdflib.Graph) -> None:
    fields = tuple(iri for name, iri in PREFIXES.items() if name not in ("kg", "rdf", "rdfs", "owl", "xsd"))
    classes = set(union.subjects(RDFS.subClassOf, NS.Entity))
    used = set()
    for entity in union.subjects(NS.stub):
        kinds = set(union.objects(entity, RDF.type))
        [kind] = kinds & classes
        assert kinds - {kind, NS.Entity} == set(union.objects(kind, RDFS.subClassOf)) - {NS.Entity}, entity
        used.add(kind)
    for kind in used:
        assert (kind, RDF.type, OWL.Class) in union
        assert (kind, RDFS.subClassOf, NS.Entity) in union
        assert union.value(kind, RDFS.label)
        assert any(str(parent).startswith(fields) for parent in union.objects(kind, RDFS.subClassOf)), kind


def test_relations_are_below_related_to_and_known_ones_have_inverses(kg: kgraph.KnowledgeGraph, union: rdflib.Graph) -> None:
    mint, vocabulary = Minter(kg.head.base_iri), kg.config.relation_vocabulary()
    for name in {item.name for item in kg.statements.relations if item.target is not None} - {"related"}:
        term = URIRef(mint.relation(name, vocabulary.known(name)))
        assert (term, RDFS.subPropertyOf, NS.relatedTo) in union
        assert (term, RDF.type, OWL.ObjectProperty) in union
        inverse = vocabulary.inverse(name)
        if inverse:
            assert (term, OWL.inverseOf, URIRef(mint.relation(inverse, True))) in union
    assert (NS.relatedTo, RDFS.subPropertyOf, SKOS.related) in union
    assert (NS.relatedTo, OWL.inverseOf, NS.relatedTo) in union or (NS.relatedTo, RDF.type, OWL.SymmetricProperty) in union


def test_each_page_and_catalog_has_a_graph_with_its_provenance(kg: kgraph.KnowledgeGraph, quads: list[tuple[str, str, str, str]]) -> None:
    mint = Minter(kg.head.base_iri)
    within: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for s, p, o, graph in quads:
        within[graph][s, p] = o
    for page in kg.head.pages.values():
        graph, file = f"<{mint.graph('page', page.entity)}>", f"<{mint.file(page.path)}>"
        found = within[graph]
        assert found[graph, f"<{PROV.wasDerivedFrom}>"] == file
        assert found[file, f"<{KG}path>"] == str(ox.Literal(page.path))
        assert found[file, f"<{KG}sha256>"] == f'"{page.sha256}"'
        subject = f"<{mint.page(page.entity)}>"
        for name in ("word", "table", "diagram", "image", "internalLink", "externalLink", "footnote", "citation"):
            assert (subject, f"<{KG}{name}Count>") in found
    for path in kg.head.catalogs:
        graph = f"<{mint.graph('catalog', path)}>"
        assert within[graph][graph, f"<{PROV.wasDerivedFrom}>"] == f"<{mint.file(path)}>"
    for name in ("rankings", "ontology"):
        assert len(within[f"<{mint.graph(name)}>"]) > 10


def test_links_and_mentions_lie_in_the_graph_of_their_page(kg: kgraph.KnowledgeGraph, quads: list[tuple[str, str, str, str]]) -> None:
    mint = Minter(kg.head.base_iri)
    for predicate, rows in ((f"{KG}linksTo", kg.statements.links), ("https://schema.org/mentions", kg.statements.mentions)):
        wanted = {
            (f"<{mint.entity(row.source)}>", f"<{mint.entity(row.target)}>", f"<{mint.graph('page', row.source)}>")
            for row in rows if row.target is not None and row.target != row.source
        }  # fmt: skip
        found = {(s, o, graph) for s, p, o, graph in quads if p == f"<{predicate}>" and "/candidate/" not in o}
        assert found == wanted


def test_nothing_is_anonymous_or_of_the_machine(kg: kgraph.KnowledgeGraph, quads: list[tuple[str, str, str, str]]) -> None:
    machine = [str(CORPORA), str(Path.home()) + "/", str(kg.generation.folder.parents[1]), "file:///"]
    host = f"//{socket.gethostname()}/"
    for quad in quads:
        assert quad[0].startswith("<")
        assert quad[2][0] in '<"'
        assert quad[3].startswith(f"<{kg.head.base_iri}graph/")
        assert not any(word in part for part in quad for word in (*machine, host)), quad
        assert quad[0].startswith((f"<{kg.head.base_iri}", f"<{KG}", "<http", "<https"))


def test_the_default_graph_is_the_union(kg: kgraph.KnowledgeGraph, quads: list[tuple[str, str, str, str]]) -> None:
    (row,) = kg.run("SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }").rows
    assert int(row[0].value) == len({quad[:3] for quad in quads})


def test_one_label_and_one_place_for_it(kg: kgraph.KnowledgeGraph, quads: list[tuple[str, str, str, str]]) -> None:
    """What several files give of an entity is stated once, so that counts need no DISTINCT."""
    names = ("skos:prefLabel", "dcterms:identifier", "dcterms:description", "kg:stub")
    once = {f"<{PREFIXES[prefix]}{local}>" for prefix, local in (name.split(":") for name in names)}
    counted = Counter((s, p) for s, p, _, _ in quads if p in once and s.startswith(f"<{kg.head.base_iri}entity/"))
    assert counted
    assert set(counted.values()) == {1}


@pytest.mark.parametrize("form", RDF_FORMATS)
def test_every_export_is_read_by_others_without_a_word(form: str, kg: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "wiki"
    write_rdf(kg.generation.folder, path, form)
    count = sum(1 for _ in ox.parse(path=str(path), format=GRAPH_OF[form]))
    assert count > 500
    if form == "jsonld":
        return
    if shutil.which("rapper") is None:
        pytest.skip("rapper (Debian: raptor2-utils) is not installed")
    done = subprocess.run(["rapper", "-c", "-i", form, str(path)], capture_output=True, text=True, check=False)
    told = [
        line for line in done.stderr.splitlines() if not line.startswith(("rapper: Parsing", "rapper: Parsed", "rapper: Parsing returned"))
    ]
    assert (done.returncode, told) == (0, []), told[:5]
    assert f"returned {count} triples" in done.stderr


def test_the_bytes_do_not_depend_on_hash_seeds(kg: kgraph.KnowledgeGraph, corpora: Path, tmp_path: Path) -> None:
    source = next(corpora / name for name in NAMES if str(kg.generation.folder).count(f"/{name}"))
    if source.name not in ("seed-page", "obsidian-help"):
        pytest.skip("two small corpora are built again")
    write_rdf(kg.generation.folder, tmp_path / "here.trig", "trig")
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        for arguments in (["build", str(source), "--jobs", seed], ["export", "rdf", "-o", str(tmp_path / f"{seed}.trig")]):
            command = [sys.executable, "-m", "kgraph", *arguments, "-w", str(tmp_path / seed)]
            subprocess.run(command, env=environment, check=True, capture_output=True, timeout=600)
        assert (tmp_path / f"{seed}.trig").read_bytes() == (tmp_path / "here.trig").read_bytes()


def test_queries_of_the_whole_site_agree_with_its_statements(kg: kgraph.KnowledgeGraph, quads: list[tuple[str, str, str, str]]) -> None:
    """The queries that join whole sets of statements, beside the same worked out from the quads one by one."""
    stated: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for subject, predicate, value, _ in quads:
        stated[predicate.removeprefix(f"<{KG}").removesuffix(">") if KG in predicate else predicate].add((subject, value))
    links, mentions = stated["linksTo"], stated[f"<{PREFIXES['schema']}mentions>"]
    entity_of = dict(stated[f"<{PREFIXES['schema']}mainEntity>"])
    assert _pairs(kg, "unlinked-mentions", "page", "mentioned") == Counter(mentions - links)
    assert {one for one, _ in _pairs(kg, "orphans", "entity", "path")} == set(entity_of.values()) - {target for _, target in links}
    assert {one for one, _ in _pairs(kg, "dead-ends", "entity", "path")} == set(entity_of.values()) - {source for source, _ in links}
    measured = Counter((entity_of[page], words) for page, words in stated["wordCount"])
    assert _pairs(kg, "page-metrics", "entity", "words") == measured
    source, target, high = dict(stated["source"]), dict(stated["target"]), {f'"{rank}"^^<{PREFIXES["xsd"]}integer>' for rank in range(1, 6)}
    listed = {(source[one], target[one]) for one, rank in stated["rank"] if rank in high and one in source}
    apart = {pair for pair in listed if pair[0][:-1] < pair[1][:-1] and pair[::-1] in listed and not {pair, pair[::-1]} & links}
    paged = set(entity_of.values())
    assert _pairs(kg, "related-unlinked", "first", "second") == Counter(pair for pair in apart if paged.issuperset(pair))
    classes = {one for one, above in stated[f"<{RDFS.subClassOf}>"] if above == f"<{KG}Entity>"}
    types: dict[str, set[str]] = defaultdict(set)
    for entity, name in stated[f"<{RDF.type}>"]:
        types[entity] |= {name} & classes
    joined = sum(len(types[one]) * len(types[other]) for one, other in links)
    assert sum(int(row[2].value) for row in kg.run("links-between-types").rows) == joined


def _pairs(kg: kgraph.KnowledgeGraph, name: str, *columns: str) -> Counter[tuple[str, str]]:
    found = kg.run(name)
    first, second = map(found.variables.index, columns)
    return Counter((str(row[first]), str(row[second])) for row in found.rows)
