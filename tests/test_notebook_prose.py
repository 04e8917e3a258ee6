"""What the prose of the notebooks claims is true of the sample wiki."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_notebook_is_kept_clean_and_says_how_to_use_it(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in notebook["cells"] if cell["cell_type"] == "code")
    text = "".join("".join(cell["source"]) for cell in notebook["cells"][:1])
    assert text.startswith("# ")
    assert "**For your own" in text
    assert sum(cell["cell_type"] == "markdown" for cell in notebook["cells"]) >= 5


def test_hubs_and_bridges(sample: Any) -> None:
    leaders = {name: sample.hubs(3, by=name)["title"].tolist() for name in ("pagerank", "authority", "hub")}
    assert leaders["pagerank"][0] == leaders["authority"][0] == "EU AI Act"
    assert leaders["authority"][1] == "Model evaluations"
    assert leaders["hub"][0] == "Comparing AI laws"
    assert "Model cards" in leaders["hub"]
    scores = sample.table("hubs")[["pagerank", "authority", "hub"]].astype(float).corr("spearman")
    assert scores.loc["pagerank", "authority"] > 0.85
    assert scores.loc["pagerank", "hub"] < 0.5
    ranks = sample.hubs(200).set_index("title")["rank"]
    between = sample.hubs(20, by="betweenness").set_index("title")["rank"]
    gain = (ranks - between).dropna().sort_values(ascending=False)
    assert gain.index[0] == "Who sits at the table"
    assert (ranks[gain.index[0]], between[gain.index[0]]) == (72, 5)
    assert {"United Nations", "OECD"} <= set(gain.index[:3])


def test_communities_and_types(sample: Any) -> None:
    found = sample.entities().merge(sample.table("hubs"), on="id")
    spread = found.groupby("type")["community"].nunique()
    assert spread["event"] == 2
    assert spread["organization"] == spread["person"] == spread["concept"] == len(sample.communities()) == 7
    leading = sample.communities()["leading"].tolist()
    topics = (
        "Model evaluations",
        "Partnership on AI",
        "EU AI Act",
        "Racing dynamics",
        "Collective action problem",
        "Third-party",
        "Landmines",
    )
    assert all(topic in text for topic, text in zip(topics, leading, strict=True))
    stubs = sample.entities().groupby("type")["stub"].sum()
    assert (stubs.idxmax(), stubs.max()) == ("organization", 3)


def test_reasons_and_paths(sample: Any) -> None:
    fatigue = sample.related("Coalition fatigue", k=8)
    assert (fatigue["title"][0], fatigue["label"][0]) == ("Coalition engagement", "mitigated by")
    assert fatigue["linked"].tolist()[-2:] == [False, False]
    reasons = sample.reasons("Coalition fatigue", k=8)
    assert {"relation", "title", "tags"} == set(reasons[reasons["rank"] == 1]["signal"])
    assert "relation" not in set(reasons[reasons["rank"] == 8]["signal"])
    every = sample.table("related")
    assert every["signal"].value_counts().index[:2].tolist() == ["neighbour_links", "text"]
    assert 0.64 < (~every["linked"]).mean() < 0.72
    assert sample.path("Montreal Protocol", "Racing dynamics")["next_title"][0] == "Collective action problem"
    assert sample.search("monreal protokol", k=1)["title"][0] == "Montreal Protocol"


@pytest.mark.parametrize("kind", ["links", "relations"])
def test_what_the_signals_bring(sample: Any, kind: str) -> None:
    found = sample.evaluate(kind, ablation=True)
    ndcg = found[found["measure"] == "ndcg_10"].set_index("method")
    means, gaps = ndcg["mean"], ndcg["difference"].dropna()
    without = gaps[gaps.index.str.startswith("kgraph without")].sort_values()
    singles = means[~means.index.str.startswith("kgraph")].sort_values(ascending=False)
    assert means["kgraph"] > singles.iloc[0] + 0.05
    assert without.index[0] == "kgraph without mention"
    if kind == "links":
        assert singles.index[0] == "mention"
        assert without.iloc[1:].abs().max() < 0.02
    else:
        assert set(singles.index[:2]) == {"tf-idf", "mention"}
        assert singles.iloc[0] - singles.iloc[1] < 0.01
        assert without.index[1] == "kgraph without title"
        assert without.iloc[0] < 2 * without.iloc[1] < 0


def test_health(sample: Any) -> None:
    findings = sample.check()
    serious = findings[findings["name"].isin(["dead-link", "orphan"])]["name"].tolist()
    assert sorted(serious) == ["dead-link", "dead-link", "orphan"]
    hubs = sample.table("hubs").merge(sample.entities()[["id", "title", "stub"]], on="id")
    assert set(hubs[(hubs["in_degree"] == 0) & ~hubs["stub"]]["title"]) == {"Dartmouth workshop", "Cooperating on AI: a sample wiki"}
    assert set(hubs[hubs["in_degree"] > 30]["title"]) == {"EU AI Act", "Model evaluations"}
    assert hubs[hubs["stub"]].nlargest(1, "in_degree")["title"].tolist() == ["Meta AI"]
    linked = set(sample.links()[["source", "target"]].dropna().itertuples(index=False, name=None))
    mentions = sample.mentions()[["source", "target"]].drop_duplicates()
    named = mentions[[pair not in linked for pair in mentions.itertuples(index=False, name=None)]]["target"].value_counts()
    assert set(named[named == 7].index) == {"ai-governance", "united-nations"}
    assert named.max() == 7
    assert named["european-commission"] == 4
    related = sample.table("related")
    best = related[~related["linked"] & related["source"].isin(["icbl", "mancur-olson"])].nlargest(2, "score")
    assert set(zip(best["source"], best["target"], strict=True)) == {("icbl", "stop-killer-robots"), ("mancur-olson", "elinor-ostrom")}
    bias = related[~related["linked"] & (related["target"] == "algorithmic-bias")].nlargest(2, "score")
    assert bias["source"].tolist() == ["third-party-auditing", "algorithmic-impact-assessment"]
    assert [reason.startswith("named here") for reason in bias["reason"]] == [True, False]


def test_risks_and_people(sample: Any) -> None:
    answers = sample.query("""
        SELECT DISTINCT ?risk ?approach WHERE {
          ?risk a kg:Risk . { ?risk kg:mitigatedBy ?approach } UNION { ?approach kg:mitigates ?risk }
        }
    """)
    counts = answers["risk"].value_counts()
    assert set(counts[counts == 4].index) == {"algorithmic-bias", "loss-of-control", "racing-dynamics"}
    assert set(counts[counts != 4]) == {1}
    assert "autonomous-weapons" not in counts.index
    several = answers["approach"].value_counts()
    assert set(several[several > 1].index) == {"responsible-scaling-policies", "third-party-auditing"}
