"""The named queries over HTTP on millions of quads: median and 99th percentile, with 1 and 16 clients.

    python -m benchmarks.http [WORKSPACE] [--pages 35000] [--seconds 60]

Without WORKSPACE a generated wiki of so many pages is built: 35,000 make five million quads. Every query is asked once alone; those that
take longer than a second are listed with their time and left out of the load, the others are asked in turns by each client.
"""

from __future__ import annotations

import argparse
import http.client
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import kgraph
from benchmarks.sparql import _queries
from benchmarks.wiki import write_wiki

_SLOW = 1.0
_CLIENTS = (1, 16)


def main() -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("workspace", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=35_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = chosen.workspace or Path(folder) / "workspace"
        if chosen.workspace is None:
            write_wiki(Path(folder) / "wiki", chosen.pages)
            command = [sys.executable, "-m", "kgraph", "build", str(Path(folder) / "wiki"), "-w", str(workspace)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kg = kgraph.open(workspace)
        counts = kg.stats()
        print(f"{counts['pages']:,} pages, {counts['triples']:,} triples; {len(_queries(kg))} named queries\n")
        _serve(workspace, _queries(kg), chosen.seconds)


def _serve(workspace: Path, queries: dict[str, str], seconds: float) -> None:
    command = [sys.executable, "-m", "kgraph", "serve", "-w", str(workspace), "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        host = urlsplit(server.stderr.readline().strip().rsplit(" ", 1)[-1]).netloc
        threading.Thread(target=server.stderr.read, daemon=True).start()
        alone = {name: _ask(http.client.HTTPConnection(host, timeout=120), text) for name, text in queries.items()}
        slow = {name: took for name, took in alone.items() if took > _SLOW}
        quick = [text for name, text in queries.items() if name not in slow]
        print("| clients | queries | a second | p50, ms | p99, ms |\n| --- | --- | --- | --- | --- |")
        for clients in _CLIENTS:
            times = sorted(_load(host, quick, clients, seconds))
            half, most = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]
            print(f"| {clients} | {len(times):,} | {len(times) / seconds:.0f} | {1e3 * half:.0f} | {1e3 * most:.0f} |", flush=True)
        told = ", ".join(f"{name} {took:.1f} s" for name, took in sorted(slow.items(), key=lambda item: -item[1]))
        print(f"\nasked once, each over a second and left out of the load: {told or 'none'}")
    finally:
        server.terminate()
        server.wait()


def _load(host: str, queries: list[str], clients: int, seconds: float) -> list[float]:
    times: list[float] = []
    until = time.monotonic() + seconds

    def client(first: int) -> None:
        connection, place = http.client.HTTPConnection(host, timeout=120), first
        while time.monotonic() < until:
            times.append(_ask(connection, queries[place % len(queries)]))
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
