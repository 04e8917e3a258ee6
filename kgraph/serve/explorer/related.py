"""The related list of an entity: each item with its reasons, and each reason with what shows that it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kgraph.model.corpus import Entity
from kgraph.model.text import clip
from kgraph.rank.rankings import Reason, RelatedItem
from kgraph.serve.layout import address, chips, entity_link, place_of, quoted, type_badge
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import Site, entity_url

__all__ = ["related"]

_SHOWN = 20
_EVIDENCE = 5


def related(site: Site, entity: Entity, items: Sequence[RelatedItem], kind: str, whole: bool) -> Html | None:
    """The list, best first; only entities of one type when ``kind`` is the key of one that it holds."""
    if not items:
        return None
    here = entity_url("entity", entity.id)
    counted = Counter(site.entities[item.id].type for item in items)
    chosen = kind if kind in counted else None
    types = sorted(counted, key=site.types.position)
    row = chips(
        [("All", here + "#related", len(items), chosen is None),
         *((site.types.plural(key), address(here, type=key) + "#related", counted[key], key == chosen) for key in types)],
        "Types of related entities",
    ) if len(types) > 1 else None  # fmt: skip
    fitting = [item for item in items if chosen is None or site.entities[item.id].type == chosen]
    shown = fitting if whole or chosen else fitting[:_SHOWN]
    left = len(fitting) - len(shown)
    more = tag("p", tag("a", f"Show {left:,} more", href=address(here, all="related") + "#related"), class_="more") if left else None
    return join(row, tag("ol", *(_item(site, item) for item in shown), class_="related"), more)


def _item(site: Site, item: RelatedItem) -> Html:
    entity = site.entities[item.id]
    name = tag(
        "div", tag("span", item.rank, class_="rank"), entity_link(entity), " ", type_badge(site, entity.type),
        join(" · ", tag("span", item.label, class_="label")) if item.label and item.label != "related" else None,
        None if item.linked else join(" · ", tag("span", "not linked yet", class_="unlinked")), class_="name",
    )  # fmt: skip
    score = tag("div", tag("meter", value=item.score, min=0, max=1, aria_label="Score"), tag("span", f"{item.score:.3f}"), class_="score")
    if not item.reasons:
        return tag("li", name, score)
    first = tag("summary", clip(item.reasons[0].text, 150))
    return tag("li", name, score, tag("details", first, tag("ul", *(_reason(site, reason, item.score) for reason in item.reasons))))


def _reason(site: Site, reason: Reason, score: float) -> Html:
    """One reason: its share of the score, what it says, and the sentences or entities that show it."""
    share = reason.share / score if score else 0.0
    return tag(
        "li", tag("span", f"{share:.0%}", class_="share", title=f"{reason.share:.3f} of {score:.3f}"), " ",
        tag("b", reason.signal.replace("_", " ")), " ", reason.text, _evidence(site, reason.evidence),
    )  # fmt: skip


def _evidence(site: Site, evidence: Sequence[str]) -> Html | None:
    """Where a reason can be checked: entities by link, lines of files with the sentence that stands there."""
    entities, places = [], []
    for name in evidence[:_EVIDENCE]:
        entity = site.find(name)
        if entity is not None:
            entities.append(tag("li", entity_link(entity)))
        else:
            sentence = site.statements.sentence_at(name)
            quote = tag("blockquote", quoted(sentence)) if sentence else None
            places.append(tag("li", quote, place_of(site, name)))
    return join(tag("ul", *entities, class_="row") if entities else None, tag("ul", *places, class_="places") if places else None) or None
