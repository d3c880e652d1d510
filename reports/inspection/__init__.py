"""The inspector's bundle: one ZIP that is checked without our server (docs/inspection.md)."""
