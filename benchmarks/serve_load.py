"""Load on the SPARQL endpoint: many clients at once on loopback, each asking one question after the other.

    python -m benchmarks.serve_load [--clients 32] [--seconds 60] [--workspace DIR] [--kept]

Every answer has to be worked out (a comment makes each query another one), or with ``--kept`` those of before are asked for again. Without
a workspace the sample wiki is built. Every answer must be right; the memory of the server and its processes is watched.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import kgraph

REPOSITORY = Path(__file__).resolve().parent.parent
QUERIES = (
    ("/sparql", "ASK { ?s a kg:Entity }"),
    ("/sparql", "SELECT ?e ?title { ?e a kg:Entity ; skos:prefLabel ?title } ORDER BY ?title LIMIT 100"),
    ("/sparql", "SELECT ?e (COUNT(?o) AS ?n) { ?e kg:linksTo ?o } GROUP BY ?e ORDER BY DESC(?n) LIMIT 20"),
    ("/sparql", "SELECT DISTINCT ?g { GRAPH ?g { ?s kg:linksTo ?o } } LIMIT 100"),
    ("/sparql", "CONSTRUCT { ?e skos:prefLabel ?title } WHERE { ?e skos:prefLabel ?title } LIMIT 100"),
)
ACCEPT = ("application/sparql-results+json, text/turtle;q=0.5", "text/csv, application/n-triples;q=0.9", "*/*")


class Outcome:
    """What came of all requests."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.statuses: Counter[int | str] = Counter()
        self.seconds: list[float] = []
        self.wrong = 0


def main() -> None:
    """Run the load and print a table row; exit 1 when any request failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--kept", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = chosen.workspace or Path(folder) / "workspace"
        if chosen.workspace is None:
            kgraph.build(REPOSITORY / "data", workspace)
        outcome, memory = load(workspace, chosen.clients, chosen.seconds, kept=chosen.kept)
    times = sorted(outcome.seconds)
    total, failed = len(times), sum(count for status, count in outcome.statuses.items() if status != 200) + outcome.wrong
    print(f"clients {chosen.clients}, seconds {chosen.seconds:g}, requests {total}, failed {failed}, a second {total / chosen.seconds:.0f}")
    print(
        f"median {statistics.median(times) * 1000:.0f} ms, 95 % {times[int(total * 0.95)] * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms"
    )
    print(f"memory of the server and its processes: at first {memory[0]} MB, at the end {memory[-1]} MB, at the most {max(memory)} MB")
    print(f"statuses {dict(outcome.statuses)}")
    if failed:
        sys.exit(1)


def load(workspace: Path, clients: int, seconds: float, *, kept: bool) -> tuple[Outcome, list[int]]:
    """Load a server over a workspace: what came of it, and its memory in MB once a second."""
    command = [sys.executable, "-m", "kgraph", "serve", "-w", str(workspace), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        host = urlsplit(process.stderr.readline().strip().rsplit(" ", 1)[-1]).netloc
        expected = {place: _ask(http.client.HTTPConnection(host), place)[1] for place in range(len(QUERIES) * len(ACCEPT))}
        outcome, memory = Outcome(), [_memory(process.pid)]
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=_client, args=(host, first, until, expected, outcome, kept)) for first in range(clients)]
        for thread in threads:
            thread.start()
        while time.monotonic() < until:
            time.sleep(1)
            memory.append(_memory(process.pid))
        for thread in threads:
            thread.join()
        return outcome, memory
    finally:
        process.terminate()
        process.wait()


def _client(host: str, first: int, until: float, expected: dict[int, bytes], outcome: Outcome, kept: bool) -> None:
    connection, place = http.client.HTTPConnection(host, timeout=120), first
    while time.monotonic() < until:
        began = time.perf_counter()
        status: int | str
        try:
            status, body = _ask(connection, place, "" if kept else f"\n# {first} {place}")
        except OSError as error:
            status, body = type(error).__name__, b""
            connection.close()
        with outcome.lock:
            outcome.statuses[status] += 1
            outcome.seconds.append(time.perf_counter() - began)
            outcome.wrong += status == 200 and len(body) != len(expected[place % len(expected)])
        place += 1


def _ask(connection: http.client.HTTPConnection, place: int, comment: str = "") -> tuple[int, bytes]:
    """One request: each query in each format, by GET and POST in turn."""
    path, query = QUERIES[place % len(QUERIES)]
    headers, asked = {"Accept": ACCEPT[place // len(QUERIES) % len(ACCEPT)]}, urlencode({"query": query + comment})
    if place % 2:
        connection.request("POST", path, asked, {**headers, "Content-Type": "application/x-www-form-urlencoded"})
    else:
        connection.request("GET", f"{path}?{asked}", headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _memory(pid: int) -> int:
    """Resident memory of a process and its children, in MB."""
    pids = [pid]
    for thread in Path(f"/proc/{pid}/task").iterdir():
        pids += map(int, (thread / "children").read_text(encoding="ascii").split())
    return sum(_resident(each) for each in pids) // 1000


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)


if __name__ == "__main__":
    main()
