"""A client of a server over the sample wiki."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kgraph.serve.answers import Service
from kgraph.serve.app import create_app
from kgraph.serve.guard import LOOPBACK_HOSTS
from kgraph.serve.sites import Sites
from kgraph.serve.workers import Workers
from kgraph.workspace import Workspace

Serve = Callable[..., TestClient]

BASE = "http://127.0.0.1:7878"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Make a client of a server over a workspace; its processes end with the test."""
    with ExitStack() as stack:

        def make(workspace: Path, *, timeout: float = 60.0, limit: int = 100_000, count: int = 1) -> TestClient:
            workers = Workers(timeout, count)
            stack.callback(workers.close)
            app = create_app(Service(Sites(Workspace(workspace)), workers, limit), LOOPBACK_HOSTS)
            return TestClient(app, base_url=BASE, follow_redirects=False)

        yield make


@pytest.fixture(scope="session")
def sample_client(sample_workspace: Path) -> Iterator[TestClient]:
    """A client of a server over the sample wiki."""
    workers = Workers(60.0, 1)
    service = Service(Sites(Workspace(sample_workspace)), workers, 100_000)
    yield TestClient(create_app(service, LOOPBACK_HOSTS), base_url=BASE, follow_redirects=False)
    workers.close()


@pytest.fixture
def client(sample_client: TestClient) -> TestClient:
    """The client, without what an earlier test left."""
    sample_client.cookies.clear()
    return sample_client
