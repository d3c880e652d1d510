"""Backup and restore of an installation: database, uploaded files, ledger, logs; keys apart. docs/running.md."""
