"""The JSON API and its OpenAPI 3.1 description. Read only; everything is that of the current build.

What an operation takes and gives is said once, in :mod:`kgraph.serve.api.operations` and :mod:`kgraph.serve.api.schemas`; requests are
checked by it, and the description is made from it.
"""
