"""Why the office's own rules stop an act: what is wrong, under which article, and what to do about it.

One error for every matter. It is a ValidationError, so that a form shows each refusal at the field that it concerns.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from accounts.korean import josa
from ordinance.unchecked import unmarked

SHOWN_NUMBERS = 3


@dataclass(frozen=True)
class Way:
    """The screen on which what is missing is done: what its link says, its name and the parts of its address."""

    label: str
    url_name: str
    args: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """One reason: rule, article, what to do."""

    code: str
    text: str
    article: str = ""
    remedy: str = ""
    remedy_url: str = ""
    warning: str = ""
    # The subjects that it concerns; empty: the act as a whole.
    numbers: tuple[str, ...] = ()
    # The field of the form that would put it right.
    field: str = ""
    # Where that is put right, when it is another screen.
    way: Way | None = None

    @property
    def sentence(self) -> str:
        article = f" ({unmarked(self.article)})" if self.article else ""
        return f"{self.text}{article}" + (f" {self.remedy}" if self.remedy else "")

    @property
    def message(self) -> str:
        """The sentence with the first of the numbers."""
        if not self.numbers:
            return self.sentence
        shown, rest = ", ".join(self.numbers[:SHOWN_NUMBERS]), len(self.numbers) - SHOWN_NUMBERS
        return f"{self.sentence} [{shown}{f' 외 {rest:,}건' if rest > 0 else ''}]"


class Refused(ValidationError):
    """The act was not done, for no subject. `refusals` say why."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = list(refusals)
        super().__init__(_by_field(self.refusals) or [refusal.message for refusal in self.refusals])


def _by_field(refusals: Sequence[Refusal]) -> dict[str, list[str]]:
    """Messages by field; empty where no refusal names one."""
    if not any(refusal.field for refusal in refusals):
        return {}
    found: dict[str, list[str]] = {}
    for refusal in refusals:
        found.setdefault(refusal.field or NON_FIELD_ERRORS, []).append(refusal.message)
    return found


def refuse_if(refusals: Iterable[Refusal]) -> None:
    """Raise them all at once; nothing when there are none."""
    if found := list(refusals):
        raise Refused(found)


def unwritten(text: str, field: str, sentence: str, article: str = "") -> Iterator[Refusal]:
    """What has to be said in words, and was not; `sentence` asks for it."""
    if not text.strip():
        yield Refusal(f"unwritten:{field}", sentence, article, field=field)


def outside(
    day: datetime.date,
    field: str,
    name: str,
    *,
    until: datetime.date,
    since: datetime.date | None = None,
    since_name: str = "",
    article: str = "",
) -> Iterator[Refusal]:
    """A day (`name`) that lies after `until`, today for what has happened, or before `since` (`since_name`)."""
    if day > until:
        yield Refusal(
            f"late:{field}", f"{name}{josa(name, '은/는')} 오늘보다 뒤일 수 없습니다.", article, field=field
        )
    elif since is not None and day < since:
        sentence = f"{name}{josa(name, '은/는')} {since_name}({since:%Y-%m-%d})보다 앞설 수 없습니다."
        yield Refusal(f"early:{field}", sentence, article, field=field)
