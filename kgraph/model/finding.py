"""Numbered findings: what is wrong in the input, in one table."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

__all__ = ["RULES", "Finding", "Rule", "Severity", "find_rules", "finding"]

Severity = Literal["error", "warning", "note"]


class Rule(NamedTuple):
    """One numbered rule."""

    name: str
    """Kebab-case name, as given to ``--fail-on``."""
    severity: Severity
    summary: str
    """One line: what it means and the mend."""


RULES: dict[str, Rule] = {
    "E101": Rule("unreadable-file", "error", "The file or folder cannot be read and was skipped: check its permissions."),
    "E102": Rule("file-too-large", "error", "The file is over the size limit and was skipped: split it or raise limits.max_file_bytes."),
    "E103": Rule(
        "bad-front-matter", "error", "The front matter is not valid YAML, TOML or JSON and was left out: mend it at the line given."
    ),
    "E104": Rule("bad-catalog", "error", "The catalog is not valid and was skipped: mend it at the line given."),
    "W105": Rule("not-utf-8", "warning", "The file is not UTF-8; undecodable bytes were replaced: save it as UTF-8."),
    "W106": Rule("duplicate-key", "warning", "A mapping has the same key twice; the last one counts: remove one."),
    "W107": Rule("odd-row", "warning", "A catalog row is broken or has no usable id and was skipped: mend it or give it one."),
    "W108": Rule("mended-value", "warning", "A value is not valid and was taken as text: put it in quotes."),
    "W109": Rule("own-output", "warning", "The file is an export of kgraph and was left out: keep exports outside the source folder."),
    "E109": Rule(
        "slow-file",
        "error",
        "Reading the file took too much time or memory and its content was left out: mend it or raise limits.seconds_per_file.",
    ),
    "E111": Rule("damaged-dump", "error", "The dump of a wiki ends early or is not valid; the pages before that were read: fetch it anew."),
    "W110": Rule(
        "excess-markup", "warning", "Markup nested or repeated beyond reason was flattened: check what wrote the file; its text was kept."
    ),
    "W111": Rule(
        "no-plain-file",
        "warning",
        "A link out of the source or to nowhere, a pipe, or a name that no report can hold was skipped: put a plain file there.",
    ),
    "W201": Rule("dead-link", "warning", "A link leads to no page or entity: mend the target or create the page."),
    "W202": Rule("dead-anchor", "warning", "A link names a heading or block that its page does not have: mend the anchor."),
    "W203": Rule("ambiguous-link", "warning", "A link fits several pages and was left unresolved: write the full path."),
    "W204": Rule("dead-relation", "warning", "A curated relation names no known entity: mend the id or declare the entity."),
    "N205": Rule("dynamic-link", "note", "A link component has no literal target, only an expression: it cannot be followed."),
    "W206": Rule(
        "moved-link",
        "warning",
        "No file has the path of a link; it was resolved by its last part or by an address: write the present path.",
    ),
    "W207": Rule("dead-citation", "warning", "A citation names a source that no catalog of sources has: add the source or mend the id."),
    "W208": Rule("dead-redirect", "warning", "A page only sends the reader on, to no page or in a circle: mend its target or remove it."),
    "N209": Rule("red-link", "note", "Links of a wiki lead to titles that have no page: write the pages, or add the dump that holds them."),
    "W210": Rule("redirected-link", "warning", "A link leads to a former address, which sends the reader on: write the present one."),
    "W211": Rule("dead-file", "warning", "A link or picture names a file that is not there: mend the path or add the file."),
    "W212": Rule("dead-nav-entry", "warning", "The navigation of the site names a page that is not there: mend the path or add the page."),
    "W213": Rule(
        "relative-link",
        "warning",
        "The site builder leaves relative links as they are, so they break where addresses end in a slash: "
        "write the address from the root of the site.",
    ),
    "N214": Rule("local-link", "note", "A link leads to a server on the reader's own machine: remove it if it was left by mistake."),
    "W301": Rule("duplicate-id", "warning", "Two pages or rows claim one id; the second got another: make ids unique."),
    "W302": Rule("duplicate-title", "warning", "Two entities share a title: links by title are ambiguous."),
    "W303": Rule("type-conflict", "warning", "Page and catalog declare different types; the first one counts: agree on one."),
    "W304": Rule("duplicate-alias", "warning", "An alias is a name of another page too: links by that name are ambiguous."),
    "W305": Rule("duplicate-address", "warning", "Two pages are served at one address, and readers see one of them: rename one."),
    "N305": Rule(
        "shared-name", "note", "Two pages have one file name, so the second goes by its path: rename one if they are to be linked by name."
    ),
    "N401": Rule("orphan", "note", "No page links here: link to it from a related page."),
    "N402": Rule("dead-end", "note", "The page links to no other page: add links."),
    "N403": Rule("catalog-without-page", "note", "A catalog row has no page: write the page or remove the row."),
    "N404": Rule("one-sided-relation", "note", "A relation is declared on one side only: add its inverse."),
    "N405": Rule("unlinked-mention", "note", "A page names an entity that it never links: link the first use."),
    "N406": Rule("unknown-relation", "note", "A relation name has no known inverse: declare it under [relations] in kgraph.toml."),
    "W407": Rule("near-duplicate", "warning", "Two pages have almost the same text: merge them or redirect one."),
    "N408": Rule("page-without-catalog-entry", "note", "A page has no catalog row, as most pages of its type have: add one."),
    "N409": Rule(
        "missing-metadata", "note", "The front matter lacks a field that is required, or that most pages of its type have: add it."
    ),
    "N410": Rule("short-of-expected", "note", "A page has far less of something than others of its type and length: extend it."),
    "W901": Rule("shape-violation", "warning", "The RDF of the site does not conform to a shape given with --shapes: mend what it names."),
}
"""Every rule by number: E is an error, W a warning, N a note."""


def find_rules(written: str) -> frozenset[str]:
    """Numbers of the rules that a number, a name or a severity stands for, in any letter case; empty where none goes by that name.

    >>> sorted(find_rules("dead-link")), sorted(find_rules("w201")), "W201" in find_rules("Warning")
    (['W201'], ['W201'], True)
    """
    key = written.strip().casefold()
    return frozenset(number for number, rule in RULES.items() if key in (number.casefold(), rule.name, rule.severity))


class Finding(Struct, frozen=True, order=True):
    """One thing found, at one place."""

    path: str
    """Source path relative to SOURCE, with forward slashes."""
    line: int
    """Line from 1; 0 when the whole file is meant."""
    rule: str
    """Number of the rule, a key of :data:`RULES`."""
    message: str
    """What was found, in one line."""
    detail: str = ""
    """What may change while the finding stays the same, such as the sentence it stands in; no part of its identity in a baseline."""
    level: Severity | Literal[""] = ""
    """Severity where it is not that of the rule: what the settings of the site give it, or a lighter case of the rule."""

    @property
    def severity(self) -> Severity:
        """Severity in force."""
        return self.level or RULES[self.rule].severity

    @property
    def told(self) -> str:
        """Message and detail."""
        return f"{self.message}: {self.detail}" if self.detail else self.message

    @property
    def name(self) -> str:
        """Name of the rule."""
        return RULES[self.rule].name


def finding(
    rule: str, message: str, path: str, line: int = 0, *, detail: str = "", level: Severity | Literal[""] = ""
) -> Finding:  # fmt: skip
    """Make a finding; a line break in what a page says never breaks the one-line message. ``level`` tells a lighter case of a rule."""
    if rule not in RULES:
        raise KeyError(rule)
    return Finding(path, line, rule, " ".join(message.split()), " ".join(detail.split()), level)
