"""Communities: entities that are joined more closely among themselves than to others."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request

from kgraph.render.escape import seen
from kgraph.serve.answers import read_number
from kgraph.serve.explorer.showing import Shown, pager
from kgraph.serve.layout import address, commas, count, entity_link, entity_list, tag_url, title_block
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import Community, Site, entity_url

__all__ = ["communities", "community_card", "community_name", "community_url", "one_community"]

_PAGE_LENGTH = 50
_NAMED = 5


def community_url(site: Site, number: int, offset: int = 0) -> str:
    """Address of a community, by its leading member: numbers change from build to build."""
    return address(entity_url("community", site.communities[number].members[0]), offset=offset)


def community_name(site: Site, number: int) -> str:
    """Title of the leading member of a community."""
    return site.entities[site.communities[number].members[0]].title


def communities(_: Request, site: Site) -> Shown:
    """All communities of more than one entity."""
    large = [community for community in site.communities if len(community.members) > 1]
    alone = len(site.communities) - len(large)
    lead = f"{count(len(large), 'group', 'groups')} of entities that are joined more closely among themselves than to others (Louvain)"
    lead += f"; {count(alone, 'entity belongs', 'entities belong')} to none." if alone else "."
    cards = tag("ul", *(community_card(site, community, "h2") for community in large[:500]), class_="cards")
    return Shown("Communities", (title_block("Communities", lead), cards), here="communities")


def community_card(site: Site, community: Community, heading: str = "h3") -> Html:
    """A community in brief: leading members and types."""
    first, *others = community.members[:_NAMED]
    names = commas(entity_link(site.entities[found]) for found in others)
    return tag(
        "li", tag(heading, tag("a", seen(site.entities[first].title, first), href=community_url(site, community.number)), " ",
                  tag("small", f"{len(community.members):,}")),
        tag("p", "with ", names, " …" if len(community.members) > _NAMED else None) if names else None,
        _bar(site, community),
    )  # fmt: skip


def _types(site: Site, community: Community) -> list[tuple[str, int]]:
    counted = Counter(site.entities[entity_id].type for entity_id in community.members)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _bar(site: Site, community: Community) -> Html:
    """Share of each type, drawn as one bar."""
    total, start, parts = len(community.members), 0.0, []
    for kind, number in _types(site, community):
        wide = 100.0 * number / total
        slot = min(site.type_rank[kind], 12)
        parts.append(tag("rect", x=round(start, 2), y=0, width=round(wide, 2), height=4, class_=f"t{slot}"))
        start += wide
    label = ", ".join(f"{site.types.plural(kind)} {number}" for kind, number in _types(site, community)[:6])
    return tag("svg", tag("title", label), *parts, viewBox="0 0 100 4", preserveAspectRatio="none", role="img", class_="bar-of-types")


def one_community(request: Request, site: Site) -> Shown:
    """The community of an entity."""
    entity = site.find(request.path_params["id"])
    if entity is None:
        lead = f"Nothing here goes by the name “{request.path_params['id'][:200]}”."
        return Shown("Not found", (title_block("Not found", lead), entity_list(site, site.closest(request.path_params["id"]))), status=404)
    community = site.communities[site.measures[entity.id].community]
    offset = read_number(request, "offset", 0, least=0, most=100_000_000)
    first = site.entities[community.members[0]]
    kinds = [
        join(" · " if place else None, f"{site.types.plural(kind)} {number:,}")
        for place, (kind, number) in enumerate(_types(site, community))
    ]
    counted = Counter(name for member in community.members for name in site.entities[member].tags)
    common = sorted(counted, key=lambda name: (-counted[name], name))[:10]
    told = commas(tag("a", name, href=tag_url(name)) for name in common)
    title = f"Community of {first.title}"
    return Shown(
        title,
        (
            title_block(title, count(len(community.members), "entity", "entities") + ", the most central first.",
                        _bar(site, community), tag("p", *kinds, class_="soft"),
                        tag("p", "Often tagged ", told, class_="soft") if common else None),
            entity_list(site, community.members[offset : offset + _PAGE_LENGTH]),
            pager(offset, _PAGE_LENGTH, len(community.members), lambda to: community_url(site, community.number, to)),
        ),
        here="communities",
    )  # fmt: skip
