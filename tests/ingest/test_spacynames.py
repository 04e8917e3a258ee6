"""Names that a pipeline of spaCy finds, by a small one of rules made here: no model is fetched."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest

from kgraph.config import Config, Entities
from kgraph.errors import ConfigError
from kgraph.ingest.cache import Cache
from kgraph.model.corpus import Candidate, Corpus
from tests.ingest.wiki import corpus_of

PAGES: dict[str, str | bytes] = {
    "a.md": "# A\n\nShe met the Quay masters' guild and ann of ely. In `Quay masters` the sea.\n",
    "b.md": "# B\n\nThe Fog Institute (FI) is near the Blue Door.\n",
}


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    spacy = pytest.importorskip("spacy", reason="spaCy is an optional extra")
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": label, "pattern": name} for label, name in
         (("ORG", "the Quay masters"), ("PERSON", "ann of ely"), ("ORG", "The Fog Institute"), ("GPE", "Blue Door"), ("DATE", "sea"))]
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("spacy") / "pipeline"
    nlp.to_disk(folder)
    return str(folder)


def corpus(folder: Path, model: str, cache: Cache | None = None, files: dict[str, str | bytes] = PAGES) -> Corpus:
    return corpus_of(folder, files, Config(entities=Entities(candidates="on", spacy=model)), cache=cache)


def by_title(made: Corpus) -> dict[str, Candidate]:
    return {item.title: item for item in made.candidates}


def test_names_of_a_pipeline_stand_beside_those_of_the_rules(tmp_path: Path, model: str) -> None:
    found = by_title(corpus(tmp_path, model))
    assert {title: item.type for title, item in found.items()} == {
        "Quay masters": "organization", "ann of ely": "person", "Fog Institute": "organization", "Blue Door": "place",
    }  # fmt: skip
    assert found["ann of ely"].evidence == ("spacy: a.md:3",)
    assert [(item.source, item.text, item.line) for item in found["ann of ely"].mentions] == [("a", "ann of ely", 3)]
    assert found["Fog Institute"].evidence == ("cue: b.md:3", "spacy: b.md:3")
    assert found["Fog Institute"].aliases == ("FI",)
    assert found["Fog Institute"].confidence > found["Blue Door"].confidence == 0.6


def test_an_incremental_build_finds_what_a_full_one_does(tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    read: list[str] = []
    pipe = spacy.language.Language.pipe

    def watched(self: object, texts: list[str], **options: object) -> object:
        asked = list(texts)
        read.extend(text for text in asked if text.endswith("."))  # it reads its own patterns as well, when it is loaded
        return pipe(self, asked, **options)

    monkeypatch.setattr(spacy.language.Language, "pipe", watched)
    with Cache(tmp_path / "cache") as cache:
        corpus(tmp_path / "wiki", model, cache)
        first = len(read)
        same = corpus(tmp_path / "wiki", model, cache)
        assert (first, len(read)) == (2, 2)
        changed = {**PAGES, "b.md": "# B\n\nNear the Blue Door.\n"}
        warm = corpus(tmp_path / "wiki", model, cache, changed)
        assert len(read) == 3
    assert msgspec.msgpack.encode(same) == msgspec.msgpack.encode(corpus(tmp_path / "full", model))
    assert msgspec.msgpack.encode(warm) == msgspec.msgpack.encode(corpus(tmp_path / "anew", model, None, changed))


def test_a_pipeline_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("spacy", reason="spaCy is an optional extra")
    with pytest.raises(ConfigError, match=r"no_such_model.*spacy download"):
        corpus(tmp_path, "no_such_model")


def test_without_spacy_the_mend_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ConfigError, match=r"kgraph-wiki\[spacy\]"):
        corpus(tmp_path, "en_core_web_sm")
