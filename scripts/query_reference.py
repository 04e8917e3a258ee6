"""Write docs/queries.md from the heads of the query files: python scripts/query_reference.py > docs/queries.md."""

from __future__ import annotations

import sys

from kgraph.rdf.queries import ANY, NamedQuery, named_queries

_HEAD = """# The named queries

`kgraph query NAME --param name=value` asks them, `kg.query("NAME", name="value")` gives a DataFrame, and the SPARQL page of
`kgraph serve` opens them for editing. The files are in [queries/](../queries); one of your own with such a head is asked as
`kgraph query FILE.rq`.

Values are bound as RDF terms in a `VALUES` block, so that none becomes a part of the query:

| kind | written as |
| --- | --- |
| `entity` | id, title, alias or source path |
| `type` | name of a type, in the singular or plural |
| `iri` | an IRI, or a name with a known prefix |
| `string` | text |
| `integer`, `number`, `boolean` | `3`, `0.5`, `true` |
| `date` | `2025-03-31`, `2025-03` or `2025` |

A parameter whose default is `any` need not be given: the answer is then about all. Columns of kind `iri` are ids of entities or prefixed
names in tables and DataFrames, and IRIs in every other format; those of kind `date` may hold months and years too.
"""


def main() -> None:
    """Print the page."""
    sys.stdout.write(reference())


def reference() -> str:
    """The page."""
    queries = named_queries()
    contents = [f"| [{name}](#{name}) | {query.purpose} |" for name, query in queries.items()]
    return "\n".join([_HEAD, "| query | question |", "| --- | --- |", *contents, "", *map(_section, queries.values())])


def _section(query: NamedQuery) -> str:
    lines = [f"## {query.name}", "", query.purpose, ""]
    if query.parameters:
        lines += ["| parameter | kind | default | |", "| --- | --- | --- | --- |"]
        for one in query.parameters:
            default = "must be given" if one.default is None else f"`{one.default}`" if one.default != ANY else "any"
            lines.append(f"| `{one.name}` | {one.kind} | {default} | {one.purpose} |")
        lines.append("")
    if query.columns:
        lines += ["| column | kind | |", "| --- | --- | --- |"]
        lines += [f"| `{column.name}` | {column.kind} | {column.purpose} |" for column in query.columns]
    else:
        lines.append("The answer is a graph.")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
