"""Stored pictures are looked at and taken out for a case (ordinance art. 21, 23(2))."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from records.access_log.explaining import MISFIT, NO_CASE, UNKNOWN_CASE
from records.access_log.month import Frame, Month
from records.access_log.rarity import far_out
from records.access_log.rules.base import Finding, by_person_and_day, finding, rule
from records.models import Act

ARTICLE = "조례 제23조제2항"


def _without_case(month: Month, act: Act) -> Frame:
    """Rows that no case explains: none is named and no incident is near, or it is unknown, or it was elsewhere."""
    events = month.events
    states = [NO_CASE, MISFIT]
    if "case_numbers" not in month.not_known:
        states.append(UNKNOWN_CASE)
    return events[month.acts(act) & events["case_state"].isin(states) & ~events["near"]]


@rule("사건 없는 재생", ARTICLE)
def look_without_case(month: Month) -> Iterable[Finding]:
    """Stored pictures were played back for no case and no incident that the month knows."""
    words = "사건번호가 없거나 사건의 카메라·시각과 맞지 않는 재생 {count}건"
    return by_person_and_day(month, "look_without_case", _without_case(month, Act.PLAYBACK), words)


@rule("사건 밖의 반출", "조례 제21조, 제23조")
def export_outside_case(month: Month) -> Iterable[Finding]:
    """Pictures were taken out for no case."""
    words = "사건번호가 없거나 사건의 카메라·시각과 맞지 않는 반출 {count}건"
    return by_person_and_day(month, "export_outside_case", _without_case(month, Act.EXPORT), words)


@rule("사건보다 큰 반출", "조례 제21조, 개인정보 보호법 제3조제1항")
def export_larger_than_case(month: Month) -> Iterable[Finding]:
    """Far longer ranges, or far more files for one case, than exports of this month have."""
    events = month.events
    exports = events[month.acts(Act.EXPORT)]
    length = (exports["end"] - exports["start"]).dropna()
    for row in length.index[far_out(length, month.figures.export_least, is_tight=True)]:
        why = f"{length[row] / 3600:.1f}시간 분량의 반출 (이 달 반출의 절반은 {length.median() / 60:.0f}분 이하)"
        yield finding(
            month, "export_larger_than_case", int(events.at[row, "account"]), [row], why, length[row]
        )
    cited = exports[exports["case"] > 0]
    groups = cited.groupby(["account", "case"], sort=False).indices
    counts = pd.Series({key: len(rows) for key, rows in groups.items()}, dtype=np.int64)
    for key in counts.index[far_out(counts, 8)]:
        why = f"한 사건({month.cases[key[1]]})에 {counts[key]}건 반출"
        rows = cited.index[groups[key]]
        yield finding(month, "export_larger_than_case", int(key[0]), rows, why, float(counts[key]))
