"""Permissions that end by themselves: the day is over, the person left, took another post, or does not log in.

One question for both: the gate asks it of the moment, the night writes it down.
"""

import datetime as dt

from django.utils import timezone

from accounts import roles
from ordinance import parameters
from records.competence_enums import LapseCause, PermissionEvent
from records.models import CameraPermission
from records.permissions import granting

IDLE_DAYS = "permission_idle_days"
ACTOR = "system:permissions"


def cause(permission: CameraPermission, on: dt.date, idle_days: int) -> LapseCause | None:
    """Why a granted permission holds no more; its `staff__officer` is needed."""
    staff, officer = permission.staff, permission.staff.officer
    if permission.until_on < on:
        return LapseCause.PERIOD
    if staff.last_on is not None and staff.last_on < on:
        return LapseCause.LEFT
    if officer is None:
        # Somebody without an account here: the video system's own; no login of ours says anything.
        return None
    if not officer.is_active:
        return LapseCause.ACCOUNT
    role = roles.role_of(officer)
    if officer.department_id != permission.department_id or (role.value if role else "") != permission.role:
        return LapseCause.TRANSFER
    seen_at = max(filter(None, (officer.last_login, permission.granted_at)), default=None)
    if seen_at is not None and timezone.localdate(seen_at) < on - dt.timedelta(days=idle_days):
        return LapseCause.IDLE
    return None


def idle_days(on: dt.date) -> int:
    return int(parameters.value(IDLE_DAYS, on).value)


def lapse(now: dt.datetime | None = None) -> int:
    """Every night; how many ended."""
    on = timezone.localdate(now)
    days, count = idle_days(on), 0
    rows = (
        CameraPermission.objects.granted()
        .select_related("staff__officer", "staff__contract")
        .defer("staff__name", "staff__address")
    )
    for permission in rows.order_by("pk"):
        if why := cause(permission, on, days):
            granting.end(permission, PermissionEvent.LAPSE, str(why.label), by=None, actor=ACTOR)
            count += 1
    return count
