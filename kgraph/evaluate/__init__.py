"""Measuring relatedness: hide links that authors wrote, rank without them, see where they come back."""
