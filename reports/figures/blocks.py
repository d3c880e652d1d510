"""What the manifests say was destroyed in a quarter: the record that names every file, so the one to count from.

A sweep that died leaves its blocks to the next one; the blocks' own times say when files were really unlinked.
Blocks say for how long their files stayed beyond their period, and for which cause, since `footage.delays` exists;
what older ones did not record is not known of them.
"""

import pandas as pd

from footage.delays import LAWFUL
from footage.models import ManifestBlock
from reports.figures.context import Reach
from reports.period import SEOUL

COLUMNS = {
    "pk": "pk",
    "sweep_id": "sweep",
    "done_at": "done_at",
    "destroyed": "files",
    "bytes": "bytes",
    "outcome__on_time": "on_time",
    "outcome__late_us": "late_us",
    "outcome__beyond": "beyond",
    "outcome__beyond_margin": "beyond_margin",
    "outcome__unlawful": "unlawful",
    "ledger_sequence": "entry",
}


def destroyed_blocks(reach: Reach) -> pd.DataFrame:
    """One row per block with files that were really destroyed in the quarter, with its month in Seoul.

    `on_time`, `late` and `unknown` add up to `files`: of a block without causes nobody can say whether what was not on
    time was late. `lateness` is empty there. `kept_unlawfully` counts files; blocks from before a file's time was told
    by each of its causes (`is_by_last_cause`) count one for each.
    """
    found = ManifestBlock.objects.filter(
        destroyed__gt=0, done_at__gte=reach.period.from_at, done_at__lt=reach.until_at
    ).order_by("done_at", "pk")
    blocks = pd.DataFrame.from_records(list(found.values_list(*COLUMNS)), columns=list(COLUMNS.values()))
    done = pd.to_datetime(blocks["done_at"], utc=True).dt.tz_convert(SEOUL)
    on_time = pd.to_numeric(blocks["on_time"]).fillna(0).astype("int64").clip(upper=blocks["files"])
    is_recorded = pd.Series(
        [beyond is not None for beyond in blocks["beyond"]], index=blocks.index, dtype=bool
    )
    rest = blocks["files"] - on_time
    by_cause = pd.Series(
        [
            sum(kept[0] for cause, kept in (beyond or {}).items() if cause not in LAWFUL)
            for beyond in blocks["beyond"]
        ],
        index=blocks.index,
        dtype="int64",
    )
    unlawful = pd.to_numeric(blocks["unlawful"])
    lateness = pd.to_numeric(blocks["late_us"]).fillna(0).clip(lower=0) / 1_000_000
    return blocks.assign(
        month=done.dt.strftime("%Y-%m"),
        on_time=on_time,
        late=rest.where(is_recorded, 0).astype("int64"),
        unknown=rest.mask(is_recorded, 0).astype("int64"),
        lateness=lateness.where(is_recorded),
        kept_unlawfully=unlawful.fillna(by_cause).astype("int64"),
        is_by_last_cause=is_recorded & unlawful.isna(),
        beyond_margin=pd.to_numeric(blocks["beyond_margin"]).fillna(0).astype("int64"),
    )


def destroyed_by_camera(reach: Reach) -> dict[int, int]:
    """Files destroyed in the quarter, per camera; 0 stands for footage of no camera."""
    found = ManifestBlock.objects.filter(
        destroyed__gt=0, done_at__gte=reach.period.from_at, done_at__lt=reach.until_at
    ).order_by()
    counts: dict[int, int] = {}
    for days in found.values_list("outcome__days", flat=True).iterator(chunk_size=256):
        for camera, _, files, *_ in days or ():
            counts[camera] = counts.get(camera, 0) + files
    return counts
