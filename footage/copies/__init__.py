"""Copies that leave: kept footage or a covered clip, marked for its recipient, under the case's key. docs/copies.md.

Only `records.copies` may use it (import-linter): who may have what was decided there.
"""
