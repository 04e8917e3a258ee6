"""Stage one: pages and catalogs in, a corpus of entities and what joins them out."""
