"""The NetworkX graph as a file: GraphML, GEXF or node-link JSON."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kgraph.errors import ExportError

__all__ = ["GRAPH_SUFFIXES", "write_graph"]

GRAPH_SUFFIXES = (".graphml", ".gexf", ".json")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_graph(graph: Any, path: Path) -> None:
    """Write a graph in the format that the suffix of ``path`` names.

    Raises:
        ExportError: the suffix is unknown, or the file cannot be written.

    """
    import networkx as nx

    suffix = path.suffix.lower()
    if suffix not in GRAPH_SUFFIXES:
        raise ExportError(f"{path}: unknown suffix: use one of {', '.join(GRAPH_SUFFIXES)}")
    try:
        if suffix == ".json":
            import msgspec

            data = msgspec.json.encode(nx.node_link_data(graph, edges="links"))
            path.write_bytes(msgspec.json.format(data, indent=1) + b"\n")
            return
        clean = _clean(graph)
        if suffix == ".graphml":
            nx.write_graphml_xml(clean, path, named_key_ids=True)
        else:
            path.write_text(_gexf(clean), encoding="utf-8")
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror or error})") from None


def _gexf(graph: Any) -> str:
    """GEXF without the date of writing that NetworkX puts in."""
    import networkx as nx

    for number, (_, _, data) in enumerate(graph.edges(data=True)):
        data["id"] = str(number)
    text = "\n".join(nx.generate_gexf(graph)) + "\n"
    return re.sub(r'<meta lastmodifieddate="[^"]*">', "<meta>", text)


def _clean(graph: Any) -> Any:
    """A copy whose texts hold only characters that XML allows."""
    copy = graph.__class__()
    for node, data in graph.nodes(data=True):
        copy.add_node(_text(node), **{key: _text(value) for key, value in data.items()})
    for edge in graph.edges(keys=True, data=True):
        source, target, key, data = edge
        copy.add_edge(_text(source), _text(target), key=_text(key), **{name: _text(value) for name, value in data.items()})
    return copy


def _text(value: Any) -> Any:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
