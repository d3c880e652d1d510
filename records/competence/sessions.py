"""교육 실시: a session, its attendance by code or list, its end, and the certificates that come from it.

The code on the wall changes every minute (`wall_codes`), leads to a signed-in page and takes attendance only while the
session lasts: who photographs it has nothing to pass on. A list comes in once the session is over. Whoever attended, and
passed where there is a test, has a certificate when somebody else confirms the attendance, who neither announced the session
nor entered the list nor attended; it counts from the session's day.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import Officer
from cameras import contractor_supervision
from cameras.models import EntrustmentContract
from cameras.rules.contracts import in_force
from casework import acts, second_person
from casework.receipts import ALPHABET, new_number
from casework.refusals import Refusal, refuse_if, unwritten
from ledger.models import Entry
from ordinance.rules import Context
from records.competence import findings, standing, wall_codes
from records.competence_enums import TrainingWay
from records.models import StaffKind, StaffMember, Training, TrainingCourse, TrainingSession
from records.people.importing import Change, Line, bring
from records.tabular import CellRefused, Column, ImportResult, needed

ANNOUNCED = "records.training_announced"
SIGNED_IN = "records.training_signed_in"
LIST_TAKEN = "records.training_list_taken"
CLOSED = "records.training_closed"
CALLED_OFF = "records.training_called_off"
WITHDRAWN = "records.training_withdrawn"
KINDS = {
    ANNOUNCED: "교육 등록",
    SIGNED_IN: "교육 출석",
    LIST_TAKEN: "교육 참석 명단 가져오기",
    CLOSED: "교육을 마치고 이수 처리",
    CALLED_OFF: "교육 취소",
    WITHDRAWN: "교육 이수 취소",
}
ARTICLE = "조례 제25조제1항"
COLUMNS = (Column("사번"), Column("점수", is_required=False))
LONGEST = dt.timedelta(hours=24)
_CODE_LENGTH = 12
_PREFIX = "T"


def announce(
    course: TrainingCourse,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    trainer: str,
    by: Officer,
    files: Iterable[acts.File] = (),
) -> TrainingSession:
    """A session that is to come, or that was held and is entered now."""
    row = TrainingSession(course=course, code=get_random_string(_CODE_LENGTH, ALPHABET))
    with acts.begin(ANNOUNCED, row, by=by) as act:
        if ends_at - starts_at > LONGEST:
            act.refuse([Refusal("long", "한 번의 교육은 24시간을 넘지 않습니다.", field="ends_at")])
        if not course.is_in_use:
            act.refuse([Refusal("course", "더는 쓰지 않는 과정입니다.", field="course")])
        act.write(starts_at=starts_at, ends_at=ends_at, place=place, trainer=trainer)
        act.attach(files)
        act.payload |= {"session": row.pk, "course": course.pk, "starts_at": starts_at.isoformat()}
        return act.row


def by_code(code: str) -> TrainingSession | None:
    return TrainingSession.objects.select_related("course").filter(code=code).first()


def sign_in(session: TrainingSession, *, by: Officer, shown: str, at: dt.datetime | None = None) -> Training:
    """The person at the session, as the own account says; a second time changes nothing. `shown`: what hangs on the wall."""
    now = at or timezone.now()
    staff = standing.staff_of(by, session.on)
    known = staff and Training.objects.filter(session=session, staff=staff, withdrawn_at__isnull=True).first()
    if known:
        return known
    with acts.begin(SIGNED_IN, session, by=by, at=now) as act:
        act.refuse(_against_sign_in(act.row, staff, shown, now))
        assert staff is not None  # noqa: S101 - refused above
        row = act.add(_training(act.row, staff, TrainingWay.SIGN_IN, by, attended_at=now, recorded_at=now))
        act.payload |= {"session": act.row.pk, "staff": staff.number}
        return row


def _against_sign_in(
    session: TrainingSession, staff: StaffMember | None, shown: str, now: dt.datetime
) -> Iterator[Refusal]:
    if staff is None:
        yield Refusal(
            "staff",
            "이 계정의 사람이 인력 명부에 없습니다.",
            ARTICLE,
            "‘사람·권한 → 인력’에 먼저 등록하여야 합니다. 담당자에게 알리고 참석 명단에 이름을 남기십시오.",
        )
    elif staff.kind not in session.course.kinds:
        yield Refusal("kind", f"{staff.get_kind_display()} 대상의 과정이 아닙니다.", ARTICLE)
    if session.called_off_why:
        yield Refusal("called_off", "취소된 교육입니다.", ARTICLE)
    elif now < session.starts_at:
        starts = timezone.localtime(session.starts_at)
        yield Refusal(
            "early",
            f"아직 시작하지 않은 교육입니다. {starts:%Y-%m-%d %H:%M}부터 출석할 수 있습니다.",
            ARTICLE,
        )
    elif now > session.ends_at or session.closed_at:
        yield Refusal(
            "over",
            "끝난 교육입니다. 출석은 교육하는 동안에만 받습니다.",
            ARTICLE,
            "참석하였으면 담당자가 참석 명단으로 올릴 수 있습니다.",
        )
    elif not wall_codes.is_current(session, shown, now):
        yield Refusal(
            "stale",
            "지난 출석 코드입니다. 코드는 1분마다 바뀝니다.",
            ARTICLE,
            "교육장의 화면에 지금 나오는 QR을 다시 찍으십시오.",
        )


def _training(
    session: TrainingSession, staff: StaffMember, way: str, by: Officer | None, **more: Any
) -> Training:
    return Training(
        staff=staff,
        course=session.course,
        session=session,
        on=session.on,
        minutes=session.course.minutes,
        way=way,
        recorded_by=by,
        **more,
    )


def take_list(
    session: TrainingSession, path: str | Path, *, by: Officer, dry_run: bool = False
) -> ImportResult:
    """Who attended, with the score where there was a test; all or nothing, every bad line told."""
    with transaction.atomic():
        held = (
            TrainingSession.objects.select_for_update(of=("self",))
            .select_related("course")
            .get(pk=session.pk)
        )
        if not dry_run:
            refuse_if(_against_list(held))
        result = bring(
            path,
            COLUMNS,
            partial(_judge_list, held, by),
            kind=LIST_TAKEN,
            subject=held.ledger_subject,
            actor=f"officer:{by.pk}",
            dry_run=dry_run,
        )
    return result


def _against_list(session: TrainingSession, now: dt.datetime | None = None) -> Iterator[Refusal]:
    if session.called_off_why:
        yield Refusal("called_off", "취소된 교육입니다.", ARTICLE)
    elif session.ends_at > (now or timezone.now()):
        yield Refusal("future", "끝나지 않은 교육의 참석 명단은 올릴 수 없습니다.", ARTICLE)


def refuse_list(session: TrainingSession) -> list[Refusal]:
    return list(_against_list(session))


def against_own(staff: StaffMember, by: Officer) -> Iterator[Refusal]:
    """What opens footage to a person is entered by another one; the own attendance by the code on the wall."""
    if staff.officer_id and (why := second_person.problem(staff.officer_id, by, "교육을 받은", does="등록")):
        yield Refusal("own", why, ARTICLE)


def _judge_list(
    session: TrainingSession, by: Officer, lines: Sequence[Line]
) -> Iterable[tuple[Line, Change]]:
    read = [
        (line, line.take("사번", partial(needed, longest=40)), line.take("점수", _score)) for line in lines
    ]
    staff = {row.number: row for row in StaffMember.objects.defer("name", "address")}
    there = {row.staff_id: row for row in session.trainings.select_for_update()}
    seen: dict[str, int] = {}
    now = timezone.now()
    for line, number, score in read:
        person = staff.get(number or "")
        if number and seen.setdefault(number, line.row) != line.row:
            line.refuse("사번", f"{seen[number]}행에 이미 있는 사람입니다.")
        elif number and person is None:
            line.refuse("사번", "인력 명부에 없는 사번입니다.")
        elif person is not None:
            _judge_person(line, session, person, there.get(person.pk), score)
            if line.has("점수") or person.pk not in there:
                for refusal in against_own(person, by):
                    line.refuse("사번", refusal.text)
        if line.errors or person is None:
            continue
        row = there.get(person.pk) or _training(session, person, TrainingWay.LIST, by, recorded_at=now)
        yield line, (row, {"score": score} if line.has("점수") else {})


def _judge_person(
    line: Line, session: TrainingSession, person: StaffMember, known: Training | None, score: int | None
) -> None:
    if person.kind not in session.course.kinds:
        line.refuse("사번", f"{person.get_kind_display()} 대상의 과정이 아닙니다.")
    if known is not None and known.withdrawn_at is not None:
        line.refuse("사번", "이 교육의 이수를 취소한 사람입니다.")
    elif known is not None and known.certificate_number and line.has("점수") and known.score != score:
        line.refuse(
            "점수", f"이미 이수한 사람입니다 (점수 {known.score if known.score is not None else '없음'})."
        )


def _score(cell: str) -> int | None:
    if not cell:
        return None
    try:
        score = int(cell)
    except ValueError:
        raise CellRefused("점수는 0부터 100까지의 정수입니다.") from None
    if not 0 <= score <= 100:
        raise CellRefused("점수는 0부터 100까지의 정수입니다.")
    return score


def close(session: TrainingSession, *, by: Officer) -> TrainingSession:
    """The session is over and its attendance confirmed by another one: who passed has a certificate of its day.

    Whom a list adds later is confirmed in the same way, by closing it once more.
    """
    with acts.begin(CLOSED, session, by=by) as act:
        if not is_waiting(act.row):
            act.refuse(_against_end(act.row))
        act.refuse(_against_closing(act.row, by))
        if not act.row.trainings.filter(withdrawn_at__isnull=True).exists():
            act.refuse(
                [
                    Refusal(
                        "empty",
                        "출석한 사람이 없습니다.",
                        ARTICLE,
                        "참석 명단을 올리거나, 열지 않았으면 교육을 취소하십시오.",
                    )
                ]
            )
        if act.row.ends_at > act.at:
            act.refuse([Refusal("future", "아직 끝나지 않은 교육입니다.", ARTICLE)])
        if act.row.closed_at is None:
            act.write(closed_at=act.at)
        passed = _certify(act.row)
        _tell_contracts(act.row, by)
        act.payload |= {"session": act.row.pk, "passed": len(passed), "attended": act.row.trainings.count()}
        return act.row


def _passed(session: TrainingSession) -> QuerySet[Training]:
    """Who attended, and passed where there is a test, and has no certificate yet."""
    least = session.course.pass_score
    rows = session.trainings.filter(certificate_number__isnull=True, withdrawn_at__isnull=True)
    return rows if least is None else rows.filter(score__gte=least)


def is_waiting(session: TrainingSession) -> bool:
    """A closed session to which a list added somebody who waits for the confirmation."""
    return session.closed_at is not None and not session.called_off_why and _passed(session).exists()


def _against_closing(session: TrainingSession, by: Officer) -> Iterator[Refusal]:
    """One person alone does not announce, sign in and certify."""
    attended = session.trainings.filter(certificate_number__isnull=True, withdrawn_at__isnull=True)
    attendees = {pk for pk in attended.values_list("staff__officer_id", flat=True) if pk}
    for did, persons in (
        ("교육을 등록한", _who_did(ANNOUNCED, session)),
        # By the ledger: a list also gives scores to those who signed in themselves.
        ("참석 명단을 올린", _who_did(LIST_TAKEN, session)),
        ("교육에 출석한", attendees & {by.pk}),
    ):
        for pk in sorted(persons):
            if why := second_person.problem(pk, by, did):
                yield Refusal(
                    "own",
                    why,
                    ARTICLE,
                    "교육을 등록하지도 출석하지도 않은 다른 담당자가 출석을 확인하고 마칩니다.",
                )
                break


def _who_did(kind: str, session: TrainingSession) -> set[int]:
    actors = Entry.objects.of_kind(kind).about(session.ledger_subject).values_list("actor", flat=True)
    return {int(actor.removeprefix("officer:")) for actor in actors}


def _against_end(session: TrainingSession) -> Iterator[Refusal]:
    if session.closed_at is not None:
        yield Refusal(
            "closed", "이미 마친 교육입니다." if not session.called_off_why else "취소된 교육입니다.", ARTICLE
        )


def call_off(session: TrainingSession, *, reason: str, by: Officer) -> TrainingSession:
    with acts.begin(CALLED_OFF, session, by=by) as act:
        act.refuse(_against_end(act.row))
        act.refuse(unwritten(reason, "reason", "취소하는 사유를 적으십시오."))
        if act.row.trainings.exists():
            act.refuse([Refusal("attended", "이미 출석한 사람이 있어 취소할 수 없습니다.", ARTICLE)])
        act.write(closed_at=act.at, called_off_why=reason)
        act.payload |= {"session": act.row.pk}
        return act.row


def _certify(session: TrainingSession) -> list[Training]:
    """Certificates for those who passed and have none."""
    now = timezone.now()
    passed = list(_passed(session).select_related("staff"))
    for row in passed:
        row.certificate_number, row.completed_at = new_number(_PREFIX, row.on), now
        row.save(update_fields=["certificate_number", "completed_at"])
    findings.follow([row.staff.number for row in passed])
    return passed


def _tell_contracts(session: TrainingSession, by: Officer) -> None:
    """Workers of a contractor were taught: that is the training of the contract, too (ordinance art. 11(3))."""
    taught = session.trainings.filter(
        staff__kind=StaffKind.CONTRACTOR, certificate_number__isnull=False, withdrawn_at__isnull=True
    )
    counts = Counter(taught.values_list("staff__employer", flat=True))
    then = Context(session.on, Context.today().profile)
    for contract in EntrustmentContract.objects.filter(
        in_force(then), contractor__name__in=counts
    ).select_related("contractor"):
        contractor_supervision.record_training(
            contract,
            on=session.on,
            subject=session.course.title,
            attendees=counts[contract.contractor.name],
            trainer=session.trainer,
            by=by,
            today=timezone.localdate(),
        )


def withdraw(training: Training, *, reason: str, by: Officer) -> Training:
    """What was entered by mistake counts no more; it stays on record, and its number says so to whoever asks."""
    with acts.begin(WITHDRAWN, training, by=by) as act:
        if act.row.withdrawn_at is not None:
            act.refuse([Refusal("withdrawn", "이미 취소한 이수입니다.", ARTICLE)])
        act.refuse(unwritten(reason, "reason", "취소하는 사유를 적으십시오."))
        act.write(withdrawn_at=act.at, withdrawn_why=reason)
        act.payload |= {"training": act.row.pk, "staff": act.row.staff.number}
        act.afterwards(lambda: findings.follow([act.row.staff.number]))
        return act.row
