"""접근권한 정기 점검: every half-year somebody looks at each permission that stands, and another one at his own.

The half's review can be opened in its last month and is due some days after its end (`permission_review_days`). It is
signed when every line has a verdict; what was signed is frozen, with its digest in the ledger.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, unwritten
from ordinance import assessment, parameters
from ordinance.due import DueItem, Severity
from ordinance.parameters import active_profile
from ordinance.rules import Subject
from records.competence_enums import PermissionEvent, PermissionState, ReviewVerdict
from records.models import CameraPermission, CameraPermissionMove, PermissionReview, PermissionReviewLine
from records.permission_states import ARTICLE
from records.permissions import granting

OPENED = "records.permission_review_opened"
JUDGED = "records.permission_review_judged"
SIGNED = "records.permission_review_signed"
KINDS = {
    OPENED: "접근권한 점검 시작",
    JUDGED: "접근권한 점검의 판단",
    SIGNED: "접근권한 점검 확정",
}
DAYS = "permission_review_days"
Half = tuple[int, int]


def half_of(on: dt.date) -> Half:
    return on.year, 1 if on.month <= 6 else 2


def bounds(half: Half) -> tuple[dt.date, dt.date]:
    year, number = half
    return (
        (dt.date(year, 1, 1), dt.date(year, 6, 30))
        if number == 1
        else (dt.date(year, 7, 1), dt.date(year, 12, 31))
    )


def before(half: Half) -> Half:
    return (half[0], 1) if half[1] == 2 else (half[0] - 1, 2)


def may_open(half: Half, on: dt.date) -> bool:
    """From the first day of the half's last month on."""
    return on >= bounds(half)[1].replace(day=1)


def due_on(half: Half, on: dt.date | None = None) -> dt.date:
    return bounds(half)[1] + dt.timedelta(days=int(parameters.value(DAYS, on).value))


def stood_in(half: Half) -> bool:
    """Whether there was anything to look at when the half ended: a permission granted by then and ended after, or not."""
    end = bounds(half)[1]
    granted = CameraPermission.objects.filter(granted_at__isnull=False)
    ended = CameraPermissionMove.objects.filter(to_state=PermissionState.ENDED)
    over = {
        row.permission_id for row in ended.only("permission_id", "at") if timezone.localdate(row.at) <= end
    }
    return any(
        timezone.localdate(row.granted_at) <= end and row.pk not in over
        for row in granted.only("pk", "granted_at")
        if row.granted_at
    )


def owed(on: dt.date) -> Half | None:
    """The last half whose review was due by the day before."""
    half = before(half_of(on))
    if due_on(half, on) >= on:
        half = before(half)
    return half if stood_in(half) else None


def begin(half: Half, *, by: Officer) -> PermissionReview:
    row = PermissionReview(year=half[0], half=half[1], opened_by=by)
    with acts.begin(OPENED, row, by=by) as act:
        if not may_open(half, timezone.localdate()):
            act.refuse(
                [
                    Refusal(
                        "early", f"{bounds(half)[1].replace(day=1):%Y-%m-%d}부터 점검할 수 있습니다.", ARTICLE
                    )
                ]
            )
        if PermissionReview.objects.filter(year=half[0], half=half[1]).exists():
            act.refuse([Refusal("there", "이미 시작한 점검입니다.", ARTICLE)])
        standing = list(CameraPermission.objects.granted().order_by("pk"))
        if not standing:
            act.refuse([Refusal("nothing", "부여된 권한이 없어 점검할 것이 없습니다.", ARTICLE)])
        act.write(opened_at=act.at)
        PermissionReviewLine.objects.bulk_create(
            PermissionReviewLine(review=row, permission=permission) for permission in standing
        )
        act.payload |= {"year": row.year, "half": row.half, "lines": len(standing)}
        return act.row


def judge(line: PermissionReviewLine, verdict: str, *, reason: str = "", by: Officer) -> PermissionReviewLine:
    """Goes on, or ends at once. Nobody judges the own permission."""
    with acts.begin(JUDGED, line, subject=line.review.ledger_subject, by=by) as act:
        act.refuse(_against_judging(act.row, verdict, reason, by))
        act.row.reason = reason.strip()
        act.write(verdict=verdict, by=by, at=act.at)
        permission = act.row.permission
        if verdict == ReviewVerdict.CUT and permission.state == PermissionState.GRANTED:
            granting.end(permission, PermissionEvent.CUT, reason, by=by)
        act.payload |= {"permission": permission.pk, "verdict": verdict}
        return act.row


def _against_judging(line: PermissionReviewLine, verdict: str, reason: str, by: Officer) -> Iterator[Refusal]:
    if line.review.signed_at is not None:
        yield Refusal("signed", "이미 확정한 점검입니다.", ARTICLE)
    if line.verdict == ReviewVerdict.CUT:
        yield Refusal("cut", "이미 말소한 권한입니다.", ARTICLE)
    if line.permission.staff.officer_id == by.pk:
        yield Refusal(
            "own",
            "자기의 권한은 다른 사람이 점검해야 합니다.",
            ARTICLE,
            "시스템 관리자나 다른 관리책임자에게 요청하십시오.",
        )
    if verdict == ReviewVerdict.CUT:
        yield from unwritten(reason, "reason", "말소하는 사유를 적으십시오.", ARTICLE)


def keep_rest(review: PermissionReview, *, by: Officer) -> int:
    """Confirms every line that has no verdict, the own ones left out; how many."""
    open_lines = review.lines.filter(verdict="").select_related("permission__staff", "review")
    chosen = [line for line in open_lines if line.permission.staff.officer_id != by.pk]
    for line in chosen:
        judge(line, ReviewVerdict.KEEP, by=by)
    return len(chosen)


def sign(review: PermissionReview, *, by: Officer) -> PermissionReview:
    with acts.begin(SIGNED, review, by=by) as act:
        if act.row.signed_at is not None:
            act.refuse([Refusal("signed", "이미 확정한 점검입니다.", ARTICLE)])
        if left := act.row.lines.filter(verdict="").count():
            act.refuse([Refusal("left", f"아직 판단하지 않은 권한이 {left:,}건 있습니다.", ARTICLE)])
        contents = lines_of(act.row)
        act.write(signed_by=by, signed_at=act.at, contents=contents, digest=_digest(contents))
        act.payload |= {
            "year": act.row.year,
            "half": act.row.half,
            "sha256": act.row.digest,
            "lines": len(contents),
        }
        act.afterwards(lambda: assessment.follow([active_profile()], kind=Subject.DISTRICT))
        return act.row


def lines_of(review: PermissionReview) -> list[dict[str, Any]]:
    """As signed; as it stands where it is not signed yet. Persons by their number only."""
    if review.signed_at is not None:
        return list(review.contents)
    rows = review.lines.select_related("permission__staff", "permission__camera", "by")
    return [
        {
            "line": row.pk,
            "permission": row.permission_id,
            "staff": row.permission.staff.number,
            "kind": str(row.permission.staff.get_kind_display()),
            "group": row.permission.group,
            "abilities": row.permission.ability_labels,
            "from": row.permission.from_on.isoformat(),
            "until": row.permission.until_on.isoformat(),
            "verdict": row.verdict,
            "verdict_label": str(row.get_verdict_display()),
            "reason": row.reason,
            "by": str(row.by) if row.by else "",
        }
        for row in rows.defer("permission__staff__name", "permission__staff__address")
    ]


def _digest(contents: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(contents, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def due(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    """From the half's last month on until its review is signed."""
    today = timezone.localdate(now)
    for half in (before(half_of(today)), half_of(today)):
        if not may_open(half, today) or not stood_in(half):
            continue
        review = PermissionReview.objects.filter(year=half[0], half=half[1]).first()
        if review is not None and review.signed_at is not None:
            continue
        last = due_on(half, today)
        yield DueItem(
            "records.permission_review",
            f"{half[0]}년 {'상반기' if half[1] == 1 else '하반기'}의 카메라 접근권한을 점검해야 합니다",
            "권한마다 유지하거나 말소한 뒤 확정합니다.",
            Severity.OVERDUE if today > last else Severity.DUE,
            "permissions:review" if review else "permissions:reviews",
            (review.pk,) if review else (),
            article=ARTICLE,
            due_on=last,
            key=f"records.permission_review:{half[0]}/{half[1]}",
            kind="접근권한",
        )


def waiting(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    rows = CameraPermission.objects.filter(state=PermissionState.ASKED).select_related("staff")
    for row in rows.defer("staff__name", "staff__address").prefetch_related("moves"):
        asked = row.moves.all()[0]
        yield DueItem(
            "records.permission_asked",
            f"카메라 접근권한 신청: {row.staff.number}, {row.group}",
            row.reason,
            Severity.DUE,
            "permissions:permission",
            (row.pk,),
            article=ARTICLE,
            since=asked.at,
            kind="접근권한",
            asker_id=asked.by_id,
            not_by=frozenset({asked.by_id, row.staff.officer_id}),
        )


PROVIDERS = {"records.permission_review": due, "records.permission_asked": waiting}
