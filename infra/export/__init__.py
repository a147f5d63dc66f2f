"""Taking a desk along: everything that it knows, as documented JSON Lines (docs/leaving.md)."""
