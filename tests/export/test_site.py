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
from kgraph.export.pagefiles import page_file, page_files
from kgraph.export.republish import export_site
from kgraph.export.site import SitePart
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
            assert group["label"] == sample.types.group_label(page["type"], group["type"])
            assert {item["type"] for item in group["items"]} == {group["type"]}
        kinds = [group["type"] for group in page["groups"]]
        assert kinds == sorted(set(kinds), key=lambda kind: sample.types.group_position(page["type"], kind))
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


@pytest.mark.parametrize("only", [("top",), ("groups", "backlinks"), ()])
@pytest.mark.parametrize("minify", [False, True])
def test_a_part_is_described_exactly(only: tuple[SitePart, ...], minify: bool, site: Path, tmp_path: Path) -> None:
    assert export_site(site, tmp_path, only=only, minify=minify, pages=["**/people/*", "wiki/content/policies/eu-ai-act.*"]) > 5
    index = json.loads((tmp_path / "related.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(json.loads((tmp_path / "related.schema.json").read_text(encoding="utf-8")))
    assert list(validator.iter_errors(index)) == []
    parts = {"top", "groups", "backlinks", *(() if only else ("hub", "status"))}
    types = _interfaces((tmp_path / "kgraph.d.ts").read_text(encoding="utf-8"))
    for page in index["pages"].values():
        assert set(page) == {"id", "title", "type", "href", "path", "summary", *(only or parts)} == set(types["RelatedPage"])
        assert page["path"].startswith(("wiki/content/people/", "wiki/content/policies/eu-ai-act"))
    assert len(list((tmp_path / "pages").rglob("*.json"))) == len(index["pages"])
    assert ((tmp_path / "related.json").read_bytes().count(b"\n") == 1) == minify


def test_a_glob_that_fits_no_page_is_one_line(sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    for glob in ("nothing/*", "!", "***["):
        done = run_kgraph("export", "site", "-o", tmp_path / "out", "-w", sample_workspace, "--pages", glob)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert not (tmp_path / "out").exists()


def test_groups_are_ordered_and_labelled_by_the_type_of_the_page(tmp_path: Path) -> None:
    kinds = {"o": "organization", "r": "risk", "p": "person", "a": "approach", "c": "concept", "t": "lab note", "l": "policy"}
    pages = {
        f"{name}.md": f"---\ntitle: The {name}\ntype: {kind}\n---\n" + " ".join(f"[[{other}]]" for other in kinds if other != name) + "\n"
        for name, kind in kinds.items()
    }
    write_wiki(tmp_path / "wiki", {**pages, "kgraph.toml": "[lists]\ntop = 0\n"})

    def groups(page: str) -> list[tuple[str, str]]:
        kgraph.build(tmp_path / "wiki", tmp_path / "w")
        index = json.loads((tmp_path / "w/site/related.json").read_text(encoding="utf-8"))["pages"]
        return [(group["type"], group["label"]) for group in index[page]["groups"]]

    assert groups("o")[:2] == [("person", "People"), ("policy", "Policy")]
    assert groups("r")[:2] == [("approach", "Approaches"), ("policy", "Policy")]
    assert ("lab-note", "Lab Notes") in groups("r")
    settings = '[lists]\ntop = 0\n[groups.risk]\norder = ["lab note", "People"]\nlabels = { approaches = "What helps" }\n'
    (tmp_path / "wiki/kgraph.toml").write_text(settings)
    assert groups("r")[:2] == [("lab-note", "Lab Notes"), ("person", "People")]
    assert ("approach", "What helps") in groups("r")
    assert groups("o")[0] == ("person", "People")
    (tmp_path / "wiki/kgraph.toml").write_text('type_order = ["concept"]\n' + settings)
    assert (groups("o")[0][0], groups("r")[0][0]) == ("concept", "lab-note")


def test_status(tmp_path: Path) -> None:
    pages = {
        f"people/p{n}.md": f"---\nlastEdited: 202{n % 4}-03-04\n---\n# P{n}\n\n" + "word " * (100 + n)
        + "".join(f"[[p{m}]] " for m in range(12) if n not in (m, 11)) + "\n\n| a | b |\n| - | - |\n| 1 | 2 |\n"
        for n in range(12)
    }  # fmt: skip
    pages["lonely.md"] = "# Lonely\n\nNothing leads here, and it is never dated.\n"
    write_wiki(tmp_path / "wiki", pages)

    def status() -> dict[str, Any]:
        kgraph.build(tmp_path / "wiki", tmp_path / "w")
        index = json.loads((tmp_path / "w/site/related.json").read_text(encoding="utf-8"))["pages"]
        return {name: page["status"] for name, page in index.items()}

    told = status()
    assert told["p11"]["counts"]["internalLinks"] == {"count": 0, "expected": 11, "low": True}
    assert told["p3"]["counts"]["internalLinks"] == {"count": 11, "expected": 11, "low": False}
    assert told["p3"]["counts"]["tables"] == {"count": 1, "expected": 1, "low": False}
    assert told["lonely"]["counts"]["tables"]["expected"] is None
    assert [told[name]["edited"] for name in ("p0", "p3", "lonely")] == ["2020-03-04", "2023-03-04", None]
    assert [told[name]["stale"] for name in ("p1", "p2", "p3", "lonely")] == [True, False, False, False]
    assert [name for name, each in told.items() if each["orphan"]] == ["lonely"]
    (tmp_path / "wiki/kgraph.toml").write_text(
        "[status]\nstale_days = 30\nas_of = 2023-05-01\n[check.expected]\nperson = {tables = 2}\nall = {diagrams = 1}\n"
    )
    told = status()
    assert told["p3"]["stale"]
    assert told["p3"]["counts"]["tables"] == {"count": 1, "expected": 2, "low": True}
    assert told["lonely"]["counts"]["diagrams"] == {"count": 0, "expected": 1, "low": True}


def test_similar_pages_are_items_related_by_their_text(index: dict[str, Any]) -> None:
    seen = 0
    for page in index["pages"].values():
        shares = {item["id"]: reason["share"] for item in items_of(page) for reason in item["reasons"] if reason["signal"] == "text"}
        similar = page["status"]["similar"]
        assert [each["share"] for each in similar] == sorted(shares.values(), reverse=True)[:5]
        assert all(shares[each["id"]] == each["share"] for each in similar)
        seen += bool(similar)
    assert seen > 100


def test_an_export_is_a_copy(site: Path, sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    assert run_kgraph("export", "site", "-o", tmp_path / "out", "-w", sample_workspace).returncode == 0
    there = {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    assert {p.relative_to(tmp_path / "out"): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == there


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
    export_site(site, tmp_path / "out")
    assert len(list((tmp_path / "out").rglob("*.json"))) == len(ids) + 4


@pytest.mark.parametrize("name", ["fastapi-docs", "longterm-wiki-2026-02", "obsidian-help", "seed-page"])
def test_real_corpora_are_as_the_schema_says(name: str, corpora: Path, tmp_path: Path) -> None:
    if not (corpora / name).is_dir():
        pytest.skip(f"{name} is not among the corpora")
    kgraph.build(corpora / name, tmp_path / "w")
    site = tmp_path / "w" / "site"
    validator = jsonschema.Draft202012Validator(json.loads((site / "related.schema.json").read_text(encoding="utf-8")))
    index = json.loads((site / "related.json").read_text(encoding="utf-8"))
    pages = sorted(index["pages"])
    some = {"schemaVersion": 1, "pages": {page: index["pages"][page] for page in pages[:: max(1, len(pages) // 40)]}}
    assert [error.message for error in validator.iter_errors(some)] == []
    labels = {group["label"] for page in index["pages"].values() for group in page["groups"] if group["type"] != "page"}
    assert "Other" not in labels
    assert all(group["label"].strip() for page in index["pages"].values() for group in page["groups"])
