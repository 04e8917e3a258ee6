#!/bin/sh
# The main job on the sample wiki, and a look at each thing it gives.
set -eu
kgraph() { .venv/bin/python -m kgraph "$@"; }
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
export KGRAPH_WORKSPACE=.kgraph

say '$ kgraph build data'
kgraph build data
say '$ kgraph stats'
kgraph stats
say '$ kgraph related "EU AI Act" -k 5 --explain'
kgraph related "EU AI Act" -k 5 --explain
say '$ kgraph hubs -k 8 --by authority'
kgraph hubs -k 8 --by authority
say '$ kgraph query what-mitigates --param entity="Racing dynamics"'
kgraph query what-mitigates --param entity="Racing dynamics"
say '$ kgraph render -o .kgraph/graph.html'
kgraph render -o .kgraph/graph.html

say 'Where to look'
cat <<TEXT
  graph page       $(pwd)/.kgraph/graph.html
  related lists    $(pwd)/.kgraph/site/related.json
  named queries    kgraph query --list
  notebooks        notebooks/explore-a-wiki.ipynb and five more
TEXT
