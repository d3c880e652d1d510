"""Looks by whoever was not trained or had not sworn secrecy (ordinance art. 25): who keeps those records says so."""

from collections.abc import Callable, Iterable, Mapping

from records.access_log.month import Month
from records.access_log.rules.base import Finding, finding, rule
from records.models import LOOKS, StaffMember

# For persons and a second: what each lacked then, in words; who lacked nothing is not named. None: nobody keeps that.
Provider = Callable[[list[StaffMember], int], Mapping[str, str] | None]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    _providers.append(provider)


@rule("교육·서약 없는 열람", "조례 제25조")
def untrained(month: Month) -> Iterable[Finding]:
    """The first look of each day counts: whether the person was trained and sworn in then."""
    looks = month.events[month.acts(*LOOKS)]
    for account, places in looks.groupby("account", sort=False).indices.items():
        rows = looks.index[places]
        at = int(month.events.at[rows[0], "at"])
        holder = month.holder(int(account), at)
        if holder is None:
            continue
        answers = [found for provider in _providers if (found := provider([holder], at)) is not None]
        if not answers:
            month.not_known["competence"] = "교육과 보안서약의 기록이 이 시스템에 없어 판정하지 않았습니다."
            return
        lacking = [words for found in answers if (words := found.get(holder.number))]
        if lacking:
            yield finding(month, "untrained", int(account), rows[:1], "; ".join(lacking))
