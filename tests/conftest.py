"""What tests share: the sample wiki, built once; a way to run the command line."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, settings

import kgraph

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPOSITORY = Path(__file__).resolve().parent.parent
CORPORA = REPOSITORY.parent / "shared" / "corpora"

settings.register_profile("kgraph", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI")))
settings.load_profile("kgraph")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell; processes that are started inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

RunKgraph = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workspace of the sample wiki."""
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    kgraph.build(REPOSITORY / "data", folder)
    return folder


@pytest.fixture(scope="session")
def sample(sample_workspace: Path) -> kgraph.KnowledgeGraph:
    """The sample wiki, built."""
    return kgraph.open(sample_workspace)


@pytest.fixture
def run_kgraph(tmp_path: Path) -> RunKgraph:
    """Run ``kgraph`` in a process of its own, in an empty folder, with text output."""

    def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "KGRAPH_WORKSPACE"}
        command = [sys.executable, "-m", "kgraph", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=str(options.get("cwd", tmp_path)), env=environment, timeout=300,
            input=str(options["input"]) if "input" in options else None,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Folder of real corpora; tests that need it are skipped where it is absent."""
    if not CORPORA.is_dir():
        pytest.skip(f"real corpora are not at {CORPORA}")
    return CORPORA


_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def _missing(reason: str) -> NoReturn:
    if os.environ.get("KGRAPH_REQUIRE_CHROMIUM") == "1":
        pytest.fail(f"KGRAPH_REQUIRE_CHROMIUM=1, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium of this machine; without one, tests are skipped or, on demand, fail."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        _missing("no Chromium is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGS)
        yield browser
        browser.close()
