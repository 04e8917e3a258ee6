"""Draws pictures of the graph as self-contained web pages."""
