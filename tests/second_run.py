"""The suite's second run, on PostgreSQL: what does not depend on the database has been tested by the first."""

import os


def is_on() -> bool:
    return os.environ.get("TEST_ONLY_THE_DATABASE") == "1"
