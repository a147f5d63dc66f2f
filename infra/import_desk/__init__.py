"""Moving in: an exported desk is loaded into an empty one (docs/leaving.md)."""
