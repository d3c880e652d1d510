"""The embedded default: SQLite, files, no server needed. What `make run` uses."""

from config.settings.base import *  # noqa: F403 - a settings module is its base plus differences
