"""The sample wiki read without kgraph: what named queries should answer, straight from its files."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import REPOSITORY

WIKI = REPOSITORY / "data" / "wiki"
TYPES = {
    "analyses": "analysis", "approaches": "approach", "concepts": "concept", "events": "event", "organizations": "organization",
    "people": "person", "policies": "policy", "risks": "risk",
}  # fmt: skip
_COMPONENT = re.compile(r"<EntityLink\s+id=\"([^\"]+)\"")
_MARKDOWN = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_WIKILINK = re.compile(r"\[\[([^\]|#]+)[^\]]*\]\]")
_REFERENCE = re.compile(r"^\[[^\]^]+\]:\s*(\S+)", re.M)
_SEE_ALSO = re.compile(r"^## (?:See also|Related pages)\s*\n(.*?)(?=^#|\Z)", re.M | re.S | re.I)
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_CODE = re.compile(r"`[^`\n]+`")


@dataclass
class Sources:
    """What the files say."""

    types: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    """Text of the page below its front matter, by id."""
    fronts: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: set[tuple[str, str]] = field(default_factory=set)
    relations: set[tuple[str, str, str]] = field(default_factory=set)
    """(source, relationship, target) of the catalogs."""
    folders: dict[str, str] = field(default_factory=dict)
    tags: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def joined(self, one: str) -> set[str]:
        """What an entity links or plainly relates to, and what does so to it."""
        plain = {(source, target) for source, name, target in self.relations if name == "related"}
        return {b for a, b in self.links | plain if a == one} | {a for a, b in self.links | plain if b == one}


def read_sources() -> Sources:
    """Read the wiki."""
    found = Sources()
    for path in sorted((WIKI / "entities").glob("*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.rows[row["id"]] = row
            found.types[row["id"]] = TYPES[path.stem]
            found.titles[row["id"]] = row["title"]
            found.tags[row["id"]] |= set(row.get("tags", ()))
            for item in row.get("relatedEntries", ()):
                found.relations.add((row["id"], item.get("relationship", "related"), item["id"]))
    for path in sorted((WIKI / "content").rglob("*.md*")):
        _page(found, path)
    for name, front in found.fronts.items():
        found.types.setdefault(name, front.get("type", found.folders[name]))
    names = {title.casefold(): name for name, title in found.titles.items()}
    for name, row in [*found.rows.items(), *found.fronts.items()]:
        names.update({alias.casefold(): name for alias in row.get("aliases", ())})
    known = set(found.rows) | set(found.pages)
    written = {(source, target if target in known else names.get(target.casefold(), "")) for source, target in found.links}
    found.links = {(source, target) for source, target in written if target and source != target}
    found.relations = {(source, name, target) for source, name, target in found.relations if target in known}
    return found


def _page(found: Sources, path: Path) -> None:
    inner = path.relative_to(WIKI / "content")
    name = path.stem if path.stem != "index" else inner.parent.as_posix().replace(".", "index")
    _, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
    found.fronts[name] = yaml.safe_load(front)
    found.pages[name] = text
    found.titles[name] = found.fronts[name]["title"]
    found.tags[name] |= set(found.fronts[name].get("tags", ()))
    for target in found.fronts[name].get("related", ()):
        found.relations.add((name, "related", target))
    found.folders[name] = TYPES.get(inner.parts[0], "index") if path.stem != "index" else "index"
    prose = _CODE.sub("", _FENCE.sub("", text))
    found.links |= {(name, target) for target in _COMPONENT.findall(prose) + _WIKILINK.findall(prose)}
    found.links |= {(name, target) for target in _addressed([*_MARKDOWN.findall(prose), *_REFERENCE.findall(prose)])}
    for section in _SEE_ALSO.findall(prose):
        found.relations |= {(name, "related", target) for target in _addressed(_MARKDOWN.findall(section)) + _COMPONENT.findall(section)}


def _addressed(addresses: list[str]) -> list[str]:
    """Ids that addresses within the wiki lead to."""
    inner = [address for address in addresses if "//" not in address and not address.startswith(("#", "mailto:"))]
    return [re.sub(r"\.mdx?$", "", address.split("#")[0].rstrip("/").rsplit("/", 1)[-1]) for address in inner]
