"""Results of an experiment as a table for people and as JSON for programs."""

from __future__ import annotations

import msgspec

from kgraph.evaluate.experiment import Evaluation, KindResult, MethodResult
from kgraph.evaluate.metrics import Estimate

__all__ = ["as_json", "as_table"]

_COLUMNS = {
    "mrr": "MRR", "ndcg_10": "nDCG@10", "recall_10": "Recall@10", "recall_25": "Recall@25", "ndcg_10_named": "nDCG@10 named",
    "ndcg_10_unnamed": "nDCG@10 unnamed",
}  # fmt: skip
_COMPARED = "ndcg_10"


def as_json(evaluation: Evaluation) -> str:
    """The evaluation as indented JSON, with the keys of the structs."""
    return msgspec.json.format(msgspec.json.encode(evaluation), indent=1).decode() + "\n"


def as_table(evaluation: Evaluation) -> str:
    """One table a kind: means with 95 % intervals, and the paired difference of nDCG@10 to the fused ranking."""
    return "\n".join(_kind(result, evaluation) for result in evaluation.kinds)


def _kind(result: KindResult, evaluation: Evaluation) -> str:
    from kgraph.tabular import text_table

    names = ["method", *_COLUMNS.values(), "difference", "seconds"]
    seeds = "1 seed" if len(evaluation.seeds) == 1 else f"{len(evaluation.seeds)} seeds"
    head = (
        f"{result.kind}: {result.pairs:,} pairs, of which {evaluation.share:.0%} hidden with {seeds}: {result.hidden:,}, "
        f"{result.named:,} of them named in the text; {result.sources:,} sources among {evaluation.entities:,} entities\n"
    )
    told = "".join(f"learning, {line}\n" for line in result.learned)
    return head + text_table(names, [_cells(method) for method in result.methods]) + told


def _cells(method: MethodResult) -> list[str]:
    values = [_cell(method.metrics.get(metric)) for metric in _COLUMNS]
    seconds = "" if method.seconds is None else f"{method.seconds:.2f}"
    return [method.name, *values, _cell(method.difference.get(_COMPARED), sign="+"), seconds]


def _cell(estimate: Estimate | None, *, sign: str = "") -> str:
    """A mean with its interval."""
    if estimate is None:
        return ""
    return f"{estimate.mean:{sign}.3f} [{estimate.low:{sign}.3f}, {estimate.high:{sign}.3f}]"
