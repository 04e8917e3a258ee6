"""The dataset in a server that nobody here wrote: pushed by both protocols, and asked every named query."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import kgraph
from kgraph.errors import PushError
from kgraph.rdf.push import push_store
from kgraph.rdf.queries import named_queries
from kgraph.rdf.remote import GraphStore, UpdateEndpoint
from kgraph.rdf.sparql import bind
from kgraph.rdf.terms import PREFIXES
from tests.rdf.test_named_queries import arguments_of
from tests.rdf.virtuoso import Virtuoso, virtuoso

pytestmark = pytest.mark.xdist_group("virtuoso")

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
SIGNED = {"user": "dba", "password": "dba"}
NUMBERS = ("integer", "decimal", "double", "float", "int")
BASE = "https://kgraph.example/"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
        yield running


@pytest.fixture(scope="module")
def pushed(server: Virtuoso, sample_workspace: Path) -> list[str]:
    """What `kgraph push` said the first time and the second."""
    command = [sys.executable, "-m", "kgraph", "push", server.graph_store, "-w", str(sample_workspace)]
    environment = {**os.environ, "KGRAPH_PUSH_USER": "dba", "KGRAPH_PUSH_PASSWORD": "dba"}
    runs = [subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, check=False) for _ in range(2)]
    assert [run.returncode for run in runs] == [0, 0], runs
    return [run.stderr.splitlines()[-1] for run in runs]


def test_a_build_is_pushed_whole_and_once(pushed: list[str], server: Virtuoso, sample: kgraph.KnowledgeGraph) -> None:
    count = len(list(sample.store.named_graphs()))
    assert pushed[0].startswith(f"{count} graphs sent ({sample.stats()['triples']:,} statements)")
    assert pushed[1].startswith("0 graphs sent (0 statements)")
    found = server.ask(f'SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}graph/")) }}')
    assert int(found["results"]["bindings"][0]["n"]["value"]) == sample.stats()["triples"] + count  # and a sum of each graph


def test_each_graph_comes_back_as_it_was(pushed: list[str], server: Virtuoso, sample: kgraph.KnowledgeGraph) -> None:
    assert pushed
    remote = GraphStore(server.graph_store, SIGNED)
    for name in ("graph/page/eu-ai-act", "graph/provenance", "graph/catalog/wiki/entities/policies.yaml"):
        ours = {str(quad.triple) for quad in sample.store.quads_for_pattern(None, None, None, ox.NamedNode(BASE + name))}
        assert len(ours) > 5
        assert {str(quad.triple) for quad in ox.parse(remote.read(BASE + name), format=ox.RdfFormat.N_TRIPLES)} == ours


@pytest.mark.parametrize("name", named_queries())
def test_named_queries_have_the_same_answers_there(
    name: str, pushed: list[str], server: Virtuoso, sample: kgraph.KnowledgeGraph
) -> None:  # fmt: skip
    assert pushed
    text, bindings, _ = sample._prepared(name, arguments_of(name))
    query = bind(text, bindings)
    ours = sample.run(query)
    if ours.kind != "solutions":
        theirs = {str(quad.triple) for quad in ox.parse(server.construct(HEAD + query), format=ox.RdfFormat.N_TRIPLES)}
        assert theirs == {" ".join(map(str, row)) for row in ours.rows}
        return
    answer = server.ask(HEAD + query)
    assert answer["head"]["vars"] == list(ours.variables)
    rows = [tuple(_told(row.get(column)) for column in ours.variables) for row in answer["results"]["bindings"]]
    assert rows == [tuple(map(_own, row)) for row in ours.rows]


def _told(term: dict[str, str] | None) -> Any:
    if term is None:
        return None
    return _plain(term["type"] == "uri", term["value"], term.get("datatype", ""))


def _own(term: Any) -> Any:
    if term is None:
        return None
    return _plain(isinstance(term, ox.NamedNode), term.value, "" if isinstance(term, ox.NamedNode) else term.datatype.value)


def _plain(iri: bool, value: str, datatype: str) -> Any:
    """A term without what servers write each in its own way: how many zeros, ``1`` or ``true``."""
    kind = datatype.rpartition("#")[2]
    if kind in NUMBERS:
        return round(float(value), 6)
    return value in ("1", "true") if kind == "boolean" else ("iri" if iri else "literal", value)


@pytest.mark.parametrize("way", ["graph store", "update"])
def test_an_interrupted_push_goes_on_there(way: str, server: Virtuoso) -> None:
    base = f"https://example.org/{way.replace(' ', '-')}/"
    store = ox.Store()
    for graph in range(4):
        for number in range(7_000 if graph == 2 else 30):
            text = ox.Literal(f'say "{number}" \\ é 🐝 \x85 \u2028 }} INSERT <')
            store.add(ox.Quad(ox.NamedNode(f"{base}s{number}"), ox.NamedNode(f"{base}p"), text, ox.NamedNode(f"{base}graph/{graph}")))

    class Cut:
        """A connection that breaks."""

        def __init__(self, remote: GraphStore | UpdateEndpoint, after: int) -> None:
            self.remote, self.left = remote, after
            self.read, self.drop = remote.read, remote.drop

        def replace(self, graph: str, triples: bytes) -> None:
            self._count()
            self.remote.replace(graph, triples)

        def add(self, graph: str, triples: bytes) -> None:
            self._count()
            self.remote.add(graph, triples)

        def _count(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise PushError("cut")

    remote = GraphStore(server.graph_store, SIGNED) if way == "graph store" else UpdateEndpoint(server.update, server.endpoint, SIGNED)
    with pytest.raises(PushError, match="cut"):
        push_store(store, Cut(remote, 6), base)  # within the large graph
    report = push_store(store, remote, base)
    assert [graph.rpartition("/")[2] for graph in report.sent] == ["2", "3"]
    assert push_store(store, remote, base).sent == ()
    for graph in range(4):
        found = server.ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{base}graph/{graph}> {{ ?s ?p ?o }} }}")
        assert int(found["results"]["bindings"][0]["n"]["value"]) == (7_000 if graph == 2 else 30)
