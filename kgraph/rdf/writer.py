"""Lines of N-Quads for the graphs of one site, collected graph by graph."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from kgraph.errors import ConfigError
from kgraph.model.corpus import Corpus
from kgraph.rdf.terms import KG, PREFIXES, Minter, expand, expand_or_none

__all__ = ["TYPE", "Writer", "outside_term", "own", "term"]


def term(name: str) -> str:
    """A prefixed name as a term of N-Quads.

    >>> term("rdf:type")
    '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'
    """
    return f"<{expand(name)}>"


TYPE = term("rdf:type")


def own(name: str) -> str:
    """A property or class of kgraph as a term of N-Quads.

    >>> own("line")
    '<https://w3id.org/kgraph/ns#line>'
    """
    return f"<{KG}{name}>"


def outside_term(name: str, place: str) -> str:
    """A term of another vocabulary, as the configuration names it.

    Raises:
        ConfigError: it is neither an IRI nor a name with a known prefix.

    """
    iri = expand_or_none(name)
    if iri is None:
        raise ConfigError(f"kgraph.toml: {place}: {name!r} is no term: write an IRI in full, or one of the prefixes {', '.join(PREFIXES)}")
    return f"<{iri}>"


class Writer:
    """Collects the lines of the graphs of one site."""

    def __init__(self, corpus: Corpus, of: Writer | None = None, wanted: Iterable[str] | None = None) -> None:
        """Write about ``corpus``, which may be a part of the site that ``of`` writes about; only into the graphs that are ``wanted``.

        ``whole`` is the site, ``graphs`` has the graph of each of its pages and catalogs by path, and ``lines`` those of each graph that
        is wanted (all of the site where nothing is said), each once, in the order in which they came.
        """
        self.corpus = corpus
        self.told_of_inference = False
        self.whole: Corpus = of.whole if of else corpus
        self.mint: Minter = of.mint if of else Minter(corpus.base_iri)
        self.graphs: dict[str, str] = of.graphs if of else self._graphs()
        self.inferred = f"<{self.mint.graph('inferred')}>"
        self.lines: dict[str, dict[str, None]] = {
            graph: {} for graph in (wanted if wanted is not None else (*self.graphs.values(), self.inferred))
        }

    def _graphs(self) -> dict[str, str]:
        pages = {path: f"<{self.mint.graph('page', page.entity)}>" for path, page in self.whole.pages.items()}
        return pages | {path: f"<{self.mint.graph('catalog', path)}>" for path in self.whole.catalogs}

    def add(self, subject: str, predicate: str, value: str, graph: str) -> None:
        """Add a statement, where its graph is wanted; all four are terms of N-Quads."""
        lines = self.lines.get(graph)
        if lines is not None:
            lines[f"{subject} {predicate} {value} {graph} ."] = None

    def activity(self, name: str) -> str:
        """The term of what made a graph."""
        return f"<{self.mint.base}activity/{quote(name, safe='-._~/')}>"
