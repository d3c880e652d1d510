"""What the log itself gives away: accounts in two places, numbers and times that do not go on, cameras left turned away."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from records.access_log.month import FROM_LOG, HOUR, MINUTE, Frame, Month
from records.access_log.rules.base import Finding, by_person_and_day, finding, rule
from records.models import Act

TO_AND_FRO = 30 * MINUTE
AT_ONCE = MINUTE
EPISODE = HOUR
LISTED_ROWS = 30
# Each row of a wrong time is one to ask about; of a clock that was wrong for days the ends say it.
LISTED_UNTIMELY = 300
# Of accounts that change places without logging out: more than this share, and places say nothing.
RESTLESS_SHARE = 0.3
# Numbers that go backward, or lack, more often than this are not given one after the other.
UNORDERED_SHARE = 0.01
WRONG_SHARE = 0.1
GAPPY_SHARE = 0.001
_NUMBER = re.compile(r"(.*?)(\d+)\Z", re.DOTALL)
_AWAY = re.compile(r"이탈|벗어|미복귀|복귀\s*(?:안|하지|없)|돌려\s*둠|away", re.IGNORECASE)
_RETURNED = re.compile(
    r"복귀|원위치|프리셋|홈\s*위치|기본\s*위치|등록\s*(?:방향|위치)|home|preset|return", re.IGNORECASE
)
ENOUGH_RETURNS = 0.3
# So many turns that no other follows within the hour: there is no way back to learn.
ALONE_SHARE = 0.7


@rule("계정 공유", "안전성 확보조치 기준 제5조제4항")
def shared_account(month: Month) -> Iterable[Finding]:
    """One account at two places at once: to another place and back within half an hour, or at another within a minute,
    without logging out between. Rows that bear a wrong time say nothing of where somebody was."""
    events = month.events
    placed = events[(events["place"] > 0) & ~events.index.isin(untimely(month))]
    episodes: list[tuple[int, list[int]]] = []
    for account, places in placed.groupby("account", sort=False).indices.items():
        episodes += [(int(account), rows) for rows in _elsewhere(month, placed.iloc[places])]
    if _is_restless(month, episodes):
        # Whoever changes seats without logging out still does not appear once at a place never used otherwise.
        seats = placed.groupby(["account", "place"]).size()
        episodes = [
            (account, kept)
            for account, rows in episodes
            if (kept := _at_strange_places(month, account, rows, seats))
        ]
    if _is_restless(month, episodes):
        month.not_known["places"] = (
            "로그아웃 없이 접속지가 바뀌는 계정이 많아, 접속지로는 계정 공유를 가릴 수 없습니다."
        )
        return
    for account, rows in episodes:
        names = ", ".join(sorted({month.places[code] for code in events.loc[rows, "place"]}))
        yield finding(
            month, "shared_account", account, rows, f"같은 때에 여러 접속지: {names}", float(len(rows))
        )


def _is_restless(month: Month, episodes: list[tuple[int, list[int]]]) -> bool:
    return len({account for account, _ in episodes}) > max(RESTLESS_SHARE * len(month.accounts), 3)


def _at_strange_places(month: Month, account: int, rows: list[int], seats: Frame) -> list[int]:
    """Of an episode the rows at places that this account uses in it alone."""
    places = month.events.loc[rows, "place"]
    used = places.value_counts()
    strange = [place for place, count in used.items() if seats[account, place] <= count]
    return [int(row) for row in places.index[places.isin(strange)]]


def _elsewhere(month: Month, rows: Frame) -> Iterator[list[int]]:
    """Episodes of one account: rows at the lesser place, with the last row before and the first after at the other."""
    if rows["place"].nunique() < 2:
        return
    place, at = rows["place"].to_numpy(), rows["at"].to_numpy()
    logout = (rows["act"] == Act.values.index(Act.LOGOUT)).to_numpy()
    change = np.flatnonzero(place[1:] != place[:-1]) + 1
    starts = np.concatenate([[0], change])
    ends = np.concatenate([change, [len(place)]])
    outs = np.concatenate([[0], np.cumsum(logout)])
    usual = int(np.bincount(place).argmax())
    runs: list[tuple[int, int]] = []
    for run in range(1, len(starts)):
        begin = starts[run]
        silent = not logout[begin - 1]
        back = (
            run + 1 < len(starts)
            and place[ends[run]] == place[begin - 1]
            and at[ends[run]] - at[begin - 1] <= TO_AND_FRO
            and outs[ends[run]] == outs[begin - 1]
        )
        if back or (silent and at[begin] - at[begin - 1] <= AT_ONCE):
            # Coming back to the usual place at once shows the run before it.
            lesser = run - 1 if place[begin] == usual and place[begin - 1] != usual else run
            runs.append((starts[lesser], ends[lesser]))
    yield from _joined(rows.index.to_numpy(), at, sorted(set(runs)), usual, place)


def _joined(index: Any, at: Any, runs: list[tuple[int, int]], usual: int, place: Any) -> Iterator[list[int]]:
    """Runs less than an hour apart are one episode."""
    episode: list[tuple[int, int]] = []
    for run in [*runs, None]:
        if episode and (run is None or at[run[0]] - at[episode[-1][1] - 1] > EPISODE):
            first, last = episode[0][0], episode[-1][1]
            rows = [place_ for begin, end in episode for place_ in _ends_of(begin, end)]
            beside = [each for each in (first - 1, last) if 0 <= each < len(index)]
            yield [int(index[each]) for each in sorted({*rows, *beside})]
            episode = []
        if run is not None:
            episode.append(run)


def _ends_of(begin: int, end: int) -> list[int]:
    if end - begin <= LISTED_ROWS:
        return list(range(begin, end))
    return [*range(begin, begin + 10), *range(end - 10, end)]


def _series(month: Month) -> list[Frame]:
    """Numbered rows in the order of their numbers, each series (what stands before the digits) by itself."""
    if month.series is None:
        month.series = list(_numbered(month))
    return month.series


def _numbered(month: Month) -> Iterator[Frame]:
    parsed = [_NUMBER.match(number) for number in month.numbers]
    frame = pd.DataFrame(
        {
            "row": np.arange(len(parsed)),
            "prefix": [match[1] if match else None for match in parsed],
            "number": [int(match[2]) if match and len(match[2]) < 18 else -1 for match in parsed],
            "at": month.events["at"].to_numpy(),
        }
    )
    frame = frame[frame["prefix"].notna() & (frame["number"] >= 0)]
    for _, rows in frame.groupby("prefix", sort=False):
        if len(rows) > 1:
            yield rows.sort_values(["number", "row"], kind="stable")


@rule("접속기록의 빈 곳", "안전성 확보조치 기준 제8조제3항")
def log_gap(month: Month) -> Iterable[Finding]:
    """Numbers are missing, or nothing happened for longer than it ever does: the rows on both sides are named."""
    for rows in _series(month):
        step = np.diff(rows["number"].to_numpy())
        gaps = np.flatnonzero(step > 1)
        if len(gaps) > max(GAPPY_SHARE * len(rows), month.figures.rest_rows / 2):
            month.not_known["numbers"] = (
                "번호가 이어지지 않는 곳이 많아, 번호로는 빠진 줄을 가릴 수 없습니다."
            )
            continue
        places = rows["row"].to_numpy()
        for gap in gaps:
            why = f"번호 {step[gap] - 1:,}개가 빠짐"
            yield Finding("log_gap", "", (int(places[gap]), int(places[gap + 1])), why, float(step[gap]))
    yield from _silences(month)


def _silences(month: Month) -> Iterator[Finding]:
    """Hours in which by the roster nobody was there are no silence."""
    logged = np.flatnonzero(month.events["own"].to_numpy() == FROM_LOG)
    at = month.events["at"].to_numpy()[logged]
    if len(at) < 1_000:
        return
    pause = _attended(month, at[:-1], at[1:])
    least = max(month.figures.silence, 10 * float(np.quantile(pause, 0.999)))
    found = np.flatnonzero(pause > least)
    if len(found) > month.figures.rest_rows / 2:
        return
    for place in found:
        why = f"{pause[place] / HOUR:.1f}시간 동안 아무 기록이 없음"
        yield Finding("log_gap", "", (int(logged[place]), int(logged[place + 1])), why, float(pause[place]))


def _attended(month: Month, begin: Any, until: Any) -> Any:
    """Of each time from `begin` to `until` the seconds in which somebody had a shift, where the roster tells."""
    length = until - begin
    long = np.flatnonzero(length > month.figures.silence)
    if month.duty_from is None or month.duty_until is None:
        return length
    tolerance = month.figures.shift_tolerance
    shifts = [
        (start + tolerance, end - tolerance)
        for starts, ends in month.shifts.values()
        for start, end in zip(starts, ends, strict=True)
    ]
    for place in long:
        first, last = int(begin[place]), int(until[place])
        if month.duty_from <= first and last <= month.duty_until:
            here = sorted((max(a, first), min(b, last)) for a, b in shifts if b > first and a < last)
            covered, reached = 0, first
            for start, end in here:
                covered += max(end - max(start, reached), 0)
                reached = max(reached, end)
            length[place] = covered
    return length


@rule("되돌아간 시각", "안전성 확보조치 기준 제8조제3항")
def log_rewind(month: Month) -> Iterable[Finding]:
    """Rows with a later number bear an earlier time: a clock was set back, or rows were written in afterwards."""
    for every in _series(month):
        again = every["number"].duplicated()
        if again.any():
            yield from _given_twice(month, every)
        rows = every[~again]
        at, places = rows["at"].to_numpy(), rows["row"].to_numpy()
        wrong, latest = _out_of_order(month, at)
        if wrong is None:
            month.not_known["numbers"] = (
                "번호가 시각의 차례로 매겨지지 않아, 되돌아간 시각을 가릴 수 없습니다."
            )
            continue
        for begin, end in _spans(wrong):
            block = range(begin, end) if end - begin <= LISTED_UNTIMELY else (begin, end - 1)
            listed = places[sorted({*block, max(begin - 1, 0)})]
            back = int(abs(latest[begin - 1] - at[begin])) if begin else 0
            why = f"번호 차례와 다른 시각 {end - begin:,}건 (차이 {back / MINUTE:,.0f}분)"
            yield Finding(
                "log_rewind", "", tuple(int(row) for row in np.sort(listed)), why, float(end - begin)
            )


def _out_of_order(month: Month, at: Any) -> tuple[Any | None, Any]:
    """Which of the times in the order of their numbers break it, and the latest time so far; None where there is no order.

    A single row from the future would set back all that follow it: the fewest rows that break the order count.
    """
    ahead = _ahead(at, month.figures.clock_tolerance)
    latest = np.maximum.accumulate(np.where(ahead, np.iinfo(np.int64).min, at))
    behind = ~ahead & (at < np.concatenate([[at[0]], latest[:-1]]) - month.figures.clock_tolerance)
    wrong = behind | ahead
    many = wrong.sum() > max(UNORDERED_SHARE * len(at), 20)
    if many and (_runs(wrong) > 20 or wrong.mean() > WRONG_SHARE):
        return None, latest
    return wrong, latest


def untimely(month: Month) -> list[int]:
    """Places of the rows that bear another time than their number would have it."""
    found: list[int] = []
    for every in _series(month):
        rows = every[~every["number"].duplicated()]
        wrong, _ = _out_of_order(month, rows["at"].to_numpy())
        if wrong is not None:
            found += list(rows["row"].to_numpy()[wrong])
    return found


def _given_twice(month: Month, rows: Frame) -> Iterator[Finding]:
    """The counter was set back: rows that share a number, or where they are many the rows at which it went back."""
    twice = rows[rows["number"].duplicated(keep=False)].sort_values("row")
    if len(twice) > 2 * LISTED_ROWS:
        in_time = rows.sort_values("row")
        back = np.flatnonzero(np.diff(in_time["number"].to_numpy()) < -1)
        if len(back) > LISTED_ROWS:
            month.not_known["numbers"] = (
                "같은 번호가 여러 줄에 있어, 번호로는 되돌린 기록을 가릴 수 없습니다."
            )
            return
        places = in_time["row"].to_numpy()
        listed = sorted({int(places[each]) for place in back for each in (place, place + 1)})
    else:
        listed = [int(row) for row in twice["row"]]
    if listed:
        yield Finding(
            "log_rewind", "", tuple(listed), f"번호 {len(twice):,}개가 다시 쓰임", float(len(twice))
        )


def _ahead(at: Any, tolerance: int) -> Any:
    """Rows later than what most of the rows after them bear."""
    after = np.minimum.accumulate(at[::-1])[::-1]
    late = np.zeros(len(at), bool)
    if len(at) < 3:
        return late
    candidates = np.flatnonzero(at[:-1] > after[1:] + tolerance)
    for place in candidates[:10_000]:
        following = at[place + 1 : place + 1 + 50]
        before = at[max(place - 50, 0) : place]
        jumps = len(before) == 0 or at[place] > np.max(before) + tolerance
        late[place] = bool(jumps and np.mean(following < at[place] - tolerance) > 0.9 and (
            len(before) == 0 or np.median(following) >= np.median(before) - tolerance
        ))  # fmt: skip
    return late


def _spans(wrong: Any) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], wrong.astype(np.int8), [0]])))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        yield int(begin), int(end)


def _runs(wrong: Any) -> int:
    return sum(1 for _ in _spans(wrong))


@rule("되돌려 놓지 않은 카메라", "조례 제10조제1항")
def turned_away(month: Month) -> Iterable[Finding]:
    """A camera was turned from its registered view and not turned back in time, where the log says of turning back."""
    moves = month.events[month.acts(Act.PTZ)]
    if moves.empty:
        return
    said = np.array([_word(content) for content in month.contents])[moves["content"].to_numpy()]
    returns = moves[said == "returned"]
    if not (said == "returned").any() and (home := _usual_end(moves)) is not None:
        said = np.where(moves["content"] == home, "returned", said)
        returns = moves[said == "returned"]
    if (said == "returned").mean() < 0.05 and not (said == "away").any():
        month.not_known["views"] = (
            "접속기록에 등록 방향으로 되돌린 기록이 없어, 돌려 둔 카메라를 가릴 수 없습니다."
        )
        return
    back = _turned_back(month, moves, returns)
    words = "등록 방향으로 되돌리지 않은 회전·확대 {count}건"
    yield from by_person_and_day(month, "turned_away", moves[said == "away"], words)
    # Where most moves are never said to be turned back, only what says so itself counts.
    if len(returns) >= ENOUGH_RETURNS * (said == "").sum():
        yield from by_person_and_day(month, "turned_away", moves[(said == "") & ~back], words)


def _usual_end(moves: Frame) -> int | None:
    """The content with which most turns of a camera end and few begin: whatever the system calls it, the way back."""
    ordered = moves.sort_values(["camera", "at"], kind="stable")
    at, camera = ordered["at"].to_numpy(), ordered["camera"].to_numpy()
    ends = np.concatenate([(camera[1:] != camera[:-1]) | (at[1:] - at[:-1] > HOUR), [True]])
    if ends.sum() < 20 or ends.mean() > ALONE_SHARE:
        return None
    last = ordered.loc[ends, "content"].value_counts(normalize=True)
    among_others = (ordered.loc[~ends, "content"] == last.index[0]).mean()
    return int(last.index[0]) if last.iloc[0] >= 0.6 and among_others < 0.3 else None


def _word(content: str) -> str:
    if _AWAY.search(content):
        return "away"
    return "returned" if _RETURNED.search(content) else ""


def _turned_back(month: Month, moves: Frame, returns: Frame) -> Any:
    """Whether the camera was turned back within the time after each move."""
    key = 10_000_000_000
    keys = np.sort(returns["camera"].to_numpy().astype(np.int64) * key + returns["at"].to_numpy())
    base = moves["camera"].to_numpy().astype(np.int64) * key + moves["at"].to_numpy()
    low = np.searchsorted(keys, base, "left")
    return np.searchsorted(keys, base + month.figures.return_after, "right") > low
