"""What the checks find, and which pages need links."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request

from kgraph.model.corpus import Entity
from kgraph.model.finding import RULES, Finding, Severity
from kgraph.serve.answers import read_number
from kgraph.serve.explorer.showing import Shown, pager
from kgraph.serve.layout import address, badged, chips, commas, count, entity_link, place_of, table, title_block
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import Site

__all__ = ["health", "pages_that_need_links"]

_PAGE_LENGTH = 100
_MOST_ROWS = 100
_SUGGESTED = 4
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
_BY_NAME = {rule.name: number for number, rule in RULES.items()}


def health(request: Request, site: Site) -> Shown:
    """What is found by rule, or the findings of one rule, or of one file."""
    rule, path = request.query_params.get("rule", ""), request.query_params.get("path", "")
    if rule and rule not in RULES:
        raise HTTPException(400, "rule must be the number of a rule, such as W201")
    if rule or path:
        return _listed(request, site, rule, path)
    by_severity = Counter(item.severity for item in site.findings)
    tiles = [
        tag("div", tag("dt", name + "s"), tag("dd", f"{by_severity[name]:,}"), class_=name if by_severity[name] else None)
        for name in _SEVERITIES
    ]
    worst: dict[str, Severity] = {}
    for item in site.findings:
        worst[item.rule] = min(item.severity, worst.get(item.rule, "note"), key=_SEVERITIES.index)
    order = sorted(worst, key=lambda number: (_SEVERITIES.index(worst[number]), -site.findings_by_rule[number], number))
    rows = [
        tag("tr", tag("td", tag("span", worst[number], class_=f"severity {worst[number]}")),
            tag("th", tag("a", RULES[number].name, href=address("/health", rule=number)), scope="row"),
            tag("td", f"{site.findings_by_rule[number]:,}", class_="number"), tag("td", RULES[number].summary))
        for number in order
    ]  # fmt: skip
    listed = table("Rules", ("Severity", "Rule", "Found", "What it means, and the mend"), rows)
    lead = "What kgraph check finds in this build." if rows else "The checks find nothing to mend."
    links = tag("p", tag("a", "Which pages need links?", href="/health/links"), class_="actions")
    return Shown(
        "Health", (title_block("Health", lead, tag("dl", *tiles, class_="counts"), links), listed if rows else None), here="health"
    )


def _listed(request: Request, site: Site, rule: str, path: str) -> Shown:
    offset = read_number(request, "offset", 0, least=0, most=100_000_000)
    pool = site.findings_by_path.get(path, []) if path else site.findings
    found = [item for item in pool if not rule or item.rule == rule]
    shown = found[offset : offset + _PAGE_LENGTH]
    title = RULES[rule].name if rule else "Health"
    page = site.find_by_place(path) if path else None
    where = join(" on ", entity_link(page)) if page else join(" in ", tag("code", path)) if path else None
    heading = tag("h1", title.replace("-", " ").capitalize(), where)
    told = join(RULES[rule].summary if rule else None, " ", count(len(found), "finding", "findings"), ".")
    rows = [
        tag("li", tag("span", item.severity, class_=f"severity {item.severity}"), " ",
            join(tag("a", RULES[item.rule].name, href=address("/health", rule=item.rule)), " ") if not rule else None,
            item.message, " ", place_of(site, f"{item.path}:{item.line}" if item.line else item.path))
        for item in shown
    ]  # fmt: skip
    back: list[tuple[str | Html, str, int | None, bool]] = [("All rules", "/health", None, False)]
    back += [("Everywhere", address("/health", rule=rule), site.findings_by_rule[rule], False)] if rule and path else []
    return Shown(
        title,
        (tag("div", heading, tag("p", told, class_="lead"), chips(back, "Wider"), class_="title"), tag("ul", *rows, class_="findings"),
         pager(offset, _PAGE_LENGTH, len(found), lambda to: address("/health", rule=rule, path=path, offset=to))),
        here="health",
    )  # fmt: skip


def pages_that_need_links(_: Request, site: Site) -> Shown:
    """Pages that nobody links to, pages that lead nowhere, and pages that name what they do not link, with what could be done."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for item in site.findings:
        by_rule[RULES[item.rule].name].append(item)
    orphans, ends = _entities(site, by_rule["orphan"]), _entities(site, by_rule["dead-end"])
    sections = (
        ("orphans", "Nobody links to them", orphans, "could be linked from", lambda entity: _sources(site, entity), "orphan"),
        ("dead-ends", "They lead nowhere", ends, "could link to", lambda entity: _targets(site, entity), "dead-end"),
    )
    parts = [
        tag("section", tag("h2", label, " ", tag("small", f"{len(found):,}")),
            _table(site, found, head, suggest), _all(name, len(found)), id=anchor)
        for anchor, label, found, head, suggest, name in sections
    ]  # fmt: skip
    parts.append(_unlinked(site, by_rule["unlinked-mention"]))
    lead = "The most central pages first; what is suggested is most related and not linked yet."
    return Shown("Which pages need links", (title_block("Which pages need links?", lead), *parts), here="health")


def _entities(site: Site, findings: list[Finding]) -> list[Entity]:
    found = {page.entity for item in findings if (page := site.pages.get(item.path))}
    return [site.entities[entity_id] for entity_id in sorted(found, key=lambda entity_id: site.standing[entity_id])]


def _all(name: str, number: int) -> Html | None:
    if number <= _MOST_ROWS:
        return None
    return tag("p", tag("a", f"All {number:,}", href=address("/health", rule=_BY_NAME[name])), class_="more")


def _table(site: Site, found: list[Entity], head: str, suggest: Callable[[Entity], list[Entity]]) -> Html:
    if not found:
        return tag("p", "No page is like that.", class_="soft")
    rows = [
        tag("tr", tag("th", badged(site, entity.id), scope="row"), tag("td", commas(map(entity_link, suggest(entity)))))
        for entity in found[:_MOST_ROWS]
    ]
    return table(f"Pages and what {head}", ("Page", head.capitalize()), rows)


def _sources(site: Site, entity: Entity) -> list[Entity]:
    """Pages that could link to an entity: those that name it already first, then the most related ones."""
    linked = site.statements.links_to.get(entity.id, {})
    naming = sorted(site.statements.mentions_of.get(entity.id, {}), key=lambda source: site.standing[source])
    near = [item.id for item in site.kg.rankings.related.get(entity.id, ())]
    fitting = [other for other in dict.fromkeys((*naming, *near)) if other not in linked and not site.entities[other].stub]
    return [site.entities[other] for other in fitting[:_SUGGESTED]]


def _targets(site: Site, entity: Entity) -> list[Entity]:
    """The most related pages that a page does not link yet."""
    near = [item.id for item in site.kg.rankings.related.get(entity.id, ()) if not item.linked and not site.entities[item.id].stub]
    return [site.entities[other] for other in near[:_SUGGESTED]]


def _unlinked(site: Site, findings: list[Finding]) -> Html:
    """Pages with the most names that could be links."""
    rule = _BY_NAME["unlinked-mention"]
    counted = Counter(item.path for item in findings if item.path in site.pages)
    order = sorted(counted, key=lambda path: (-counted[path], path))[:_MOST_ROWS]
    rows = [
        tag("tr", tag("th", entity_link(site.entities[site.pages[path].entity]), scope="row"),
            tag("td", tag("a", count(counted[path], "name", "names"), href=address("/health", rule=rule, path=path))))
        for path in order
    ]  # fmt: skip
    listed = table("Pages and names", ("Page", "Names that could be links"), rows)
    return tag("section", tag("h2", "They name what they do not link ", tag("small", f"{len(counted):,}")),
               listed if rows else tag("p", "No page is like that.", class_="soft"), id="names")  # fmt: skip
