"""Stage two: from a corpus to related lists with reasons, hubs, authorities and communities."""
