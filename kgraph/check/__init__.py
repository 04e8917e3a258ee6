"""Checks: what editors should mend, found in a corpus."""
