"""From the tree of a reStructuredText page to its blocks, headings and links, each with its line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes

from kgraph.ingest.readers.rstblocks import RstBlocks
from kgraph.ingest.readers.rsttargets import Targets, anchor_of_section
from kgraph.model.document import BlockKind, Heading, Label, Reference

__all__ = ["RstWalk"]

_MOST_EXPANSIONS = 2_000
_DEEPEST = 5
_SEE_ALSO = "see-also"
_SKIPPED = frozenset(
    ("comment", "system_message", "substitution_definition", "pending", "raw", "meta", "decoration", "footer", "header", "generated",
     "label", "option_group", "math_block", "description_signature")
)  # fmt: skip


class RstWalk(RstBlocks):
    """Goes over the tree once, its targets known, and keeps what kgraph needs of it."""

    def __init__(self, source: list[str], targets: Targets) -> None:
        super().__init__(source, targets)
        self.handlers: dict[str, Callable[[Any], None]] = {
            "Text": self._on_text, "paragraph": self._on_paragraph, "section": self._on_section, "title": self._on_title,
            "reference": self._on_reference, "target": self._on_target, "literal": self._on_literal, "Cross": self._on_cross,
            "literal_block": self._on_code, "doctest_block": self._on_code, "Code": self._on_code, "math": self._on_literal,
            "image": self._on_image, "substitution_reference": self._on_substitution, "footnote_reference": self._on_note_reference,
            "citation_reference": self._on_note_reference, "footnote": self._on_note, "citation": self._on_note,
            "bullet_list": self._on_list, "enumerated_list": self._on_list, "definition_list": self._on_list, "field_list": self._on_list,
            "option_list": self._on_list,
            "block_quote": self._on_quote, "table": self._on_table, "row": self._on_row, "Rows": self._on_rows,
            "term": self._on_paragraph, "line": self._on_paragraph, "rubric": self._on_paragraph, "attribution": self._on_paragraph,
            "caption": self._on_paragraph, "subtitle": self._on_paragraph, "classifier": self._on_paragraph, "Entries": self._on_entries,
            "Names": self._on_names, "SeeAlso": self._on_see_also, "Meta": self._on_meta,
            "field_name": self._on_field_name, "problematic": self._on_text,
        }  # fmt: skip

    def visit(self, node: nodes.Node) -> None:
        """Read one node."""
        name = node.__class__.__name__
        if name in _SKIPPED:
            return
        handler = self.handlers.get(name)
        if handler is not None:
            handler(node)
        else:
            for child in node.children:
                self.visit(child)

    def visit_all(self, tree: nodes.document) -> None:
        """Read a whole page."""
        self.inside(tree)
        self.flush()
        self.wait_over()

    def inside(self, node: nodes.Element) -> None:
        """Read what a node holds."""
        for child in node.children:
            self.visit(child)

    def within(self, node: nodes.Element, kind: BlockKind) -> None:
        """Read what a node holds as blocks of a kind."""
        self.containers.append(kind)
        self.inside(node)
        self.containers.pop()

    def _on_paragraph(self, node: nodes.Element) -> None:
        self.wait_over()
        if self.rows:
            self.gap = self.length > 0 and self.buffer[-1][-1:] != " "
            self.line_of(node)
            self.inside(node)
            self.gap = self.length > 0
            return
        self.line_of(node)
        self.inside(node)
        self.flush()

    def _on_section(self, node: nodes.Element) -> None:
        self.depth += 1
        module, names = self.module, self.names
        self.inside(node)
        self.module, self.names = module if self.depth > 1 else self.module, names
        self.depth -= 1

    def _on_title(self, node: nodes.Element) -> None:
        if not isinstance(node.parent, nodes.section):
            self._on_paragraph(node)
            return
        raw = node.rawsource.strip()
        found = next((at for at in range(self.heading_at, len(self.source)) if self.source[at].strip() == raw), None) if raw else None
        self.line, self.passed = (self.heading_at if found is None else found) + 1, 0
        self.heading_at = self.line
        self.block_line = self.line
        self.inside(node)
        text = " ".join("".join(self.buffer).split())
        level = min(max(self.depth, 1), 6)
        anchor = anchor_of_section(node.parent, text)
        self.flush("heading")
        self.headings.append(Heading(level, text, anchor, self.line))
        for name in self.waiting:
            self.keep_label(name, "label", nodes.make_id(name) or anchor, text, self.line)
        self.waiting = []

    def _on_list(self, node: nodes.Element) -> None:
        self.within(node, "list")

    def _on_quote(self, node: nodes.Element) -> None:
        self.within(node, "quote")

    def _on_see_also(self, node: nodes.Element) -> None:
        before, self.relation = self.relation, _SEE_ALSO
        self.inside(node)
        self.relation = before

    def _on_code(self, node: nodes.Element) -> None:
        self.counts["diagrams" if node.get("diagram") else "code_blocks"] += 1

    def _on_note(self, node: nodes.Element) -> None:
        self.counts["footnotes"] += 1
        first = len(self.blocks)
        self.within(node, "footnote")
        names: list[str] = [*node.get("names", ()), *node.get("ids", ())]
        for name in names[:1]:
            self.footnotes.define(name, first, len(self.blocks))

    def _on_table(self, node: nodes.Element) -> None:
        self.counts["tables"] += 1
        self.inside(node)

    def _on_row(self, node: nodes.Element) -> None:
        self.row(node.children)

    def _on_rows(self, node: nodes.Element) -> None:
        self.counts["tables"] += 1
        for items in node.children:
            for row in items.children if isinstance(items, nodes.bullet_list) else (items,):
                cells = [cell for part in row.children for cell in part.children if isinstance(cell, nodes.list_item)]
                if isinstance(row, nodes.list_item):
                    self.row(cells)

    def row(self, cells: list[Any]) -> None:
        """One row of a table is one block."""
        self.wait_over()
        if self.rows:
            for cell in cells:
                self.gap = self.length > 0
                self.inside(cell)
            return
        self.rows += 1
        for place, cell in enumerate(cells):
            if place:
                self.gap = False
                self.add(" | ")
            self.inside(cell)
            self.gap = False
        self.rows -= 1
        if not "".join(self.buffer).replace("|", " ").strip():
            self.buffer = []
        self.flush("table")

    def _on_text(self, node: nodes.Node) -> None:
        text = node.astext()
        start = self.length + (self.gap and self.length > 0)
        self.add(text.replace("\n", " "))
        self.pass_by(text, start)

    def _on_literal(self, node: nodes.Element) -> None:
        text = " ".join(node.astext().split())
        if text:
            self.open_gap()
            start = self.length
            self.add(text)
            self.code += (start, self.length)
        self.pass_by(node.rawsource or "", self.length)

    def _on_note_reference(self, node: nodes.Element) -> None:
        self.counts["footnote_references"] += 1
        self.footnotes.refer(str(node.get("refname") or node.get("refid") or node.astext()), len(self.blocks), self.length)

    def _on_image(self, node: nodes.Element) -> None:
        self.counts["images"] += 1
        alt = " ".join(str(node.get("alt") or "").split())
        self.references.append(Reference("image", str(node.get("uri", "")), alt, self.line_now(node), -1, 0, 0))

    def _on_substitution(self, node: nodes.Element) -> None:
        self.expansions += 1
        name = nodes.whitespace_normalize_name(node.astext())
        found = self.targets.substitution(name)
        if found is None or self.expansions > _MOST_EXPANSIONS or self.targets.depth >= _DEEPEST:
            return
        self.targets.depth += 1
        passed = self.passed
        self.inside(found)
        self.passed = passed
        self.pass_by(node.rawsource or "", self.length)
        self.targets.depth -= 1

    def _on_reference(self, node: nodes.Element) -> None:
        line = self.line_now(node)
        self.open_gap()
        start, first, passed = self.length, len(self.buffer), self.passed
        self.inside(node)
        raw = node.rawsource or ""
        if passed + raw.count("\n") > self.passed:
            self.pass_by("\n" * (passed + raw.count("\n") - self.passed), self.length)
        target = self.targets.of_reference(node)
        if target:
            self.keep(target, "".join(self.buffer[first:]), line, start)

    def _on_cross(self, node: nodes.Element) -> None:
        line = self.line_now(node)
        role, target, told = node["role"], node["target"], node["told"]
        target, text, is_code = self.targets.of_role(role, target, node.astext() if told else None, self.scope(role))
        self.open_gap()
        start = self.length
        self.add(" ".join(text.split()))
        if is_code and self.length > start:
            self.code += (start, self.length)
        self.pass_by(node.rawsource or "", self.length)
        if target:
            self.keep(target, text, line, start)

    def scope(self, role: str) -> str:
        """What names of the kind that a role refers to are looked for in first."""
        if role.rpartition(":")[2] == "option":
            return self.program
        return ".".join([self.module, *self.names] if self.module else self.names)

    def read_apart(self, node: nodes.Element) -> None:
        """Keep the links of what is no prose."""
        self.line = node.line or self.line
        for link in node.findall(nodes.reference):
            if target := self.targets.of_reference(link):
                self.references.append(Reference("link", target, " ".join(link.astext().split()), self.line_now(link), -1, 0, 0))

    def _on_target(self, node: nodes.Element) -> None:
        if isinstance(node.parent, nodes.TextElement) and node.children:
            self.inside(node)
            if "refuri" not in node:
                for name in node["names"]:
                    self.keep_label(name, "label", nodes.make_id(name) or (node["ids"] or [""])[0], node.astext(), self.line + self.passed)
            return
        if "refuri" not in node and "refname" not in node and not node.get("anonymous"):
            self.waiting += [*node["names"], *node["dupnames"]]

    def _on_field_name(self, node: nodes.Element) -> None:
        """A name of a field is no prose, unless it links; others may refer to it."""
        if next(node.findall(nodes.reference), None) is not None:
            self._on_paragraph(node)
        for target in node.findall(nodes.target):
            for name in target["names"]:
                self.keep_label(
                    name, "label", nodes.make_id(name), target.astext(), self.place(node.line, target.astext(), default=self.line)
                )

    def _on_entries(self, node: nodes.Element) -> None:
        for target, text, line in node["entries"]:
            self.references.append(Reference("link", target, text, self.place(line, target.rpartition(":")[2]), -1, 0, 0, self.relation))

    def _on_names(self, node: nodes.Element) -> None:
        kind, names = node["kind"], node["names"]
        if node["module"] and names:
            self.module = names[0]
        if kind == "program":
            self.program = names[0] if names else ""
        before = self.names
        for name in names if kind not in ("program", "currentmodule") else ():
            line = self.place(node.get("line") or node.line, name, default=self.line)
            full = name
            if kind == "code" and not node["module"]:
                full = self.targets.full_name(name, self.module, before)
                self.names = [*before, name]
            elif kind == "option" and self.program:
                full = f"{self.program} {name}"
            anchor = f"term-{nodes.make_id(name)}" if kind == "term" else full
            self.labels.append(Label(full, kind, anchor, name, line))
        self.inside(node)
        self.names = before

    def _on_meta(self, node: nodes.Element) -> None:
        for name, value in node["fields"].items():
            self.meta.setdefault(name, value)
