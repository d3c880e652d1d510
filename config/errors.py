"""What ends a process of ours before it has done anything."""


class Unusable(Exception):
    """It cannot start or go on; the message says why and what to do, in Korean."""
