"""The page of the explorer about one entity."""

from __future__ import annotations

from typing import Any

from kgraph.model.corpus import Entity, Link
from kgraph.model.text import clip
from kgraph.serve.layout import count, entity_link, frame, search_form, search_url, type_badge
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import RelationLine, Site, entity_url

__all__ = ["entity_page"]

_SHOWN_BACKLINKS = 50
_FORMS = ("turtle", "jsonld", "ntriples", "rdfxml")


def entity_page(site: Site, entity: Entity) -> Html:
    """The page of an entity: what it is, what is related and why, who links to it, what is stated about it."""
    told = site.page_object(entity.id)
    items = sorted([*told["top"], *(item for group in told["groups"] for item in group["items"])], key=lambda item: int(item["rank"]))
    return frame(
        entity.title,
        _head(site, entity),
        tag(
            "div",
            tag("div", _related(site, items), _backlinks(site, site.backlinks(entity.id)), class_="wide-column"),
            tag("aside", _relations(site, site.relations(entity.id)), _measures(site, entity), _data(entity), aria_label="About"),
            class_="columns",
        ),
        search=search_form(),
    )


def _head(site: Site, entity: Entity) -> Html:
    address = site.address(entity)
    place: Html | None = None
    if address:
        place = tag("a", address, href=address, rel="noreferrer")
    elif entity.href:
        place = tag("code", entity.href)
    lines = [("Also called", ", ".join(entity.aliases)), ("Tags", ", ".join(entity.tags)), ("On the site", place), ("Source", entity.path)]
    facts = [join(tag("dt", name), tag("dd", value)) for name, value in lines if value]
    return tag(
        "section", tag("h1", entity.title), tag("p", tag("a", type_badge(site, entity.type), href=search_url(kind=entity.type))),
        tag("p", entity.summary, class_="summary") if entity.summary else None,
        tag("p", "It has no page of its own.", class_="soft") if entity.stub else None,
        tag("dl", *facts, class_="facts") if facts else None, class_="head",
    )  # fmt: skip


def _related(site: Site, items: list[dict[str, Any]]) -> Html:
    rows = [_item(site, item) for item in items]
    return tag("section", tag("h2", "Related"), tag("ol", *rows, class_="related") if rows else tag("p", "Nothing is.", class_="soft"))


def _item(site: Site, item: dict[str, Any]) -> Html:
    score = f"{item['score']:.3f}"
    reasons = [
        tag("li", tag("span", f"{reason['share']:.3f}", class_="share"), " ", tag("b", reason["signal"].replace("_", " ")), " ",
            reason["text"], _evidence(site, reason["evidence"]))
        for reason in item["reasons"]
    ]  # fmt: skip
    first = item["reasons"][0]["text"] if item["reasons"] else "Why"
    return tag(
        "li",
        tag("div", entity_link(site.entities[item["id"]]), " ", type_badge(site, item["type"]),
            join(" ", tag("span", item["label"], class_="label")) if item["label"] else None,
            None if item["linked"] else join(" ", tag("span", "not linked yet", class_="unlinked")), class_="name"),
        tag("div", tag("meter", score, value=score, min=0, max=1, aria_label="Score"), tag("span", score), class_="score"),
        tag("details", tag("summary", clip(first, 160)), tag("ul", *reasons)) if reasons else None,
    )  # fmt: skip


def _evidence(site: Site, evidence: list[str]) -> Html | None:
    """Where a reason can be checked: entities by link, lines of files by name."""
    if not evidence:
        return None
    told = []
    for name in evidence:
        entity = site.find(name)
        told.append(tag("li", entity_link(entity) if entity else tag("code", name)))
    return tag("ul", *told, class_="evidence")


def _backlinks(site: Site, links: list[Link]) -> Html:
    rows = [
        tag("li", entity_link(site.entities[link.source]), " ", type_badge(site, site.entities[link.source].type),
            tag("p", _sentence(link)), tag("code", f"{link.path}:{link.line}"))
        for link in links[:_SHOWN_BACKLINKS]
    ]  # fmt: skip
    more = len(links) - len(rows)
    return tag(
        "section", tag("h2", "Linked from ", tag("small", count(len(links), "page", "pages"))),
        tag("ul", *rows, class_="backlinks") if rows else tag("p", "No page links here.", class_="soft"),
        tag("p", f"and {count(more, 'page', 'pages')} more", class_="soft") if more else None,
    )  # fmt: skip


def _sentence(link: Link) -> Html:
    """The sentence that links, with the text of the link marked where it can be found."""
    sentence = clip(link.sentence or link.text, 300)
    before, found, after = sentence.partition(link.text) if link.text and link.text != sentence else (sentence, "", "")
    return join(before, tag("mark", found), after) if found else join(sentence)


def _relations(site: Site, lines: list[RelationLine]) -> Html | None:
    if not lines:
        return None
    labels: dict[str, list[RelationLine]] = {}
    for line in lines:
        labels.setdefault(line.label, []).append(line)
    parts = [
        join(tag("dt", label), *(tag("dd", entity_link(site.entities[line.other]), " ", tag("code", line.place)) for line in found))
        for label, found in labels.items()
    ]
    return tag("section", tag("h2", "Curated relations"), tag("dl", *parts, class_="relations"))


def _measures(site: Site, entity: Entity) -> Html:
    found = site.measures[entity.id]
    rows = [
        ("PageRank", f"{found.pagerank:.5f}, place {site.standing[entity.id]:,} of {len(site.order):,}"),
        ("Hub", f"{found.hub:.5f}"), ("Authority", f"{found.authority:.5f}"),
        ("Joined from", count(found.in_degree, "entity", "entities")), ("Joins", count(found.out_degree, "entity", "entities")),
        ("Community", str(found.community)),
    ]  # fmt: skip
    return tag("section", tag("h2", "In the graph"), tag("dl", *(join(tag("dt", name), tag("dd", value)) for name, value in rows)))


def _data(entity: Entity) -> Html:
    forms = [join(" · ", tag("a", form, href=f"{entity_url('entity', entity.id)}?format={form}")) for form in _FORMS]
    links = tag("p", tag("a", "JSON", href=entity_url("api/entities", entity.id)), *forms)
    return tag("section", tag("h2", "As data"), links)
