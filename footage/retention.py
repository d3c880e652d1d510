"""Retention as a pure function of (files, policy, holds, now): is a file due, and if not, why not.

A segment is due when its end is older than its camera's period and no hold covers any part of it. The policy is
read from the register at the start of a sweep; nothing about it is stored per file, so a changed period or a
released hold counts from the next sweep on. This module imports nothing of Django: `footage.policy` reads the
register, the processes that destroy files ask here.

All times are microseconds since 1970 (see `footage.layouts`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

DAY = 86_400_000_000
# By how much a file may be newer than a due one's period allows before its name is doubted: longer than files run on
# past their nominal end, shorter than what Seoul and UTC lie apart.
TOLERANCE_US = 6 * 3_600_000_000
# No two zones lie further apart, and an hour for files that run on.
FURTHEST_ZONES_US = 27 * 3_600_000_000
YEAR = 365 * DAY
# The first of 2001: a name of before comes from a clock that lost its battery (1970, 1980, 2000).
EARLIEST_US = 978_307_200_000_000
CONFLICT = -1
UNCLAIMED = None


class Claim(NamedTuple):
    """Whose a key is, from when until when, and before which instant its footage must have ended to be due.

    `camera` 0 stands for a folder without a camera whose destruction a person confirmed. `is_explicit` claims
    (rows of CameraClaim) stand before the claim that every camera has to its own recording key. A claim
    without `cutoff` has no usable period: its footage is never due. Before `since` the camera recorded nothing.
    """

    camera: int
    from_us: int | None
    until_us: int | None
    cutoff_us: int | None
    is_explicit: bool
    since_us: int = EARLIEST_US

    def covers(self, start_us: int) -> bool:
        return (self.from_us is None or self.from_us <= start_us) and (
            self.until_us is None or start_us < self.until_us
        )


class Policy:
    """What a sweep knows of register and holds."""

    def __init__(
        self,
        claims: Mapping[str, Sequence[Claim]],
        holds: Mapping[int, Sequence[tuple[int, int]]],
        segment_us: int,
        believed_us: int = 0,
    ) -> None:
        """`believed_us`: a person confirmed the names of all files that were last written before it."""
        self.claims = claims
        self.holds = holds
        self.segment_us = segment_us
        self.believed_us = believed_us
        by_cutoff = sorted(
            (max(claim.cutoff_us for claim in found if claim.cutoff_us is not None), key)
            for key, found in claims.items()
            if any(claim.cutoff_us is not None for claim in found)
        )
        self._cutoffs = [cutoff for cutoff, _ in by_cutoff]
        self._keys = [key for _, key in by_cutoff]

    @property
    def latest_cutoff_us(self) -> int | None:
        """Of all cameras: what ended after it is due nowhere."""
        return self._cutoffs[-1] if self._cutoffs else None

    def keys_with_due(self, first_us: int) -> list[str]:
        """Keys whose footage of that start could be due."""
        return self._keys[bisect_right(self._cutoffs, first_us + self.segment_us) :]

    def claims_of(self, keys: Iterable[str]) -> tuple[Claim, ...]:
        """Every claim to what a path says; a recorder with groups may be known by the short or the long key."""
        return tuple(claim for key in keys for claim in self.claims.get(key, ()))

    def is_held(self, camera: int, first_us: int, end_us: int) -> bool:
        """Whether any hold of the camera covers any part of [first, end)."""
        return any(
            from_us < end_us and first_us < until_us for from_us, until_us in self.holds.get(camera, ())
        )


def is_implausible(policy: Policy, claim: Claim, start_us: int, mtime_us: int, now_us: int) -> bool:
    """Whether a file that is due by its name may be much younger than its name says.

    A recorder whose zone is another than its storage's writes names that are hours too old, one whose clock fell back
    years, or names before the camera's time. Nothing is destroyed on such a word: the file waits until its
    modification time is as old, or until a person confirms the names. Days or months apart are a disk that was copied
    or restored: there the name is right. A modification time in the future says nothing.
    """
    if mtime_us < policy.believed_us:
        return False
    if start_us < claim.since_us:
        return True
    is_younger = claim.cutoff_us is not None and claim.cutoff_us + TOLERANCE_US < mtime_us < now_us + DAY
    apart_us = mtime_us - start_us
    return is_younger and (apart_us <= FURTHEST_ZONES_US + policy.segment_us or apart_us > YEAR)


def spans(days: int, shorter: Sequence[tuple[int, int]]) -> list[tuple[int | None, int | None, int]]:
    """From which start until which one a camera's period is how long: (from, until, days).

    `shorter`: when a period was made shorter without a second person's word so far, and how long it was before, oldest
    first. What was recorded before such a moment keeps the longer period; what is recorded since has today's.
    """
    found: list[tuple[int | None, int | None, int]] = []
    from_us: int | None = None
    for number, (at_us, _) in enumerate(shorter):
        if from_us is None or from_us < at_us:
            found.append((from_us, at_us, max(days, *(before for _, before in shorter[number:]))))
            from_us = at_us
    return [*found, (from_us, None, days)]


def lies_ahead(start_us: int, now_us: int) -> bool:
    """Nothing is recorded tomorrow."""
    return start_us > now_us + DAY


def claimant(claims: Sequence[Claim], start_us: int) -> Claim | int | None:
    """The one claim that covers a start; CONFLICT when two cameras claim it, None when nobody does."""
    for explicit in (True, False):
        found = [claim for claim in claims if claim.is_explicit is explicit and claim.covers(start_us)]
        if found:
            cameras = {claim.camera for claim in found}
            return found[0] if len(cameras) == 1 else CONFLICT
    return UNCLAIMED


def is_due(claim: Claim, start_us: int, segment_us: int) -> bool:
    """Older than the period, strictly: at the very instant at which the period is over nothing is due yet."""
    return claim.cutoff_us is not None and start_us + segment_us < claim.cutoff_us


def as_data(policy: Policy, keys: Iterable[str] | None = None) -> dict[str, Any]:
    """For another process; only the claims to `keys` where they are all that it can meet."""
    claims = policy.claims if keys is None else {key: policy.claims.get(key, ()) for key in keys}
    return {
        "claims": {key: [list(claim) for claim in found] for key, found in claims.items()},
        "holds": {str(camera): [list(span) for span in spans] for camera, spans in policy.holds.items()},
        "segment_us": policy.segment_us,
        "believed_us": policy.believed_us,
    }


def from_data(data: Mapping[str, Any]) -> Policy:
    return Policy(
        {key: tuple(Claim(*claim) for claim in found) for key, found in data["claims"].items()},
        {int(camera): [(span[0], span[1]) for span in spans] for camera, spans in data["holds"].items()},
        data["segment_us"],
        data["believed_us"],
    )
