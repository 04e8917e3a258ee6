"""One entity at a glance, as a notebook shows it."""

from __future__ import annotations

from html import escape

from msgspec import Struct

__all__ = ["Backlink", "EntityCard", "RelatedLine"]

_SHOWN = 6
_STYLE = "font:14px/1.45 system-ui,sans-serif;max-width:46em;border:1px solid #8884;border-radius:10px;padding:12px 16px"
_SOFT = "opacity:.72"
_HEAD = "font-weight:600;margin:10px 0 2px"


class RelatedLine(Struct, frozen=True):
    """One related entity."""

    id: str
    title: str
    score: float
    label: str | None
    """Curated relation as read from the entity, or None."""
    why: str
    """Its strongest reason."""


class Backlink(Struct, frozen=True):
    """One page that links to the entity."""

    id: str
    title: str
    sentence: str
    path: str
    line: int


class EntityCard(Struct, frozen=True):
    """What is known of an entity; a notebook shows it as a card, all texts escaped."""

    id: str
    title: str
    type: str
    type_label: str
    """Label of the type, in the plural."""
    summary: str | None
    path: str | None
    href: str | None
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    pagerank: float
    pagerank_place: int
    """Place among all entities by PageRank, from 1."""
    hub: float
    authority: float
    in_degree: int
    out_degree: int
    community: int
    related: tuple[RelatedLine, ...]
    """The most related ones, best first."""
    backlinks: tuple[Backlink, ...]
    """One for each page that links here, sorted by title."""

    def __repr__(self) -> str:
        return f"<{self.title} ({self.type}): {len(self.related)} related, {len(self.backlinks)} backlinks>"

    def _repr_html_(self) -> str:
        parts = [f"<div style='font-size:18px;font-weight:600'>{_text(self.title)}</div>", self._kind(), self._scores()]
        if self.summary:
            parts.insert(2, f"<div style='margin:6px 0'>{_text(self.summary)}</div>")
        if self.related:
            lines = "".join(_related(item) for item in self.related[:_SHOWN])
            parts.append(f"<div style='{_HEAD}'>Most related</div><ol style='margin:0;padding-left:22px'>{lines}</ol>")
        if self.backlinks:
            lines = "".join(_backlink(item) for item in self.backlinks[:_SHOWN])
            more = len(self.backlinks) - _SHOWN
            lines += f"<li style='list-style:none;{_SOFT}'>… and {more:,} more</li>" if more > 0 else ""
            parts.append(f"<div style='{_HEAD}'>Linked from</div><ul style='margin:0;padding-left:22px'>{lines}</ul>")
        return f"<div style='{_STYLE}'>{''.join(parts)}</div>"

    def _kind(self) -> str:
        told = [self.type_label, self.path or "no page", *(f"#{tag}" for tag in self.tags[:_SHOWN])]
        also = f" · also {', '.join(self.aliases[:_SHOWN])}" if self.aliases else ""
        return f"<div style='{_SOFT}'>{_text(' · '.join(told) + also)}</div>"

    def _scores(self) -> str:
        told = (
            f"PageRank {self.pagerank:.4f} (place {self.pagerank_place:,}) · hub {self.hub:.4f} · authority {self.authority:.4f} · "
            f"{self.in_degree:,} link here, {self.out_degree:,} linked from here · community {self.community}"
        )
        return f"<div style='{_SOFT};font-size:13px;font-variant-numeric:tabular-nums'>{told}</div>"


def _text(text: str) -> str:
    """Text as HTML, without what could break out of an attribute, and with its own direction of writing."""
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return f"<bdi>{escape(sound, quote=True)}</bdi>"


def _related(item: RelatedLine) -> str:
    label = f" <i>{_text(item.label)}</i>" if item.label else ""
    return f"<li>{_text(item.title)}{label} <span style='{_SOFT}'>{item.score:.2f} · {_text(item.why)}</span></li>"


def _backlink(item: Backlink) -> str:
    return f"<li>{_text(item.title)} <span style='{_SOFT}'>{_text(item.sentence)} ({_text(item.path)}:{item.line})</span></li>"
