"""On which days each camera was operating, from the history of its state: what is done today changes no past day.

A day counts by the state in which it began, in Seoul time.
"""

import numpy as np
import pandas as pd

from cameras.enums import CameraState
from cameras.models import Camera
from reports.figures.context import Reach
from reports.period import SEOUL


def spans(reach: Reach) -> pd.DataFrame:
    """From which day until before which day (`first`, `until`) cameras were operating, within the finished days of
    the quarter. A camera that was suspended and resumed has several spans."""
    history = Camera.history.filter(history_date__lt=reach.until_at)
    ordered = history.order_by("id", "history_date", "history_id")
    columns = ["camera", "at", "state", "type"]
    rows = pd.DataFrame.from_records(
        list(ordered.values_list("id", "history_date", "state", "history_type")), columns=columns
    )
    changed = pd.to_datetime(rows["at"], utc=True).dt.tz_convert(SEOUL).dt.tz_localize(None)
    # What changes during a day counts from the next one on.
    first = changed.dt.floor("D") + pd.Timedelta(days=1)
    until = first.groupby(rows["camera"]).shift(-1)
    lower, upper = pd.Timestamp(reach.period.from_on), pd.Timestamp(reach.finished_until)
    found = pd.DataFrame(
        {
            "camera": rows["camera"].astype("int64"),
            "first": first.where(first >= lower, lower),
            # The last state of a camera lasts: a comparison with nothing is false.
            "until": until.where(until < upper, upper),
        }
    )
    was_operating = (rows["state"] == CameraState.OPERATING) & (rows["type"] != "-")
    return found[was_operating & (found["first"] < found["until"])].reset_index(drop=True)


def days_in(found: pd.DataFrame, first: pd.Timestamp, until: pd.Timestamp) -> int:
    """Camera-days of the spans between two days."""
    ends = found["until"].where(found["until"] < until, until)
    begins = found["first"].where(found["first"] > first, first)
    days = (ends - begins).dt.days
    return int(days.clip(lower=0).sum())


def by_camera(found: pd.DataFrame) -> dict[int, int]:
    """Days of the spans, per camera."""
    days = (found["until"] - found["first"]).dt.days
    counts: dict[int, int] = {}
    for camera, long in zip(found["camera"].tolist(), days.tolist(), strict=True):
        counts[camera] = counts.get(camera, 0) + long
    return counts


def is_within(days: pd.DataFrame, found: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each row of `days` (camera, on) lies in a span of its camera."""
    joined = days[["camera", "on"]].reset_index().merge(found, on="camera")
    inside = joined[(joined["first"] <= joined["on"]) & (joined["on"] < joined["until"])]
    return pd.Series(np.isin(days.index, inside["index"]), index=days.index)
