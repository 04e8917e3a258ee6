"""Nearest texts: what kgraph keeps of the likeness of all pairs, beside scikit-learn and sparse_dot_topn on the same vectors.

    python -m benchmarks.neighbours [PAGES …]        (2,000 and 5,000 where nothing is given)

The vectors are kgraph's TF-IDF of a generated wiki. Recall is the share of the exact ten nearest that is found.
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
from kgraph.rank.texts import Texts

_READ = "import numpy as np, scipy.sparse as sp; v = sp.csr_matrix(sp.load_npz(sys.argv[1])); n = v.shape[0]\n"
_SAVE = "\ndef save(best):\n    np.save(sys.argv[2], best)\n    return 0.0\n"
_BEST = (
    "\ndef best(m):\n    out = np.full((n, 10), -1)\n    for i in range(n):\n        c = m.indices[m.indptr[i]:m.indptr[i+1]]\n"
    "        d = np.where(c == i, -1, m.data[m.indptr[i]:m.indptr[i+1]])\n        o = c[np.argsort(-d, kind='stable')[:10]]\n"
    "        out[i, :len(o)] = o\n    return out\n"
)
_SDT = "from sparse_dot_topn import sp_matmul_topn\nw = v.T.tocsr()\nfound = lambda: sp_matmul_topn(v, w, top_n={}, sort=False)"
CONTESTANTS = {
    "kgraph, all kept for the ranking": (
        True, "from kgraph.rank.sparse import product\nfound = lambda: product(sp.csr_array(v), sp.csr_array(v.T))",
    ),
    "sparse_dot_topn, as many": (False, _SDT.format("min(500, max(150, 4_000_000 // n))")),
    "sparse_dot_topn, eleven": (False, _SDT.format("11")),
    "scikit-learn, brute force, eleven": (
        False,
        "from sklearn.neighbors import NearestNeighbors\nmade = NearestNeighbors(n_neighbors=11, metric='cosine', algorithm='brute')\n"
        "found = lambda: made.fit(v).kneighbors_graph(v, mode='connectivity')",
    ),
}  # fmt: skip
"""Of each: whether it runs in this Python, and its code."""


def main() -> None:
    """Run and print the table."""
    print("| pages | | processor seconds | memory, MB | recall of the ten nearest |\n| --- | --- | --- | --- | --- |")
    for pages in [int(argument) for argument in sys.argv[1:]] or [2_000, 5_000]:
        with tempfile.TemporaryDirectory() as folder:
            _rows(Path(folder), pages)


def _rows(folder: Path, pages: int) -> None:
    write_wiki(folder / "wiki", pages)
    corpus, _, _ = ingest(folder / "wiki", Config())
    vectors, _ = Texts(corpus.entities, corpus.documents).vectors
    path = folder / "vectors.npz"
    sp.save_npz(path, sp.csr_matrix(vectors))
    exact = _exact(vectors)
    for name, (here, code) in CONTESTANTS.items():
        python = sys.executable if here else peer_python()
        if python is None:
            print(f"| {pages:,} | {name} | not installed: `sh scripts/peers.sh` | | |")
            continue
        kept = folder / "found.npy"
        if name.startswith("scikit"):
            code += "\nbest = lambda m: np.array([[c for c in m.indices[i*11:i*11+11] if c != i][:10] for i in range(n)])"
        else:
            code += _BEST
        found = median_of(
            python, f"{_READ}{code}{_SAVE}\nheld = []\ntold(lambda: held.append(found()))\nsave(best(held[0]))", str(path), str(kept)
        )
        if found is None:
            print(f"| {pages:,} | {name} | fails | | |")
            continue
        recall = np.mean([len(set(one) & set(other)) / 10 for one, other in zip(np.load(kept).tolist(), exact, strict=True)])
        print(f"| {pages:,} | {name} | {found[0][0]:.2f} | {found[0][1]:,.0f} | {recall:.4f} |", flush=True)


def _exact(vectors: sp.csr_array) -> list[list[int]]:
    best: list[list[int]] = []
    turned = vectors.T.tocsr()
    for start in range(0, vectors.shape[0], 512):
        block = (vectors[start : start + 512] @ turned).toarray()
        rows = np.arange(len(block))
        block[rows, start + rows] = -1.0
        best += np.argsort(-block, axis=1, kind="stable")[:, :10].tolist()
    return best


if __name__ == "__main__":
    main()
