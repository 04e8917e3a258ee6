"""W901: what the RDF of a site has against SHACL shapes that a user gives (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from kgraph.check.site import Site
from kgraph.errors import ConfigError
from kgraph.model.finding import Finding, finding
from kgraph.rdf.dataset import corpus_graphs
from kgraph.rdf.provenance import provenance_quads
from kgraph.rdf.terms import Minter, shorten
from kgraph.rdf.vocabulary import ontology_quads
from kgraph.rdf.writer import Writer

__all__ = ["shape_violations"]


def shape_violations(site: Site, path: Path) -> Iterator[Finding]:
    """What the union of the graphs of pages, catalogs and ontology has against the shapes in ``path``; no results of the ranking.

    Raises:
        ConfigError: the shapes cannot be read, or pyshacl is not installed.

    """
    shapes = _read_shapes(path)
    try:
        import pyshacl
    except ImportError:
        raise ConfigError("--shapes needs pyshacl: install it with pip install 'kgraph-wiki[shapes]'") from None
    from rdflib import SH

    data = _graph(site)
    try:
        report: Any = pyshacl.validate(data, shacl_graph=shapes, ont_graph=None, advanced=False, do_owl_imports=False)[1]
    except (pyshacl.errors.ShapeLoadError, pyshacl.errors.ConstraintLoadError, pyshacl.errors.ReportableRuntimeError) as error:
        raise ConfigError(f"{path}: no valid shapes: {_one_line(str(error))}") from None
    places = _places(site)
    for result in report.subjects(SH.focusNode, None):
        focus = str(report.value(result, SH.focusNode))
        of = report.value(result, SH.resultPath)
        told = _one_line(str(report.value(result, SH.resultMessage) or report.value(result, SH.sourceConstraintComponent)))
        about = shorten(focus, site.corpus.base_iri) + (f" {shorten(str(of))}" if of is not None else "")
        yield finding("W901", f"{about}: {told}", *places.get(focus, ("", 0)))


def _read_shapes(path: Path) -> Any:
    import rdflib

    form = rdflib.util.guess_format(path.name) or "turtle"
    try:
        return rdflib.Graph().parse(data=path.read_bytes(), format=form)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error}): give a file of SHACL shapes") from None
    except (SyntaxError, ValueError, rdflib.exceptions.Error, rdflib.exceptions.ParserError) as error:
        raise ConfigError(f"{path}: no valid {form}: {_one_line(str(error))}") from None


def _graph(site: Site) -> Any:
    import rdflib

    types = site.config.type_vocabulary()
    graphs = corpus_graphs(site.corpus, types, site.relations)
    made = provenance_quads(Writer(site.corpus), "")
    lines = [*made, *chain.from_iterable(graphs.values()), *ontology_quads(site.corpus, types, site.relations)]
    triples = dict.fromkeys(line[:-2].rpartition(" ")[0] + " ." for line in lines)
    return rdflib.Graph().parse(data="\n".join(triples).encode("utf-8", "replace"), format="nt")


def _places(site: Site) -> dict[str, tuple[str, int]]:
    """Path and line of what an IRI stands for."""
    mint = Minter(site.corpus.base_iri)
    found = {mint.source(work.id): (work.path, work.line) for work in site.corpus.sources.values()}
    for entity in site.corpus.entities.values():
        path, _, line = (
            entity.declared_in[0].rpartition(":") if entity.path is None and entity.declared_in else (entity.path or "", "", "0")
        )
        found[mint.entity(entity.id)] = found[mint.page(entity.id)] = (path, int(line))
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
