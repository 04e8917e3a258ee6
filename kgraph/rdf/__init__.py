"""RDF: the dataset that a corpus and its rankings make, in the terms of the standards, and SPARQL over it."""
