"""What keeps a backup, a restore or an upgrade from being done, each with a message for people in Korean."""

from config.errors import Unusable


class Refused(Unusable):
    """Asked for what cannot or must not be done; nothing was changed."""


class Damaged(Unusable):
    """A backup is not what its list says. Nothing was changed."""


class LeftHalfDone(Unusable):
    """It failed after data was replaced. Services do not start; the message says how to go back."""
