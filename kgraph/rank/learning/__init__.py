"""Learned fusion: how much each signal counts on this site, from links of the site that are hidden and must come back."""
