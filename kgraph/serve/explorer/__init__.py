"""The pages of the explorer, a module each. All of them work without scripts."""
