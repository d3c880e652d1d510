"""회전·확대 (ordinance art. 10): a turn is written down with its reason, and that the camera looks where it should again.

A turn that nobody may do is written down too: the record is true, and the rule `ptz_reason` shows it. What the video
system logged is held against these entries by the monthly review (`records.access_log`).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts, refusals
from casework.refusals import Refusal
from ordinance import assessment, parameters
from ordinance.periods import DAY
from ordinance.rules import Subject
from records.competence import standing
from records.competence_enums import Ability
from records.models import CameraTurn
from records.people import kinds
from records.permissions import gate

ARTICLE = "조례 제10조제1항"
RULE = "ptz_reason"
RETURN_AFTER = "access_return_after_minutes"
# An entry of long ago is a slip in a date.
OLDEST = 31 * DAY
# What agents wrote, for the list of the form; a centre with no entries yet chooses from these.
REASONS = ("범죄 의심", "화재·재난", "교통사고", "실종자 찾기", "카메라 점검", "민원 확인")


def enter(values: Mapping[str, Any], *, by: Officer) -> CameraTurn:
    """`Refused` for what cannot be."""
    row = CameraTurn(entered_by=by, staff=standing.staff_of(by, timezone.localdate()))
    with acts.begin(kinds.TURNED, row, by=by, subject=f"camera:{values['camera'].number}") as act:
        act.refuse(_against(values, act.at))
        returned_at = values.get("returned_at")
        # `write` takes a reason of its own, that of a history.
        act.row.reason = values["reason"].strip()
        act.write(
            camera=values["camera"],
            turned_at=values["turned_at"],
            incident=values.get("incident"),
            returned_at=returned_at,
            returned_by=by if returned_at else None,
            entered_at=act.at,
            is_permitted=_is_permitted(values, by),
            unchecked=["staff", "entered_by", "returned_by"],
        )
        act.payload |= _facts(row)
        act.afterwards(lambda: judge_again(row))
    return row


def turn_back(turn: CameraTurn, *, returned_at: dt.datetime | None = None, by: Officer) -> CameraTurn:
    """The camera looks where it is registered to look; once."""
    with acts.begin(kinds.TURNED_BACK, turn, by=by) as act:
        at = returned_at or act.at
        if act.row.returned_at is not None:
            act.refuse([Refusal("returned", "이미 등록 방향으로 되돌린 것으로 적혀 있습니다.", ARTICLE)])
        act.refuse(_against_return(act.row.turned_at, at, act.at))
        act.write(returned_at=at, returned_by=by, unchecked=["returned_by"])
        act.payload |= _facts(act.row)
        act.afterwards(lambda: judge_again(act.row))
    return act.row


def _is_permitted(values: Mapping[str, Any], by: Officer) -> bool | None:
    return not list(gate.refusals(by, [values["camera"]], Ability.PTZ)) if gate.is_required() else None


def _against(values: Mapping[str, Any], now: dt.datetime) -> Iterator[Refusal]:
    turned, returned = values["turned_at"], values.get("returned_at")
    incident = values.get("incident")
    yield from refusals.unwritten(values["reason"], "reason", "돌린 까닭을 적으십시오.", ARTICLE)
    if turned > now:
        yield Refusal("future", "돌린 때가 아직 오지 않은 시각입니다.", field="turned_at")
    elif turned < now - OLDEST:
        yield Refusal(
            "old",
            f"{OLDEST.days}일이 지난 회전·확대는 적을 수 없습니다. 날짜를 확인하십시오.",
            field="turned_at",
        )
    if returned:
        yield from _against_return(turned, returned, now)
    if incident is not None and incident.noticed_at > turned + DAY:
        yield Refusal("incident", "이 회전·확대보다 하루 넘게 뒤에 인지한 상황입니다.", field="incident")


def _against_return(turned: dt.datetime, returned: dt.datetime, now: dt.datetime) -> Iterator[Refusal]:
    if returned > now:
        yield Refusal("future", "되돌린 때가 아직 오지 않은 시각입니다.", field="returned_at")
    if returned < turned:
        yield Refusal("order", "되돌린 때가 돌린 때보다 앞섭니다.", field="returned_at")


def _facts(row: CameraTurn) -> dict[str, Any]:
    """Not the words of the reason: they may tell of a person."""
    return {
        "turn": row.pk,
        "camera": row.camera.number,
        "turned_at": row.turned_at.isoformat(),
        "returned_at": row.returned_at.isoformat() if row.returned_at else None,
        "incident": row.incident.number if row.incident else "",
    }


def judge_again(row: CameraTurn) -> None:
    assessment.follow([row.camera.number], kind=Subject.CAMERA, codes=[RULE])


def return_after() -> dt.timedelta:
    """So long after it was turned a camera must look where it is registered to look."""
    return dt.timedelta(minutes=int(parameters.value(RETURN_AFTER).value))


def away(now: dt.datetime) -> "QuerySet[CameraTurn]":
    """Turned longer ago than that, and not turned back as far as anybody wrote down."""
    return CameraTurn.objects.filter(returned_at__isnull=True, turned_at__lt=now - return_after())


def suggested_reasons() -> list[str]:
    recent = CameraTurn.objects.order_by("-pk").values_list("reason", flat=True)[:200]
    return list(dict.fromkeys([*recent, *REASONS]))[:12]
