"""The files of a site build: what they hold, what describes them, and where they may lie."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import kgraph
from kgraph.errors import ExportError
from kgraph.export.site import copy_site, page_file, page_files, write_site
from tests.conftest import REPOSITORY, RunKgraph
from tests.ingest.wiki import write_wiki

PACKAGE = Path(kgraph.__file__).parent


@pytest.fixture(scope="module")
def site(sample_workspace: Path) -> Path:
    return sample_workspace / "site"


@pytest.fixture(scope="module")
def index(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / "related.json").read_text(encoding="utf-8"))
    return found


def items_of(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [*page["top"], *(item for group in page["groups"] for item in group["items"])]


def test_the_index_is_as_its_schema_says(index: dict[str, Any], site: Path) -> None:
    schema = json.loads((site / "related.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(index)] == []
    broken = json.loads(json.dumps(index))
    next(iter(broken["pages"].values()))["top"][0]["extra"] = 1
    assert list(validator.iter_errors(broken))
    assert index["schemaVersion"] == 1
    assert len(index["pages"]) == 139
    assert list(index["pages"]) == sorted(index["pages"])


def test_each_page_has_its_own_file_with_the_same_object(index: dict[str, Any], site: Path) -> None:
    for entity_id, page in index["pages"].items():
        text = (site / "pages" / f"{entity_id}.json").read_text(encoding="utf-8")
        assert json.loads(text) == page
        assert page["id"] == entity_id
        assert text == json.dumps(page, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    assert len(list((site / "pages").rglob("*.json"))) == len(index["pages"])


def test_the_manifest_lists_every_file_with_its_hash(index: dict[str, Any], site: Path) -> None:
    manifest = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    there = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == there - {"manifest.json"}
    for name, told in manifest["files"].items():
        data = (site / name).read_bytes()
        assert told == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    pages = index["pages"].values()
    assert manifest["counts"] == {
        "pages": len(pages), "items": sum(len(items_of(page)) for page in pages),
        "backlinks": sum(len(page["backlinks"]) for page in pages),
    }  # fmt: skip


def test_items(index: dict[str, Any], sample: kgraph.KnowledgeGraph) -> None:
    entities = sample.head.entities
    linked = {(link.source, link.target) for link in sample.statements.links}
    seen = {True: 0, False: 0}
    for entity_id, page in index["pages"].items():
        items = items_of(page)
        assert 0 < len(page["top"]) <= 5
        assert sorted(item["rank"] for item in items) == list(range(1, len(items) + 1))
        assert [item["rank"] for item in page["top"]] == list(range(1, len(page["top"]) + 1))
        by_rank = sorted(items, key=lambda item: item["rank"])
        scores = [item["score"] for item in by_rank]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)
        ids = [item["id"] for item in items]
        assert entity_id not in ids
        assert len(ids) == len(set(ids))
        hrefs = [item["href"] for item in items if item["href"]]
        assert len(hrefs) == len(set(hrefs))
        assert page["href"] not in hrefs
        for item in items:
            entity = entities[item["id"]]
            assert (item["title"], item["type"], item["href"]) == (entity.title, entity.type, entity.href)
            assert item["linked"] is ((entity_id, item["id"]) in linked)
            seen[item["linked"]] += 1
            shares = [reason["share"] for reason in item["reasons"]]
            assert shares == sorted(shares, reverse=True)
            assert sum(shares) == pytest.approx(item["score"], abs=1e-4)
            for reason in item["reasons"]:
                assert reason["text"]
                assert all(place in entities or re.fullmatch(r".+:\d+", place) for place in reason["evidence"])
        for group in page["groups"]:
            assert group["label"] == sample.types.plural(group["type"])
            assert {item["type"] for item in group["items"]} == {group["type"]}
        kinds = [group["type"] for group in page["groups"]]
        assert kinds == sorted(set(kinds), key=sample.types.position)
    assert min(seen.values()) > 100


def test_evidence_points_at_lines_that_are_there(index: dict[str, Any]) -> None:
    lines: dict[str, int] = {}
    checked = 0
    for page in index["pages"].values():
        for item in items_of(page):
            for place in (place for reason in item["reasons"] for place in reason["evidence"]):
                path, _, line = place.rpartition(":")
                if line.isdigit() and (REPOSITORY / "data" / path).is_file():
                    lines.setdefault(path, len((REPOSITORY / "data" / path).read_text(encoding="utf-8").splitlines()))
                    assert 1 <= int(line) <= lines[path]
                    checked += 1
    assert checked > 500


def test_labels_are_read_from_the_page(index: dict[str, Any], sample: kgraph.KnowledgeGraph) -> None:
    vocabulary = sample.config.relation_vocabulary()
    stated: dict[tuple[str, str | None], list[str]] = {}
    for relation in sample.statements.relations:
        stated.setdefault((relation.source, relation.target), []).append(relation.name)
    forward = inverted = 0
    for entity_id, page in index["pages"].items():
        for item in items_of(page):
            there, back = stated.get((entity_id, item["id"]), []), stated.get((item["id"], entity_id), [])
            possible = {vocabulary.label(name) for name in there} | {vocabulary.inverse_label(name) for name in back}
            assert item["label"] in possible if possible else item["label"] is None
            if back and not there and back != ["related"]:
                inverted += item["label"] not in {vocabulary.label(name) for name in back}
            forward += bool(there)
    assert forward > 20
    assert inverted > 20


def test_backlinks_hold_the_sentence(index: dict[str, Any], sample: kgraph.KnowledgeGraph) -> None:
    for entity_id, page in index["pages"].items():
        first: dict[str, Any] = {}
        for link in sample.statements.links:
            if link.target == entity_id and link.source != entity_id:
                first.setdefault(link.source, link)
        assert {back["id"] for back in page["backlinks"]} == set(first)
        order = [(-sample.rankings.measures[back["id"]].pagerank, back["id"]) for back in page["backlinks"]]
        assert order == sorted(order)
        for back in page["backlinks"]:
            link = first[back["id"]]
            assert (back["path"], back["line"]) == (link.path, link.line)
            assert back["sentence"]
            assert len(back["sentence"]) <= 241
            assert (link.sentence or link.text).startswith(back["sentence"][:60].rstrip("… "))
    assert sum(len(page["backlinks"]) for page in index["pages"].values()) > 500


def test_hubs(site: Path, sample: kgraph.KnowledgeGraph, index: dict[str, Any]) -> None:
    hubs = json.loads((site / "hubs.json").read_text(encoding="utf-8"))
    assert set(hubs) == {"schemaVersion", "pagerank", "hub", "authority"}
    for field in ("pagerank", "hub", "authority"):
        values = {entity_id: getattr(measures, field) for entity_id, measures in sample.rankings.measures.items()}
        best = sorted(values, key=lambda entity_id: (-values[entity_id], entity_id))[:50]
        assert [entry["id"] for entry in hubs[field]] == best
        assert [entry["value"] for entry in hubs[field]] == [values[entity_id] for entity_id in best]
        assert set(hubs[field][0]) == {"id", "title", "type", "href", "value"}
    for entity_id, page in index["pages"].items():
        measures = sample.rankings.measures[entity_id]
        assert page["hub"] == {name: getattr(measures, name) for name in ("pagerank", "hub", "authority", "community")}


def _interfaces(text: str) -> dict[str, dict[str, bool]]:
    """Keys of each interface and whether they may be null, with those that it inherits."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    found: dict[str, dict[str, bool]] = {}
    for name, parent, body in re.findall(r"export interface (\w+)(?: extends (\w+))? \{\n(.*?)\n\}", text, flags=re.S):
        own = {key: "null" in kind for key, kind in re.findall(r"^  (\w+): (.+);$", body, flags=re.M)}
        assert len(own) == len([line for line in body.splitlines() if line.strip()])
        found[name] = {**found.get(parent, {}), **own}
    return found


def test_the_types_describe_what_the_schema_describes(site: Path) -> None:
    schema = json.loads((site / "related.schema.json").read_text(encoding="utf-8"))
    types = _interfaces((site / "kgraph.d.ts").read_text(encoding="utf-8"))
    assert set(schema["$defs"]) <= set(types)
    for name, told in schema["$defs"].items():
        nullable = {
            key: "null" in value["type"] if isinstance(value.get("type"), list) else False for key, value in told["properties"].items()
        }
        assert types[name] == nullable
        assert set(told["required"]) == set(told["properties"])
    assert set(types["RelatedIndex"]) == set(schema["properties"])
    manifest = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    hubs = json.loads((site / "hubs.json").read_text(encoding="utf-8"))
    assert (set(types["Manifest"]), set(types["Hubs"])) == (set(manifest), set(hubs))
    assert set(types["HubEntry"]) == set(hubs["hub"][0])


def test_an_export_is_a_copy(site: Path, sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    assert run_kgraph("export", "site", "-o", tmp_path / "out", "-w", sample_workspace).returncode == 0
    there = {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    assert {p.relative_to(tmp_path / "out"): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == there


def manifest_of(names: list[str]) -> bytes:
    return json.dumps({"schemaVersion": 1, "files": {name: {"bytes": 1, "sha256": "0" * 64} for name in names}}).encode()


def test_stale_files_go_and_foreign_files_stay(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_site(
        out, {"pages/a.json": b"1", "pages/b/c.json": b"2", "manifest.json": manifest_of(["pages/a.json", "pages/b/c.json"])}.items()
    )
    for name in ("own.txt", "pages/own.json", "pages/b/own.json"):
        (out / name).write_text("mine")
    stamp = (out / "pages/a.json").stat().st_mtime_ns
    inode = (out / "pages/a.json").stat().st_ino
    write_site(out, {"pages/a.json": b"1", "pages/d.json": b"3", "manifest.json": manifest_of(["pages/a.json", "pages/d.json"])}.items())
    left = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert left == ["manifest.json", "own.txt", "pages/a.json", "pages/b/own.json", "pages/d.json", "pages/own.json"]
    assert ((out / "pages/a.json").stat().st_mtime_ns, (out / "pages/a.json").stat().st_ino) == (stamp, inode)


def test_a_hostile_or_foreign_manifest_removes_nothing(tmp_path: Path) -> None:
    outside, out = tmp_path / "outside.txt", tmp_path / "out"
    outside.write_text("keep")
    (out / "pages").mkdir(parents=True)
    (out / "app.js").write_text("keep")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.json").write_text("keep")
    (out / "link").symlink_to(tmp_path / "elsewhere")
    hostile = [str(outside), "../outside.txt", "pages/../../outside.txt", "link/x.json", "pages", "", "."]
    for manifest in (manifest_of(hostile), b"[]", b"{", b'{"files": 3}', b'{"files": {"app.js": "/app.js"}}', b"\xff",
                     b'{"schemaVersion": 1, "files": {"app.js": "x"}}'):  # fmt: skip
        (out / "manifest.json").write_bytes(manifest)
        write_site(out, {"related.json": b"{}", "manifest.json": manifest_of(["related.json"])}.items())
        assert outside.read_text() == (out / "app.js").read_text() == (tmp_path / "elsewhere/x.json").read_text() == "keep"
        assert (out / "pages").is_dir()


def test_a_folder_that_cannot_be_written_is_one_line(sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    (tmp_path / "file").write_text("here")
    for output in ("file", "file/below"):
        done = run_kgraph("export", "site", "-o", tmp_path / output, "-w", sample_workspace)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert "file" in done.stderr
    with pytest.raises(ExportError, match="run `kgraph rank` first"):
        copy_site(tmp_path / "missing", tmp_path / "out")


RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.I)
NAMES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10),
    st.text("./%~ conNULaA1\\:", min_size=1, max_size=10),
    st.lists(st.sampled_from(["a", "..", ".", "", "con", "a.json", "é", "A"]), min_size=1, max_size=4).map("/".join),
    st.integers(140, 5000).map(lambda size: "x" * size),
)


def portable(path: str) -> bool:
    """Whether every usual file system can hold the path, and it stays within its folder."""
    parts = path.split("/")
    return (
        parts[0] == "pages"
        and path.isascii()
        and len(path) < 1000
        and all(part not in ("", ".", "..") and len(part) < 200 and not part.endswith((".", " ")) for part in parts)
        and not any(RESERVED.fullmatch(part) for part in parts)
        and not set(path) & set('<>:"\\|?* \0\n')
    )


@given(NAMES)
@example("../../etc/passwd")
@example("/etc/passwd")
@example("C:\\x")
@example("con")
@example("a/lpt1/b")
@example("a." * 200)
@example("é" * 400)
@example("a/" * 3000)
@example("\udcff")
def test_no_id_leaves_the_folder(name: str) -> None:
    assert portable(page_file(name))
    assert page_file(name).endswith(".json")


@given(st.lists(NAMES, unique=True, max_size=8))
@example(["x", "x.json/y"])
@example(["X.JSON/y", "x"])
@example(["Foo", "foo", "FOO"])
@example(["x" * 500, "x" * 501])
@example(["é", "e\u0301"])
@example([".", "%2E", "..", "%2E%2E"])
@example(["a//b", "a/%/b", "a/b"])
def test_no_two_ids_share_a_file(names: list[str]) -> None:
    paths = page_files(names)
    assert set(paths) == set(names)
    lower = [path.lower() for path in paths.values()]
    assert len(set(lower)) == len(names)
    folders = {"/".join(path.split("/")[:end]) for path in lower for end in range(1, path.count("/") + 1)}
    assert not folders & set(lower)
    assert all(portable(path) for path in paths.values())


def test_plain_ids_are_written_plainly() -> None:
    for name in ("eu-ai-act", "risks/x", "A.b_c", "v1.2", "a.json"):
        assert page_file(name) == f"pages/{name}.json"


def test_hostile_ids_end_to_end(tmp_path: Path) -> None:
    ids = ["../../../up", "/abs", "..", "con", "x", "x.json/y", "Case", "case", "é", "e\u0301", "x" * 400, "a b", "🐝/🐝", "d\\e", "end"]
    pages = {f"p{n}.md": f"---\n{json.dumps({'id': name})}\n---\n# P{n}\n\n[[{following}]]\n"
             for n, (name, following) in enumerate(zip(ids, [*ids[1:], ""], strict=True))}  # fmt: skip
    write_wiki(tmp_path / "wiki", pages)
    kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    site = tmp_path / "workspace" / "site"
    index = json.loads((site / "related.json").read_text(encoding="utf-8"))["pages"]
    found = {json.loads(path.read_text(encoding="utf-8"))["id"] for path in (site / "pages").rglob("*.json")}
    assert found == set(index) == set(ids)
    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} == {"wiki", "workspace"}
    assert "up.json" in names
    copy_site(site, tmp_path / "out")
    assert len(list((tmp_path / "out").rglob("*.json"))) == len(ids) + 4
