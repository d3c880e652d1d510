"""가림 처리: whoever else can be recognised is covered before anything is shown (Guideline art. 46).

Others in the picture are no reason to show nothing. What is covered, with which tool, and who looked it through stands
in the steps of the request; the one who looks it through is not the one who began.
"""

from accounts.models import Officer
from casework import acts, second_person
from casework.refusals import Refusal, unwritten
from records.enums import RequestEvent
from records.look_enums import LookCase
from records.models import Redaction, ViewingMove, ViewingRequest
from records.viewing import identity, search_results, standing

ARTICLE = "표준 개인정보 보호지침 제46조"
MAX_NOTE = 500


def start(request: ViewingRequest, *, what: str, by: Officer) -> None:
    """From now on the footage is being covered. `what` has to be covered, and where."""
    with acts.begin("records.viewing_masking_started", request, by=by) as act:
        found = [*identity.refuse_unidentified(act.row), *_refuse_nothing(act.row)]
        found += unwritten(what, "what", "누구를 어느 구간에서 가리는지 적으십시오.", ARTICLE)
        act.refuse(found)
        act.move(ViewingMove, RequestEvent.MASK, reason=what[:MAX_NOTE])
        act.payload |= {"request": act.row.receipt_number}


def _refuse_nothing(request: ViewingRequest) -> list[Refusal]:
    if any(each.is_there for each in search_results.latest(request).values()):
        return []
    text = "영상이 있다고 확인한 카메라가 없습니다."
    return [Refusal("nothing", text, ARTICLE, "‘영상 확인’을 먼저 기록하십시오.")]


def finish(request: ViewingRequest, *, how: str, by: Officer) -> None:
    """It was looked through: nobody else can be recognised. `how`: with which tool, and what was checked."""
    with acts.begin("records.viewing_masked", request, by=by) as act:
        found = list(unwritten(how, "how", "무엇으로 가렸고 무엇을 확인했는지 적으십시오.", ARTICLE))
        began = act.row.moves.filter(event=RequestEvent.MASK).last()
        if began is not None and (why := second_person.problem(began.by_id, by, "가림 처리를 시작한")):
            found.append(Refusal("second", why, ARTICLE))
        if Redaction.objects.of(LookCase.VIEWING, act.row.pk).unfinished().exists():
            text = "확인하지 않은 가림 처리가 있습니다."
            remedy = "‘영상 가리기’에서 다른 담당자가 확인하거나 그만둔 뒤에 마치십시오."
            found.append(Refusal("unchecked", text, ARTICLE, remedy))
        act.refuse(found)
        act.move(ViewingMove, RequestEvent.MASKED, reason=how[:MAX_NOTE], to=standing.of(act.row))
        act.payload |= {"request": act.row.receipt_number}
