"""The page about one entity."""

from __future__ import annotations

from starlette.requests import Request

from kgraph.model.corpus import Entity, Fact, Link, Mention
from kgraph.model.finding import RULES, Finding
from kgraph.model.text import clip
from kgraph.render.escape import seen
from kgraph.serve.explorer.communities import community_url
from kgraph.serve.explorer.neighbourhood import neighbourhood
from kgraph.serve.explorer.related import related
from kgraph.serve.explorer.showing import Shown
from kgraph.serve.layout import address, badged, count, entity_link, place_of, quoted, table, tag_url, type_badge, type_url
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import Site, entity_url
from kgraph.serve.statements import RelationLine

__all__ = ["about", "entity_page"]

_SHOWN = 15
_FORMS = (("turtle", "Turtle"), ("jsonld", "JSON-LD"), ("ntriples", "N-Triples"), ("rdfxml", "RDF/XML"))
_PLACES = 40


def entity_page(request: Request, site: Site) -> Shown:
    """The page about the entity that the address names."""
    asked, entity = request.query_params, site.find(request.path_params["id"])
    assert entity is not None
    return about(site, entity, asked.get("type", ""), asked.get("all", ""))


def about(site: Site, entity: Entity, kind: str = "", whole: str = "") -> Shown:
    """What an entity is, what it is joined to and why, who links to it, and where each statement comes from.

    Args:
        site: The build.
        entity: One of its entities.
        kind: Type that the related list is narrowed to; empty for all.
        whole: Name of the section that is shown to its end; empty for none.

    """
    items = site.kg.rankings.related.get(entity.id, ())
    relations = site.statements.relations.get(entity.id, [])
    back, out = site.backlinks(entity.id), site.statements.links_from.get(entity.id, {})
    named = [
        item
        for source, item in site.statements.mentions_of.get(entity.id, {}).items()
        if source not in site.statements.links_to.get(entity.id, {})
    ]
    sections = (
        ("relations", "Relations", len(relations), _relations(site, relations)),
        ("related", "Related", len(items), related(site, entity, items, kind, whole == "related")),
        ("backlinks", "Linked from", len(back), _passages(site, entity, "backlinks", back, whole)),
        ("links", "Links to", len(out), _links_out(site, entity, out, whole)),
        ("mentions", "Named, not linked", len(named), _passages(site, entity, "mentions", _by_standing(site, named), whole)),
        ("facts", "Facts", len(entity.facts), _facts(site, entity)),
    )
    jumps = [tag("a", label, " ", tag("small", f"{number:,}"), href=f"#{name}") for name, label, number, part in sections if part]
    parts = [
        tag("section", tag("h2", label, " ", tag("small", f"{number:,}")), part, id=name) for name, label, number, part in sections if part
    ]
    return Shown(
        entity.title,
        (
            _head(site, entity), neighbourhood(site, entity), tag("nav", *jumps, class_="jumps", aria_label="On this page"),
            tag("div", tag("div", *parts), tag("aside", *_aside(site, entity), aria_label="About this entity"), class_="columns"),
        ),
    )  # fmt: skip


def _aside(site: Site, entity: Entity) -> tuple[Html | None, ...]:
    return _measures(site, entity), _origin(site, entity), _to_mend(site, entity), _data(site, entity)


def _head(site: Site, entity: Entity) -> Html:
    place = site.address(entity)
    actions = [
        tag("a", "Find a path from here", href=address("/path", from_=entity.id)),
        tag("a", "Open the graph", href=entity_url("graph", entity.id)),
        tag("a", "Read it on the site", href=place, rel="noreferrer") if place else None,
    ]  # fmt: skip
    tags = [tag("a", name, href=tag_url(name), class_="chip") for name in dict.fromkeys(entity.tags)]
    return tag(
        "div", tag("p", tag("a", type_badge(site, entity.type), href=type_url(entity.type)),
                   tag("span", " no page of its own", class_="soft") if entity.stub else None, class_="kind"),
        tag("h1", clip(seen(entity.title, entity.id), 300)),
        tag("p", "Also called ", clip(", ".join(entity.aliases), 300), class_="aliases") if entity.aliases else None,
        tag("p", clip(entity.summary, 1200), class_="lead") if entity.summary else None,
        tag("div", *tags[:30], class_="chips") if tags else None,
        tag("p", *(action for action in actions if action), class_="actions"), class_="title",
    )  # fmt: skip


def _relations(site: Site, lines: list[RelationLine]) -> Html | None:
    """Relations by name, those that say what they are first, each name with the places that state it."""
    if not lines:
        return None
    labels: dict[str, list[RelationLine]] = {}
    for line in lines:
        labels.setdefault(line.label, []).append(line)
    parts = []
    for label in sorted(labels, key=lambda label: (label == "related", label)):
        found = sorted(labels[label], key=lambda line: site.standing[line.other])
        rows = [tag("li", badged(site, line.other)) for line in found]
        stated = [
            tag("li", site.entities[line.other].title, ": ", *(join(" ", place_of(site, place)) for place in line.places))
            for line in found[:_PLACES]
        ]
        source = tag(
            "details",
            tag("summary", count(sum(len(line.places) for line in found), "source", "sources")),
            tag("ul", *stated),
            class_="stated",
        )
        parts.append(tag("div", tag("dt", label), tag("dd", tag("ul", *rows, class_="row"), source)))
    return tag("dl", *parts, class_="relations")


def _by_standing(site: Site, items: list[Mention]) -> list[Mention]:
    return sorted(items, key=lambda item: site.standing[item.source])


def _passages(site: Site, entity: Entity, name: str, items: list[Link] | list[Mention], whole: str) -> Html | None:
    """Pages that link to an entity, or name it, with the sentence that does."""
    if not items:
        return None
    shown = items if whole == name else items[:_SHOWN]
    rows = [
        tag("li", tag("div", badged(site, item.source), class_="name"),
            tag("blockquote", quoted(item.sentence or item.text, item.text)), place_of(site, f"{item.path}:{item.line}"))
        for item in shown
    ]  # fmt: skip
    return join(tag("ul", *rows, class_="passages"), _more(entity, name, len(items) - len(shown)))


def _more(entity: Entity, name: str, left: int) -> Html | None:
    if left <= 0:
        return None
    return tag("p", tag("a", f"Show {left:,} more", href=address(entity_url("entity", entity.id), all=name) + f"#{name}"), class_="more")


def _links_out(site: Site, entity: Entity, out: dict[str, Link], whole: str) -> Html | None:
    if not out:
        return None
    order = sorted(out, key=lambda target: site.standing[target])
    shown = order if whole == "links" else order[: 3 * _SHOWN]
    rows = [tag("li", badged(site, target)) for target in shown]
    return join(tag("ul", *rows, class_="row"), _more(entity, "links", len(order) - len(shown)))


def _facts(site: Site, entity: Entity) -> Html | None:
    """Plain statements about an entity, each with the line that makes it."""
    if not entity.facts:
        return None
    rows = [
        tag("tr", tag("th", fact.key, scope="row"), tag("td", clip(fact.value, 400)), tag("td", _place(site, fact)))
        for fact in entity.facts
    ]
    return table("Facts", ("Fact", "Value", "Stated at"), rows, "facts")


def _place(site: Site, fact: Fact) -> Html:
    return place_of(site, f"{fact.path}:{fact.line}")


def _measures(site: Site, entity: Entity) -> Html:
    found = site.measures[entity.id]
    community = site.communities[found.community]
    first = site.entities[community.members[0]]
    rows = [
        ("Place by PageRank", tag("a", f"{site.standing[entity.id]:,} of {len(site.order):,}", href="/hubs")),
        ("Scores", f"PageRank {found.pagerank:.4f}, hub {found.hub:.4f}, authority {found.authority:.4f}"),
        ("Joined from", count(found.in_degree, "entity", "entities")), ("Joins", count(found.out_degree, "entity", "entities")),
        ("Community", tag("a", f"that of {first.title}, {count(len(community.members), 'entity', 'entities')}",
                          href=community_url(site, found.community))),
    ]  # fmt: skip
    return tag(
        "section",
        tag("h2", "In the graph"),
        tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in rows), class_="pairs"),
    )


def _origin(site: Site, entity: Entity) -> Html:
    """Where the entity, its type and its page come from."""
    kind = site.types.get_type(entity.type).label
    rows: list[tuple[str, Html | str]] = []
    if entity.path:
        rows.append(("Page", tag("code", entity.path)))
    if entity.href:
        rows.append(("On the site", tag("code", entity.href)))
    if entity.declared_in:
        places = [tag("code", place) for place in entity.declared_in[:5]]
        rows.append(("Declared at", join(*(join(tag("br") if number else None, place) for number, place in enumerate(places)))))
    sure = f", {entity.type_confidence:.0%} sure" if entity.type_confidence < 1 else ""
    rows.append(("Type", f"{kind}: {entity.type_origin}{sure}"))
    if entity.type_evidence:
        rows.append(("Evidence for it", clip("; ".join(entity.type_evidence), 400)))
    if entity.variant_of and entity.variant_of in site.entities:
        rows.append(("Variant of", entity_link(site.entities[entity.variant_of])))
    page = site.pages.get(entity.path or "")
    if page:
        rows.append(("Words", f"{page.counts.words:,}"))
        rows += [("Last edit", page.date)] if page.date else []
    rows.append(("Id", tag("code", entity.id)))
    return tag("section", tag("h2", "Where it comes from"),
               tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in rows), class_="pairs"))  # fmt: skip


def _to_mend(site: Site, entity: Entity) -> Html | None:
    """What the checks find on the page of the entity, by rule."""
    found: dict[str, list[Finding]] = {}
    for item in site.findings_by_path.get(entity.path or "", ()):
        found.setdefault(item.rule, []).append(item)
    if not found:
        return None
    rows = [
        tag("li", tag("a", count(len(items), RULES[rule].name, RULES[rule].name), href=address("/health", rule=rule, path=entity.path)))
        for rule, items in sorted(found.items())
    ]
    return tag("section", tag("h2", "To mend"), tag("ul", *rows))


def _data(site: Site, entity: Entity) -> Html:
    here = entity_url("entity", entity.id)
    forms = [join(" · ", tag("a", label, href=f"{here}?format={form}")) for form, label in _FORMS]
    query = address("/sparql", query=f"DESCRIBE <{site.minter.entity(entity.id)}>")
    links = tag("p", tag("a", "JSON", href=entity_url("api/entities", entity.id)), *forms, " · ", tag("a", "SPARQL", href=query))
    return tag("section", tag("h2", "As data"), links)
