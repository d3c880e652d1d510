"""Looks at cameras for which the person held no permission then: live, stored, turning or taking out (art. 23(1))."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from cameras.models import Camera
from ordinance import parameters
from records.access_log.month import DAY, FROM_LOG, SEOUL_SECONDS, Frame, Month, seconds
from records.access_log.rules.base import Finding, finding, rule
from records.competence_enums import Ability
from records.models import Act, CameraPermission, CameraPermissionMove
from records.permission_states import ENDING
from records.permissions import gate

ABILITY_OF = {
    Act.LIVE: Ability.LIVE,
    Act.PLAYBACK: Ability.STORED,
    Act.PTZ: Ability.PTZ,
    Act.EXPORT: Ability.EXPORT,
}
# Of somebody without any permission every row is one too many; these show it.
LISTED_ROWS = 30
EPOCH = datetime.date(1970, 1, 1)


@rule("권한 밖의 열람", "조례 제23조제1항, 안전성 확보조치 기준 제5조")
def beyond_permission(month: Month) -> Iterable[Finding]:
    """Only where the office asks for permissions by camera at all, and of persons on the list of staff."""
    if not parameters.value(gate.GATE, month.start).value:
        return
    cameras = list(Camera.objects.select_related("site"))
    looks = month.events[
        month.acts(*ABILITY_OF) & (month.events["own"] == FROM_LOG) & (month.events["id"] >= 0)
    ]
    for account, places in looks.groupby("account", sort=False).indices.items():
        rows = looks.iloc[places]
        holders = month.staff.get(month.accounts[int(account)], [])
        if not holders:
            continue
        allowed = np.zeros(len(rows), bool)
        for permission in _held([holder.pk for holder in holders]):
            allowed |= _covered(permission, rows, cameras)
        beyond = rows[~allowed]
        if len(beyond):
            yield finding(
                month,
                "beyond_permission",
                int(account),
                beyond.index[:LISTED_ROWS],
                f"카메라 접근권한 없이 {_counted(beyond)}",
                float(len(beyond)),
            )


def _held(staff: list[int]) -> Iterator[CameraPermission]:
    """Every permission that was ever granted to these."""
    yield from CameraPermission.objects.filter(staff__in=staff, granted_at__isnull=False).select_related(
        "camera"
    )


def _covered(permission: CameraPermission, rows: Frame, cameras: list[Camera]) -> Any:
    """Which of the rows it allows: the act, the camera, the day, and from its granting to its end."""
    ids = [camera.pk for camera in cameras if gate.covers(permission, camera)]
    acts = [Act.values.index(act) for act, ability in ABILITY_OF.items() if ability in permission.abilities]
    at = rows["at"].to_numpy()
    day = (at + SEOUL_SECONDS) // DAY
    always = np.iinfo(np.int64).max
    ended = (
        CameraPermissionMove.objects.filter(permission=permission, event__in=ENDING).order_by("at").first()
    )
    return (
        np.isin(rows["id"].to_numpy(), ids)
        & np.isin(rows["act"].to_numpy(), acts)
        & (day >= (permission.from_on - EPOCH).days)
        & (day <= (permission.until_on - EPOCH).days)
        & (at >= (seconds(permission.granted_at) if permission.granted_at else always))
        & (at <= (seconds(ended.at) if ended else always))
    )


def _counted(rows: Frame) -> str:
    counts = rows["act"].value_counts()
    return ", ".join(f"{Act.labels[int(act)]} {int(count):,}건" for act, count in sorted(counts.items()))
