"""How fast the explorer answers: 16 clients on loopback, each with one connection that asks again as soon as it is answered.

python -m benchmarks.serve [WORKSPACE]

The wiki is that of ``../shared/corpora/longterm-wiki-2026-02`` where that is present, else the sample wiki; WORKSPACE is one that is built
already. Every client walks over pages drawn by a seed: the first round asks for each page that is drawn once, so that every one of them is
made; the second draws again, so that many are kept from before.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import kgraph
from kgraph.serve.site import entity_url

REPOSITORY = Path(__file__).resolve().parent.parent
CLIENTS = 16
REQUESTS = 4_000
SEED = 11
SHARES = {"entity": 0.5, "search": 0.2, "path": 0.1, "list": 0.1, "API": 0.1}


def main() -> None:
    """Run and print the table."""
    corpus = REPOSITORY.parent / "shared" / "corpora" / "longterm-wiki-2026-02"
    source = corpus if corpus.is_dir() else REPOSITORY / "data"
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "workspace"
        if len(sys.argv) < 2:
            kgraph.build(source, workspace)
        kg = kgraph.open(workspace)
        pages = drawn(kg)
        told = f"{kg.stats()['pages']:,} pages, {len(kg.head.entities):,} entities"
        print(f"{source.name}: {told}; {CLIENTS} clients, {len(pages):,} requests a round, none waits between two\n")
        with served(workspace) as port:
            once = list(dict.fromkeys(pages))
            _print("each page once, all of them made anew", *asyncio.run(ask_all(port, once)))
            _print("drawn again, many kept from before", *asyncio.run(ask_all(port, pages)))


def drawn(kg: kgraph.KnowledgeGraph) -> list[tuple[str, str]]:
    """Kinds and addresses to ask for."""
    draw = random.Random(SEED)
    ids = list(kg.head.entities)
    words = [word for entity in kg.head.entities.values() for word in entity.title.split() if len(word) > 3]
    types = sorted({entity.type for entity in kg.head.entities.values()})
    lists = [
        "/",
        "/types",
        "/tags",
        "/hubs",
        "/communities",
        "/health",
        "/health/links",
        "/changes",
        *(f"/type/{quote(name)}" for name in types),
    ]
    found: list[tuple[str, str]] = []
    for kind in draw.choices(list(SHARES), list(SHARES.values()), k=REQUESTS):
        one, other = draw.choice(ids), draw.choice(ids)
        phrase = " ".join(draw.sample(words, draw.choice((1, 1, 2))))
        address = {
            "entity": entity_url("entity", one),
            "search": f"/search?q={quote(_slip(phrase, draw) if draw.random() < 0.3 else phrase)}",
            "path": f"/path?from={quote(one)}&to={quote(other)}",
            "list": draw.choice(lists),
            "API": draw.choice([entity_url("api/entities", one), f"/api/suggest?q={quote(phrase[:5])}", entity_url("api/backlinks", one)]),
        }[kind]
        found.append((kind, address))
    return found


def _slip(phrase: str, draw: random.Random) -> str:
    """The phrase with two letters changed about."""
    place = draw.randrange(len(phrase) - 1)
    return phrase[:place] + phrase[place + 1] + phrase[place] + phrase[place + 2 :]


@contextmanager
def served(workspace: Path) -> Iterator[int]:
    """A server in a process of its own, warm; gives its port."""
    command = [sys.executable, "-m", "kgraph", "serve", "-w", str(workspace), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        port = int(process.stderr.readline().strip().rsplit(":", 1)[-1])
        try:
            asyncio.run(ask_all(port, [("list", "/health"), ("list", "/changes"), ("path", "/path")]))
            yield port
        finally:
            process.terminate()


async def ask_all(port: int, pages: list[tuple[str, str]]) -> tuple[dict[str, list[float]], float]:
    """Seconds of every answer by kind, and of all together."""
    left = iter(pages)
    taken: dict[str, list[float]] = defaultdict(list)

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for kind, address in left:
            start = time.perf_counter()
            writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").lower().split("\r\n")
            size = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
            await reader.readexactly(size)
            assert lines[0].split()[1] == "200", (address, lines[0])
            taken[kind].append(time.perf_counter() - start)
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return taken, time.perf_counter() - start


def _print(title: str, taken: dict[str, list[float]], seconds: float) -> None:
    total = [each for times in taken.values() for each in times]
    print(f"{title}: {len(total):,} answers in {seconds:.1f} s, {len(total) / seconds:,.0f} a second\n")
    print("| what | answers | median, ms | p95, ms | p99, ms |\n| --- | --- | --- | --- | --- |")
    for name, times in [*sorted(taken.items()), ("all", total)]:
        points = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
        print(f"| {name} | {len(times):,} | {points[49] * 1e3:.0f} | {points[94] * 1e3:.0f} | {points[98] * 1e3:.0f} |")
    print()


if __name__ == "__main__":
    main()
