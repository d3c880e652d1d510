"""Kept footage made playable in a browser: cut into parts, remuxed or transcoded in a process of its own. docs/playback.md.

Only `records.access` may use it (import-linter): whoever wants a part has been let in there.
"""
