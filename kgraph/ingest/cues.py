"""Words that give away what kind of thing a name or a sentence speaks of. One table, for people to read and to add to."""

from __future__ import annotations

import re

from kgraph.model.text import sentence_at, terms
from kgraph.model.types import DEFAULT_TYPE, TYPES

__all__ = ["BOX_KEY", "HEAD_NOUNS", "TITLE_WORDS", "box_type", "head_type", "is_proper_name", "said_type", "title_type"]

_TITLES = {
    "organization": """
        institute institution foundation center centre university college academy school association alliance coalition consortium
        society agency bureau commission committee council department ministry office board authority administration fund bank trust
        company corporation inc ltd llc gmbh labs laboratory laboratories studio network forum union federation league party
        museum library hospital club church group partnership
    """,
    "policy": """
        act bill law regulation directive treaty convention accord protocol agreement pact ordinance statute amendment charter
        declaration resolution order policy policies guidelines commitments
    """,
    "event": "summit conference workshop symposium congress festival war battle election elections attack crisis pandemic olympics",
    "publication": "journal magazine newspaper book novel review proceedings bulletin newsletter gazette",
    "place": "city river mountain lake island county province valley street bridge park ocean sea",
    "project": "project initiative programme program campaign",
    "tutorial": "tutorial walkthrough quickstart",
    "guide": "guide handbook manual faq",
    "risk": "risk risks hazard threat",
    "model": "model models",
}
TITLE_WORDS: dict[str, str] = {word: kind for kind, words in _TITLES.items() for word in words.split()}
"""Last word of a title, in lower case, to the type that it suggests."""

_HEADS = {
    "organization": """
        organization organisation company corporation nonprofit non-profit ngo startup institute institution lab laboratory foundation
        charity agency university college association alliance coalition consortium society firm bank think-tank group network
        body committee council commission ministry department publisher studio band club team party union federation
    """,
    "person": """
        person researcher scientist philosopher professor economist engineer mathematician physicist biologist writer author journalist
        politician lawyer activist entrepreneur executive investor philanthropist psychologist historian sociologist statistician
        musician singer actor actress director composer painter poet novelist artist athlete footballer player businessman
        businesswoman programmer developer educator academic scholar diplomat general soldier king queen president minister
    """,
    "policy": "law act regulation directive treaty convention statute bill agreement policy ordinance",
    "event": "conference summit event festival war battle election workshop symposium incident disaster attack meeting race",
    "place": """
        city town village country state county province region river lake mountain island municipality district commune continent sea
        ocean park street building airport station bridge
    """,
    "publication": "book novel paper article journal magazine newspaper report essay film album song series play poem podcast blog",
    "tool": "tool library framework software application program app package plugin platform programming-language database browser",
    "project": "project initiative programme campaign",
    "risk": "risk threat hazard danger failure-mode",
    "approach": "approach method technique strategy practice procedure intervention",
    "concept": "concept idea term notion principle property phenomenon theory theorem problem argument",
    "capability": "capability ability",
    "metric": "metric measure indicator",
    "scenario": "scenario",
    "guide": "guide handbook manual overview",
    "tutorial": "tutorial",
}
HEAD_NOUNS: dict[str, str] = {word: kind for kind, words in _HEADS.items() for word in words.split()}
"""Noun at the head of "X is a …", to the type that it names."""

_IS_A = re.compile(
    r"\b(?:is|are|was|were|refers to|means)\s+(?:(?:one of|a (?:kind|type|form|set|series) of)\s+)?(?:an?|the)\s+([^.;:()\n]{1,160})"
)
_HEAD_ENDS = re.compile(
    r",|\b(?:that|which|who|whose|where|when|for|of|in|at|on|by|to|from|with|based|founded|established|known|and|or|designed|used)\b"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")
_GOES_ON = re.compile(r"\w+(?:ed|ing|ly)|between|within|about|against|under|through|as|it|we|he|she|they|you", re.IGNORECASE)
"""Words after which what was said before is a whole: "a charity helping sailors"."""
_BRACKETS = re.compile(r"\([^()]*\)")
_INSTEAD = frozenset(("it", "this", "he", "she"))
"""What a first sentence may say in place of the title."""
_NEAR = 8
"""Words before the verb among which one of the title must be."""
_OF_A_BOOK = re.compile(r"(?:part|chapter|appendix|section|annex)\b|[\dIVXLC]+(?:\.\d+)*[.)\s]|[A-Z]\.\d", re.IGNORECASE)
"""How the title of a part of a book begins."""
_SMALL = frozenset("of the and for on in to at by a an de du des la le les für von der die das und".split())  # noqa: SIM905 - a table of words
_LOOSE = frozenset(("group", "body", "network", "series", "general", "party"))
"""Nouns that say too little in the name of an infobox."""
_BOXES = {
    "person": "person", "biography": "person", "officeholder": "person", "scientist": "person", "writer": "person", "artist": "person",
    "royalty": "person", "saint": "person", "academic": "person", "philosopher": "person", "monarch": "person", "actor": "person",
    "politician": "person", "settlement": "place", "country": "place", "region": "place", "state": "place", "city": "place",
    "geobox": "place", "mountain": "place", "river": "place", "island": "place", "organization": "organization",
    "organisation": "organization", "company": "organization", "university": "organization", "school": "organization",
    "party": "organization", "agency": "organization", "book": "publication", "journal": "publication", "film": "publication",
    "legislation": "policy", "treaty": "policy", "law": "policy", "event": "event", "conflict": "event", "election": "event",
    "software": "tool",
}  # fmt: skip
"""Last word of the name of an infobox, to the type that it describes."""
BOX_KEY = "infobox_type"
"""Name of the fact that holds the name of an infobox."""


def title_type(title: str) -> str | None:
    """Type that the last word of a title suggests, or None; what stands in brackets does not count.

    >>> title_type("Ada Lovelace Institute"), title_type("EU AI Act (2024)"), title_type("Kindness")
    ('organization', 'policy', None)
    """
    words = _WORD.findall(re.sub(r"\([^()]*\)", "", title))
    if not words or not words[0][:1].isupper():
        return None
    return TITLE_WORDS.get(words[-1].lower())


def is_proper_name(title: str, prose: str) -> bool:
    """Whether a title names one thing, as far as its letters and the prose of its page tell.

    It has two words or more, all but small ones begin with a capital and the last is not all capitals, it does not number a part of a
    book, and prose nowhere has its last words, three at the most, in lower case: what is written so is a kind of thing.

    >>> is_proper_name("Kyoto Protocol", "The protocol binds …"), is_proper_name("Buffer Protocol", "Objects of the buffer protocol …")
    (True, False)
    >>> is_proper_name("Array declaration", ""), is_proper_name("Part III. Server Administration", "")
    (False, False)
    """
    plain = _BRACKETS.sub("", title).strip()
    found = _WORD.findall(plain)
    last = found[-3:]
    if len(last) < 2 or last[-1].isupper() or _OF_A_BOOK.match(plain):
        return False
    return all(word[0].isupper() or word in _SMALL for word in found) and " ".join(last).lower() not in prose


def said_type(title: str, text: str) -> str | None:
    """Type that the first sentence of a page gives the thing of its title, "X is a …", or None.

    >>> said_type("Hot standby", "Hot standby is a technique that …"), said_type("Standby", "PostgreSQL is a database.")
    ('approach', None)
    >>> said_type("The Plimsoll line", "It is a law.")
    'policy'
    """
    sentence = sentence_at(text, 0, 1)
    found = _IS_A.search(sentence)
    if found is None:
        return None
    subject = [word.removesuffix("s") for word in terms(_BRACKETS.sub("", sentence[: found.start()]))]
    named = {word.removesuffix("s") for word in terms(_BRACKETS.sub("", title))} - _SMALL
    if not named.intersection(subject[-_NEAR:]) and not (len(subject) == 1 and subject[0] in _INSTEAD):
        return None
    return head_type(sentence)


def head_type(sentence: str) -> str | None:
    """Type named by the noun of "X is a …", or None; the noun is the last word before what says more of it.

    >>> head_type("Acme is an American nonprofit organization that makes maps."), head_type("Ann was a poet and painter.")
    ('organization', 'person')
    >>> head_type("libfoo is the programmer's interface to Foo."), head_type("Acme is a charity helping sailors at sea.")
    (None, 'organization')
    """
    found = _IS_A.search(sentence)
    if found is None:
        return None
    words = _WORD.findall(_HEAD_ENDS.split(found.group(1), maxsplit=1)[0].lower())
    ends = [len(words), *(place for place in range(len(words) - 1, 0, -1) if _GOES_ON.fullmatch(words[place]))]
    for end in ends:
        for name in ("-".join(words[max(0, end - 2) : end]), *words[end - 1 : end]):
            if kind := HEAD_NOUNS.get(name) or HEAD_NOUNS.get(name.removesuffix("s")):
                return kind
    return None


def box_type(name: str) -> str | None:
    """Type that the name of an infobox suggests, or None.

    >>> box_type("Infobox company"), box_type("infobox football biography"), box_type("Taxobox"), box_type("Infobox analysis")
    ('organization', 'person', None, 'analysis')
    """
    words = [word.lower() for word in _WORD.findall(name)]
    for word in reversed(words):
        kind = (
            _BOXES.get(word)
            or (HEAD_NOUNS.get(word) if word not in _LOOSE else None)
            or (word if word in TYPES and word not in (DEFAULT_TYPE, "index") else None)
        )
        if kind and word != "infobox":
            return kind
    return None
