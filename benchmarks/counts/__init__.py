"""Counts of real corpora that owe nothing to kgraph: each module has ``count``, which gives a :class:`~benchmarks.counts.base.Count`."""
