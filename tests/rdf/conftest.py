"""A wiki whose ids, titles, tags and fields are all of the kind that breaks writers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kgraph
from tests.ingest.wiki import write_wiki

ODD_IDS = (
    "a b", "c#d", "e?f", "g/../h", "..", ".", "<i>", '"j"', "k\\l", "m%20n", "%2E%2E", "ö", "🐝", "o\tp", "q{r}", "s|t^u`", "v'w",
    "x" * 300, "//y", "urn:z", "-", "A", "a",
)  # fmt: skip


def odd_pages() -> dict[str, str]:
    pages = {}
    for number, name in enumerate(ODD_IDS):
        following = ODD_IDS[number + 1] if number + 1 < len(ODD_IDS) else "end"
        front = {
            "id": name,
            "title": f"Title {name}",
            "type": ["c++", "c", "relatedness", "tier-1", "tier1", "source-file"][number % 6],
            "tags": [name, "common"],
            "aliases": [f"also {name}\nand more"],
            "related": [following],
            "relatedEntries": [{"id": following, "relationship": ["mitigates", "odd <rel>", "similar-to"][number % 3]}],
            f"field {name}": f"value {name}",
            "lastEdited": ["2024-02-30", "2024-02", "2024-02-29T10:00:00", "soon"][number % 4],
        }
        pages[f"p{number}.md"] = f"---\n{json.dumps(front)}\n---\n# {name}\n\nGo to [[{following}]].\n"
    return {**pages, "end.md": '---\nid: end\n---\n# The \x01 end \\ " \ufffe\n', "k #?%é.md": "# Odd path\n\n[[end]]\n"}


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> kgraph.KnowledgeGraph:
    folder = tmp_path_factory.mktemp("odd")
    write_wiki(folder / "wiki", {**odd_pages(), "kgraph.toml": ODD_CONFIG})
    return kgraph.build(folder / "wiki", folder / "workspace")


ODD_CONFIG = """
[types.c]
parents = ["https://example.org/C", "skos:Concept"]
[relations."odd-<rel>"]
inverse = "is odd of"
property = "schema:knows"
"""


@pytest.fixture(scope="session")
def page_hashes(sample_workspace: Path) -> dict[str, str]:
    """SHA-256 of each file of the sample wiki, by path."""
    import hashlib

    from tests.conftest import REPOSITORY

    root = REPOSITORY / "data"
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in root.rglob("*") if p.is_file()}
