"""The two ledgers that the law knows, made from what happened and never typed (docs/official-ledgers.md)."""
