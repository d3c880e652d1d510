"""What papers are about: fixtures of the requests that they count."""

from tests.records.conftest import camera, manager

__all__ = ["camera", "manager"]
