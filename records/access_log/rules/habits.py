"""What a person does far more often than the work asks: of one camera, at night, in an hour, around the own home."""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from accounts.korean import josa
from records.access_log import homes
from records.access_log.month import HOUR, SPAN, Frame, Month
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
FEW_LOOKS = 50
# A camera that gets less of a person than this share of what the person's own cameras get is outside of the area.
STRAY_SHARE = 0.25
LEAST_AT_HOME = 5
# Some forty homes are asked about, not some hundred thousand pairs: less is a surprise.
HOME_RARITY = 0.65
# Of hours and of ten minutes: the surprise that chance brings along now and then. How much more they must add up to.
USUAL_SURPRISES = {HOUR: 2.0, HOUR // 6: 3.5}
BURSTS_RARITY = 0.85
# A count that is small beside what chance would give is listed day by day, not as a whole month of routine.
ROUTINE = 20
HOURS_OF_DAY = 24
# Of what has stood out already: so much a surprise, and so many looks, are listed with it.
BEYOND_ROUTINE = 3.0
FEW_AGAIN = 3
_COUNT = re.compile(r"(\d[\d,]*)\s*(?:건|명|인|행|rows|records)")
_PERSONAL = re.compile(r"조회|열람|내려받|다운로드|출력|명단|개인정보|목록|export|download")


def _unexplained(month: Month, *acts: Act) -> Frame:
    events = month.events
    return events[month.acts(*acts) & ~events["by_case"] & (events["camera"] > 0)]


def _expected(looks: Frame) -> Frame:
    """Per person and camera: n looks, and how many one would expect.

    From the others who look at that camera (this person's share of all that they do), and never less than what this person
    gives three of four cameras: own areas of a shift and favourite cameras of everybody are nobody's secret.
    """
    pairs = looks.groupby(["account", "camera"], sort=False).size().rename("n").reset_index()
    person = pairs.groupby("account")["n"]
    pairs["total"] = pairs["account"].map(person.sum())
    pairs["alike"] = pairs["account"].map(np.maximum(person.mean(), person.quantile(0.75)))
    camera = pairs.groupby("camera")[["n", "total"]].sum()
    others = pairs["camera"].map(camera["n"]) - pairs["n"]
    others_total = (pairs["camera"].map(camera["total"]) - pairs["total"]).clip(lower=1)
    pairs["expected"] = np.maximum(pairs["alike"], others * pairs["total"] / others_total)
    return pairs


@rule("같은 카메라의 반복 열람", "조례 제20조, 제23조")
def same_camera(month: Month) -> Iterable[Finding]:
    """One person looked at one camera again and again, in an hour, on a day or over the month, for no case or incident."""
    looks = _unexplained(month, *LOOKS)
    if looks.empty:
        return
    pairs = _expected(looks)
    least, rarity = month.figures.same_camera_least, month.figures.rarity
    pairs["surprise"] = surprise(pairs["n"], pairs["expected"])
    over = pairs[(pairs["n"] >= least) & (pairs["surprise"] > bar(pairs["surprise"], rarity))]
    keyed = looks.assign(day=day_of(looks["at"]), hour=looks["at"] // HOUR)
    rows = keyed.groupby(["account", "camera"], sort=False).indices
    listed: dict[tuple[int, int], Any] = {}
    for pair in over.itertuples():
        listed[pair.account, pair.camera] = _of_pair(keyed, rows[pair.account, pair.camera], pair.expected)
    # There are more hours than days in which chance has its turn.
    for unit, needed in (("day", rarity), ("hour", rarity + math.log(HOURS_OF_DAY))):
        times = keyed[unit].to_numpy()
        for account, camera, time in _crowded(keyed, pairs, unit, least, needed):
            places = rows[account, camera]
            known = listed.get((account, camera), [])
            listed[account, camera] = np.union1d(known, places[times[places] == time]).astype(int)
    for (account, camera), places in listed.items():
        if len(places):
            why = f"카메라 {month.cameras[camera]}{josa(month.cameras[camera], '을/를')} {len(places)}회 봄 (사건·상황과 무관)"
            yield finding(month, "same_camera", account, keyed.index[places], why, float(len(places)))


def _crowded(
    keyed: Frame, pairs: Frame, unit: str, least: int, rarity: float
) -> Iterator[tuple[int, int, int]]:
    """Person, camera and the day or hour in which the person looked at it far more often than at that pace of work."""
    counts = keyed.groupby(["account", "camera", unit], sort=False).size().rename("n").reset_index()
    busy = keyed.groupby(["account", unit]).size().rename("of_all").reset_index()
    counts = counts.merge(pairs[["account", "camera", "total", "expected"]], on=["account", "camera"])
    counts = counts.merge(busy, on=["account", unit])
    # The pair's own excess is no reason to expect it.
    value = surprise(counts["n"], counts["expected"] * counts["of_all"] / counts["total"])
    is_out = (counts["n"] >= least) & (value > bar(value, rarity))
    # Whoever did it once is asked about the lesser times, too.
    key = counts["account"].to_numpy().astype(np.int64) * SPAN + counts["camera"].to_numpy()
    also = np.isin(key, key[is_out]) & (counts["n"] >= FEW_AGAIN) & (value > BEYOND_ROUTINE)
    out = counts[is_out | also]
    yield from zip(out["account"], out["camera"], out[unit], strict=True)


def _of_pair(keyed: Frame, places: Any, expected: float) -> Any:
    """All looks of a pair; where routine alone would give many, those of the days that stand out."""
    return places[_beyond_routine(keyed["day"].to_numpy()[places], expected)]


def _beyond_routine(days: Any, expected: float) -> Any:
    """Which rows to list, by their days: all of them, or where routine alone would give many those of days that stand out.

    Where no day does, it is the month that stands out, and all of it is listed.
    """
    known, counts = np.unique(days, return_counts=True)
    out = known[surprise(counts, expected / max(len(known), 1)) > BEYOND_ROUTINE]
    if expected <= ROUTINE or not len(out):
        return np.ones(len(days), bool)
    return np.isin(days, out)


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
    """Hours, and shorter times of a sixth, in which one person does far more."""
    if rows.empty:
        return
    found: dict[int, set[int]] = defaultdict(set)
    for length in (HOUR, HOUR // 6):
        for account, burst in _bursts(month, rows, length, least):
            found[account] |= burst
    for account, listed in found.items():
        why = f"짧은 동안에 {what} {len(listed)}건"
        yield finding(month, "bulk_reading", account, list(listed), why, float(len(listed)))


def _bursts(month: Month, rows: Frame, length: int, least: int) -> Iterator[tuple[int, set[int]]]:
    keyed = rows.assign(part=rows["at"] // length)
    counts = keyed.groupby(["account", "part"], sort=False).size().rename("n").reset_index()
    # Who hardly ever plays anything back has no usual measure; everybody's busier hours are one.
    own = np.minimum(counts.groupby("account")["n"].median(), counts["n"].quantile(0.9))
    expected = np.maximum(counts["account"].map(own), counts["n"].mean())
    value = surprise(counts["n"], expected)
    over = counts[
        (counts["n"] >= least) & (counts["n"] >= 2 * expected) & (value > bar(value, month.figures.rarity))
    ]
    for account, parts in over.groupby("account")["part"]:
        own_rows = keyed[keyed["account"] == account].sort_values("at", kind="stable")
        yield int(account), {int(row) for part in parts for row in _burst(own_rows, part)}


def _burst(rows: Frame, part: int) -> Any:
    """Rows of that part of time, and those around it that go on at its pace."""
    at = rows["at"].to_numpy()
    inside = np.flatnonzero(rows["part"].to_numpy() == part)
    first, last = int(inside[0]), int(inside[-1])
    pace = 3 * float(np.median(np.diff(at[first : last + 1]))) if last > first else 0.0
    while first > 0 and at[first] - at[first - 1] <= pace:
        first -= 1
    while last + 1 < len(at) and at[last + 1] - at[last] <= pace:
        last += 1
    # Routine goes on at its pace for hours: no further than twice the part.
    span = (at >= at[inside[0]] - HOUR // 2) & (at <= at[inside[-1]] + HOUR // 2)
    return rows.index.to_numpy()[first : last + 1][span[first : last + 1]]


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
    homes_of = homes.cameras_around(month)
    _say_whose_home_is_unknown(month, homes_of)
    for acts, what in (((Act.LIVE,), "실시간"), ((Act.PLAYBACK, Act.PTZ, Act.EXPORT), "재생·회전·반출")):
        looks = _unexplained(month, *acts)
        if homes_of and not looks.empty:
            told: set[int] = set()
            yield from _around_homes(month, looks, homes_of, told, what)
            yield from _strays_at_homes(month, looks, homes_of, told, what)


def _say_whose_home_is_unknown(month: Month, homes_of: Mapping[int, Any]) -> None:
    """How many were not asked about; an address is of nobody's concern beyond this question, and no name is told."""
    looked = month.events.loc[month.acts(*LOOKS), "account"].unique()
    left_out = [
        account for account in looked if account not in homes_of and month.accounts[account] in month.staff
    ]
    unread = sum(any(staff.address for staff in month.staff[month.accounts[code]]) for code in left_out)
    if left_out:
        month.not_known["homes"] = (
            f"인력 명단에 주소가 없는 사람 {len(left_out) - unread:,}명과 주소 둘레의 카메라를 찾지 못한 사람 {unread:,}명에 대하여는 "
            "‘자기 거주지 둘레의 열람’을 판정하지 못했습니다."
        )


def _around_homes(
    month: Month, looks: Frame, homes_of: dict[int, list[set[int]]], told: set[int], what: str
) -> Iterator[Finding]:
    """Each ring around a home by itself: the house, the block, the neighbourhood.

    How much somebody stands out at the homes of others says how much honest work makes somebody stand out.
    """
    pairs = _expected(looks)
    totals = looks.groupby("account").size()
    own: list[tuple[int, Any, float, float]] = []
    elsewhere = _Elsewhere(homes_of)
    for account, rings in homes_of.items():
        for cameras in rings:
            near = pairs[pairs["camera"].isin(cameras)]
            values = _surprises(near, totals)
            elsewhere.note(values, cameras)
            if account in values:
                mine = near[near["account"] == account]
                own.append((account, mine, values[account], float(mine["expected"].sum())))
    rarity = HOME_RARITY * month.figures.rarity
    for account, near, value, expected in sorted(own, key=lambda each: -each[2]):
        if account in told or value <= elsewhere.bar(rarity, account) or near["n"].sum() < LEAST_AT_HOME:
            continue
        told.add(account)
        if value <= 1.5 * _third_elsewhere(pairs, account, set(near["camera"])):
            continue  # some of many favourite cameras happens to stand there
        standing_out = _standing_out(near)
        mine = looks[(looks["account"] == account) & looks["camera"].isin(standing_out)]
        usual = float(near.loc[near["camera"].isin(standing_out), "expected"].sum())
        rows = mine.index[_beyond_routine(day_of(mine["at"]).to_numpy(), usual)]
        why = f"자기 거주지 둘레의 카메라를 사건·상황 없이 {len(rows)}회 봄 ({what}, 둘레 전체에서 예상 {expected:.0f}회)"
        yield finding(month, "own_neighbourhood", account, rows, why, value)
    yield from _bursts_at_homes(month, looks, homes_of, told, what)


def _third_elsewhere(pairs: Frame, account: int, cameras: set[int]) -> float:
    """The third most surprising of this person's cameras that stand elsewhere; one or two may be abuses of their own."""
    others = pairs[(pairs["account"] == account) & ~pairs["camera"].isin(cameras)]
    values = np.sort(surprise(others["n"], others["expected"]))
    return float(values[-3]) if len(values) >= 3 else 0.0


class _Elsewhere:
    """How much persons stand out around the homes of others: of each person the most."""

    def __init__(self, homes_of: dict[int, list[set[int]]]) -> None:
        self._own = {account: set().union(*rings) for account, rings in homes_of.items()}
        self._most: dict[int, float] = {}

    def note(self, values: Mapping[int, float], cameras: set[int]) -> None:
        for person, value in values.items():
            # A neighbour's home says nothing of chance.
            if cameras.isdisjoint(self._own.get(person, ())):
                self._most[person] = max(value, self._most.get(person, 0.0))

    def bar(self, least: float, person: int) -> float:
        """Half as much again as four of five persons reach (the fifth may have abuses of their own), and as this one does
        elsewhere: favourite cameras of one person may stand anywhere."""
        usual = float(np.quantile(list(self._most.values()) or [0.0], 0.8))
        return max(least, 1.5 * usual, 1.5 * self._most.get(person, 0.0))


def _surprises(near: Frame, totals: Frame) -> dict[int, float]:
    """Per person, how surprising the looks at these cameras are."""
    by_person = near.groupby("account")[["n", "expected"]].sum()
    total = totals.loc[by_person.index]
    others = by_person["n"].sum() - by_person["n"]
    share = others * total / (totals.sum() - total).clip(lower=1)
    # A few looks in all say nothing of what this person does alike at all cameras.
    alike = by_person["expected"].where(total > FEW_LOOKS, 0.0)
    expected = np.maximum(np.maximum(alike, share), 0.1)
    values = surprise(by_person["n"], expected)
    return {int(account): float(value) for account, value in zip(by_person.index, values, strict=True)}


def _bursts_at_homes(
    month: Month, looks: Frame, homes_of: dict[int, list[set[int]]], told: set[int], what: str
) -> Iterator[Finding]:
    """Not more in all, but in a row: hours in which the person goes from camera to camera around the own home."""
    for length, usual in USUAL_SURPRISES.items():
        hours = _Hours(looks, length, usual)
        best: dict[int, tuple[float, Any]] = {}
        elsewhere = _Elsewhere(homes_of)
        for account, rings in homes_of.items():
            for cameras in rings:
                values, rows_of = hours.around(cameras)
                elsewhere.note(values, cameras)
                if values.get(account, 0.0) > best.get(account, (0.0, None))[0]:
                    best[account] = values[account], rows_of(account)
        rarity = BURSTS_RARITY * month.figures.rarity
        for account, (value, rows) in best.items():
            if account in told or value <= elsewhere.bar(rarity, account):
                continue
            told.add(account)
            why = f"자기 거주지 둘레의 카메라를 잇달아 {len(rows)}회 봄 ({what})"
            yield finding(month, "own_neighbourhood", account, rows, why, value)


def _strays_at_homes(
    month: Month, looks: Frame, homes_of: dict[int, list[set[int]]], told: set[int], what: str
) -> Iterator[Finding]:
    """Where everybody has an area: looks outside of one's own area that gather around the own home.

    A month of routine at the own area would hide them: what a person gives each of these cameras says nothing of the
    others. How the person's looks outside the area are spread over all that lies outside does.
    """
    pairs = _expected(looks)
    strays = pairs[pairs["n"] < STRAY_SHARE * pairs["alike"]]
    areas = pairs[pairs["n"] >= STRAY_SHARE * pairs["alike"]].groupby("account")["camera"].agg(set).to_dict()
    cameras = set(pairs["camera"])
    totals = strays.groupby("account")["n"].sum()
    elsewhere = _Elsewhere(homes_of)
    best: dict[int, tuple[float, set[int], float]] = {}
    for account, rings in homes_of.items():
        for ring in rings:
            gathered = strays[strays["camera"].isin(ring)].groupby("account")["n"].sum()
            values = {}
            for person, n in gathered.items():
                outside = cameras - areas.get(person, set())
                inside = len(outside & ring)
                expected = (totals[person] - n) * inside / max(len(outside) - inside, 1)
                values[int(person)] = float(surprise(n, max(expected, 0.1)))
                if (
                    person == account
                    and n >= LEAST_AT_HOME
                    and values[account] > best.get(account, (0.0,))[0]
                ):
                    best[account] = values[account], ring - areas.get(account, set()), expected
            elsewhere.note(values, ring)
    rarity = HOME_RARITY * month.figures.rarity
    for account, (value, ring, expected) in best.items():
        if account in told or value <= elsewhere.bar(rarity, account):
            continue
        told.add(account)
        rows = looks.index[(looks["account"] == account) & looks["camera"].isin(ring)]
        why = f"맡은 구역 밖인 자기 거주지 둘레의 카메라를 사건·상황 없이 {len(rows)}회 봄 ({what}, 예상 {expected:.0f}회)"
        yield finding(month, "own_neighbourhood", account, rows, why, value)


class _Hours:
    """Looks by person and hour (or shorter time), so that each ring around a home is one pass over its own looks."""

    def __init__(self, looks: Frame, length: int, usual: float) -> None:
        self._usual = usual
        self._rows = looks.index.to_numpy()
        self._account = looks["account"].to_numpy().astype(np.int64)
        self._key = self._account * SPAN + looks["at"].to_numpy() // length
        self._keys, self._counts = np.unique(self._key, return_counts=True)
        self._totals = np.bincount(self._account)
        self._of_camera = looks.groupby("camera", sort=False).indices

    def around(self, cameras: set[int]) -> tuple[dict[int, float], Callable[[int], Any]]:
        """Per person what the hours add up to that stand out at these cameras, and the rows of those hours."""
        places = [self._of_camera[camera] for camera in cameras if camera in self._of_camera]
        if not places:
            return {}, lambda account: []
        near = np.concatenate(places)
        keys, n = np.unique(self._key[near], return_counts=True)
        person = keys // SPAN
        share = np.bincount(self._account[near], minlength=len(self._totals)) / np.maximum(self._totals, 1)
        in_all = self._counts[np.searchsorted(self._keys, keys)]
        over = np.where(n >= 3, np.maximum(surprise(n, in_all * share[person]) - self._usual, 0), 0)
        sums = np.bincount(person, weights=over)
        hours = np.bincount(person, weights=over > 0)
        values = {int(each): float(sums[each]) for each in np.flatnonzero(hours >= 3)}
        chosen = keys[over > 0]
        return values, lambda account: self._rows[
            near[(self._account[near] == account) & np.isin(self._key[near], chosen)]
        ]


def _standing_out(near: Frame) -> list[int]:
    """Of the cameras around the home those that were looked at more than expected, if any were."""
    more = near[near["n"] > 1.5 * near["expected"]]
    return list((more if len(more) else near)["camera"])
