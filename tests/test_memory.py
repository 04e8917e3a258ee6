"""What a build found out, kept for the next one."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import msgspec

from kgraph.export.remembered import PageMemory
from kgraph.memory import Memory, key_of


def test_pieces_that_are_used_are_kept_and_others_go(tmp_path: Path) -> None:
    first = Memory(None, "things")
    first.keep([(key_of("a"), msgspec.msgpack.encode("A")), (key_of("b"), msgspec.msgpack.encode("B"))])
    first.write(tmp_path)
    second = Memory(tmp_path, "things")
    assert msgspec.msgpack.decode(second.found[key_of("a")]) == "A"
    second.keep([(key_of("a"), second.found[key_of("a")])])
    second.write(tmp_path)
    assert set(Memory(tmp_path, "things").found) == {key_of("a")}


def test_damaged_files_are_no_memory(tmp_path: Path) -> None:
    memory = Memory(None, "things")
    memory.keep([(1, msgspec.msgpack.encode("A"))])
    memory.write(tmp_path)
    path = tmp_path / "things.memory"
    path.write_bytes(path.read_bytes()[:-1])
    assert Memory(tmp_path, "things").found == {}
    assert Memory(tmp_path / "nowhere", "things").found == {}
    (tmp_path / "pages.msgpack").write_bytes(b"\xc1")
    assert PageMemory(tmp_path).find("a", 1) is None


def test_pages_are_found_by_their_keys_alone(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    whole = b'{"pages":{"a":{"id":"a"},"b":{"id":"b"}},"schemaVersion":1}'
    (site / "related.json").write_bytes(whole)
    (site / "manifest.json").write_bytes(b'{"files":{"pages/a.json":{"bytes":3,"sha256":"00"}}}')
    memory = PageMemory()
    for name in ("a", "b"):
        memory.keep(name, 7, 2, 1)
    memory.place({name: (whole.index(data), len(data), crc32(data)) for name, data in (("a", b'{"id":"a"}'), ("b", b'{"id":"b"}'))})
    memory.write(tmp_path)
    recalled = PageMemory(tmp_path)
    kept = recalled.find("a", 7)
    assert kept is not None
    assert (kept.data, kept.items, kept.backlinks) == (b'{"id":"a"}', 2, 1)
    assert recalled.find("a", 8) is None
    assert recalled.find("gone", 7) is None
    assert recalled.file("pages/a.json") == (site / "pages/a.json", {"bytes": 3, "sha256": "00"})
    assert recalled.file("pages/b.json") is None
    (site / "related.json").write_bytes(whole.replace(b'"id":"b"', b'"ID":"b"'))
    assert PageMemory(tmp_path).find("a", 7) == kept
    assert PageMemory(tmp_path).find("b", 7) is None, "damaged"
    for content in (b"", whole[:20]):
        (site / "related.json").write_bytes(content)
        assert PageMemory(tmp_path).find("a", 7) is None
    (site / "related.json").unlink()
    assert PageMemory(tmp_path).find("a", 7) is None
