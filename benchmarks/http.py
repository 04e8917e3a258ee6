"""The named queries over HTTP on millions of quads: median and 99th percentile, with 1 and 16 clients.

    python -m benchmarks.http [WORKSPACE] [--quads 5000000] [--seconds 60]

The dataset is that of ``benchmarks.sparql``: copies of a build under other names. Every query is asked once alone; those that take longer
than a second by the clock are listed with their time and left out of the load, the others are asked in turns by each client: first for
answers that have to be worked out (a comment makes each query another one), then for the same answers once more, which are kept.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import kgraph
from benchmarks.sparql import bound_queries, load_store, workspace_of, write_copies

_SLOW = 1.0
_CLIENTS = (1, 16)


def main() -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("workspace", nargs="?")
    parser.add_argument("--quads", type=int, default=5_000_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_of(chosen.workspace, Path(folder))
        text, copy, _ = write_copies(workspace, Path(folder), chosen.quads)
        load_store(str(copy / "current" / "store"), str(text))
        text.unlink()
        _serve(copy, bound_queries(kgraph.open(workspace)), chosen.seconds)


def _serve(workspace: Path, queries: dict[str, str], seconds: float) -> None:
    command = [sys.executable, "-m", "kgraph", "serve", "-w", str(workspace), "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        host = urlsplit(server.stderr.readline().strip().rsplit(" ", 1)[-1]).netloc
        threading.Thread(target=server.stderr.read, daemon=True).start()
        _ask(http.client.HTTPConnection(host, timeout=120), "ASK {}")  # the query process has started then
        alone = {name: _ask(http.client.HTTPConnection(host, timeout=120), text) for name, text in queries.items()}
        slow = {name: took for name, took in alone.items() if took > _SLOW}
        quick = [text for name, text in queries.items() if name not in slow]
        print(f"{len(quick)} of {len(queries)} named queries\n")
        print("| answers | clients | queries | a second | p50, ms | p99, ms |\n| --- | --- | --- | --- | --- | --- |")
        for kind, clients in itertools.product(("worked out", "kept"), _CLIENTS):
            times = sorted(_load(host, quick, clients, seconds, kept=kind == "kept"))
            half, most = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]
            told = f"{len(times):,} | {len(times) / seconds:.0f} | {1e3 * half:.1f} | {1e3 * most:.1f}"
            print(f"| {kind} | {clients} | {told} |", flush=True)
        told = ", ".join(f"`{name}` {took:.1f} s" for name, took in sorted(slow.items(), key=lambda item: -item[1]))
        print(f"\nAsked once, alone, over a second by the clock and left out of the load: {told or 'none'}.")
    finally:
        server.terminate()
        server.wait()


def _load(host: str, queries: list[str], clients: int, seconds: float, *, kept: bool) -> list[float]:
    times: list[float] = []
    until = time.monotonic() + seconds

    def client(first: int) -> None:
        connection, place = http.client.HTTPConnection(host, timeout=120), first
        while time.monotonic() < until:
            text = queries[place % len(queries)]
            times.append(_ask(connection, text if kept else f"{text}\n# {len(threads)} {first} {place}"))
            place += 1

    threads = [threading.Thread(target=client, args=(number * len(queries) // clients,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _ask(connection: http.client.HTTPConnection, query: str) -> float:
    """Seconds that a query takes."""
    started = time.perf_counter()
    connection.request("GET", f"/sparql?{urlencode({'query': query})}", headers={"Accept": "*/*"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status not in (200, 503, 504):
        raise SystemExit(f"{answer.status}: {body[:300]!r}\n{query}")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
