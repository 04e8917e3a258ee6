"""Where the references of one reStructuredText page lead: named and anonymous targets, substitutions, roles."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docutils import nodes

__all__ = ["Targets", "anchor_of_section"]

_MOST_STEPS = 20
_MADE_UP = re.compile(r"id\d+|toc-entry-\d+|section-\d+")
_DOMAIN = re.compile(r"(?:[\w-]+:)?([\w+-]+)")
_OBJECT_ROLES = frozenset(
    ("func", "function", "class", "meth", "method", "mod", "module", "attr", "attribute", "data", "exc", "exception", "obj", "const",
     "type", "struct", "union", "enum", "enumerator", "member", "var", "macro", "expr", "texpr", "property", "deco", "decorator",
     "concept", "dir", "directive", "role", "confval", "setting", "event", "option", "envvar", "djadmin", "ttag", "tfilter",
     "lookup", "opcode", "pdbcmd", "monitoring-event", "2to3fixer", "signal", "autolink")
)  # fmt: skip


def anchor_of_section(section: nodes.Element, text: str) -> str:
    """Anchor of a section: the one made of its title, else what docutils made up."""
    told = [name for name in section["ids"] if not _MADE_UP.fullmatch(name)]
    return str(told[0]) if told else nodes.make_id(text) or str((section["ids"] or [""])[0])


def _chained(parents: Iterable[nodes.Element]) -> dict[int, nodes.Element]:
    """For each target that stands right before others, the last of them, whose address it shares."""
    found: dict[int, nodes.Element] = {}
    for parent in parents:
        last: nodes.Element | None = None
        for child in reversed(parent.children):
            if not isinstance(child, nodes.target):
                last = None
            elif "refuri" in child or "refname" in child:
                last = child
            elif last is not None:
                found[id(child)] = last
    return found


class Targets:
    """What a page says of the places its own references lead to."""

    def __init__(self, document: nodes.document) -> None:
        self.depth = 0
        self.definitions = document.substitution_defs
        self.folded = {name.lower(): name for name in sorted(self.definitions, reverse=True)}
        self.addresses: dict[str, str] = {}
        self.indirect: dict[str, str] = {}
        self.internal: dict[str, str] = {}
        self.anonymous: list[nodes.Element] = []
        anonymous = (node for node in document.findall(nodes.reference) if node.get("anonymous"))
        self.order = {id(node): place for place, node in enumerate(anonymous)}
        targets = list(document.findall(nodes.target))
        chained = _chained({id(node.parent): node.parent for node in targets}.values())
        for node in targets:
            names = [*node["names"], *node["dupnames"]]
            meant = chained.get(id(node), node)
            if node.get("anonymous"):
                self.anonymous.append(meant)
            for name in names:
                if "refuri" in meant:
                    self.addresses.setdefault(name, meant["refuri"])
                elif "refname" in meant:
                    self.indirect.setdefault(name, meant["refname"])
                else:
                    self.internal.setdefault(name, nodes.make_id(name) or (node["ids"] or [""])[0])
        for section in document.findall(nodes.section):
            for name in [*section["names"], *section["dupnames"]]:
                self.internal.setdefault(name, anchor_of_section(section, name))

    def substitution(self, name: str) -> nodes.Element | None:
        """What a name stands for, in any letter case where that is needed."""
        found: nodes.Element | None = self.definitions.get(name) or self.definitions.get(self.folded.get(name.lower(), ""))
        return found

    def of_reference(self, node: nodes.Element) -> str:
        """Target of a reference; empty where this page does not say."""
        if "refuri" in node:
            return str(node["refuri"])
        if node.get("anonymous"):
            here = self.order.get(id(node), len(self.anonymous))
            if here >= len(self.anonymous):
                return ""
            target = self.anonymous[here]
            return str(target["refuri"]) if "refuri" in target else self.named(str(target.get("refname", "")))
        return self.named(str(node.get("refname", "")))

    def named(self, name: str) -> str:
        """Address of a target by its name, through others that it stands for."""
        for _ in range(_MOST_STEPS):
            if name in self.addresses:
                return self.addresses[name]
            if name in self.internal:
                return f"#{self.internal[name]}"
            if name not in self.indirect:
                return ""
            name = self.indirect[name]
        return ""

    def of_role(self, role: str, target: str, told: str | None, scope: str) -> tuple[str, str, bool]:
        """Target of a cross reference as it is handed on, its text, and whether that is code."""
        matched = _DOMAIN.fullmatch(role)
        kind = matched.group(1) if matched else role
        target = " ".join(target.split())
        if kind in ("ref", "numref", "any", "doc", "term"):
            text = told if told is not None else target if kind in ("term", "any") else ""
            return (f":{kind}:{target}" if target else ""), text, False
        if kind in ("pep", "rfc"):
            return f":{kind}:{target}", told if told is not None else f"{kind.upper()} {target.partition('#')[0]}", False
        if kind not in _OBJECT_ROLES:
            return "", told if told is not None else target, False
        shown = told if told is not None else target.lstrip("~.")
        if told is None and target.startswith("~"):
            shown = shown.rpartition(".")[2]
        name = target.lstrip("~")
        return f":{kind}:{name}" + (f" in {scope}" if scope and name and not name.startswith(".") else ""), shown, True

    @staticmethod
    def full_name(name: str, module: str, within: list[str]) -> str:
        """Name of a thing with the module and the classes that it stands in."""
        outer = within[-1] if within else ""
        if outer and not name.startswith(f"{outer}."):
            name = f"{outer}.{name}"
        return f"{module}.{name}" if module and not name.startswith(f"{module}.") else name
