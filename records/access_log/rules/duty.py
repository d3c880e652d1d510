"""Who looks is on duty, and is somebody (ordinance art. 16–18, 23(1))."""

import datetime
from collections.abc import Iterable

import numpy as np
import pandas as pd

from records.access_log.month import FROM_LOG, Frame, Month
from records.access_log.rules.base import Finding, by_person_and_day, day_of, finding, is_night, rule
from records.access_log.rules.log import untimely
from records.models import LOOKS, Act
from records.tabular import SEOUL

# More of a person's rows than this lie outside the shifts: the roster is not that person's.
FOREIGN_ROSTER_SHARE = 0.2
MOST_OF_AN_ACCOUNT = 50
HABIT_SHARE = 0.1


@rule("근무시간 밖의 사용", "조례 제18조, 제23조")
def off_duty(month: Month) -> Iterable[Finding]:
    """A person with a roster used the system outside every shift, beyond the tolerance at its ends, and for no case.

    Logging out late is forgetting, not looking; a row that bears a wrong time is a question about the log.
    """
    events = month.events
    outside = events[events["duty_known"] & ~events["on_duty"] & ~month.acts(Act.LOGOUT)]
    outside = outside[~outside.index.isin(untimely(month))]
    share = outside.groupby("account").size() / events.groupby("account").size()
    foreign = share.index[share > FOREIGN_ROSTER_SHARE]
    if len(foreign):
        names = ", ".join(month.accounts[code] for code in foreign[:10])
        month.not_known["roster"] = f"근무표와 맞지 않는 계정입니다. 근무표를 확인하십시오: {names}"
    rows = outside[~outside["account"].isin(foreign) & ~outside["by_case"]]
    yield from by_person_and_day(month, "off_duty", rows, "근무시간 밖의 사용 {count}건")
    words = "근무표가 없는 사람이 밤이나 휴일에 사용 {count}건"
    yield from by_person_and_day(month, "off_duty", _at_odd_hours(month), words)


def _at_odd_hours(month: Month) -> Frame:
    """Of persons without a roster: looks at night and on Saturdays and Sundays, where that is not their habit."""
    events = month.events
    used = events[month.acts(*LOOKS) & ~events["account"].isin(list(month.shifts))]
    weekend = (day_of(used["at"]) + 3) % 7 >= 5  # 1970-01-01 was a Thursday
    odd = used[is_night(month, used["at"]) | weekend]
    share = odd.groupby("account").size() / used.groupby("account").size()
    return odd[odd["account"].isin(share.index[share <= HABIT_SHARE]) & ~odd["by_case"]]


@rule("등록되지 않은 사람의 계정", "조례 제23조제1항, 안전성 확보조치 기준 제5조")
def unknown_account(month: Month) -> Iterable[Finding]:
    """The account is nobody's, or its holder's period had not begun or was over."""
    events = month.events
    # Whoever logged in here is somebody.
    used = events[month.acts(*LOOKS) & (events["own"] == FROM_LOG)]
    if used.empty:
        return
    per_account = used.groupby("account", sort=False)
    if not month.staff:
        month.not_known["staff"] = "인력 명단이 없어 계정의 주인을 알 수 없습니다."
        return
    unknown = {
        code: rows for code, rows in per_account.indices.items() if month.accounts[code] not in month.staff
    }
    if sum(map(len, unknown.values())) > 0.05 * len(used):
        month.not_known["staff"] = (
            f"인력 명단에 없는 계정이 {len(unknown)}개입니다. 명단을 마저 가져오십시오."
        )
    else:
        for code, places in unknown.items():
            why = f"인력 명단에 없는 계정의 열람 {len(places)}건"
            yield finding(
                month, "unknown_account", code, used.index[places[:MOST_OF_AN_ACCOUNT]], why, len(places)
            )
    for code, places in per_account.indices.items():
        held = month.staff.get(month.accounts[code])
        if not held:
            continue
        rows = used.iloc[places]
        inside = pd.Series(False, index=rows.index)
        for staff in held:
            inside |= rows["at"].ge(_second(staff.starts_on, 0)) & rows["at"].lt(_second(staff.last_on, 1))
        outside = rows.index[~inside]
        if len(outside):
            why = f"근무 기간(시작일~종료일) 밖의 열람 {len(outside)}건"
            yield finding(
                month, "unknown_account", int(code), outside[:MOST_OF_AN_ACCOUNT], why, len(outside)
            )


def _second(day: datetime.date | None, days: int) -> float:
    if day is None:
        return np.inf if days else -np.inf
    at = datetime.datetime.combine(day + datetime.timedelta(days=days), datetime.time(), SEOUL)
    return at.timestamp()
