"""NetworkX: the projection of a corpus to a directed graph, and the measures of its nodes."""
