"""Deciding a request: one decision for each kind that was asked for.

A decision is in force once it is notified (`records.viewing.notices`); until then the clock runs on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from ordinance import grounds
from ordinance.models import Ground
from records.enums import DecisionOutcome as Outcome
from records.enums import RequestEvent
from records.enums import RequestKind as Kind
from records.models import ViewingDecision, ViewingMove, ViewingRequest
from records.viewing import appointments, identity, proof, search_results

MAX_TEXT = 4_000
# What each kind may be answered with. Whether footage is there has no half answer, nor has putting it right.
OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    Kind.EXISTENCE: (Outcome.GRANTED, Outcome.REFUSED, Outcome.NOT_EXISTING),
    Kind.VIEWING: (Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED, Outcome.NOT_EXISTING),
    Kind.CORRECTION: (Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED, Outcome.NOT_EXISTING),
}
# Whoever gets less than was asked for is told why (Decree art. 41(5), 42(2); Procedures Act art. 23; ordinance 22(2)).
WITH_REASON = frozenset({Outcome.PARTLY, Outcome.REFUSED, Outcome.NOT_EXISTING})
WITH_GROUND = frozenset({Outcome.PARTLY, Outcome.REFUSED})
# What tells or shows something of the footage.
TELLING = frozenset({Outcome.GRANTED, Outcome.PARTLY})
REASON_ARTICLES = {
    Kind.EXISTENCE: "시행령 제42조제2항, 행정절차법 제23조",
    Kind.VIEWING: "시행령 제42조제2항, 행정절차법 제23조",
    Kind.CORRECTION: "법 제36조제4항, 행정절차법 제23조",
}
ARTICLES = {
    Kind.EXISTENCE: "법 제35조제4항, 표준 개인정보 보호지침 제44조",
    Kind.VIEWING: "법 제35조제4항",
    Kind.CORRECTION: "법 제36조제1항 단서·제4항, 조례 제22조제2항제3호",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one kind of the request gets."""

    kind: str
    outcome: str
    reason: str = ""
    ground: Ground | None = None
    national_ground: Ground | None = None
    proof: str = ""
    # Whoever refuses the whole because of others says why covering them is not enough (Guideline art. 46).
    beyond_masking: str = ""


def decide(request: ViewingRequest, answers: Sequence[Answer], *, by: Officer) -> list[ViewingDecision]:
    """Record the decisions, all kinds at once. Raises `Refused` with every reason."""
    with acts.begin("records.viewing_decided", request, by=by) as act:
        act.refuse(check(act.row, answers))
        act.move(ViewingMove, RequestEvent.DECIDE)
        act.payload |= {"request": act.row.receipt_number, "decisions": [_told(each) for each in answers]}
        absent = search_results.proof_of(search_results.not_there(act.row))
        made = [_decision(act, answer, by, absent) for answer in answers]
    request.state = act.row.state
    return made


def _told(answer: Answer) -> dict[str, object]:
    codes = [each.code for each in (answer.ground, answer.national_ground) if each]
    return {"kind": answer.kind, "outcome": answer.outcome, "grounds": codes}


def _decision(act: Act[ViewingRequest], answer: Answer, by: Officer, absent: str) -> ViewingDecision:
    """What is not there is told with its proof whatever is decided about the rest."""
    reason = _reason(answer)
    return ViewingDecision.objects.create(
        request=act.row,
        kind=answer.kind,
        outcome=answer.outcome,
        ground=answer.ground,
        national_ground=answer.national_ground,
        reason=reason,
        proof=(answer.proof.strip() or absent)[:MAX_TEXT],
        salt=act.seal(f"{answer.kind}_reason", reason),
        decided_at=act.at,
        decided_by=by,
    )


def _reason(answer: Answer) -> str:
    words = [answer.reason.strip()]
    if answer.beyond_masking.strip():
        words.append(f"가림 처리로 부족한 까닭: {answer.beyond_masking.strip()}")
    return "\n".join(words)[:MAX_TEXT]


def check(request: ViewingRequest, answers: Sequence[Answer]) -> list[Refusal]:
    """Why these decisions cannot be taken; fields are named `<kind>-<field>`."""
    found = []
    if request.needs_confirmation:
        found.append(
            Refusal(
                "identity",
                "청구인을 아직 확인하지 않았습니다.",
                "시행령 제46조",
                "‘연락 확인’이나 ‘본인·대리인 확인’을 먼저 기록하십시오.",
            )
        )
    elif any(answer.outcome in TELLING for answer in answers):
        found += identity.refuse_unidentified(request)
    given = [answer.kind for answer in answers]
    if sorted(given) != sorted(kind.value for kind in request.asked):
        found.append(Refusal("kinds", "청구한 것마다 하나씩 결정해야 합니다.", "법 제35조·제36조"))
        return found
    for answer in answers:
        found += _refuse_answer(answer)
        found += appointments.refuse_ground(request, answer.national_ground)
    return [
        *found,
        *_refuse_missing(request, answers),
        *_refuse_unseen(request, answers),
        *_refuse_against_search(request, answers),
    ]


def _refuse_unseen(request: ViewingRequest, answers: Sequence[Answer]) -> list[Refusal]:
    """Nothing is promised of footage that nobody has seen: a recorder may write over it at any time."""
    telling = next((answer for answer in answers if answer.outcome in TELLING), None)
    if telling is None:
        return []
    return [
        Refusal(
            "unseen",
            f"{line.camera.number}: 영상이 있는지 저장소에서도 녹화기에서도 확인하지 않았습니다.",
            "조례 제22조, 제24조제1항제3호",
            "‘녹화기에서 확보’를 먼저 기록하십시오.",
            field=f"{telling.kind}-outcome",
        )
        for line in request.cameras.select_related("camera").order_by("pk")
        if line.is_unseen
    ]


def _refuse_missing(request: ViewingRequest, answers: Sequence[Answer]) -> list[Refusal]:
    """ "영상 없음" is said of the whole request, and not against what the records show."""
    missing = [answer for answer in answers if answer.outcome == Outcome.NOT_EXISTING]
    if not missing:
        return []
    field = f"{missing[0].kind}-outcome"
    article = "조례 제22조제2항제2호"
    found = []
    if len(missing) < len(answers) and any(answer.outcome in TELLING for answer in answers):
        text = "한 청구에서 영상이 있다고도 없다고도 답할 수 없습니다."
        found.append(Refusal("missing", text, article, "구분마다의 결정을 맞추십시오.", field=field))
    for record in proof.records(request):
        if record.is_there:
            remedy = "영상을 찾아 보고 결정하십시오."
            found.append(Refusal("there", str(record), article, remedy, field=field))
        elif record.is_unknown:
            remedy = "‘녹화기에서 확보’를 먼저 기록하십시오."
            found.append(Refusal("unknown", str(record), article, remedy, field=field))
    return found


def _refuse_against_search(request: ViewingRequest, answers: Sequence[Answer]) -> list[Refusal]:
    """Nobody is told what an officer found otherwise, and what is not there is no refusal."""
    found = search_results.latest(request)
    if not found:
        return []
    is_there = [each.line.camera.number for each in found.values() if each.is_there]
    is_complete = len(found) == request.cameras.standing().count()
    refusals = []
    for answer in answers:
        if answer.outcome == Outcome.NOT_EXISTING and is_there:
            text = f"영상이 있다고 확인한 카메라가 있습니다: {', '.join(is_there)}."
            remedy = "있는 영상에 대하여 결정하십시오. 없는 영상은 증명과 함께 저절로 알립니다."
        elif answer.outcome != Outcome.NOT_EXISTING and is_complete and not is_there:
            text = "청구한 영상이 모두 없다고 확인했습니다. 없는 영상은 허용하지도 거절하지도 않습니다."
            remedy = "‘영상 없음’으로 답하십시오."
        else:
            continue
        article, field = "조례 제22조제2항제2호", f"{answer.kind}-outcome"
        refusals.append(Refusal("searched", text, article, remedy, field=field))
    return refusals


def _refuse_answer(answer: Answer) -> list[Refusal]:
    kind, outcome = Kind(answer.kind), Outcome(answer.outcome)

    def refusal(code: str, text: str, article: str, remedy: str = "") -> Refusal:
        return Refusal(code, text, article, remedy, field=f"{kind}-{code}")

    if outcome not in OUTCOMES[kind]:
        text = f"‘{kind.label}’에는 ‘{outcome.label}’(으)로 답할 수 없습니다."
        return [refusal("outcome", text, "법 제35조·제36조")]
    found = []
    if outcome in WITH_REASON and not answer.reason.strip():
        found.append(refusal("reason", "구체적인 사유를 적어야 합니다.", REASON_ARTICLES[kind]))
    if outcome == Outcome.NOT_EXISTING and not answer.proof.strip():
        found.append(
            refusal(
                "proof",
                "영상이 없다는 증명을 적어야 합니다.",
                "조례 제22조제2항제2호",
                "언제 파기했는지, 또는 녹화되지 않았는지 적으십시오.",
            )
        )
    if outcome in WITH_GROUND:
        found += _refuse_grounds(answer, kind, outcome)
    elif answer.ground or answer.national_ground:
        found.append(
            refusal("national_ground", "거절하거나 일부만 허용할 때에만 사유를 고릅니다.", ARTICLES[kind])
        )
    return found


def _refuse_grounds(answer: Answer, kind: Kind, outcome: Outcome) -> list[Refusal]:
    article, local, national = ARTICLES[kind], answer.ground, answer.national_ground

    def refusal(code: str, text: str, remedy: str = "", under: str = article) -> Refusal:
        return Refusal(code, text, under, remedy, field=f"{kind}-{code}")

    found = []
    if national is not None and national not in grounds.national_for_refusal(kind):
        found.append(
            refusal("national_ground", f"‘{kind.label}’을 거절하는 사유가 아닙니다: {national.title}")
        )
    if local is not None and local not in grounds.for_refusal(kind):
        found.append(refusal("ground", f"‘{kind.label}’을 거절하는 사유가 아닙니다: {local.title}"))
    if found:
        return found
    # The ordinance has a ground of its own for deletion; everywhere else it never refuses alone.
    if national is None and (kind != Kind.CORRECTION or local is None):
        found.append(
            refusal(
                "national_ground",
                "법의 사유가 있어야 제한하거나 거절할 수 있습니다.",
                "조례의 사유만으로는 거절할 수 없습니다." if kind != Kind.CORRECTION else "",
            )
        )
    if local is not None and national is not None and not _belong_together(local, national):
        found.append(
            refusal("ground", "두 사유가 서로 맞지 않습니다.", "함께 쓸 수 있는 법의 사유를 고르십시오.")
        )
    is_whole = outcome == Outcome.REFUSED
    if is_whole and national is not None and national.is_partial_only and kind == Kind.VIEWING:
        found += _refuse_unmasked(answer, refusal)
    if is_whole and local is not None and local.is_partial_only:
        found.append(
            refusal(
                "outcome",
                "다른 사람이 찍혔다는 것은 전부를 거절하는 사유가 아닙니다.",
                "가림 처리하고 보이거나 일부만 보이십시오.",
                "표준 개인정보 보호지침 제46조, 시행령 제42조제1항",
            )
        )
    return found


def _refuse_unmasked(answer: Answer, refusal: Callable[..., Refusal]) -> list[Refusal]:
    """Others who could be covered are no reason to show nothing."""
    if answer.beyond_masking.strip():
        return []
    return [
        refusal(
            "beyond_masking",
            "다른 사람 때문에 전부를 거절하려면 가림 처리로 부족한 까닭을 적어야 합니다.",
            "가림 처리하고 보이거나 일부만 보이십시오.",
            "표준 개인정보 보호지침 제46조, 법 제35조제4항제2호",
        )
    ]


def _belong_together(local: Ground, national: Ground) -> bool:
    beside = {each.pk for each in local.national.all()}
    return not beside or national.pk in beside
