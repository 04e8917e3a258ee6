"""The Python interface: one object over one build, DataFrames and graphs out."""

from __future__ import annotations

from kgraph.api.graph import KnowledgeGraph, build_and_open, open_workspace

__all__ = ["KnowledgeGraph", "build_and_open", "open_workspace"]
