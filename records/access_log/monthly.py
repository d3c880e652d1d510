"""다달의 점검: made by the worker, judged, signed by the CCTV manager (and by another where the manager appears), frozen.

Made anew before it is signed, it keeps what people have said and judged: a finding is known again by its rows.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.longrun import AlreadyRunning, Cancelled, RunState
from accounts.models import Officer
from casework import acts, second_person
from casework.refusals import Refusal, refuse_if
from ordinance.periods import SEOUL
from records.access_log import judging, reviewing, timing
from records.access_log.follow import judge_again
from records.access_log.month import DAY, FROM_LOG, SEOUL_SECONDS
from records.access_log.reviewing import Review
from records.access_log.rules import catalogue
from records.access_log.rules.base import Finding
from records.competence import gates
from records.models import (
    AccessFinding,
    AccessLogFile,
    AccessReview,
    Act,
    GateLift,
    Judgement,
    StaffMember,
)

MADE = "records.access_reviewed"
SIGNED = "records.access_review_signed"
COUNTERSIGNED = "records.access_review_countersigned"
CITATION = "조례 제23조, 개인정보의 안전성 확보조치 기준 제8조"
LONGEST_WHY = 500


def ask(month: datetime.date, *, by: Officer | None = None) -> AccessReview:
    """The row of that month's review, waiting for the worker. `Refused` says why not."""
    with transaction.atomic():
        refuse_if(_why_not_ask(month))
        review, _ = AccessReview.objects.get_or_create(month=month)
        held = AccessReview.objects.select_for_update().get(pk=review.pk)
        refuse_if(_if_signed(held))
        if held.state != RunState.RUNNING:
            AccessReview.objects.filter(pk=held.pk).update(
                state=RunState.WAITING,
                requested_by=by,
                requested_at=timezone.now(),
                cancel_requested=False,
                error="",
                finished_at=None,
            )
        held.refresh_from_db()
    return held


def _why_not_ask(month: datetime.date) -> Iterable[Refusal]:
    if month.day != 1:
        yield Refusal("month", "달의 첫날로 적습니다.", CITATION, field="month")
    elif timing.following(month) > timezone.localdate():
        yield Refusal(
            "running", "아직 끝나지 않은 달은 점검하지 않습니다.", CITATION, "달이 끝난 뒤에 만드십시오.", field="month"
        )  # fmt: skip


def _if_signed(review: AccessReview) -> Iterable[Refusal]:
    if review.signed_at is not None:
        yield Refusal("signed", "서명한 점검은 다시 만들 수 없습니다.", CITATION, field="month")


def run_here(review: AccessReview) -> None:
    """The work of the worker; safe to run twice."""
    try:
        with review.running():
            found = reviewing.review(
                review.month.year,
                review.month.month,
                progress=lambda done, step: review.beat(done, None, step),
            )
            _keep(review, found)
    except (AlreadyRunning, Cancelled):
        return


def _keep(review: AccessReview, found: Review) -> None:
    with acts.begin(MADE, review, actor="system:records") as act:
        act.refuse(_if_signed(act.row))
        act.write(made_at=act.at, figures=figures(found))
        known = {_key(row): row for row in act.row.findings.all()}
        holders = _Holders()
        added = []
        last = max((int(row.number[-4:]) for row in known.values()), default=0)
        for finding in found.findings:
            row = _row(act.row, found, finding, holders)
            if known.pop(_key(row), None) is None:
                last += 1
                row.number = f"{act.row.month:%Y-%m}-{last:04d}"
                added.append(row)
        AccessFinding.objects.bulk_create(added, batch_size=500)
        # What nobody has said or judged anything of, and that the rows no longer show, is not asked any more.
        untouched = [row.pk for row in known.values() if not row.explained_at and not row.judged_at]
        AccessFinding.objects.filter(pk__in=untouched).delete()
        act.payload |= {
            "rows": found.rows,
            "explained": found.explained,
            "findings": act.row.findings.count(),
            "added": len(added),
        }
        act.afterwards(judge_again)


class _Holders:
    """Who an account's findings are about."""

    def __init__(self) -> None:
        self._officers = {officer.username: officer for officer in Officer.objects.all()}

    def of(self, account: str, staff: StaffMember | None) -> int | None:
        if staff is not None and staff.officer_id is not None:
            return staff.officer_id
        officer = self._officers.get(account)
        return officer.pk if officer else None


def _row(review: AccessReview, found: Review, finding: Finding, holders: _Holders) -> AccessFinding:
    month = found.month
    keys = [int(month.keys[row]) for row in finding.rows]
    staff = None
    if finding.account:
        code = month.accounts.index(finding.account)
        staff = month.holder(code, int(month.events["at"].iloc[finding.rows[0]]))
    return AccessFinding(
        review=review,
        rule=finding.rule,
        account=finding.account,
        staff=staff,
        officer_id=holders.of(finding.account, staff),
        why=finding.why[:LONGEST_WHY],
        score=finding.score,
        events=sorted(key for key in keys if key > 0),
        looks=sorted(-key for key in keys if key < 0),
    )


def _key(row: AccessFinding) -> tuple[str, str, tuple[int, ...], tuple[int, ...]]:
    return row.rule, row.account, tuple(row.events), tuple(row.looks)


def figures(found: Review) -> dict[str, Any]:
    """What the review counted, without anybody's name."""
    events = found.month.events
    acts_of = []
    for code, act in enumerate(Act):
        rows = events[events["act"] == code] if found.rows else events
        if len(rows):
            acts_of.append({"act": act.value, "rows": len(rows), "explained": int(rows["explained"].sum())})
    days = ((events["at"] + SEOUL_SECONDS) // DAY).value_counts().sort_index() if found.rows else {}
    epoch = datetime.date(1970, 1, 1)
    return {
        "rows": found.rows,
        "explained": found.explained,
        "own": int((events["own"] != FROM_LOG).sum()) if found.rows else 0,
        "accounts": int(events["account"].nunique()) if found.rows else 0,
        "acts": acts_of,
        "days": [
            {"on": (epoch + datetime.timedelta(days=int(day))).isoformat(), "rows": int(count)}
            for day, count in dict(days).items()
        ],
        "not_known": list(found.month.not_known.values()),
    }


def from_log(figures: dict[str, Any]) -> int:
    """Rows that the video system's log gave; the others are looks in this system."""
    return int(figures.get("rows", 0)) - int(figures.get("own", 0))


def has_seen(review: AccessReview) -> bool:
    """Whether there was a log to look at. Where none had ever come in, and no folder waits for one, there is nothing but
    this system's own looks, be they none; a first log that came in later changes nothing of that."""
    if from_log(review.figures) > 0:
        return True
    awaits_log = settings.ACCESS_LOG_FOLDER is not None and review.signed_at is None
    if review.made_at is None or awaits_log:
        return False
    return not AccessLogFile.objects.filter(begun_at__lt=review.made_at).exists()


# -- signatures -------------------------------------------------------------------------------------------------


def sign(review: AccessReview, *, opinion: str, by: Officer) -> AccessReview:
    """The CCTV manager's signature. It freezes the review, unless the signer appears in it: then another one signs too."""
    with acts.begin(SIGNED, review, by=by) as act:
        act.refuse(_why_not_sign(act.row))
        act.write(opinion=opinion, signed_at=act.at, signed_by=by)
        second = appears(act.row, by)
        if not second:
            _freeze(act)
        act.payload |= {"awaits_second": second, "improper": _improper(act.row)}
        act.afterwards(judge_again)
    return act.row


def countersign(review: AccessReview, *, by: Officer) -> AccessReview:
    """The second person, where the signer appears in the review."""
    with acts.begin(COUNTERSIGNED, review, by=by) as act:
        act.refuse(_why_not_countersign(act.row, by))
        act.write(countersigned_at=act.at, countersigned_by=by)
        _freeze(act)
        act.afterwards(judge_again)
    return act.row


def _why_not_sign(review: AccessReview) -> Iterable[Refusal]:
    if not review.is_made:
        yield Refusal("unmade", "아직 만들지 않은 점검입니다.", CITATION)
    elif not has_seen(review):
        text = f"{review.month:%Y년 %-m월}의 접속기록이 없어 점검하지 못한 달입니다."
        yield Refusal(
            "no_log",
            text,
            CITATION,
            "접속기록을 가져와 점검을 다시 만드십시오. 없어졌으면 예외의 사유로 적습니다.",
        )
    yield from _if_signed(review)
    if count := review.findings.filter(judgement="").count():
        text = f"아직 판정하지 않은 것이 {count}건 있습니다."
        yield Refusal("unjudged", text, CITATION, "하나하나 판정한 뒤에 서명합니다.")


def _why_not_countersign(review: AccessReview, by: Officer) -> Iterable[Refusal]:
    if review.signed_at is None:
        yield Refusal("unsigned", "관리책임자가 먼저 서명합니다.", CITATION)
    elif review.frozen_at is not None:
        yield Refusal("frozen", "이미 확정한 점검입니다.", CITATION)
    elif reason := second_person.problem(review.signed_by_id, by, "서명한", does="함께 서명"):
        yield Refusal("second", reason, CITATION)
    elif appears(review, by):
        yield Refusal(
            "appears", "자기에 관한 점검 결과가 있는 점검에는 함께 서명할 수 없습니다.", CITATION, "다른 사람이 함께 서명합니다."
        )  # fmt: skip


def appears(review: AccessReview, officer: Officer) -> bool:
    return review.findings.filter(judging.about(officer)).exists()


def _improper(review: AccessReview) -> int:
    return review.findings.filter(judgement=Judgement.IMPROPER).count()


def _freeze(act: acts.Act[AccessReview]) -> None:
    frozen = _contents(act.row)
    digest = hashlib.sha256(
        json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    act.write(contents=frozen, digest=digest, frozen_at=act.at)
    act.payload["sha256"] = digest


def contents(review: AccessReview) -> dict[str, Any]:
    """What is printed: frozen once it is confirmed, until then as it stands. Accounts, no names; no words of persons."""
    frozen: dict[str, Any] = review.contents
    return frozen or _contents(review)


def _contents(review: AccessReview) -> dict[str, Any]:
    rows = list(review.findings.select_related("staff", "judged_by__department"))
    return {
        "month": f"{review.month:%Y-%m}",
        "figures": review.figures,
        "opinion": review.opinion,
        "findings": [_finding(row) for row in rows],
        "rates": [
            {"rule": rate.title, "judged": rate.judged, "proper": rate.proper} for rate in judging.rates()
        ],
        "lifts": [_lift(row) for row in lifts_of(review.month)],
        "signatures": [
            {"post": _post(by), "at": at.isoformat()}
            for by, at in (
                (review.signed_by, review.signed_at),
                (review.countersigned_by, review.countersigned_at),
            )
            if by is not None and at is not None
        ],
    }


def _finding(row: AccessFinding) -> dict[str, Any]:
    return {
        "number": row.number,
        "rule": catalogue.get(row.rule).title,
        "account": row.account,
        "kind": row.staff.get_kind_display() if row.staff else "",
        "rows": row.rows,
        "why": row.why,
        "explained_on": _day(row.explained_at),
        "judgement": row.get_judgement_display(),
        "judged_on": _day(row.judged_at),
        "judged_by": _post(row.judged_by) if row.judged_by else "",
    }


def lifts_of(month: datetime.date) -> list[GateLift]:
    """What was lifted in that month for one person and one matter: whoever signs the review has seen it."""
    start, end = (
        datetime.datetime.combine(day, datetime.time(), SEOUL) for day in (month, timing.following(month))
    )
    return list(gates.lifts_between(start, end).order_by("at", "pk"))


def _lift(row: GateLift) -> dict[str, Any]:
    return {
        "on": _day(row.at),
        "account": row.officer.username,
        "case": row.case_number,
        "gates": row.gate_labels,
        "by": _post(row.lifted_by),
    }


def _day(at: datetime.datetime | None) -> str:
    return timezone.localdate(at, SEOUL).isoformat() if at else ""


def _post(officer: Officer) -> str:
    department = officer.department.name if officer.department else ""
    return f"{department} {officer.position}".strip()
