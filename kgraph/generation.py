"""What a generation holds, written from a corpus: store, rankings and site lists, each from what is the same in the build before."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

import kgraph
from kgraph.config import Config
from kgraph.parallel import beside, can_fork, release_memory
from kgraph.workspace import FORMAT, Generation

if TYPE_CHECKING:
    from kgraph.model.corpus import Corpus
    from kgraph.model.document import Document
    from kgraph.rank.ahead import TextsAhead
    from kgraph.rank.engine import Engine
    from kgraph.rank.rankings import Rankings

__all__ = ["Progress", "write_generation"]

Progress = Callable[[str, int, int], None]


def write_generation(
    generation: Generation, corpus: Corpus, config: Config, *, ranked: bool, before: Path | None, ahead: TextsAhead | None,
    jobs: int, marks: dict[str, float], progress: Progress | None, engine: Engine | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything of a generation that follows from its corpus but its statistics, which are given back.

    Args:
        generation: Where to write.
        corpus: What was ingested.
        config: Settings.
        ranked: Whether to rank and write the site lists as well.
        before: Folder of the build before, of which what is the same is taken.
        ahead: What was made of the texts meanwhile.
        jobs: Processes at the most.
        marks: When each stage ended, to which those here are added.
        progress: Called with what is done, how much of it, and how much there is.
        engine: What does the work that it can take over, in place of processes of this machine.

    Another process loads the store meanwhile: with what was ingested while it is ranked, with the rankings while the lists are written.

    """
    from kgraph.archive import read_list_memory, write_corpus, write_learned, write_list_memory, write_rankings
    from kgraph.graph.measures import Measures
    from kgraph.rank.sparse import SMALL

    if progress:
        progress("ranking" if ranked else "writing", 0, 1)
    learned = None
    earlier = before if ranked else None
    large = len(corpus.entities) > SMALL

    def ingested() -> bytes:
        if not large:
            write_corpus(generation, corpus)
        return _load_stated(generation, corpus, config, earlier, ranked, engine)

    written = not large
    with beside(ingested, jobs=jobs) as wait:
        if ranked:
            from kgraph.rank.recall import ListMemory
            from kgraph.rank.stage import learn, rank, reads_documents

            texts = ahead.of(corpus) if ahead else None
            if texts is not None and jobs > 1 and can_fork() and large and not reads_documents(config):
                write_corpus(generation, corpus)
                written = True
                _outline(corpus.documents)
            learned = learn(corpus, config) if config.ranking.learn else None
            memory = read_list_memory(earlier) if earlier else ListMemory()
            related, names, table = rank(corpus, config, jobs=jobs, learned=learned, texts=texts, pool=engine, memory=memory)
            write_list_memory(generation, memory)
            if large:
                release_memory()
        marks["rank"] = time.perf_counter()
        triples, changed, measures = msgspec.msgpack.decode(wait(), type=tuple[int, bool, dict[str, Measures]])
    if ranked:
        if progress:
            progress("writing", 0, 1)
        from kgraph.rank.rankings import Rankings

        rankings = Rankings(related, measures, names)
        with beside(lambda: _load_computed(generation, corpus, rankings, config, earlier if changed else None), jobs=jobs) as wait:
            write_rankings(generation, rankings, table)
            if learned:
                write_learned(generation, learned)
            _write_lists(generation, corpus, config, rankings, earlier)
            if not written:
                write_corpus(generation, corpus)
            triples += msgspec.msgpack.decode(wait(), type=int)
    elif not written:
        write_corpus(generation, corpus)
    generation.write("assumptions.msgpack", corpus.assumptions)
    generation.write("config.msgpack", config)
    marks["write"] = time.perf_counter()
    counts = _counts(corpus, triples, marks)
    return counts | {"ranking": learned.why} if learned else counts


def _outline(documents: dict[str, Document]) -> None:
    """Leave of the documents of a large site only their outlines, once they are written and their texts compared: they hold most memory."""
    for path, document in documents.items():
        documents[path] = document.outline()
    release_memory()


def _load_stated(
    generation: Generation, corpus: Corpus, config: Config, before: Path | None, measured: bool, engine: Engine | None
) -> bytes:  # fmt: skip
    """Write what pages and catalogs state as RDF and load it into the store, where there is to be a dataset; measure the graph if wanted.

    Gives the number of triples, whether the store is that of the build before with what differs, and the measures, encoded.
    """
    from kgraph.graph.measures import measure
    from kgraph.graph.projection import citation_arrays
    from kgraph.rdf.entailment import entailed_parts
    from kgraph.rdf.graphs import dataset_parts
    from kgraph.rdf.loading import load_files
    from kgraph.rdf.parts import whole

    triples, changed = 0, False
    if config.rdf.dataset:
        types, relations = config.type_vocabulary(), config.relation_vocabulary()
        stated = dataset_parts(corpus, types, relations, version=kgraph.__version__, annotations=config.rdf.annotations)
        entailed = entailed_parts(corpus, types, relations) if config.rdf.entailed else whole(b"none", ())
        triples, changed = load_files(generation.folder, {"pages.nq": stated, "entailed.nq": entailed}, before)
    graph = citation_arrays(corpus.entities, corpus.links, corpus.relations)
    measures = measure(graph, engine.walks(graph) if engine and len(graph) else None) if measured else {}
    return msgspec.msgpack.encode((triples, changed, measures))


def _load_computed(generation: Generation, corpus: Corpus, rankings: Rankings, config: Config, before: Path | None) -> bytes:
    """Write the rankings as RDF, and load them into the store; gives the number of triples, encoded."""
    from kgraph.rdf.computed import ranking_parts
    from kgraph.rdf.loading import load_files

    if not config.rdf.dataset:
        return msgspec.msgpack.encode(0)
    computed = ranking_parts(corpus, rankings, related=config.rdf.related)
    triples, _ = load_files(generation.folder, {"rankings.nq": computed}, before, last=True)
    return msgspec.msgpack.encode(triples)


def _write_lists(generation: Generation, corpus: Corpus, config: Config, rankings: Rankings, before: Path | None) -> None:
    from kgraph.export.folder import write_site
    from kgraph.export.remembered import PageMemory
    from kgraph.export.site import PageObjects, hub_object, site_files
    from kgraph.export.status import page_statuses

    statuses = page_statuses(
        corpus.entities, corpus.pages.values(), config.check.expected, stale_days=config.status.stale_days, as_of=config.status.as_of
    )
    memory = PageMemory(before)
    objects = PageObjects(
        corpus.entities, corpus.pages, corpus.links, rankings, config.type_vocabulary(), top=config.lists.top,
        backlinks=config.lists.backlinks, statuses=statuses,
    )  # fmt: skip
    write_site(generation.folder / "site", site_files(objects.remembered(memory), hub_object(corpus.entities, rankings), memory=memory))
    memory.write(generation.folder)


def _counts(corpus: Corpus, triples: int, marks: dict[str, float]) -> dict[str, Any]:
    places = list(marks.items())
    seconds = {name: round(at - places[place][1], 3) for place, (name, at) in enumerate(places[1:])}
    seconds["total"] = round(places[-1][1] - places[0][1], 3)
    types = Counter(entity.type for entity in corpus.entities.values())
    return {
        "pages": len(corpus.pages),
        "redirects": len(corpus.redirects),
        "entities": len(corpus.entities),
        "stubs": sum(1 for entity in corpus.entities.values() if entity.stub),
        "links": len(corpus.links),
        "dead_links": sum(1 for link in corpus.links if link.target is None),
        "relations": sum(1 for item in corpus.relations if item.target is not None),
        "dead_relations": sum(1 for item in corpus.relations if item.target is None),
        "mentions": len(corpus.mentions),
        "candidates": len(corpus.candidates),
        "sources": len(corpus.sources),
        "citations": len(corpus.citations),
        "triples": triples,
        "problems": len(corpus.findings),
        "types": dict(sorted(types.items())),
        "seconds": seconds,
        "format": FORMAT,
    }
