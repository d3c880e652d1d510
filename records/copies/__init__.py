"""나가는 사본: copies of a case's footage for a citizen or an agency, from the wish to the last byte (docs/copies.md)."""
