"""What a provision owes, and by when: each duty has a due date of its own, and closes for itself."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.acts import Act
from ordinance import deadlines, duedates, parameters
from ordinance.models import DueDate
from records.models import Provision
from records.provision.states import SUBJECT_KIND

ANSWER, MAYOR, PHONE, RESTRICTION = "answer", "mayor", "phone", "restriction"
PUBLICATION, SUBJECT, RECALL = "publication", "subject_notice", "recall"
LABELS = {
    ANSWER: "처리",
    MAYOR: "구청장 사후승인",
    PHONE: "전화 승인의 확인",
    RESTRICTION: "제한 요청의 회신",
    PUBLICATION: "누리집 게시",
    SUBJECT: "정보주체 통지",
    RECALL: "회수",
}
# The figure of the profile from which each counts.
DAYS = {
    ANSWER: "provision_answer_days",
    MAYOR: "release_mayor_approval_days",
    PHONE: "provision_phone_confirmation_days",
    RESTRICTION: "provision_restriction_answer_days",
    PUBLICATION: "publication_within_days",
    SUBJECT: "provision_subject_notice_days",
    RECALL: "provision_recall_days",
}


def start(act: Act[Provision], purpose: str, since: dt.datetime | dt.date) -> DueDate | None:
    """Once for each duty; of a duty that runs already nothing changes."""
    if of(act.row, purpose).exists():
        return None
    return _open(act, purpose, purpose, since)


def start_again(act: Act[Provision], purpose: str, since: dt.datetime | dt.date) -> DueDate | None:
    """… of a duty that each hand-over brings anew: a row of its own once the one before is done."""
    before = of(act.row, purpose)
    if before.filter(closed_at__isnull=True).exists():
        return None
    name = f"{purpose}-{count + 1}" if (count := before.count()) else purpose
    return _open(act, purpose, name, since)


def _open(act: Act[Provision], purpose: str, name: str, since: dt.datetime | dt.date) -> DueDate:
    on = timezone.localdate(since) if isinstance(since, dt.datetime) else since
    days = int(parameters.value(DAYS[purpose], on).value)
    return act.open_due(SUBJECT_KIND, act.row.number, deadlines.civil(on, days), purpose=name)


def named(*purposes: str) -> Q:
    """Due dates of these duties, also those that came again (`publication-2`)."""
    found = Q(purpose__in=purposes)
    for purpose in purposes:
        found |= Q(purpose__startswith=f"{purpose}-")
    return found


def duty(due: DueDate) -> str:
    return due.purpose.partition("-")[0]


def stop(act: Act[Provision], *purposes: str, at: dt.datetime | None = None) -> None:
    """Done (`at`, where that was before it was written down), or owed no more; none named: all of them."""
    found = open_of(act.row.number)
    for due in found.filter(named(*purposes)) if purposes else found:
        duedates.close(due, now=at or act.at)


def of(provision: Provision, purpose: str) -> "QuerySet[DueDate]":
    rows = DueDate.objects.filter(subject_kind=SUBJECT_KIND, subject_number=provision.number)
    return rows.filter(named(purpose))


def open_of(number: str) -> "QuerySet[DueDate]":
    return DueDate.objects.open().filter(subject_kind=SUBJECT_KIND, subject_number=number)


def is_overdue(provision: Provision, purpose: str, on: dt.date) -> bool:
    return of(provision, purpose).filter(closed_at__isnull=True, due_on__lt=on).exists()


def by_number(numbers: Iterable[str]) -> dict[str, list[DueDate]]:
    """Open due dates of a page of provisions, the next first; one query."""
    found: dict[str, list[DueDate]] = {}
    rows = DueDate.objects.open().filter(subject_kind=SUBJECT_KIND, subject_number__in=list(numbers))
    for due in rows.order_by("due_at", "pk"):
        found.setdefault(due.subject_number, []).append(due)
    return found


def label(due: DueDate) -> str:
    return LABELS.get(duty(due), due.purpose)
