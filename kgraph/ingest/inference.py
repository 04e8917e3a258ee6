"""Types of entities for which nobody declared one, from what the typed ones of the site have in common.

Naive Bayes over a few groups of features (Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval", chapter
13, doi:10.1017/CBO9780511809071); each group counts as one piece of evidence however many features it has. Cue words
(:mod:`kgraph.ingest.cues`) join as features, and decide alone where a site has no typed entity.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from operator import add

from msgspec import Struct

from kgraph.ingest.cues import BOX_KEY, box_type, is_proper_name, said_type, title_type
from kgraph.ingest.layouts.base import is_index, number
from kgraph.model.corpus import Entity, Link, Relation
from kgraph.model.document import Document
from kgraph.model.text import terms
from kgraph.model.types import TYPES, TypeVocabulary

__all__ = ["InferredType", "TypeModel", "features", "infer_types", "section_pages"]

_WEIGHTS = {
    "folder": 2.0,
    "place": 2.0,
    "field": 1.5,
    "tag": 1.0,
    "title": 1.0,
    "cue": 2.0,
    "first": 1.0,
    "from": 1.0,
    "to": 1.0,
    "word": 1.0,
}
"""How much each group of features counts."""
_NAMED = frozenset(("organization", "policy", "event", "publication", "place", "project"))
"""Types of things that go by proper names."""
_PERSON_CUE = "name of a person"
_SMOOTHING = 0.3
_PERSON = re.compile(
    r"(?:(?:Dr|Prof|Sir)\.? )?[A-ZÀ-Þ][\w'’-]+(?: (?:[A-ZÀ-Þ]\.|[A-ZÀ-Þ][\w'’-]+|van|von|de|der|den|da|di|bin|al|el))* [A-ZÀ-Þ][\w'’-]+"
)


_ENOUGH = 10
"""Typed entities from which the model has a say."""
_SURE = 0.7
_OVERRULES = 0.95
"""Confidence from which the model has its say over the folder."""


class InferredType(Struct, frozen=True):
    """A type and what speaks for it."""

    type: str
    origin: str
    """``folder`` or ``inferred``."""
    confidence: float
    """How sure the inference is, 0 to 1."""
    evidence: tuple[str, ...]
    """The features that spoke for it most, as short texts."""


def features(
    entity: Entity, document: Document | None, root: str, linked_from: Iterable[str] = (), links_to: Iterable[str] = ()
) -> dict[str, list[str]]:
    """Features of an entity by group.

    Args:
        entity: The entity; its type does not count.
        document: Its page, if it has one.
        root: Folder that the pages start from.
        linked_from: Types of the entities that link or relate to it.
        links_to: Types of the entities that it links or relates to.

    """
    found: dict[str, list[str]] = {
        "tag": list(entity.tags),
        "field": sorted({fact.key if fact.key.startswith("infobox.") else fact.key.split(".")[0] for fact in entity.facts}),
        "title": [*terms(entity.title), f"{min(len(entity.title.split()), 6)} words"],
        "place": [place.rsplit(":", 1)[0] for place in entity.declared_in],
        "from": list(linked_from),
        "to": list(links_to),
    }
    if entity.path:
        folders = entity.path[len(root) + 1 if root else 0 :].split("/")[:-1]
        found["folder"] = ["/".join(folders[: depth + 1]) for depth in range(len(folders))] or ["."]
    sentence = entity.summary or ""
    lead = next((block.text for block in document.blocks if block.kind == "paragraph"), "") if document else ""
    found["first"] = terms(sentence)[:30]
    cues = [("title", _by_title(entity.title, document)), ("sentence", said_type(entity.title, lead) or said_type(entity.title, sentence))]
    box = next((fact.value for fact in entity.facts if fact.key == BOX_KEY), "")
    cues.append(("infobox", box_type(box)))
    if _PERSON.fullmatch(entity.title) and title_type(entity.title) is None:
        cues.append(("title", _PERSON_CUE))
    found["cue"] = [f"{where}: {kind}" for where, kind in cues if kind]
    return {group: names for group, names in found.items() if names}


def _by_title(title: str, document: Document | None) -> str | None:
    """Type that the last word of a title suggests; a kind of thing that goes by a proper name needs one that looks like it."""
    kind = title_type(title)
    if kind not in _NAMED or document is None:
        return kind
    return kind if is_proper_name(title, "\n".join(block.text for block in document.blocks if block.kind != "heading")) else None


class TypeModel:
    """What the typed entities of a site have in common."""

    def __init__(self, typed: Iterable[tuple[str, Mapping[str, list[str]]]]) -> None:
        """Count the features of entities whose type is known: pairs of type and features."""
        priors: Counter[str] = Counter()
        self.counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self.totals: dict[str, Counter[str]] = defaultdict(Counter)
        for kind, groups in typed:
            priors[kind] += 1
            for group, names in groups.items():
                for name in set(names):
                    self.counts[group][name][kind] += 1
                self.totals[group][kind] += 1
        self.kinds = sorted(priors)
        self.priors = [math.log(priors[kind] / priors.total()) for kind in self.kinds]
        self._speaks: dict[tuple[str, str], list[float]] = {}

    def knows(self, groups: Mapping[str, list[str]]) -> bool:
        """Whether the typed entities are of the same part of the site: in its folder or the one above, or rows of its catalog."""
        folders = groups.get("folder", ())[-2:]
        if len(folders) > 1 and "/" not in folders[0]:
            folders = folders[1:]
        return any(name in self.counts["folder"] for name in folders) or any(
            name in self.counts["place"] for name in groups.get("place", ())
        )

    def infer(self, groups: Mapping[str, list[str]]) -> InferredType | None:
        """The most probable type, or None where nothing speaks for any."""
        scores = list(self.priors)
        told: list[tuple[str, list[float]]] = []
        for group, names in groups.items():
            known = [name for name in dict.fromkeys(names) if name in self.counts[group]]
            scale = _WEIGHTS[group] / math.sqrt(len(known) or 1)
            for name in known:
                parts = [scale * part for part in self._speaking(group, name)]
                scores = list(map(add, scores, parts))
                told.append((f"{group}: {name}", parts))
        if not told:
            return None
        best = max(range(len(scores)), key=lambda place: (scores[place], self.kinds[place]))
        whole = sum(math.exp(score - scores[best]) for score in scores)
        spoken = sorted((-parts[best], text) for text, parts in told if parts[best] > 0 and not text.endswith(_PERSON_CUE))
        if not spoken:
            return None
        return InferredType(self.kinds[best], "inferred", round(1.0 / whole, 3), tuple(text for _, text in spoken[:3]))

    def _speaking(self, group: str, name: str) -> list[float]:
        """How much a feature speaks for each type: the logarithm of its share there to its share overall."""
        found = self._speaks.get((group, name))
        if found is None:
            counts, totals = self.counts[group][name], self.totals[group]
            base = counts.total() / totals.total()
            shares = ((counts[kind] + _SMOOTHING * base) / (totals[kind] + _SMOOTHING) for kind in self.kinds)
            found = self._speaks[group, name] = [math.log(max(share, 1e-4) / base) for share in shares]
        return found


def section_pages(paths: Iterable[str]) -> frozenset[str]:
    """Pages that stand for their folder and what is in it: index files beside or above other pages.

    >>> sorted(section_pages(["a/index.md", "a/b.md", "c/index.md", "c.md"]))
    ['a/index.md']
    """
    known = list(paths)
    held: Counter[str] = Counter()
    for path in known:
        folder = path.rpartition("/")[0]
        while True:
            held[folder] += 1
            if not folder:
                break
            folder = folder.rpartition("/")[0]
    return frozenset(path for path in known if is_index(path) and held[path.rpartition("/")[0]] > 1)


def infer_types(
    entities: Mapping[str, Entity],
    documents: Mapping[str, Document],
    links: Iterable[Link],
    relations: Iterable[Relation],
    root: str,
    types: TypeVocabulary,
) -> dict[str, InferredType]:
    """Types of the entities that have only the default one; those about which nothing is known are left out.

    Args:
        entities: All entities by id.
        documents: Their pages by path.
        links: What joins pages.
        relations: What joins entities.
        root: Folder that the pages start from.
        types: Types in force.

    """
    sections = section_pages(documents)
    declared = {key: entity.type for key, entity in entities.items() if entity.type_origin != "default"}
    linked_from: dict[str, list[str]] = defaultdict(list)
    links_to: dict[str, list[str]] = defaultdict(list)
    joined = dict.fromkeys((item.source, item.target) for item in links) | dict.fromkeys((item.source, item.target) for item in relations)
    for source, target in joined:
        if target is not None and target != source:
            if source in declared:
                linked_from[target].append(declared[source])
            if target in declared:
                links_to[source].append(declared[target])

    def features_of(key: str) -> dict[str, list[str]]:
        entity = entities[key]
        return features(entity, documents.get(entity.path or ""), root, linked_from[key], links_to[key])

    open_ids = [key for key in entities if key not in declared]
    typed = [key for key, kind in declared.items() if kind != "index" and entities[key].path not in sections]
    model = TypeModel([(declared[key], features_of(key)) for key in typed] if open_ids and len(typed) >= _ENOUGH else ())
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for key in typed:
        if path := entities[key].path:
            votes[path.rpartition("/")[0]][declared[key]] += 1
    found: dict[str, InferredType] = {}
    for key in open_ids:
        path = entities[key].path
        if path in sections:
            found[key] = InferredType("index", "folder", 1.0, ("stands for its folder",))
            continue
        if path and documents[path].front_matter.get("namespace") == "category":
            found[key] = InferredType("index", "inferred", 1.0, ("a category lists its pages",))
            continue
        by_folder = _of_folder(path.rpartition("/")[0], root, votes, types) if path else None
        groups = features_of(key)
        by_model = model.infer(groups) if model.knows(groups) else None
        bound = _SURE if by_folder is None else _OVERRULES
        chosen = by_model if by_model and by_model.confidence >= bound else _surer(by_folder, _by_cue(groups.get("cue", ())))
        if chosen is not None:
            found[key] = chosen
    return found


def _surer(first: InferredType | None, second: InferredType | None) -> InferredType | None:
    """The one of higher confidence; the first where both are as sure."""
    return second if first is None or (second is not None and second.confidence > first.confidence) else first


def _of_folder(folder: str, root: str, votes: Mapping[str, Counter[str]], types: TypeVocabulary) -> InferredType | None:
    """From the pages beside it, from the name of the folder, from the folders above."""
    for _ in range(3):
        counts = votes.get(folder)
        if counts:
            kind, count = max(counts.items(), key=lambda item: (item[1], item[0]))
            share = count / sum(counts.values())
            if count >= 3 and share >= 0.6:
                return InferredType(
                    kind, "folder", round(share, 3), (f"{count} of {sum(counts.values())} typed pages of {folder or '.'}/",)
                )
        named = types.of_folder(number(folder.rpartition("/")[2])) if folder != root else None
        if named:
            return InferredType(named, "folder", 0.8, (f"the folder {folder}/",))
        if folder in (root, ""):
            break
        folder = folder.rpartition("/")[0]
    return None


def _by_cue(cues: Iterable[str]) -> InferredType | None:
    """From an infobox, else from a first sentence that says what it is, else from the last word of the title; what both say is surer."""
    told = dict(cue.split(": ", 1) for cue in cues)
    sentence, title, box = told.get("sentence"), told.get("title"), told.get("infobox")
    if box:
        return InferredType(box, "inferred", 0.9, ("the kind of its infobox",))
    if sentence:
        return InferredType(sentence, "inferred", 0.9 if sentence == title else 0.7, ("its first sentence",))
    if title and title in TYPES:
        return InferredType(title, "inferred", 0.6, ("the last word of its title",))
    return None
