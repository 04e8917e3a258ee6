"""The server: web explorer, JSON API and SPARQL 1.1 endpoint over one workspace. Reads only.

Nothing here is imported before `kgraph serve` runs.
"""
