"""What a person does far more often than the work asks: of one camera, at night, in an hour, around the own home."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from records.access_log import homes
from records.access_log.month import HOUR, Frame, Month
from records.access_log.rarity import bar, surprise
from records.access_log.rules.base import (
    Finding,
    by_person_and_day,
    day_of,
    finding,
    is_night,
    night_of,
    rule,
)
from records.models import LOOKS, Act

PERSONS = 100
# A count that is small beside what chance would give is listed day by day, not as a whole month of routine.
ROUTINE = 20
_COUNT = re.compile(r"(\d[\d,]*)\s*(?:건|명|인|행|rows|records)")
_PERSONAL = re.compile(r"조회|열람|내려받|다운로드|출력|명단|개인정보|목록|export|download")


def _unexplained(month: Month, *acts: Act) -> Frame:
    events = month.events
    return events[month.acts(*acts) & ~events["by_case"] & (events["camera"] > 0)]


def _expected(looks: Frame) -> Frame:
    """Per person and camera: n looks, and how many one would expect.

    From the others who look at that camera (this person's share of all that they do), and never less than if this person
    looked at all cameras alike: own areas of a shift and favourite cameras of everybody are nobody's secret.
    """
    pairs = looks.groupby(["account", "camera"], sort=False).size().rename("n").reset_index()
    person = pairs.groupby("account")["n"].agg(["sum", "count"])
    pairs["total"] = pairs["account"].map(person["sum"])
    pairs["alike"] = pairs["total"] / pairs["account"].map(person["count"])
    camera = pairs.groupby("camera")[["n", "total"]].sum()
    others = pairs["camera"].map(camera["n"]) - pairs["n"]
    others_total = (pairs["camera"].map(camera["total"]) - pairs["total"]).clip(lower=1)
    pairs["expected"] = np.maximum(pairs["alike"], others * pairs["total"] / others_total)
    return pairs


@rule("같은 카메라의 반복 열람", "조례 제20조, 제23조")
def same_camera(month: Month) -> Iterable[Finding]:
    """One person looked at one camera again and again, on a day or over the month, where no case or incident was."""
    looks = _unexplained(month, *LOOKS)
    if looks.empty:
        return
    pairs = _expected(looks)
    least, rarity = month.figures.same_camera_least, month.figures.rarity
    pairs["surprise"] = surprise(pairs["n"], pairs["expected"])
    over = pairs[(pairs["n"] >= least) & (pairs["surprise"] > bar(pairs["surprise"], rarity))]
    keyed = looks.assign(day=day_of(looks["at"]))
    days = keyed.groupby(["account", "camera", "day"], sort=False).size().rename("n").reset_index()
    of_day = days.merge(pairs[["account", "camera", "total", "expected"]], on=["account", "camera"])
    person_day = keyed.groupby(["account", "day"]).size().rename("of_day").reset_index()
    of_day = of_day.merge(person_day, on=["account", "day"])
    of_day["expected"] *= of_day["of_day"] / of_day["total"]
    # The pair's own excess is no reason to expect it.
    of_day["surprise"] = surprise(of_day["n"], of_day["expected"])
    bursts = of_day[(of_day["n"] >= least) & (of_day["surprise"] > bar(of_day["surprise"], rarity))]
    rows = keyed.groupby(["account", "camera"], sort=False).indices
    listed: dict[tuple[int, int], Any] = {}
    for pair in over.itertuples():
        listed[pair.account, pair.camera] = _of_pair(keyed, rows[pair.account, pair.camera], pair.expected)
    for burst in bursts.itertuples():
        places = rows[burst.account, burst.camera]
        on_day = places[keyed["day"].to_numpy()[places] == burst.day]
        known = listed.get((burst.account, burst.camera), [])
        listed[burst.account, burst.camera] = np.union1d(known, on_day).astype(int)
    for (account, camera), places in listed.items():
        if len(places):
            why = f"카메라 {month.cameras[camera]}을(를) {len(places)}회 봄 (사건·상황과 무관)"
            yield finding(month, "same_camera", account, keyed.index[places], why, float(len(places)))


def _of_pair(keyed: Frame, places: Any, expected: float) -> Any:
    """All looks of a pair; where routine alone would give many, those of the days that stand out."""
    if expected <= ROUTINE:
        return places
    days = keyed["day"].to_numpy()[places]
    known, counts = np.unique(days, return_counts=True)
    usual = expected / max(len(known), 1)
    return places[np.isin(days, known[surprise(counts, usual) > 3])]


@rule("밤의 확대", "조례 제10조제1항, 개인정보 보호법 제25조제5항")
def night_zoom(month: Month) -> Iterable[Finding]:
    """Cameras were turned and zoomed at night where no case or incident was."""
    moves = _unexplained(month, Act.PTZ)
    rows = moves[is_night(month, moves["at"])]
    words = "사건·상황 없이 밤에 회전·확대 {count}건"
    return by_person_and_day(month, "night_zoom", rows, words, least=5, days=night_of)


@rule("까닭 없는 회전·확대", "조례 제10조제1항, 개인정보 보호법 제25조제5항")
def turn_without_reason(month: Month) -> Iterable[Finding]:
    """The same by day."""
    moves = _unexplained(month, Act.PTZ)
    rows = moves[~is_night(month, moves["at"])]
    words = "사건·상황 없이 회전·확대 {count}건"
    return by_person_and_day(month, "turn_without_reason", rows, words, least=5)


@rule("대량 열람", "개인정보 보호법 제3조제1항, 안전성 확보조치 기준 제8조")
def bulk_reading(month: Month) -> Iterable[Finding]:
    """Far more in an hour than the person, and everybody, does: stored pictures, or views of ever other cameras."""
    stored = month.events[month.acts(Act.PLAYBACK, Act.EXPORT)]
    yield from _busy_hours(month, stored, month.figures.bulk_least, "재생·반출")
    live = month.events[month.acts(Act.LIVE)]
    yield from _busy_hours(month, live, 5 * month.figures.bulk_least, "실시간 열람")
    yield from _many_persons(month)


def _busy_hours(month: Month, rows: Frame, least: int, what: str) -> Iterator[Finding]:
    if rows.empty:
        return
    keyed = rows.assign(hour=rows["at"] // HOUR)
    counts = keyed.groupby(["account", "hour"], sort=False).size().rename("n").reset_index()
    own = counts.groupby("account")["n"].median()
    expected = np.maximum(counts["account"].map(own), counts["n"].mean())
    counts["surprise"] = surprise(counts["n"], expected)
    over = counts[
        (counts["n"] >= least) & (counts["surprise"] > bar(counts["surprise"], month.figures.rarity))
    ]
    over = over[over["n"] >= 3 * expected[over.index]]
    groups = keyed.groupby(["account", "hour"], sort=False).indices
    for hour in over.itertuples():
        found = keyed.index[groups[hour.account, hour.hour]]
        why = f"한 시간에 {what} {hour.n}건"
        yield finding(month, "bulk_reading", int(hour.account), found, why, float(hour.surprise))


def _many_persons(month: Month) -> Iterator[Finding]:
    """Rows that say themselves of how many persons something was read."""
    codes = {}
    for code, content in enumerate(month.contents):
        if _PERSONAL.search(content) and (match := _COUNT.search(content)):
            count = int(match[1].replace(",", ""))
            if count >= PERSONS:
                codes[code] = count
    rows = month.events.index[month.events["content"].isin(list(codes))]
    if len(rows) > month.figures.rest_rows:
        return
    for row in rows:
        count = codes[int(month.events.at[row, "content"])]
        yield finding(
            month,
            "bulk_reading",
            int(month.events.at[row, "account"]),
            [row],
            f"{count:,}건을 한 번에 읽음",
            count,
        )


@rule("자기 거주지 둘레의 열람", "조례 제20조, 제23조")
def own_neighbourhood(month: Month) -> Iterable[Finding]:
    """A person looked at the cameras around the own home more than the work brings along."""
    around = homes.cameras_around(month)
    if not around:
        return
    for acts, what in (((Act.LIVE,), "실시간"), ((Act.PLAYBACK, Act.PTZ, Act.EXPORT), "재생·회전·반출")):
        yield from _around_homes(month, _unexplained(month, *acts), around, what)


def _around_homes(month: Month, looks: Frame, around: dict[int, set[int]], what: str) -> Iterator[Finding]:
    if looks.empty:
        return
    pairs = _expected(looks)
    by_account: dict[int, Frame] = dict(list(pairs.groupby("account")))
    totals = defaultdict(int, looks.groupby("account").size().to_dict())
    for account, cameras in around.items():
        own = by_account.get(account)
        if own is None:
            continue
        near = own[own["camera"].isin(cameras)]
        n, expected = int(near["n"].sum()), float(near["expected"].sum())
        # What others see of these cameras, whom they are no business of their own.
        others = pairs[pairs["camera"].isin(cameras) & (pairs["account"] != account)]["n"].sum()
        everything = sum(totals.values()) - totals[account]
        share = others * totals[account] / max(everything, 1)
        value = float(surprise(n, max(expected if totals[account] > 50 else 0.0, share, 0.1)))
        if n < 5 or value <= 0.65 * month.figures.rarity:
            continue
        rows = looks.index[(looks["account"] == account) & looks["camera"].isin(_standing_out(near))]
        why = f"자기 거주지 둘레의 카메라를 사건·상황 없이 {len(rows)}회 봄 ({what}, 예상 {max(expected, share):.0f}회)"
        yield finding(month, "own_neighbourhood", account, rows, why, value)


def _standing_out(near: Frame) -> list[int]:
    """Of the cameras around the home those that were looked at more than expected, if any were."""
    more = near[near["n"] > 1.5 * near["expected"]]
    return list((more if len(more) else near)["camera"])
