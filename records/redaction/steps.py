"""What officers do with a redaction: propose, have it made, check it or send it back.

Who checks is another person than who made it and than whoever decided what stays visible; the row is held while that is
asked. Pictures are seen through the one door only (`records.access`), and who checks has looked.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import queueing
from accounts.models import Officer
from casework import acts, moves, second_person
from casework.refusals import Refusal, Refused, unwritten
from footage.redaction import choices
from footage.redaction.vaulted import LONGEST
from ordinance import assessment
from ordinance.rules import Subject
from records import tasks
from records.access import cases
from records.access.cases import Case, Range
from records.access.gates import PERMISSION
from records.look_enums import LookCase, LookStep
from records.models import FootageLook, Redaction, RedactionMove, RedactionRun, RedactionTick
from records.redaction import recipes, working
from records.redaction.rules import CODE
from records.redaction.states import ARTICLE
from records.redaction.working import subject_of
from records.redaction_enums import RedactionEvent, RedactionState, RedactionWork

PROPOSED, MAKING, DROPPED = (
    "records.redaction_proposed",
    "records.redaction_making",
    "records.redaction_dropped",
)
CHECKED, SENT_BACK = "records.redaction_checked", "records.redaction_sent_back"
KINDS = (LookCase.VIEWING, LookCase.PROVISION)
LONGEST_REMARK = 500


def propose(case: Case, one: Range, *, from_at: dt.datetime, until_at: dt.datetime, by: Officer) -> Redaction:
    """A range of the matter is to be covered; a worker begins to look for persons and vehicles."""
    row = Redaction(
        case_kind=case.kind,
        case_key=case.row.pk,
        case_number=case.number,
        camera=one.camera,
        hold=one.hold,
        created_by=by,
    )
    with acts.begin(PROPOSED, row, subject=case.ledger_subject, by=by) as act:
        _follow(act)
        act.refuse([*_refuse_case(case, by, row), *_refuse_range(row, from_at, until_at, one)])
        act.write(from_at=from_at, until_at=until_at, created_at=act.at, state=RedactionState.PROPOSED)
        act.row.state = ""
        act.move(RedactionMove, RedactionEvent.PROPOSE)
        start(act.row, RedactionWork.FIND, by=by)
        act.payload |= act.row.as_told()
        return act.row


def _follow(act: acts.Act[Redaction]) -> None:
    """The findings of a request, judged as it stands when everything of the act is written."""
    if act.row.case_kind == LookCase.VIEWING:
        number = act.row.case_number
        act.afterwards(lambda: assessment.follow([number], kind=Subject.REQUEST, codes=[CODE]))


def case_of(redaction: Redaction) -> Case:
    case = cases.find(redaction.case_kind, redaction.case_key)
    if case is None:
        raise Refused([Refusal("case", "사건을 찾을 수 없습니다.", ARTICLE)])
    return case


def _refuse_case(case: Case, by: Officer, row: Redaction) -> Iterator[Refusal]:
    if not all(by.has_perm(name) for name in (PERMISSION, case.permission)):
        yield Refusal("permission", "이 사건의 영상을 가릴 권한이 없습니다.", ARTICLE)
    if case.kind not in KINDS:
        yield Refusal("kind", "청구나 이용·제공의 영상만 가립니다.", ARTICLE)
    yield from case.refuse(LookStep.PREPARE)
    yield from case.refuse_range(LookStep.PREPARE, row.hold)
    if row.hold.pk not in {one.hold.pk for one in case.ranges()}:
        yield Refusal("released", "이 사건이 더는 그 카메라의 영상을 보관하지 않습니다.", ARTICLE)


def _refuse_range(
    row: Redaction, from_at: dt.datetime, until_at: dt.datetime, one: Range
) -> Iterator[Refusal]:
    if until_at <= from_at:
        yield Refusal("order", "끝 시각은 시작 시각보다 뒤여야 합니다.", field="until_at")
        return
    if not (one.from_at <= from_at and until_at <= one.until_at):
        text = "이 사건이 보관하는 구간을 벗어납니다."
        yield Refusal("range", text, ARTICLE, "보관하는 구간 안에서 고르십시오.", field="from_at")
    if until_at - from_at > LONGEST:
        text = f"한 번에 {LONGEST.total_seconds() / 60:.0f}분까지 가릴 수 있습니다."
        yield Refusal("long", text, remedy="나누어 시작하십시오.", field="until_at")
    beside = Redaction.objects.of(row.case_kind, row.case_key).unfinished()
    if beside.filter(camera=row.camera, from_at__lt=until_at, until_at__gt=from_at).exists():
        text = "이 카메라의 같은 시간을 가리는 일이 끝나지 않았습니다."
        yield Refusal("twice", text, remedy="그 가림 처리를 마치거나 그만두십시오.", field="from_at")
    row.from_at, row.until_at = from_at, until_at
    if not working.source_of(row).files:
        text = "보관함에 이 구간의 영상이 없습니다."
        yield Refusal(
            "unkept", text, ARTICLE, "녹화가 있는 시간인지, 복사가 끝났는지 확인하십시오.", field="from_at"
        )


# ---------------------------------------------------------------- a worker's part


def start(redaction: Redaction, work: RedactionWork, *, by: Officer) -> RedactionRun:
    """`Refused` where a worker has something to do for it already."""
    files = working.source_of(redaction).files
    queue = files[0].storage.queue if files else ""
    try:
        with transaction.atomic():
            run = redaction.runs.create(work=work, queue=queue, requested_by=by)
    except IntegrityError as error:
        text = "이 영상을 처리하는 일이 아직 끝나지 않았습니다."
        raise Refused([Refusal("running", text, remedy="기다리거나 취소하십시오.")]) from error
    queueing.start(tasks.redact, run.pk, queue=queue)
    return run


def look_again(redaction: Redaction, work: RedactionWork, *, by: Officer) -> RedactionRun:
    """To find anew, or to follow what was drawn: only before a copy is made."""
    with transaction.atomic():
        row = Redaction.objects.select_for_update(of=("self",)).get(pk=redaction.pk)
        found = [*_refuse_case(case_of(row), by, row)]
        if row.state != RedactionState.PROPOSED:
            found.append(Refusal("state", f"‘{row.get_state_display()}’ 상태에서는 할 수 없습니다.", ARTICLE))
        if work == RedactionWork.FIND and row.recipe:
            text = "고른 것이 있어 다시 찾을 수 없습니다. 자취의 번호가 달라집니다."
            found.append(
                Refusal("chosen", text, remedy="‘되돌리기’로 고른 것을 모두 되돌리거나, 새로 시작하십시오.")
            )
        if found:
            raise Refused(found)
        return start(row, work, by=by)


def cancel(redaction: Redaction) -> None:
    """What a worker does for it ends; nothing of it counts."""
    for run in redaction.runs.unfinished():
        run.cancel()
        working.end_broken(run)


# ---------------------------------------------------------------- making and checking


def make(redaction: Redaction, *, turn: int, by: Officer) -> Redaction:
    """The covered copy as it is decided now; `turn`: as the officer read it."""
    with acts.begin(MAKING, redaction, subject=subject_of(redaction), by=by) as act:
        act.refuse(_refuse_case(case_of(act.row), by, act.row))
        if act.row.turn != turn:
            text = "화면을 연 뒤에 가릴 곳이 바뀌었습니다."
            act.refuse([Refusal("overtaken", text, remedy="지금의 선택을 확인하고 다시 누르십시오.")])
        if working.unfollowed(act.row):
            text = "따라가도록 그린 곳을 아직 따라가지 않았습니다."
            act.refuse([Refusal("unfollowed", text, remedy="‘그린 곳 따라가기’를 먼저 하십시오.")])
        act.move(RedactionMove, RedactionEvent.MAKE)
        act.write(maker=by, checker=None)
        start(act.row, RedactionWork.COVER, by=by)
        act.payload |= act.row.as_told() | {"recipe": act.row.recipe, "source_sha256": act.row.source_sha256}
        return act.row


def tick(redaction: Redaction, doubt: int, *, by: Officer) -> int:
    """The officer looked at a doubtful moment of the result; how many are left to this officer."""
    with transaction.atomic():
        row = Redaction.objects.select_for_update(of=("self",)).get(pk=redaction.pk)
        if row.state != RedactionState.CHECKING or not 0 <= doubt < row.doubts:
            raise Refused([Refusal("state", "확인할 곳이 바뀌었습니다.", ARTICLE, "화면을 새로 고치십시오.")])
        refuse = list(_refuse_same_person(row, by))
        if refuse:
            raise Refused(refuse)
        RedactionTick.objects.get_or_create(
            result=row.result, doubt=doubt, by=by, defaults={"redaction": row, "at": timezone.now()}
        )
        return row.doubts - ticked(row, by).count()


def ticked(redaction: Redaction, by: Officer) -> "QuerySet[RedactionTick]":
    """What this officer looked at of the result as it is."""
    return redaction.ticks.filter(result=redaction.result_id, by=by)


def check(redaction: Redaction, *, by: Officer) -> Redaction:
    """A second officer looked it through: nobody else can be recognised. From now on it may leave."""
    with acts.begin(CHECKED, redaction, subject=subject_of(redaction), by=by) as act:
        _follow(act)
        act.refuse(moves.refuse(RedactionMove, act.row, RedactionEvent.CHECK))
        act.refuse(_refuse_checking(act.row, by))
        act.write(checker=by, checked_at=act.at)
        act.move(RedactionMove, RedactionEvent.CHECK)
        act.payload |= act.row.as_told() | {
            "result_sha256": act.row.result_sha256,
            "doubts": act.row.doubts,
            "maker": act.row.maker_id,
        }
        return act.row


def send_back(redaction: Redaction, *, remark: str, by: Officer) -> Redaction:
    """Somebody can still be recognised, or too much is covered: `remark` says where."""
    with acts.begin(SENT_BACK, redaction, subject=subject_of(redaction), by=by) as act:
        found = list(unwritten(remark, "remark", "어디를 어떻게 고쳐야 하는지 적으십시오.", ARTICLE))
        act.refuse([*_refuse_case(case_of(act.row), by, act.row), *found])
        act.move(RedactionMove, RedactionEvent.SEND_BACK, reason=remark[:LONGEST_REMARK])
        act.payload |= act.row.as_told() | {"result_sha256": act.row.result_sha256}
        return act.row


def drop(redaction: Redaction, *, reason: str, by: Officer) -> Redaction:
    """It is not needed any more."""
    with acts.begin(DROPPED, redaction, subject=subject_of(redaction), by=by) as act:
        _follow(act)
        act.refuse(unwritten(reason, "reason", "그만두는 까닭을 적으십시오.", ARTICLE))
        act.move(RedactionMove, RedactionEvent.DROP, reason=reason[:LONGEST_REMARK])
        act.payload |= act.row.as_told()
    cancel(redaction)
    return act.row


def _refuse_checking(row: Redaction, by: Officer) -> Iterator[Refusal]:
    yield from _refuse_case(case_of(row), by, row)
    yield from _refuse_same_person(row, by)
    left = row.doubts - ticked(row, by).count()
    if left:
        text = f"확인할 곳 {row.doubts:,}군데 가운데 {left:,}군데를 아직 보지 않았습니다."
        yield Refusal("doubts", text, ARTICLE, "하나씩 보고 ‘봄’을 누르십시오.")
    if not has_looked(row, by):
        yield Refusal(
            "unseen", "가린 사본을 만든 뒤에 영상을 본 기록이 없습니다.", ARTICLE, "처음부터 끝까지 보십시오."
        )


def _refuse_same_person(row: Redaction, by: Officer) -> Iterator[Refusal]:
    for first in sorted({row.maker_id, *recipes.authors(row)} - {None}, key=str):
        if why := second_person.problem(first, by, "가릴 곳을 정하거나 사본을 만든"):
            yield Refusal("second", why, ARTICLE)
            return


def has_looked(row: Redaction, by: Officer) -> bool:
    """Through the door, at this range, since the copy was made."""
    seen = FootageLook.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=row.made_at),
        officer=by,
        case_kind=row.case_kind,
        case_key=row.case_key,
        camera=row.camera_id,
        from_at__lt=row.until_at,
        until_at__gt=row.from_at,
    )
    return seen.exclude(read=[]).exists()


def doubts(redaction: Redaction) -> list[dict[str, object]]:
    """The moments to look at, of what is decided now."""
    return choices.doubts(recipes.found(redaction), recipes.current(redaction))
