#!/bin/sh
# What the benchmarks compare with, in a Python of its own: some are under the GPL, none is a dependency.
set -eu
folder="${1:-.venv/peers}"
if [ -x "$folder/bin/python" ] && [ -e "$folder/done" ]; then exit 0; fi
"${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
  igraph networkit scikit-network networkx scipy scikit-learn sparse_dot_topn node2vec obsidiantools pyoxigraph rdflib
touch "$folder/done"
