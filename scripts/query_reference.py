"""Write the page about the named queries: ``python scripts/query_reference.py > docs/queries.md``."""

from __future__ import annotations

from kgraph.rdf.sparql import NamedQuery, named_queries

HEAD = """# Named queries

Questions that people ask of such a graph, as SPARQL files in [`queries/`](../queries). `kgraph query --list` shows them,
`kgraph query NAME --param name=value` runs one, `kg.query("NAME", name="value")` gives a DataFrame, and the query editor of `kgraph serve`
offers them all. Values are bound as RDF terms; an `entity` is given by id, title, alias or path, a `type` by its name.
"""


def main() -> None:
    """Print the page."""
    print(reference(), end="")


def reference() -> str:
    """The page, as Markdown."""
    return HEAD + "".join(_section(query) for query in named_queries().values())


def _section(query: NamedQuery) -> str:
    lines = [f"\n## {query.name}\n\n{query.purpose}\n"]
    for parameter in query.parameters:
        default = "" if parameter.default is None else f", by default `{parameter.default}`"
        lines.append(f"\n- parameter `{parameter.name}` ({parameter.kind}{default}): {parameter.purpose}")
    for column in query.columns:
        name, _, meaning = column.partition(" -- ")
        lines.append(f"\n- column `{name}`: {meaning}")
    return "".join(lines) + "\n"


if __name__ == "__main__":
    main()
