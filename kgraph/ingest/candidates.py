"""Organizations, people, policies and other things that prose names and nobody declared, found by rules that a person can read.

The rules, each with what it is worth as evidence:

- *list*: "organizations such as A, B and C" names the kind of all in the list;
- *apposition*: "A, a nonprofit organization that …", "A is a …";
- *cue*: a capitalised name whose head is a cue word: "Centre for Rivers", "Pilotage Act";
- *shape*: a name with a capital inside, as companies have; it never decides alone;
- *spacy*: a pipeline of spaCy, where the settings name one, found it.

"Full Name (FN)" makes FN an alias. What goes by the name of a known entity is no candidate.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from kgraph.ingest.cues import HEAD_NOUNS, TITLE_WORDS, head_type
from kgraph.ingest.mentions import names_of
from kgraph.ingest.spacynames import Spans
from kgraph.model.corpus import Candidate, Entity, Mention
from kgraph.model.document import Block, Document
from kgraph.model.text import anchor_of, fold, sentence_at

__all__ = ["find_candidates"]

_WORTH = {"list": 0.85, "apposition": 0.8, "cue": 0.75, "shape": 0.4, "spacy": 0.6}
_LEAST = 0.5
_LONGEST_NAME = 8
"""Words of a name at the most."""
_TYPED = frozenset(("organization", "person", "policy", "event", "publication", "project", "tool", "place"))
"""Types of things that have proper names."""

_CAPITAL = r"(?:[A-Z][\w’'&-]*|[a-z]{1,2}[A-Z][\w-]*|\d{4})"
_JOIN = r"(?:of|for|on|and|the|in|to|at|de|du|des|la|le|für|von|der|&)"
_NAME = re.compile(rf"(?<![\w’'-])(?:[A-Z][\w’'&-]*|[a-z]{{1,2}}[A-Z][\w-]*)(?:[ \u00a0]+(?:{_JOIN}[ \u00a0]+){{0,2}}{_CAPITAL})*")
_LIST = re.compile(r"\b([A-Za-z][a-z-]+(?: [a-z-]+)?),? (?:such as|like|including|e\.g\.,?|for example,?|namely) (?:the )?", re.I)
_ENDS = re.compile(r"\s*(?:[,.;:)!?(]|$|and |or |– |— )")
_DATE = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn|Winter|Q[1-4])\b"
)
_NEXT = re.compile(r"(?:, and |, or |, | and | or |; )(?:the )?")
_BRACKET = re.compile(r"\s*\(([A-Z][A-Za-z&-]{1,9})s?\)")
_APPOSITION = re.compile(r", (an? [^,.;()]{3,80})")
_COPULA = re.compile(r" (?:is|was|are|were) (?:an?|the|one of) ")
_SHAPED = re.compile(r"[A-Z]?[a-z]+[A-Z][A-Za-z]+")
_WORD = re.compile(r"\S+")
_ENDING = r"(?:ies|es|s|y)"
_PLURAL = re.compile(rf"{_ENDING}?(?!\w)")
_ALL_CAPITAL = re.compile(r"[A-Z][\w’'-]*(?:[ \u00a0][A-Z][\w’'-]*)+")
"""A name of two words or more, none of them in lower case."""
_OWNER = re.compile(r"['’]s\s+")
_ARTICLE = re.compile(r"\s*(?:(?:the|an?)\s+)?", re.I)
_SENTENCE_BEGINS = "The A An This That These Those It We I In On At For If When While As But And Or So Its Their Our His Her Here There"
_ASKS = "What How Why Where Which Each Some Many Most Both See Note"
_NOT_ALONE = frozenset(f"{_SENTENCE_BEGINS} {_ASKS}".split())
_VENUES = frozenset(("platforms", "websites", "sites", "forums", "communities", "outlets", "funders", "labs"))
_PERSON = re.compile(r"[A-Z][a-zà-ÿ’'-]+(?: [A-Z]\.)* [A-Z][A-Za-zà-ÿ’'-]+")


class _Found:
    """What speaks for one name."""

    def __init__(self) -> None:
        self.written: Counter[str] = Counter()
        self.aliases: set[str] = set()
        self.types: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.mentions: dict[str, Mention] = {}


def find_candidates(
    documents: Mapping[str, Document], ids: Mapping[str, str], entities: Iterable[Entity], named: Spans | None = None
) -> tuple[Candidate, ...]:
    """Names in prose that are no known entity, each with its type, how sure that is, and what says so; sorted by id.

    Args:
        documents: Parsed pages by path.
        ids: Id of the entity of each page.
        entities: All known entities.
        named: What a pipeline of spaCy found in the text of each block.

    """
    named = named or {}
    known = {fold(name) for entity in entities for name in names_of(entity)}
    found: dict[str, _Found] = defaultdict(_Found)
    lower: Counter[str] = Counter()
    for document in documents.values():
        lower.update(document.terms)
    for path, document in documents.items():
        for place, block in enumerate(document.blocks):
            if block.kind != "heading":
                _look(block, place, path, ids[path], found, named.get(block.text, ()))
    return tuple(_finished(found, known, lower, _kinds_of_things([item for item in found.values() if item.types], documents)))


def _kinds_of_things(items: Iterable[_Found], documents: Mapping[str, Document]) -> frozenset[str]:
    """Names that are no proper names: prose has their last words, three at the most, in lower case half as often as capitalised, or more.

    Titles and headings are capitalised everywhere, as in "Custom Policies"; who speaks of "custom policies" names nothing. Names that end
    with what they are of or for ("Centre for Effective Altruism") tell nothing that way.
    """
    from ahocorasick_rs import AhoCorasick, MatchKind

    ends = {name: _stem(" ".join(name.split()[-3:]).lower()) for item in items for name in item.written if _ALL_CAPITAL.fullmatch(name)}
    forms = sorted(set(ends.values()))
    if not forms:
        return frozenset()
    search = AhoCorasick(forms, matchkind=MatchKind.LeftmostLongest)
    lower, capitals = Counter[str](), Counter[str]()
    for document in documents.values():
        for block in document.blocks:
            text, lowered = block.text, block.text.lower()
            if block.kind == "heading" or len(lowered) != len(text):
                continue
            for form, start, end in search.find_matches_as_indexes(lowered):
                if not (start and text[start - 1].isalnum()) and _PLURAL.match(lowered, end):
                    (lower if text[start:end].islower() else capitals)[forms[form]] += 1
    return frozenset(name for name, form in ends.items() if 2 * lower[form] > capitals[form])


def _stem(word: str) -> str:
    """A word without the ending of its plural: "policies" and "policy" both begin with "polic"."""
    return re.sub(rf"{_ENDING}$", "", word) or word


def _look(
    block: Block, place: int, path: str, source: str, found: dict[str, _Found], named: Iterable[tuple[int, int, str]]
) -> None:  # fmt: skip
    """Note the names in one block, those of the rules and those that a pipeline ``named``."""
    text = block.text
    marked = {(start, end): kind for start, end, kind in _trimmed(named, text)}
    listed = dict(_listed(text))
    for match in _NAME.finditer(text):
        for start, name in _parts(match.group(), match.start(), text, apart=match.start() in listed):
            if _inside_code(start, block) or len(name.split()) > _LONGEST_NAME:
                continue
            end = start + len(name)
            told = list(_told(name, text, start, end, listed))
            if (start, end) in marked:
                told.append((marked.pop((start, end)), "spacy"))
            key = fold(name)
            if not told and key not in found:
                continue
            _note(found[key], name, told, block, Mention(source, "", name, "", path, block.line, place, start))
    for (start, end), kind in marked.items():
        name = text[start:end]
        if not _inside_code(start, block) and len(name.split()) <= _LONGEST_NAME:
            _note(found[fold(name)], name, [(kind, "spacy")], block, Mention(source, "", name, "", path, block.line, place, start))


def _note(item: _Found, name: str, told: Iterable[tuple[str, str]], block: Block, mention: Mention) -> None:
    """Note one place where a name stands, with the types that speak from it."""
    end = mention.start + len(name)
    item.written[name] += 1
    for kind, rule in told:
        item.types[kind][rule].append(f"{mention.path}:{block.line}")
    bracket = _BRACKET.match(block.text, end)
    if bracket and _stands_for(bracket.group(1), name):
        item.aliases.add(bracket.group(1))
    if mention.source not in item.mentions:
        item.mentions[mention.source] = structs.replace(mention, sentence=sentence_at(block.text, mention.start, end))


def _trimmed(named: Iterable[tuple[int, int, str]], text: str) -> Iterator[tuple[int, int, str]]:
    """Names without an article before, a possessive behind, and white space round them."""
    for start, end, kind in named:
        name = text[start:end]
        article = _ARTICLE.match(name)
        start += article.end() if article else 0
        name = re.sub(r"(?:[’']s)?\s*$", "", text[start:end])
        if any(sign.isalpha() for sign in name):
            yield start, start + len(name), kind


def _parts(name: str, start: int, text: str, *, apart: bool) -> Iterator[tuple[int, str]]:
    """A capitalised sequence without what only stands at the beginning of a sentence, split where "and" joins two names.

    In a list (``apart``) "and" always does.
    """
    words = (word for word in _WORD.finditer(name) if word.group() not in _NOT_ALONE)
    first = next((word for word in words if not word.group().islower() and not word.group().isdigit()), None)
    if first is None:
        return
    start, name = start + first.start(), name[first.start() :]
    pieces = re.split(r" and (?:the )?", name)
    if len(pieces) > 1 and (apart or all(_cue(piece) or len(piece.split()) == 1 for piece in pieces)):
        for piece in pieces:
            place = text.find(piece, start)
            yield place, piece
            start = place + len(piece)
        return
    owned = next((word for word in reversed(list(_OWNER.finditer(name)))), None)
    if owned:
        start, name = start + owned.end(), name[owned.end() :]
    if not _DATE.match(name):
        yield start, re.sub(r"[’']s$", "", name)


def _listed(text: str) -> Iterator[tuple[int, str]]:
    """Offset of each name in a list that says what it lists, and the type."""
    for match in _LIST.finditer(text):
        kind = _noun(match.group(1))
        if kind is None:
            continue
        place = match.end()
        for number in range(20):
            name = _NAME.match(text, place)
            if name is None:
                break
            if number == 0 and " " not in name.group() and not _SHAPED.fullmatch(name.group()) and not _ENDS.match(text, name.end()):
                break
            for start, _ in _parts(name.group(), place, text, apart=True):
                yield start, kind
            place = name.end()
            bracket = _BRACKET.match(text, place)
            step = _NEXT.match(text, bracket.end() if bracket else place)
            if step is None:
                break
            place = step.end()


def _noun(phrase: str) -> str | None:
    """Type that a plural noun names."""
    last = phrase.lower().split()[-1]
    if last in _VENUES:
        return "organization"
    for word in (last, last.removesuffix("s"), last.removesuffix("es"), f"{last.removesuffix('ies')}y"):
        if word in HEAD_NOUNS and HEAD_NOUNS[word] in _TYPED:
            return HEAD_NOUNS[word]
    return None


def _told(name: str, text: str, start: int, end: int, listed: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Types that speak from the name and what stands round it, each with its rule."""
    if start in listed:
        yield listed[start], "list"
    cue = _cue(name)
    if cue and len(name.split()) > 1:
        yield cue, "cue"
    bracket = _BRACKET.match(text, end)
    after = bracket.end() if bracket else end
    apposition = _APPOSITION.match(text, after)
    sentence = f"x is {apposition.group(1)}" if apposition else text[after : after + 160] if _COPULA.match(text, after) else ""
    kind = head_type(sentence) if sentence else None
    alone = " " not in name and (start == 0 or text[start - 2 : start] in (". ", "? ", "! ", ": "))
    if kind in _TYPED and not (alone and apposition) and (kind != "person" or _PERSON.fullmatch(name)):
        yield kind, "apposition"
    if " " not in name and _SHAPED.fullmatch(name):
        yield "organization", "shape"


def _cue(name: str) -> str | None:
    """Type by the head of a name: its last word, or the one before "of", "for", "on"."""
    head = re.split(r" (?:of|for|on|in|to|at|de|du|für|von) ", name, maxsplit=1)[0].split()
    last = TITLE_WORDS.get(head[-1].lower()) or TITLE_WORDS.get(head[-1].lower().removesuffix("s")) if head else None
    kind = last or TITLE_WORDS.get(name.split()[-1].lower())
    return kind if kind in _TYPED else None


def _stands_for(short: str, name: str) -> bool:
    """Whether an abbreviation has the initials of a name, small words left out or not."""
    words = re.findall(r"[A-Za-z][\w]*", name)
    every = "".join(word[0] for word in words).upper()
    great = "".join(word[0] for word in words if word[0].isupper())
    return short.upper() in (every, great) or short.upper().rstrip("S") in (every, great)


def _inside_code(start: int, block: Block) -> bool:
    return any(block.code[place] <= start < block.code[place + 1] for place in range(0, len(block.code), 2))


def _finished(
    found: Mapping[str, _Found], known: set[str], lower: Mapping[str, int], kinds: frozenset[str]
) -> Iterator[Candidate]:  # fmt: skip
    taken: set[str] = set()
    merged = _merge_aliases(found)
    for key in sorted(found.keys() - merged):
        item = found[key]
        names = {key, *map(fold, item.aliases)}
        if not item.types or names & known or key.removeprefix("the ") in known:
            continue
        scores = {kind: _confidence(rules) for kind, rules in item.types.items()}
        kind = max(scores, key=lambda one: (scores[one], one))
        if scores[kind] < _LEAST:
            continue
        name = max(item.written, key=lambda one: (item.written[one], one))
        if " " not in name and lower.get(name.lower(), 0) > 3 * sum(item.written.values()):
            continue
        if name in kinds:
            continue
        candidate_id = anchor_of(name) or key
        while candidate_id in taken:
            candidate_id += "~"
        taken.add(candidate_id)
        evidence = tuple(
            f"{rule}: {place}" for rule, places in sorted(item.types[kind].items()) for place in list(dict.fromkeys(places))[:3]
        )
        mentions = tuple(item.mentions[source] for source in sorted(item.mentions))
        aliases = tuple(sorted({*item.aliases, *(written for written in item.written if written != name)}))
        yield Candidate(candidate_id, name, kind, round(scores[kind], 3), aliases, evidence, mentions)


def _merge_aliases(found: Mapping[str, _Found]) -> set[str]:
    """Let what is said of "FN" be said of "Full Name (FN)"; gives the names that went into others."""
    owners: dict[str, set[str]] = defaultdict(set)
    for key, item in found.items():
        for alias in item.aliases:
            owners[fold(alias)].add(key)
    merged: set[str] = set()
    for alias, keys in sorted(owners.items()):
        if alias in found and alias not in keys and len(keys) == 1:
            for source, mention in found[alias].mentions.items():
                found[next(iter(keys))].mentions.setdefault(source, mention)
            merged.add(alias)
    return merged


def _confidence(rules: Mapping[str, list[str]]) -> float:
    """Probability that at least one of the rules is right, a rule that speaks on several pages counting once more for each, by half."""
    doubt = 1.0
    for rule, places in rules.items():
        pages = 1 if rule == "shape" else len({place.rsplit(":", 1)[0] for place in places})
        for number in range(min(3, pages)):
            doubt *= 1.0 - _WORTH[rule] / (1 + number)
    return min(0.99, 1.0 - doubt)
