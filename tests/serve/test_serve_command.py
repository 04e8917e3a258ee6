"""``kgraph serve`` as people run it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.conftest import RunKgraph
from tests.serve.running import running
from tests.serve.test_serve_refusals import HEAVY


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_answers_and_ends_without_a_traceback(sample_workspace: Path, sent: signal.Signals, code: int) -> None:
    with running(sample_workspace) as (process, line, address):
        assert line.startswith(f"serving {sample_workspace} at http://127.0.0.1:")
        assert httpx.get(f"{address}/healthz").text == "ok\n"
        assert httpx.get(f"{address}/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
        assert httpx.get(f"{address}/", headers={"Host": "evil.example"}).status_code == 400
        process.send_signal(sent)
        out, rest = process.communicate(timeout=30)
        assert process.returncode == code
        assert out == ""
        assert "Traceback" not in rest
        assert rest.count("\n") <= 1


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc")
def test_it_ends_in_the_middle_of_a_query_and_leaves_no_process(sample_workspace: Path) -> None:
    with running(sample_workspace, "--timeout", "600") as (process, _, address), ThreadPoolExecutor(1) as pool:
        httpx.get(f"{address}/sparql", params={"query": "ASK {}"})
        workers = _all_children(process.pid)
        assert workers
        asked = pool.submit(httpx.get, f"{address}/sparql", params={"query": HEAVY}, timeout=60)
        busy = time.monotonic() + 30
        while not any(_runs(worker) for worker in workers):
            assert time.monotonic() < busy
            httpx.get(f"{address}/healthz")
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=30)
        assert process.returncode == 0
        assert rest == ""
        assert asked.result().status_code == 503
        assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]


def _all_children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text(encoding="ascii").split()]


def _runs(pid: int) -> bool:
    """Whether one of the threads of a process is at work."""
    states = [(thread / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] for thread in Path(f"/proc/{pid}/task").iterdir()]
    return "R" in states


def test_a_port_in_use_is_told_with_the_mend(run_kgraph: RunKgraph, sample_workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run_kgraph("serve", "-w", sample_workspace, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--port" in done.stderr


def test_an_address_of_another_machine_is_told(run_kgraph: RunKgraph, sample_workspace: Path) -> None:
    done = run_kgraph("serve", "-w", sample_workspace, "--host", "192.0.2.1", "--port", "0")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--host" in done.stderr


def test_a_missing_workspace_is_told(run_kgraph: RunKgraph, tmp_path: Path) -> None:
    done = run_kgraph("serve", "-w", tmp_path / "none")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "kgraph build" in done.stderr


def test_the_command_line_does_not_import_the_server() -> None:
    code = "import sys, kgraph.cli.app, kgraph.api; print(sorted(m for m in sys.modules if m.split('.')[0] in ('starlette', 'uvicorn')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ), check=True)
    assert done.stdout.strip() == "[]"
