"""Benchmarks: each figure beside a named peer, measured in one run."""
