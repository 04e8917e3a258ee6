"""Words that all stages share. Imports nothing of the rest of kgraph."""
