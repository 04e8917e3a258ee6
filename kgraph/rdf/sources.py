"""Kinds of cited works, in the terms of BIBO and FaBiO."""

from __future__ import annotations

from kgraph.model.types import type_key

__all__ = ["source_classes"]

_KINDS = {
    "paper": "bibo:AcademicArticle fabio:ResearchPaper", "article": "bibo:Article fabio:Article", "book": "bibo:Book fabio:Book",
    "report": "bibo:Report fabio:Report", "web": "bibo:Webpage fabio:WebPage", "blog": "bibo:Article fabio:BlogPost",
    "news": "bibo:Article fabio:NewsItem", "thesis": "bibo:Thesis fabio:Thesis", "talk": "bibo:Document fabio:Presentation",
    "reference": "bibo:ReferenceSource fabio:ReferenceEntry", "government": "bibo:Document fabio:Policy",
    "legislation": "bibo:Legislation fabio:Work", "dataset": "bibo:Document fabio:Dataset",
    "video": "bibo:AudioVisualDocument fabio:MovingImage",
    "podcast": "bibo:AudioDocument fabio:SoundRecording", "software": "bibo:Document fabio:ComputerProgram",
}  # fmt: skip
_SYNONYMS = {
    "academic-paper": "paper", "preprint": "paper", "research-paper": "paper", "journal-article": "paper", "scholarly-article": "paper",
    "website": "web", "webpage": "web", "web-page": "web", "page": "web", "blog-post": "blog", "blogpost": "blog", "news-article": "news",
    "newspaper": "news", "law": "legislation", "policy": "government", "white-paper": "report", "whitepaper": "report", "wiki": "reference",
    "encyclopedia": "reference", "data": "dataset", "code": "software", "presentation": "talk", "lecture": "talk", "audio": "podcast",
}  # fmt: skip


def source_classes(kind: str) -> tuple[str, ...]:
    """Prefixed names of the classes of a cited work of this kind; none for a kind that neither vocabulary knows.

    >>> source_classes("Research paper"), source_classes("hearsay")
    (('bibo:AcademicArticle', 'fabio:ResearchPaper'), ())
    """
    key = type_key(kind)
    return tuple(_KINDS.get(_SYNONYMS.get(key, key), "").split())
