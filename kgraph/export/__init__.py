"""Exporters: the files that site builds, researchers and analysts take away. One module each."""
