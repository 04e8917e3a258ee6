"""Nearest nodes of a graph: kgraph's walks beside node2vec and an embedding of scikit-network, on links that were hidden.

    python -m benchmarks.hidden [PAGES …]        (1,000 and 3,000 where nothing is given)

Of the links of a generated wiki a tenth is hidden. Each contestant gets the rest, without directions, and gives for each page the ten
nearest that it is not linked with; told is the share of the hidden links among these, of those that could be (of a page with more than ten
hidden links only ten fit). One thread each, processor time, each in a process of its own.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from benchmarks.peers import median_of, peer_python
from benchmarks.wiki import write_wiki
from kgraph.config import Config
from kgraph.ingest.stage import ingest
from kgraph.rank.evidence import Evidence

_HIDDEN = 0.1
_READ = "import numpy as np, scipy.sparse as sp; g = sp.csr_matrix(sp.load_npz(sys.argv[1])); n = g.shape[0]\n"
_BEST = (
    "\ndef best(rows):\n    out = np.full((n, 10), -1)\n    for i in range(n):\n        r = rows(i)\n        r[i] = -np.inf\n"
    "        r[g.indices[g.indptr[i]:g.indptr[i+1]]] = -np.inf\n        out[i] = np.argsort(-r, kind='stable')[:10]\n"
    "    np.save(sys.argv[2], out)\n    return 0.0\n"
)
_VECTORS = "\ndef near(v):\n    v = v / np.maximum(np.linalg.norm(v, axis=1), 1e-12)[:, None]\n    return best(lambda i: v @ v[i])\n"
CONTESTANTS = {
    "kgraph: personalised PageRank, over the root of PageRank": (
        True,
        "from kgraph.rank.pagerank import personalized_pagerank, total_pagerank\nfrom kgraph.rank.sparse import normalize_rows\n"
        "def work():\n    p = normalize_rows(sp.csr_array(g))\n    m = personalized_pagerank(p, follow=0.5)\n"
        "    w = 1 / np.sqrt(np.maximum((total_pagerank(p, follow=0.5) - m.diagonal()) / n, 1e-12))\n"
        "    return best(lambda i: (m[[i]].toarray()[0]) * w)\n",
    ),
    "node2vec, 64 dimensions, 10 walks of 40 steps, cosine": (
        False,
        "import networkx as nx\nfrom node2vec import Node2Vec\n"
        "def work():\n    made = Node2Vec(nx.from_scipy_sparse_array(g), dimensions=64, walk_length=40, num_walks=10, workers=1, seed=1, "
        "quiet=True)\n    words = made.fit(window=5, min_count=1, workers=1, seed=1).wv\n"
        "    return near(np.array([words[str(i)] for i in range(n)]))\n",
    ),
    "scikit-network, GSVD, 64 dimensions, cosine": (
        False, "from sknetwork.embedding import GSVD\ndef work():\n    return near(GSVD(64).fit_transform(g))\n",
    ),
}  # fmt: skip
"""Of each: whether it runs in this Python, and its code."""


def main() -> None:
    """Run and print the table."""
    print("| pages | | processor seconds | memory, MB | hidden links among the ten nearest |\n| --- | --- | --- | --- | --- |")
    for pages in [int(argument) for argument in sys.argv[1:]] or [1_000, 3_000]:
        with tempfile.TemporaryDirectory() as folder:
            _rows(Path(folder), pages)


def _rows(folder: Path, pages: int) -> None:
    write_wiki(folder / "wiki", pages)
    corpus, _, _ = ingest(folder / "wiki", Config())
    joined = sp.triu(Evidence(corpus).joined, format="coo")
    hidden = np.random.default_rng(3).random(joined.nnz) < _HIDDEN
    left = sp.coo_array((np.ones((~hidden).sum()), (joined.row[~hidden], joined.col[~hidden])), shape=joined.shape)
    path, kept = folder / "graph.npz", folder / "found.npy"
    sp.save_npz(path, sp.csr_matrix(left + left.T))
    wanted: list[set[int]] = [set() for _ in range(joined.shape[0])]
    for one, other in zip(joined.row[hidden].tolist(), joined.col[hidden].tolist(), strict=True):
        wanted[one].add(other)
        wanted[other].add(one)
    most = sum(min(10, len(others)) for others in wanted)
    for name, (here, code) in CONTESTANTS.items():
        python = sys.executable if here else peer_python()
        if python is None:
            print(f"| {pages:,} | {name} | not installed: `sh scripts/peers.sh` | | |")
            continue
        found = median_of(python, f"{_READ}{_BEST}{_VECTORS}{code}told(work)", str(path), str(kept), runs=1 if "node2vec" in name else 3)
        if found is None:
            print(f"| {pages:,} | {name} | fails | | |")
            continue
        hits = sum(len(others & set(near)) for others, near in zip(wanted, np.load(kept).tolist(), strict=True))
        print(f"| {pages:,} | {name} | {found[0][0]:.2f} | {found[0][1]:,.0f} | {hits / most:.3f} |", flush=True)


if __name__ == "__main__":
    main()
