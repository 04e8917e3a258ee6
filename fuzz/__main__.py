"""``make fuzz``: readers, catalogs and whole builds on damaged input, for a bounded time.

Seeds are the fixtures of the tests and the sample wiki; each input is a seed changed at random (bytes flipped, pieces cut, repeated or
taken from other seeds, tokens of the formats put in, deep nesting). A crash, an input that takes longer than its limit, or a document
whose places do not exist ends the run: the input is kept in ``fuzz/found/`` to become a test.

    python -m fuzz [SECONDS] [SEED] [TARGET …]
"""

from __future__ import annotations

import hashlib
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import msgspec

from kgraph.config import Config
from kgraph.errors import KgraphError
from kgraph.ingest import load
from kgraph.ingest.dump import Dump
from kgraph.ingest.readers import DUMPED, reader_names
from kgraph.ingest.stage import ingest
from kgraph.model.document import Component, Document, Reference

REPOSITORY = Path(__file__).resolve().parent.parent
FOUND = REPOSITORY / "fuzz" / "found"
LIMIT = 10
"""Seconds of processor time that one input may take: a busy machine is no find."""
MEMORY = 3_000_000_000
"""Bytes of address space."""
LARGEST = 200_000
TOKENS = [
    b"---\n", b"+++\n", b"{{", b"}}", b"{{<", b">}}", b"{%", b"%}", b"[[", b"]]", b"![[", b"|", b"](", b"<a href=", b"</a>",
    b"<EntityLink id='x'/>", b"```\n", b"`", b"~~~", b"{/*", b"*/}", b"<!--", b"-->", b"import x from 'y'\n",
    b"export const a = {", b"&lol;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<![CDATA[", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\r\n", b"\t", b"!!python/object:os.system ", b"&a [*a, *a]", b"- ", b"? ", b": ", b"# ", b"| a | b |\n|---|---|\n",
    b"[^1]: ", b"[^1]", b"{|\n|-\n|", b"|}", b"'''", b"==", b"<ref name=x>", b"</ref>", b"<nowiki>", b"#REDIRECT [[a]]",
    b"\xe2\x80\xae", b"\xed\xa0\x80", b"<script>alert(1)</script>", b"javascript:alert(1)", b"../../etc/passwd", b"__proto__",
    b"1e999999", b"NaN", b"@prefix : <x> .", b"_:b0 ", b'{"@context": "http://x/", "@id": "', b"<div>" * 50, b"(" * 200,
    b"[" * 200, b"{" * 200, b"> " * 100, b".. note:: ", b".. toctree::\n   :glob:\n\n   *\n", b":doc:`a`", b":ref:`a <b>`", b"|a|",
    b".. |a| replace:: |a| |a|\n", b".. _a: b_\n.. _b: a_\n", b"`a <b>`__", b".. csv-table::\n   :file: /etc/passwd\n\n   a, \"b\n",
    b".. list-table::\n\n   * - a\n", b".. glossary::\n\n   a\n      b\n", b".. include:: /etc/passwd\n", b".. raw:: html\n   :file: a\n",
    b"\n====\n", b"\n----\n", b"+--+--+\n|a |b |\n+--+--+\n", b"PEP: 1\nRequires: 2\n\n", b"http://a.b ", b".. py:class:: a.b(c)\n\n   ",
    b"* " * 100, b"ADR-1 ", b".. role:: x(raw)\n   :format: html\n", b".. default-role:: x\n", b".. |d| date::\n",
    b"%%", b" ^id\n", b" #tag/a ", b"\\ud800", b"\\#",
]  # fmt: skip


def main() -> int:
    """Run until the time is up; 1 when something was found."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    wanted = sys.argv[3:]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    targets = {name: target for name, target in _targets().items() if not wanted or name in wanted}
    seeds = _seeds()
    draw = random.Random(seed)
    counts = dict.fromkeys(targets, 0)
    slowest = dict.fromkeys(targets, 0.0)
    spent = dict.fromkeys(targets, 0.0)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, target in targets.items():
            data = _changed(draw, seeds, name.rpartition(":")[2])
            started = time.process_time()
            problem = _tried(target, data)
            took = time.process_time() - started
            slowest[name], spent[name] = max(slowest[name], took), spent[name] + took
            counts[name] += 1
            if problem:
                return _keep(name, seed, data, problem)
    for name, count in counts.items():
        print(f"{name:20} {count:8,} inputs, {spent[name] / 60:6.2f} min, slowest {slowest[name]:.2f} s")
    print(f"seed {seed}: nothing found in {seconds:g} s")
    return 0


def _targets() -> dict[str, Callable[[bytes], None]]:
    kinds = sorted(reader_names())
    catalogs = [
        f"catalog:{ending}" for ending in ("yaml", "json", "jsonl", "csv", "tsv", "toml", "ttl", "nt", "nq", "trig", "jsonld", "rdf")
    ]
    targets: dict[str, Callable[[bytes], None]] = {kind: _reader(kind) for kind in (*kinds, *catalogs)}
    targets["dump:xml"] = _dump
    targets["build"] = _build
    return targets


def _reader(kind: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        content = load._parse_content(kind, data)
        again = msgspec.msgpack.decode(msgspec.msgpack.encode(content), type=type(content))
        assert again == content, "another document after it was written and read"
        if isinstance(content, Document):
            _check(content)

    return read


def _check(document: Document) -> None:
    for block in document.blocks:
        assert -1 <= block.section < len(document.headings), "a section that does not exist"
        assert all(0 <= place <= len(block.text) for place in block.code), "code outside its block"
    items: list[Reference | Component] = [*document.references, *document.components]
    for item in items:
        assert -1 <= item.block < len(document.blocks), "a block that does not exist"
        if item.block >= 0:
            assert 0 <= item.start <= item.end <= len(document.blocks[item.block].text), "a place outside its block"


def _dump(data: bytes) -> None:
    """A dump whose pages are read as they come."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.xml").write_bytes(data)
        dump = Dump(folder, "a.xml", LARGEST)
        for page in dump.pages():
            _reader(DUMPED)(page.data)


def _build(data: bytes) -> None:
    """A small site whose files are pieces of the input."""
    draw = random.Random(hashlib.sha256(data).digest())
    endings = ["md", "mdx", "yaml", *sorted(reader_names()), "xml", "json", "csv", "toml", "ttl"]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(draw.randint(1, 6)):
            start = draw.randrange(len(data) + 1)
            place = Path(folder, draw.choice(["", "docs", "content", "en", "v1.0"]), f"p{number}.{draw.choice(endings)}")
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(data[start : start + draw.randint(0, 5000)])
        try:
            ingest(Path(folder), Config())
        except KgraphError as error:
            assert "\n" not in str(error), "an error of several lines"


def _tried(target: Callable[[bytes], None], data: bytes) -> str | None:
    """What went wrong, or None."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {LIMIT} s")

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        target(data)
    except (Exception, RecursionError):
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _seeds() -> dict[str, list[bytes]]:
    """Seeds by the ending of their files; all of them under the empty one."""
    found: dict[str, list[bytes]] = {"": []}
    for folder in ("tests", "data", "queries", "kgraph"):
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.is_file() and path.suffix and "__pycache__" not in path.parts:
                data = path.read_bytes()
                found.setdefault(path.suffix[1:].lower(), []).append(data)
                found[""].append(data)
    return found


def _changed(draw: random.Random, seeds: dict[str, list[bytes]], ending: str) -> bytes:
    """A seed of the format (or, now and then, of any) with damage."""
    own = seeds.get(ending, seeds[""]) if draw.random() < 0.8 else seeds[""]
    data = bytearray(draw.choice(own)[: draw.choice([200, 2_000, 20_000])])
    for _ in range(draw.choice([1, 2, 5, 20])):
        place = draw.randrange(len(data) + 1)
        match draw.randrange(7):
            case 0 if data:
                data[min(place, len(data) - 1)] = draw.randrange(256)
            case 1:
                del data[place : place + draw.choice([1, 10, 200])]
            case 2:
                data[place:place] = draw.choice(TOKENS)
            case 3:
                other = draw.choice(seeds[""])
                start = draw.randrange(len(other) + 1)
                data[place:place] = other[start : start + draw.choice([20, 500])]
            case 4:
                piece = bytes(data[place : place + draw.choice([3, 40, 400])])
                data[place:place] = piece * draw.choice([2, 10, 100])
            case 5:
                data[place:place] = draw.choice(TOKENS) * draw.choice([3, 50, 1000])
            case _:
                data[place:place] = bytes(draw.randrange(256) for _ in range(draw.randint(1, 30)))
    return bytes(data[:LARGEST])


def _keep(name: str, seed: int, data: bytes, problem: str) -> int:
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{name.replace(':', '-')}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    print(f"{problem}\n{name} (seed {seed}): kept as {path.relative_to(REPOSITORY)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
