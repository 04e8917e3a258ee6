"""The first configuration file says what a build would have guessed, so that nothing changes when it is there."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import kgraph
from kgraph.config import Config, read_config
from kgraph.initial import initial_config
from tests.ingest.test_rst import SITE as SPHINX
from tests.ingest.wiki import write_wiki

NESTED: dict[str, str | bytes] = {
    "docs/mill.mdx": "---\ntitle: Mill\n---\nAt the <R id='s1' /> <R id='s2' /> [weir](weir.md).\n",
    "docs/weir.md": "# Weir\n",
    "data/entities/rows.yaml": "- {id: mill, title: Mill, type: place}\n- {id: weir, title: Weir, type: place}\n",
    "data/facts.yaml": "- {id: mill, title: Mill, height: 3}\n- {id: weir, title: Weir, height: 1}\n",
    "data/works/all.yaml": "- {id: s1, title: Charter, url: 'https://example.org/1'}\n- {id: s2, title: Deed, url: 'https://example.org/2'}\n",
}
MKDOCS: dict[str, str | bytes] = {
    "mkdocs.yml": "site_name: X\nsite_url: https://x.example/m/\nnav:\n  - Start: index.md\n  - lamp.md\n",
    "docs/index.md": "[lamp](lamp.md)\n",
    "docs/lamp.md": "# Lamp\n",
    "rows[1].yaml": "- {id: lamp, title: Lamp, type: tool}\n- {id: oil, title: Oil, type: concept}\n",
}


def exported(folder: Path, workspace: Path) -> dict[str, bytes]:
    kg = kgraph.build(folder, workspace)
    files = {path.name: path.read_bytes() for path in (kg.generation.folder / "site").rglob("*.json")}
    return {**files, "pages.nq": (kg.generation.folder / "pages.nq").read_bytes()}


@pytest.mark.parametrize("files", [NESTED, MKDOCS, SPHINX], ids=["nested catalogs", "mkdocs", "sphinx"])
def test_nothing_changes_when_it_is_there(files: dict[str, str | bytes], tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", files)
    before = exported(wiki, tmp_path / "before")
    (wiki / "kgraph.toml").write_text(initial_config(wiki)[0], encoding="utf-8")
    assert exported(wiki, tmp_path / "after") == before


def test_it_names_every_key_and_each_may_be_uncommented(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", MKDOCS)
    text = initial_config(wiki)[0]
    for part in (field.name for field in msgspec.structs.fields(Config)):
        value = getattr(Config(), part)
        names = [field.name for field in msgspec.structs.fields(value)] if isinstance(value, msgspec.Struct) else [part]
        for name in names:
            assert f"{name} = " in text or f"[{name}." in text, f"{part}.{name}"
    path = tmp_path / "kgraph.toml"
    path.write_text("\n".join(line.removeprefix("#") if not line.startswith("# ") else line for line in text.split("\n")), encoding="utf-8")
    assert read_config(path).pages.layout == "mkdocs"
