"""정정·삭제: granted is not done. It is carried out, and the result told (PIPA art. 36(2), (4)).

The request's own hold does not stand in the way of what was granted: it goes with the act, where nothing else that the
person asked for needs the footage. Cases of others keep what they hold.
"""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from records.enums import DecisionOutcome, NoticeKind, RequestEvent, RequestKind
from records.models import ViewingDecision, ViewingMove, ViewingNotice, ViewingRequest
from records.viewing import guide, keeping, notices, release, standing
from records.viewing.keeping import Why
from records.viewing.notices import Letter
from records.viewing.states import GRANTED

ARTICLE = "법 제36조제2항·제4항, 조례 제22조"
GRANTING = (DecisionOutcome.GRANTED, DecisionOutcome.PARTLY)
MAX_NOTE = 500


def undone() -> "QuerySet[ViewingRequest]":
    """Requests whose correction or deletion was granted and told, and not carried out since."""
    granted = ViewingDecision.objects.filter(
        request=OuterRef("pk"), kind=RequestKind.CORRECTION, outcome__in=GRANTING, notice__isnull=False
    )
    carried_out = ViewingMove.objects.filter(request=OuterRef("pk"), event=RequestEvent.CORRECT)
    return ViewingRequest.objects.filter(Exists(granted), ~Exists(carried_out))


def is_undone(request: ViewingRequest) -> bool:
    return undone().filter(pk=request.pk).exists()


def carry_out(request: ViewingRequest, letter: Letter, *, what: str, by: Officer) -> ViewingNotice:
    """What was put right or deleted, how, and the letter that tells it."""
    with acts.begin("records.viewing_corrected", request, by=by) as act:
        act.refuse(_check(act.row, letter, what, by))
        frees = keeping.of(act.row, timezone.localdate(act.at)).why == Why.TO_DELETE
        if frees and (why := release.why_not_by(act.row, by, act.at)):
            act.refuse([Refusal("alone", why, ARTICLE, "결정하지 않은 사람이 정정·삭제를 하고 알립니다.")])
        if frees:
            # Before anything of this act is written: what stands there is compared with the lines of earlier acts.
            release.let_go(act, "허용한 삭제를 하기 위하여 유예를 풂", by)
        act.move(
            ViewingMove,
            RequestEvent.CORRECT,
            on=letter.on,
            document_number=letter.document_number,
            reason=what[:MAX_NOTE],
            to=standing.after_answer(act.row, carried_out=True) if act.row.state in GRANTED else "",
        )
        notice = notices.write(act, NoticeKind.CORRECTION, letter, by=by)
    return notice


def _check(request: ViewingRequest, letter: Letter, what: str, by: Officer) -> list[Refusal]:
    found = [*notices.check_letter(request, letter), *guide.check(by)]
    if not is_undone(request):
        found.append(Refusal("done", "허용하여 알린, 아직 하지 않은 정정·삭제가 없습니다.", ARTICLE))
    if not what.strip():
        text = "무엇을 어떻게 정정하거나 삭제했는지 적으십시오."
        found.append(Refusal("what", text, ARTICLE, field="what"))
    return found
