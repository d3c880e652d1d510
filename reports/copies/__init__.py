"""The package of a copy that leaves: files, sheet, signed list, checker (docs/copies.md)."""
