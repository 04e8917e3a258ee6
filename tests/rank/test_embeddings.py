"""The optional signal of embeddings, by a tiny model that is made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from kgraph.config import Config, Ranking
from kgraph.errors import ConfigError
from kgraph.evaluate.experiment import evaluate
from kgraph.pipeline import build_workspace, site_config
from kgraph.rank import embeddings
from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import OPTIONAL, SIGNALS, TracedSignal, load_signals
from kgraph.rank.stage import explainer, learn, rank
from kgraph.workspace import Workspace
from tests.builds.wiki import outputs
from tests.ingest.wiki import corpus_of, write_wiki

SEA, LAND = ("boat", "ship", "vessel", "sail"), ("barley", "wheat", "grain", "field")
FILES = {
    "a.md": "# First\n\nThe boat and the sail.\n", "b.md": "# Second\n\nA ship, a vessel.\n", "c.md": "# Third\n\nBarley and wheat.\n",
    "d.md": "# Fourth\n\nThe grain of a field.\n", "e.md": "# Fifth\n\nThe ship, the boat, the field.\n",
    "f.md": "# Sixth\n\nThe vessel, the wheat, the grain.\n", "g.md": "# Seventh\n\nThe sail, the barley.\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model that knows eight words: those of the sea point one way, those of the land another."""
    model2vec = pytest.importorskip("model2vec")
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    words = ("[UNK]", *SEA, *LAND)
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    vectors = np.zeros((len(words), 3), dtype=np.float32)
    vectors[1:5, 0], vectors[5:, 1], vectors[1:, 2] = 1.0, 1.0, 0.2
    folder = tmp_path_factory.mktemp("model")
    model2vec.StaticModel(vectors, tokenizer, normalize=True).save_pretrained(folder)
    return str(folder)


def test_texts_of_like_meaning_are_near_though_they_share_no_word(tmp_path: Path, model: str) -> None:
    evidence = Evidence(corpus_of(tmp_path, FILES), model=model)
    (signal,) = load_signals(OPTIONAL)
    scores = signal.scores(evidence).toarray()
    at = evidence.index
    assert evidence.similarity.toarray()[at["a"], at["b"]] == 0
    assert scores[at["a"], at["b"]] > 0.9
    assert scores[at["a"], at["c"]] == 0
    assert (scores == scores.T).all()
    assert not scores.diagonal().any()
    assert scores.max() <= 1.0
    told = signal.reason(evidence, at["a"], at["b"])
    assert told is not None
    assert "like meaning" in told.text
    assert signal.reason(evidence, at["a"], at["c"]) is None
    assert isinstance(signal, TracedSignal)
    assert len(signal.traces(evidence)) == evidence.size


def test_the_signal_is_in_force_only_with_a_model_and_a_weight(tmp_path: Path, model: str) -> None:
    corpus = corpus_of(tmp_path, FILES)
    with_model = Config(ranking=Ranking(embeddings=model))
    assert rank(corpus, Config())[1] == SIGNALS
    lists, names, _ = rank(corpus, with_model)
    assert set(names) == {*SIGNALS, *OPTIONAL}
    assert any(reason.signal == "embedding" for items in lists.values() for item in items for reason in item.reasons)
    assert rank(corpus, with_model, jobs=2)[0] == lists
    without = structs.replace(with_model, signals=structs.replace(with_model.signals, embedding=0.0))
    assert rank(corpus, without)[0] == rank(corpus, Config())[0]
    assert learn(corpus, with_model).used is False


def test_a_site_without_any_known_word_still_ranks(tmp_path: Path, model: str) -> None:
    files = {"a.md": "# Anchovy\n\nQuartz [b](b.md).\n", "b.md": "# Basalt\n\nQuartz.\n", "c.md": "# Copper\n\nQuartz.\n"}
    fused = explainer(corpus_of(tmp_path, files), Config(ranking=Ranking(embeddings=model))).fused
    assert np.isfinite(fused.total.data).all()
    assert fused.contributions[fused.names.index("embedding")].nnz == 0


def test_a_model_that_is_missing_or_damaged_is_told_in_one_line(tmp_path: Path, model: str) -> None:
    corpus = corpus_of(tmp_path / "wiki", FILES)
    with pytest.raises(ConfigError, match=r"config\.json: give the folder of a Model2Vec model"):
        rank(corpus, Config(ranking=Ranking(embeddings=str(tmp_path / "nowhere"))))
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (damaged / name).write_text("{}")
    with pytest.raises(ConfigError, match="cannot be read") as told:
        rank(corpus, Config(ranking=Ranking(embeddings=str(damaged))))
    assert "\n" not in str(told.value)


def test_without_the_library_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"needs model2vec: install kgraph-wiki\[embeddings\]"):
        rank(corpus_of(tmp_path, FILES), Config(ranking=Ranking(embeddings="model")))


def test_the_baseline_is_measured_where_there_is_a_model(tmp_path: Path, model: str) -> None:
    links = {name: text + f"\nSee [it]({other}).\n" for (name, text), other in zip(FILES.items(), [*[*FILES][1:], "a.md"], strict=True)}
    corpus_of(tmp_path, links)
    found = evaluate(tmp_path, Config(ranking=Ranking(embeddings=model)), ("links",), share=0.4, seeds=(0,))
    assert "embedding" in [method.name for method in found.kinds[0].methods]
    found = evaluate(tmp_path, Config(), ("links",), share=0.4, seeds=(0,))
    assert "embedding" not in [method.name for method in found.kinds[0].methods]


def test_a_build_after_an_edit_is_a_cold_build(tmp_path: Path, model: str) -> None:
    site = tmp_path / "site"
    write_wiki(site, FILES | {"kgraph.toml": f"[ranking]\nembeddings = '{model}'\n"})
    config = site_config(site)
    space = Workspace(tmp_path / "warm")
    build_workspace(site, space, config, jobs=1)
    before = outputs(space.folder)
    (site / "b.md").write_text("# Second\n\nA ship, a vessel, the grain.\n", encoding="utf-8")
    build_workspace(site, space, config, jobs=1)
    cold = Workspace(tmp_path / "cold")
    build_workspace(site, cold, config, jobs=1)
    assert outputs(space.folder) == outputs(cold.folder) != before
