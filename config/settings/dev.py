"""The embedded default: SQLite, files, no server needed. What `make run` uses."""

import os

from config.settings.base import *  # noqa: F403 - a settings module is its base plus differences

# Several people try the demo accounts at the same time; in an office an account is one person's.
SESSIONS_PER_PERSON = int(os.environ.get("SESSIONS_PER_PERSON") or "5")
