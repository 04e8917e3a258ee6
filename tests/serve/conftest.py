"""A client of a server over the sample wiki."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from starlette.testclient import TestClient

from kgraph.serve.answers import Service
from kgraph.serve.app import create_app
from kgraph.serve.guard import LOOPBACK_HOSTS
from kgraph.serve.sites import Sites
from kgraph.serve.workers import Workers
from kgraph.workspace import Workspace
from tests.serve.running import running
from tests.serve.watching import AXE, Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Serve = Callable[..., TestClient]

BASE = "http://127.0.0.1:7878"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Make a client of a server over a workspace; its processes end with the test."""
    with ExitStack() as stack:

        def make(workspace: Path, *, timeout: float = 60.0, limit: int = 100_000, count: int = 1,
                 memory: int | None = None, services: tuple[str, ...] = ()) -> TestClient:  # fmt: skip
            workers = Workers(timeout, count, memory=memory)
            stack.callback(workers.close)
            app = create_app(Service(Sites(Workspace(workspace)), workers, limit, services), LOOPBACK_HOSTS)
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


@pytest.fixture(scope="session")
def address(sample_workspace: Path) -> Iterator[str]:
    """Address of a server over the sample wiki."""
    with running(sample_workspace) as (_, _, found):
        yield found


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    if not AXE.is_file():
        _missing(f"{AXE} is missing: run scripts/axe.sh")
    return AXE.read_text(encoding="utf-8")


def _missing(reason: str) -> NoReturn:
    if os.environ.get("KGRAPH_REQUIRE_CHROMIUM") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def watch(chromium: Browser) -> Iterator[Any]:
    """Makes watched pages, and closes them."""
    made: list[Watched] = []

    def make(address: str, **options: Any) -> Watched:
        made.append(Watched(chromium, address, **options))
        return made[-1]

    yield make
    for watched in made:
        watched.context.close()
