"""Measures of large graphs: NetworkX's functions on the graph in arrays, beside NetworkX itself, igraph, NetworKit and scikit-network.

    python -m benchmarks.graphs [EDGES …]        (100,000 and 1,000,000 where nothing is given)

A tenth as many nodes as edges; targets after a power law. Making the graph from arrays of edges and measuring it are timed apart, as
processor time, each contestant in a process of its own; the sum of the scores must be 1, that of communities is told.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.peers import median_of, peer_python

_READ = "import numpy as np; e = np.load(sys.argv[1]); n, s, t = int(e['n']), e['s'], e['t']\n"
_CSR = "import networkx as nx; from kgraph.graph.csr import CSRGraph\n"
_NX = "import networkx as nx; make = lambda: nx.DiGraph(list(zip(s.tolist(), t.tolist())))\n"
_IG = "import igraph; make = lambda: igraph.Graph(n=n, edges=np.column_stack((s, t)), directed=True)\n"
_NK = (
    "import networkit as nk, scipy.sparse as sp; nk.setNumberOfThreads(1)\n"
    "make = lambda: nk.GraphFromCoo((np.ones(len(s)), (s, t)), n=n, weighted=False, directed=True)\n"
)
_SK = "import scipy.sparse as sp; make = lambda: sp.csr_matrix((np.ones(len(s)), (s, t)), shape=(n, n))\n"
_OWN = "make = lambda: CSRGraph.from_edges(range(n), s, t)\n"
CONTESTANTS: dict[str, tuple[bool, str, dict[str, str]]] = {
    "kgraph: NetworkX on arrays": (True, _CSR + _OWN, {
        "PageRank": "sum(nx.pagerank(g, tol=1e-8).values())", "HITS": "sum(nx.hits(g, max_iter=1000)[0].values())",
        "Louvain": "len(nx.community.louvain_communities(g, seed=1))",
    }),
    "NetworkX": (False, _NX, {
        "PageRank": "sum(nx.pagerank(g, tol=1e-8).values())", "HITS": "sum(nx.hits(g, max_iter=1000)[0].values())",
        "Louvain": "len(nx.community.louvain_communities(g.to_undirected(), seed=1))",
    }),
    "igraph (GPL)": (False, _IG, {
        "PageRank": "sum(g.pagerank())", "HITS": "sum(g.hub_score())", "Louvain": "len(g.as_undirected().community_multilevel())",
    }),
    "NetworKit": (False, _NK, {
        "PageRank": "sum(nk.centrality.PageRank(g, tol=1e-8).run().scores())",
        "Louvain": "nk.community.PLM(u := nk.graphtools.toUndirected(g)).run().getPartition().numberOfSubsets()",
    }),
    "scikit-network": (False, _SK, {
        "PageRank": "float(__import__('sknetwork.ranking').ranking.PageRank(tol=1e-8, n_iter=100).fit_predict(g).sum())",
        "HITS": "float(__import__('sknetwork.ranking').ranking.HITS().fit_predict(g).sum())",
        "Louvain": "len(set(__import__('sknetwork.clustering').clustering.Louvain(random_state=1).fit_predict(g).tolist()))",
    }),
}  # fmt: skip
"""Of each: whether it runs in this Python, how the graph is made, and each measure."""


def main() -> None:
    """Run and print the tables."""
    for edges in [int(argument) for argument in sys.argv[1:]] or [100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "edges.npz"
            nodes = edges // 10
            draw = np.random.default_rng(5)
            targets = np.minimum(draw.pareto(1.1, edges) * 50, nodes - 1).astype(np.int32)
            np.savez(path, n=nodes, s=draw.integers(0, nodes, edges, dtype=np.int32), t=targets)
            _table(edges, nodes, str(path))


def _table(edges: int, nodes: int, path: str) -> None:
    print(f"\n{nodes:,} nodes, {edges:,} edges; processor seconds, memory in MB\n")
    print("| | graph | PageRank | HITS | Louvain | memory |\n| --- | --- | --- | --- | --- | --- |")
    for name, (here, make, measures) in CONTESTANTS.items():
        python = sys.executable if here else peer_python()
        if python is None:
            print(f"| {name} | not installed: `sh scripts/peers.sh` | | | | |")
            continue
        runs = 3 if edges <= 1_000_000 else 1
        made = median_of(python, f"{_READ}{make}told(lambda: (make(), 0)[1])", path, runs=runs)
        cells, most = [f"{made[0][0]:.2f}" if made else "fails"], made[0][1] if made else 0.0
        for measure in ("PageRank", "HITS", "Louvain"):
            code = measures.get(measure)
            found = median_of(python, f"{_READ}{make}g = make()\ntold(lambda: {code})", path, runs=runs, limit=400) if code else None
            told = f" ({found[1]:,.0f} groups)" if found and measure == "Louvain" else ""
            cells.append(f"{found[0][0]:.2f}{told}" if found else ("over 400 s, or fails" if code else "none"))
            most = max(most, found[0][1] if found else 0.0)
        print(f"| {name} | {' | '.join(cells)} | {most:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
