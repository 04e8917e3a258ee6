"""What the project makes its documents with; ``python scripts/NAME.py`` runs each."""
