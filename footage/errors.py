"""What the footage app refuses, in words for a person."""


class FootageError(Exception):
    """Base of all refusals; the message is Korean and complete."""


class UnusableInput(FootageError):
    """What was asked for cannot be understood or does not exist (exit status 2)."""


class Refused(FootageError):
    """Understood, and refused by a rule (exit status 1)."""


class DatabaseLost(FootageError):
    """The database stayed locked or went away; what was approved is in the manifest."""


class VaultUnusable(FootageError):
    """The vault's own disk is full, read-only or away; nothing is wrong with the original."""
