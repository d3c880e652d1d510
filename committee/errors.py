"""What the committee's records refuse, in words for the person at the screen."""

from collections.abc import Iterable


class Refused(ValueError):
    """Not recorded; `problems` says why, one sentence each, in Korean."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))
