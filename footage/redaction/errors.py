"""What can be said of a clip that cannot be redacted. No Django: the confined process says it too."""


class UnusableClip(Exception):
    """The message is Korean and complete: what is wrong with the file and what to do."""
