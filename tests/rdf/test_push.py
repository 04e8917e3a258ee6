"""Pushing a build to a SPARQL 1.1 server: whole, unchanged, changed, interrupted, refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import kgraph
from kgraph.errors import PushError
from kgraph.rdf.push import push_store
from kgraph.rdf.queries import named_queries
from kgraph.rdf.remote import GraphStore, UpdateEndpoint, credentials
from kgraph.rdf.sparql import run_query
from tests.rdf.server import Server, running
from tests.rdf.test_named_queries import arguments_of

BASE = "https://example.org/"


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as state:
        yield state


def remote_of(server: Server, way: str, **signed: str) -> GraphStore | UpdateEndpoint:
    if way == "graph store":
        return GraphStore(f"{server.url}/data", signed)
    return UpdateEndpoint(f"{server.url}/update", f"{server.url}/query", signed)


def store_of(count: int = 3, size: int = 5) -> ox.Store:
    store = ox.Store()
    for graph in range(count):
        for number in range(size):
            text = ox.Literal(f'say "{number}"\n\\ é \x85 \u2028 }} INSERT <')
            store.add(ox.Quad(ox.NamedNode(f"{BASE}s{number}"), ox.NamedNode(f"{BASE}p"), text, ox.NamedNode(f"{BASE}graph/{graph}")))
    return store


def pushed(server: Server) -> set[str]:
    state = f"{BASE}graph/pushed"
    return {str(quad) for quad in server.store if getattr(quad.graph_name, "value", "") != state}


@pytest.mark.parametrize("way", ["graph store", "update"])
def test_a_push_is_whole_and_sends_nothing_twice(way: str, server: Server) -> None:
    own = ox.Quad(ox.NamedNode("x:a"), ox.NamedNode("x:b"), ox.NamedNode("x:c"), ox.NamedNode("x:others"))
    server.store.add(own)
    store, remote = store_of(), remote_of(server, way)
    tried = push_store(store, remote, BASE, dry=True)
    assert (len(tried.sent), tried.statements, server.seen) == (3, 0, [])
    first = push_store(store, remote, BASE)
    assert (len(first.sent), first.unchanged, first.statements) == (3, 0, 15)
    assert pushed(server) == {str(quad) for quad in [*store, own]}
    server.seen.clear()
    again = push_store(store, remote, BASE)
    assert (again.sent, again.unchanged, server.seen) == ((), 3, [])
    graph = ox.NamedNode(f"{BASE}graph/1")
    store.add(ox.Quad(ox.NamedNode("x:new"), ox.NamedNode("x:b"), ox.Literal("1"), graph))
    store.remove_graph(ox.NamedNode(f"{BASE}graph/2"))
    changed = push_store(store, remote, BASE)
    assert (changed.sent, changed.removed, changed.unchanged) == ((graph.value,), (f"{BASE}graph/2",), 1)
    assert pushed(server) == {str(quad) for quad in [*store, own]}


@pytest.mark.parametrize("way", ["graph store", "update"])
@pytest.mark.parametrize("after", range(7))
def test_an_interrupted_push_goes_on(after: int, way: str, server: Server) -> None:
    store, remote = store_of(), remote_of(server, way)
    push_store(store_of(size=2), remote, BASE)
    server.seen.clear()
    server.fail_after = after
    with pytest.raises(PushError, match=r"503 .*: out of order"):
        push_store(store, remote, BASE)
    server.fail_after = None
    report = push_store(store, remote, BASE)
    assert len(report.sent) == 3 - max(0, after - 1) // 2
    assert pushed(server) == {str(quad) for quad in store}


def test_large_graphs_are_sent_in_pieces(server: Server) -> None:
    store = store_of(1, 12_000)
    push_store(store, remote_of(server, "graph store"), BASE)
    assert [method for method, graph in server.seen if graph.endswith("/0")] == ["PUT", "POST", "POST"]
    assert server.largest < 1_000_000
    assert pushed(server) == {str(quad) for quad in store}


def test_signing_in(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.password = "secret"
    for way in ("graph store", "update"):
        with pytest.raises(PushError, match=r"401 .*KGRAPH_PUSH_USER"):
            push_store(store_of(), remote_of(server, way), BASE)
        push_store(store_of(), remote_of(server, way, user="me", password="secret"), BASE)
        push_store(store_of(), remote_of(server, way, token="secret"), BASE)
    assert credentials({"KGRAPH_PUSH_USER": "a", "KGRAPH_PUSH_PASSWORD": "b"}) == {"user": "a", "password": "b"}
    with pytest.raises(PushError, match="set both"):
        credentials({"KGRAPH_PUSH_USER": "a"})
    for address in ("ftp://x/", "nothing", "file:///etc/passwd"):
        with pytest.raises(PushError, match="not the http or https address"):
            GraphStore(address)
    with pytest.raises(PushError, match="no password in an address") as caught:
        GraphStore("http://me:hidden@127.0.0.1/")
    assert "hidden" not in str(caught.value)
    with pytest.raises(PushError, match="sends on to"):
        GraphStore(f"{server.url}/away", {"token": "secret"}).add("x:g", b"<x:a> <x:b> <x:c> .\n")
    with pytest.raises(PushError, match="cannot be reached"):
        GraphStore("http://127.0.0.1:9/").read("x:g")


def test_the_command(server: Server, sample_workspace: Path, sample: kgraph.KnowledgeGraph) -> None:
    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kgraph", "push", *arguments, "-w", str(sample_workspace)]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=120)

    server.password = "secret"
    refused = run(f"{server.url}/data")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    done = run(f"{server.url}/data", KGRAPH_PUSH_USER="me", KGRAPH_PUSH_PASSWORD="secret")
    assert done.returncode == 0, done.stderr
    assert "graphs sent" in done.stderr
    assert "set base_iri in kgraph.toml" in done.stderr
    assert "secret" not in done.stderr + refused.stderr
    again = run(f"{server.url}/data", KGRAPH_PUSH_TOKEN="secret")
    assert "0 graphs sent (0 statements)" in again.stderr
    for name in named_queries():
        text, bindings, _ = sample._prepared(name, arguments_of(name))
        ours, theirs = (run_query(store, text, bindings=bindings) for store in (sample.store, server.store))
        assert ours.rows == theirs.rows, name
