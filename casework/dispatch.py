"""공문이 나갔는가: what is told by a letter is done when the letter has left, not when it has its number.

Letters are written in an app above the matters that they are about, which says here where to look (`register`). It also
gives the sending as the matter's next step (`reports.letters.waiting`); an act that has to follow a letter asks here.
"""

from collections.abc import Callable

# (the matter in the ledger's words, the number of a letter) -> whether it waits to be sent
_finders: list[Callable[[str, str], bool]] = []


def register(finder: Callable[[str, str], bool]) -> None:
    if finder not in _finders:
        _finders.append(finder)


def is_unsent(about: str, number: str) -> bool:
    """A letter of this office that has its number and has not left. One of another system left when it was entered."""
    return any(finder(about, number) for finder in _finders)
