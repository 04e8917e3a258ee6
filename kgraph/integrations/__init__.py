"""kgraph within other tools: site builders that run Python, and HTML that any other has built. One module each."""
