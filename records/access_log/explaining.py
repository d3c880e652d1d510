"""대조: what each row of the log is explained by: a case, an incident at that camera and time, or the person's duty.

Live views are the work of who is on duty (ordinance art. 18); stored pictures, turning and taking out need a case or an
incident (art. 10, 23(2)). How far looks lie from the camera and the hour of their case is learned from the month's looks that
name one: an office that looks at the neighbouring cameras too is not an office of abusers.
"""

from typing import Any

import numpy as np
import pandas as pd

from records.access_log.month import HOUR, SPAN, WITH_MATTER, Frame, Month, metres
from records.access_log.rarity import far_out
from records.models import LOOKS, Act

# How a row stands to the case that it names.
NO_CASE, FITS, MISFIT, UNKNOWN_CASE = range(4)
# Distance of a look at the very camera of its case.
ITSELF = -1.0
SAME_SHARE = 0.9
ENOUGH_CITED = 20
# So many of the named cases are unknown: their numbers are kept in another system.
UNKNOWN_SHARE = 0.05
MISFIT_SHARE = 0.02
NAMED_SHARE = 0.95


def explain(month: Month) -> None:
    """Adds to the events: on_duty, duty_known, case_state, distance, late (seconds from the incident), near, explained."""
    events = month.events
    _duty(month)
    _cases(month)
    # The door asked for the matter of a look in this system, and whether it fits.
    events.loc[events["own"] == WITH_MATTER, "case_state"] = FITS
    events["near"] = _near(month) | _written_down(month)
    looks = month.acts(*LOOKS)
    live = month.acts(Act.LIVE)
    by_case = events["case_state"].eq(FITS) | (looks & events["near"])
    events["by_case"] = by_case
    events["explained"] = by_case | (events["on_duty"] & (~looks | live))


def _duty(month: Month) -> None:
    events = month.events
    at, accounts = events["at"].to_numpy(), events["account"].to_numpy()
    on_duty, known = np.zeros(len(events), bool), np.zeros(len(events), bool)
    order = np.argsort(accounts, kind="stable")
    edges = np.searchsorted(accounts[order], np.arange(len(month.accounts) + 1))
    for code, (starts, ends) in month.shifts.items():
        rows = order[edges[code] : edges[code + 1]]
        place = np.searchsorted(starts, at[rows], "right") - 1
        on_duty[rows] = (place >= 0) & (at[rows] <= ends[np.maximum(place, 0)])
        # A roster of the month lacks the night shift that began before it.
        known[rows] = at[rows] >= min(month.duty_from or 0, starts[0])
        if starts[0] - month.first < 12 * HOUR:
            known[rows] &= at[rows] >= starts[0]
        known[rows] &= at[rows] <= (month.duty_until or 0) + month.figures.shift_tolerance
    events["on_duty"], events["duty_known"] = on_duty, known | on_duty


def _cases(month: Month) -> None:
    """Distance (metres) and lateness (seconds) of each row from the nearest incident of its case, and whether it fits."""
    events = month.events
    state = np.full(len(events), NO_CASE, np.int8)
    events["distance"], events["late"] = np.nan, np.nan
    cited = events["case"].to_numpy() > 0
    if not cited.any():
        events["case_state"] = state
        return
    numbers = {number: code for code, number in enumerate(month.cases) if number}
    spots = _spots(month, numbers)
    rows = events.loc[cited, ["case", "at", "start", "end", "id", "site"]].reset_index(names="row")
    pairs = rows.merge(spots, on="case", how="left", suffixes=("", "_case"))
    known = pairs["from"].notna()
    pairs = pairs[known]
    pairs["distance"] = _distance(month, pairs)
    begin = pairs["start"].fillna(pairs["end"]).fillna(pairs["at"])
    until = pairs["end"].fillna(begin)
    gap = np.maximum(np.maximum(pairs["from"] - until, begin - pairs["until"]), 0)
    # Without a range, only a look before the incident is odd: it may be looked at for days.
    ranged = pairs["start"].notna()
    pairs["late"] = np.where(ranged, gap, np.maximum(pairs["from"] - pairs["at"], 0))
    best = pairs.sort_values(["row", "distance", "late"]).drop_duplicates("row").set_index("row")
    events.loc[best.index, "distance"] = best["distance"]
    events.loc[best.index, "late"] = best["late"]
    state[cited] = UNKNOWN_CASE
    state[best.index] = FITS
    far = far_out(best["distance"].fillna(0), month.figures.near_metres)
    late = far_out(best["late"], month.figures.incident_after)
    misfit = far | late
    if misfit.mean() <= MISFIT_SHARE:
        state[best.index[misfit]] = MISFIT
    elif len(best) >= ENOUGH_CITED:
        month.not_known["case_fit"] = (
            "사건과 카메라·시각이 맞지 않는 열람이 많아, 번호만으로 사건을 대조했습니다."
        )
        month.not_known["case_fit"] += f" ({misfit.sum():,}건)"
    if (state == UNKNOWN_CASE).sum() > max(UNKNOWN_SHARE * cited.sum(), ENOUGH_CITED):
        month.not_known["case_numbers"] = (
            f"적힌 사건번호 가운데 이 시스템에 없는 것이 많습니다({(state == UNKNOWN_CASE).sum():,}건). "
            "상황 자료를 마저 가져온 뒤 다시 점검하십시오."
        )
    events["case_state"] = state


def _spots(month: Month, numbers: dict[str, int]) -> Frame:
    """Where and when each case is: of incidents the second at which it was noticed, of requests the range asked for."""
    incidents = month.incidents.assign(**{"from": month.incidents["at"], "until": month.incidents["at"]})
    both = [frame for frame in (incidents.drop(columns="at"), month.asked) if not frame.empty]
    if not both:
        return pd.DataFrame({name: [] for name in ("case", "id", "site", "from", "until")})
    spots = pd.concat(both, ignore_index=True)
    spots["case"] = spots["number"].map(numbers)
    return spots.dropna(subset=["case"]).astype({"case": np.int64})[["case", "id", "site", "from", "until"]]


def _distance(month: Month, pairs: Frame) -> Frame:
    """-1 for the camera itself, 0 at the same place; not known (NaN) where the case or the row names no camera; far where no position is known."""
    places = month.register.drop_duplicates("site").set_index("site")[["latitude", "longitude"]]
    one, other = (places.reindex(pairs[name]).to_numpy() for name in ("site", "site_case"))
    found = metres(one[:, 0], one[:, 1], other[:, 0], other[:, 1])
    same = pairs["site"].to_numpy() == pairs["site_case"].to_numpy()
    named = (pairs["site"].to_numpy() >= 0) & (pairs["site_case"].to_numpy() >= 0)
    found = np.where(same, 0.0, np.where(np.isnan(found), np.inf, found))
    found = np.where(pairs["id"].to_numpy() == pairs["id_case"].to_numpy(), ITSELF, found)
    return pd.Series(np.where(named, np.minimum(found, 1e6), np.nan), index=pairs.index)


def reach(month: Month) -> float:
    """How far from its camera an incident is looked into: `ITSELF` is that camera alone, 0 the cameras of its place."""
    events = month.events
    cited = events.loc[events["case_state"].isin((FITS, MISFIT)), "distance"].dropna()
    if len(cited) < ENOUGH_CITED:
        return float(month.figures.near_metres)
    for alone in (ITSELF, 0.0):
        if (cited <= alone).mean() >= SAME_SHARE:
            return alone
    return min(float(month.figures.near_metres), float(cited.quantile(0.95)))


def _near(month: Month) -> Any:
    """Whether an incident happened at that camera at that time, whoever saw it."""
    events, figures = month.events, month.figures
    located = month.incidents[month.incidents["site"] >= 0]
    near = np.zeros(len(events), bool)
    if located.empty:
        return near
    radius = reach(month)
    keys = _keys_around(month, located, radius)
    site, at = events["id" if radius == ITSELF else "site"].to_numpy(), events["at"].to_numpy()
    shown = month.acts(Act.LIVE, Act.PTZ).to_numpy() & (site >= 0)
    near[shown] = _within(
        keys, site[shown], at[shown] - figures.incident_after, at[shown] + figures.incident_before
    )
    stored = month.acts(Act.PLAYBACK, Act.EXPORT).to_numpy() & (site >= 0)
    start = events["start"].to_numpy()
    end = np.where(np.isnan(events["end"]), start, events["end"])
    ranged = stored & ~np.isnan(start)
    slack = figures.incident_after
    near[ranged] = _within(
        keys,
        site[ranged],
        start[ranged] - slack,
        np.minimum(end[ranged] + slack, at[ranged] + figures.incident_before),
    )
    bare = stored & np.isnan(start)
    near[bare] = _within(
        keys, site[bare], at[bare] - figures.playback_after, at[bare] + figures.incident_before
    )
    for act in (Act.PLAYBACK, Act.EXPORT):
        near &= ~_unnamed_among_named(month, act, near)
    return near


def _unnamed_among_named(month: Month, act: Act, near: Any) -> Any:
    """Where this office names the case of all such rows around incidents but for a few, those few are not explained by
    an incident that happens to be near."""
    rows, named = month.acts(act).to_numpy(), month.events["case"].to_numpy() > 0
    around = rows & near
    if around.sum() < ENOUGH_CITED or named[around].mean() < NAMED_SHARE:
        return np.zeros(len(rows), bool)
    return rows & ~named


def _written_down(month: Month) -> Any:
    """Turns of which the operator wrote the reason: rows of that person and camera until it was turned back."""
    found = np.zeros(len(month.events), bool)
    turns = month.events[month.acts(Act.PTZ)]
    if turns.empty or month.turns.empty:
        return found
    codes = {account: code for code, account in enumerate(month.accounts)}
    account, camera, at = (turns[name].to_numpy() for name in ("account", "id", "at"))
    for turn in month.turns.itertuples():
        mine = (account == codes.get(turn.account, -1)) & (camera == turn.id)
        found[turns.index[mine & (at >= turn[3]) & (at <= turn.until)]] = True
    return found


def _keys_around(month: Month, located: Frame, radius: float) -> Any:
    """Sorted keys (place, second) of incidents, at their own place and at those within reach."""
    own = located["id" if radius == ITSELF else "site"].to_numpy() * SPAN + located["at"].to_numpy()
    places = month.register.drop_duplicates("site").dropna(subset=["latitude"])
    if radius <= 0 or places.empty:
        return np.sort(own)
    positions = places.set_index("site")
    keys = [own]
    for site, times in located.groupby("site")["at"]:
        if site not in positions.index:
            continue
        here = positions.loc[site]
        around = metres(
            positions["latitude"].to_numpy(), positions["longitude"].to_numpy(), here["latitude"], here["longitude"]
        )  # fmt: skip
        for other in positions.index[around <= radius]:
            keys.append(other * SPAN + times.to_numpy())
    return np.unique(np.concatenate(keys))


def _within(keys: Any, site: Any, earliest: Any, latest: Any) -> Any:
    base = site.astype(np.int64) * SPAN
    low = np.searchsorted(keys, base + earliest.astype(np.int64), "left")
    return np.searchsorted(keys, base + latest.astype(np.int64), "right") > low
