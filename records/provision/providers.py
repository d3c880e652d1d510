"""What the officials' home page says about use and provision (`ordinance.due`)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from casework import next_steps
from casework.next_steps import NextStep
from footage.models import Hold
from ordinance.due import DueItem, Severity
from ordinance.models import DueDate
from records.models import (
    PROVISION_PERSONAL,
    HandOver,
    Provision,
    ProvisionChaser,
    SubjectNotice,
)
from records.provision import afterwards, approval, chasing, clocks, next_step, securing
from records.provision.next_step import APPROVE, HANDLE, PUBLISH, RELEASE
from records.provision.states import AFTERWARDS, ENDING, RELEASING, RESTRICTING, SUBJECT_KIND
from records.provision_enums import OVER, WAITING, ChaserAbout, ProvisionState, ReleaseForm

KIND = "이용·제공"
PAGE = "provision:page"
ARTICLES = {
    clocks.MAYOR: AFTERWARDS,
    clocks.PHONE: AFTERWARDS,
    clocks.RECALL: AFTERWARDS,
    clocks.RESTRICTION: RESTRICTING,
    clocks.PUBLICATION: "법 제18조제4항",
    clocks.SUBJECT: "조례 제24조제2항",
}
WANTED = {
    clocks.MAYOR: "구청장의 사후승인을 받으십시오",
    clocks.PHONE: "전화로 승인한 것을 확인하십시오",
    clocks.RECALL: "나간 사본을 회수하십시오",
    clocks.RESTRICTION: "제한 요청의 회신을 받으십시오",
    clocks.PUBLICATION: "누리집에 게시하십시오",
    clocks.SUBJECT: "정보주체에게 알리거나 알리지 않는 까닭을 적으십시오",
}
VERBS = {
    clocks.MAYOR: "사후승인하기",
    clocks.PHONE: "확인하기",
    clocks.RECALL: "회수 확인하기",
    clocks.RESTRICTION: "회신 기록하기",
    clocks.PUBLICATION: "게시하기",
    clocks.SUBJECT: "통지 기록하기",
}
NEEDED = {clocks.MAYOR: APPROVE, clocks.PHONE: APPROVE, clocks.PUBLICATION: PUBLISH}
# What is done about the others, and whose right it is.
DEEDS = (
    ("records.provision_unseen", "영상 확보하기", HANDLE),
    ("records.provision_copy", "반환·파기 확인하기", HANDLE),
    ("records.provision_look_again", "다시 보기", HANDLE),
    ("records.provision_holds", "유예 해제하기", RELEASE),
)


def waiting(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Requests that nobody has answered yet, each with its next step and whose it is (`casework.next_steps`)."""
    rows = list(_rows().filter(state__in=WAITING).order_by("received_at", "pk"))
    dues = clocks.by_number(row.number for row in rows)
    steps = next_steps.of_many(rows, now)
    for row in rows:
        step = steps.get(row.pk)
        answers = [due for due in dues.get(row.number, []) if due.purpose == clocks.ANSWER]
        due_on = answers[0].due_on if answers else None
        is_late = due_on is not None and due_on < timezone.localdate(now)
        yield DueItem(
            code="records.provision_waiting",
            title=f"{_title(row)}: {row.get_state_display()}",
            detail=" · ".join(["긴급"] * row.is_urgent + [row.recipient]),
            severity=Severity.OVERDUE if is_late else Severity.DUE,
            url_name=PAGE,
            url_args=(row.pk,),
            article=RELEASING,
            due_on=due_on,
            since=row.received_at,
            kind=KIND,
            **_by(step),
        )


def _by(step: NextStep | None) -> dict[str, Any]:
    """Who acts, what the button says, and who waits meanwhile."""
    if step is None:
        return {"needs": (HANDLE,), "verb": "보기"}
    return {
        "verb": step.verb,
        "needs": (step.needs,),
        "only": step.only,
        "not_by": step.not_by,
        "waits": step.waits,
        "asker_id": step.asker_id,
    }


def owed(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """What has a due date of its own beside the way out: the mayor, a call, a recall, an answer, publication, notice."""
    today = timezone.localdate(now)
    dues = list(
        DueDate.objects.open()
        .filter(clocks.named(*WANTED), subject_kind=SUBJECT_KIND)
        .order_by("due_at", "pk")
    )
    rows = {row.number: row for row in _rows().filter(number__in={due.subject_number for due in dues})}
    for due in dues:
        row = rows.get(due.subject_number)
        if row is None:
            continue
        late, duty = (today - due.due_on).days, clocks.duty(due)
        yield DueItem(
            code=f"records.provision_{duty}",
            title=f"{_title(row)}: {WANTED[duty]}",
            detail=f"{row.recipient}{f' · {late}일 지남' if late > 0 else ''}",
            severity=Severity.OVERDUE if late > 0 else Severity.DUE,
            url_name=PAGE,
            url_args=(row.pk,),
            article=ARTICLES[duty],
            due_on=due.due_on,
            since=due.opened_at,
            kind=KIND,
            **_by_whom(row, duty),
        )


def _by_whom(row: Provision, purpose: str) -> dict[str, Any]:
    if purpose == clocks.MAYOR and (after := afterwards.pending(row)) is not None:
        return _by(next_step.of_signature(row, after, "provision:mayor_approve"))
    if purpose == clocks.PHONE and (call := approval.unconfirmed_call(row)) is not None:
        return _by(next_step.of_call(row, call))
    return {
        "needs": (NEEDED.get(purpose, HANDLE),),
        "waits": (HANDLE,),
        "verb": VERBS.get(purpose, "기록하기"),
    }


def copies_outside(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Seven days before, on the day, and every week afterwards: a matter anew on each of these days."""
    today = timezone.localdate(now)
    chased = _chased(ChaserAbout.COPY)
    rows = HandOver.objects.outside().filter(provision__state=ProvisionState.HANDED_OVER)
    for row in rows.select_related("provision__unit__agency", "provision__department").defer(
        "receiver_name", "receiver_rank", *(f"provision__{name}" for name in PROVISION_PERSONAL)
    ):
        # A live picture has no day of its own: it goes on no longer than its use.
        due_on = row.end_due_on or row.provision.use_until_on
        since = chasing.milestone(due_on, today)
        if since is None or not chasing.is_due(due_on, chased.get(row.provision_id), today):
            continue
        late = (today - due_on).days
        is_live = row.provision.form == ReleaseForm.LIVE
        wanted = "실시간 연결을 끊은 것을" if is_live else "나간 사본의 반환·파기를"
        yield DueItem(
            code="records.provision_copy",
            title=f"{_title(row.provision)}: {wanted} 확인하십시오",
            detail=f"{row.provision.recipient} · {row.file_name}{f' · {late}일 지남' if late > 0 else ''}",
            severity=Severity.OVERDUE if late > 0 else Severity.DUE,
            url_name=PAGE,
            url_args=(row.provision_id,),
            article=ENDING,
            due_on=due_on,
            key=f"records.provision_copy:{row.pk}:{since.isoformat()}",
            kind=KIND,
        )


def _chased(about: str) -> dict[int, Any]:
    """When each was last reminded; later rows overwrite earlier ones."""
    rows = ProvisionChaser.objects.filter(about=about).order_by("on", "pk")
    return dict(rows.values_list("provision_id", "on"))


def look_again(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Nobody was told, for a reason; the day has come to see whether it still stands."""
    today = timezone.localdate(now)
    later = SubjectNotice.objects.filter(provision=OuterRef("provision"), pk__gt=OuterRef("pk"))
    rows = SubjectNotice.objects.filter(~Exists(later), look_again_on__lte=today)
    for said in rows.select_related("provision__unit__agency", "provision__department").defer(
        *(f"provision__{name}" for name in PROVISION_PERSONAL)
    ):
        is_late = said.look_again_on is not None and said.look_again_on < today
        yield DueItem(
            code="records.provision_look_again",
            title=f"{_title(said.provision)}: 정보주체에게 알릴 수 있는지 다시 보십시오",
            detail=said.get_outcome_display(),
            severity=Severity.OVERDUE if is_late else Severity.DUE,
            url_name=PAGE,
            url_args=(said.provision_id,),
            article="조례 제24조제2항",
            due_on=said.look_again_on,
            kind=KIND,
        )


def may_end(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Over, and its footage still held: another person lets it go."""
    held = Hold.objects.filter(provided_camera__provision=OuterRef("pk"), released_at__isnull=True)
    for row in _rows().filter(Exists(held), state__in=OVER).order_by("pk"):
        yield DueItem(
            code="records.provision_holds",
            title=f"{_title(row)}: 영상의 유예를 해제할 수 있습니다",
            detail=f"‘{row.get_state_display()}’ 상태입니다. 끝낸 사람이 아닌 다른 사람이 해제합니다.",
            severity=Severity.DUE,
            url_name=PAGE,
            url_args=(row.pk,),
            article="조례 제24조제1항",
            kind=KIND,
            **_by(next_step.of_provision(row, now)),
        )


def unseen(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Cameras that no storage here has seen: their footage is to be secured at the recorder on that very day."""
    for line in securing.to_secure():
        on = timezone.localdate(line.provision.received_at)
        yield DueItem(
            code="records.provision_unseen",
            title=f"{line.camera.number}의 영상을 녹화기에서 확보하십시오",
            detail=f"{_title(line.provision)}: 이 시스템의 저장소에서 확인하지 못한 구간입니다.",
            severity=Severity.OVERDUE if on < timezone.localdate(now) else Severity.DUE,
            url_name="provision:secure",
            url_args=(line.pk,),
            article=securing.ARTICLE,
            due_on=on,
            since=line.provision.received_at,
            kind=KIND,
        )


def _rows() -> "QuerySet[Provision]":
    return Provision.objects.select_related("unit__agency", "department").defer(*PROVISION_PERSONAL)


def _title(row: Provision) -> str:
    return f"영상정보 {row.number}"


ALL: dict[str, Callable[..., Iterator[DueItem]]] = {
    "records.provision_waiting": waiting,
    "records.provision_owed": owed,
    "records.provision_unseen": unseen,
    "records.provision_copies": copies_outside,
    "records.provision_look_again": look_again,
    "records.provision_holds": may_end,
}
