"""Deciding a request: one decision for each kind that was asked for, and within it one for each camera and range.

What is said of a kind holds for every camera of which nothing else is said; what an officer found not to be there is
told with its proof whatever is decided about the rest. Where the profile says so, one prepares what another decides
(`records.viewing.drafts`). A decision is in force once it is notified (`records.viewing.notices`); until then the clock runs on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from accounts.korean import josa
from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, Way, unwritten
from ordinance import grounds
from ordinance.models import Ground
from records.enums import DecisionOutcome as Outcome
from records.enums import Pretext, RequestEvent, outcome_label
from records.enums import RequestKind as Kind
from records.models import (
    DecisionDraft,
    RangeDecision,
    RequestedCamera,
    ViewingDecision,
    ViewingMove,
    ViewingRequest,
)
from records.viewing import appointments, freezing, identity, notices, proof, search_results, standing
from records.viewing.next_step import is_by_two

MAX_TEXT, MAX_REASON = 4_000, 500
# A decision counts from its notice.
TELLING_IT = "시행령 제41조제5항"
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


INVESTIGATING = "법 제36조제2항"
ABSENT = "조례 제22조제2항제2호"
# What the law says about what is no ground, and where.
PRETEXTS = {
    Pretext.POLICE: (
        "경찰관이 있어야 볼 수 있다는 법의 규정은 없습니다. 본인이나 대리인임을 확인했으면 그것으로 보입니다.",
        "법 제35조제3항·제4항, 표준 개인정보 보호지침 제44조",
    ),
    Pretext.OTHERS: (
        "다른 사람이 함께 찍혔다는 것은 거절하거나 줄이는 사유가 아닙니다. 다른 사람을 알아볼 수 없게 하고 보입니다.",
        "표준 개인정보 보호지침 제46조, 시행령 제42조제1항",
    ),
}


@dataclass(frozen=True, slots=True)
class RangeAnswer:
    """What one camera and range gets; `line` is the key of its row."""

    line: int
    outcome: str
    reason: str = ""
    ground: Ground | None = None
    national_ground: Ground | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one kind of the request gets."""

    kind: str
    outcome: str
    reason: str = ""
    ground: Ground | None = None
    national_ground: Ground | None = None
    proof: str = ""
    # Of the cameras that get something else.
    ranges: tuple[RangeAnswer, ...] = ()
    # What was looked into before anything was put right, or not (PIPA art. 36(2)).
    investigation: str = ""
    # What is no ground, chosen as one (`Pretext`).
    pretext: str = ""
    # Whoever refuses the whole because of others says why covering them is not enough (Guideline art. 46).
    beyond_masking: str = ""


def decide(request: ViewingRequest, answers: Sequence[Answer], *, by: Officer) -> list[ViewingDecision]:
    """Record the decisions, all kinds at once. Raises `Refused` with every reason."""
    with acts.begin("records.viewing_decided", request, by=by) as act:
        act.refuse(against(act.row, answers))
        made = record(act, answers, by)
    request.state = act.row.state
    return made


def against(request: ViewingRequest, answers: Sequence[Answer]) -> list[Refusal]:
    """Why one officer cannot decide like this; asked before the decision is confirmed, and again by the act."""
    return [*_refuse_alone(request), *check(request, answers)]


def _refuse_alone(request: ViewingRequest) -> list[Refusal]:
    """What is prepared is decided as it is prepared, and where two are needed nobody decides alone."""
    if request.drafts.filter(ended_at__isnull=True).exists():
        text, remedy = "결정안이 있는 청구입니다.", "결정안을 보고 결정하거나 반려하십시오."
    elif is_by_two():
        text, remedy = "결정안을 쓰는 사람과 결정하는 사람이 다릅니다.", "‘결정안 작성’을 먼저 하십시오."
    else:
        return []
    return [Refusal("alone", text, "조례 제22조", remedy)]


def take_back(request: ViewingRequest, *, reason: str, by: Officer) -> None:
    """What nobody was told yet is decided no more: it was wrong, or something else is to be done. The days run on."""
    with acts.begin("records.viewing_undecided", request, by=by) as act:
        act.refuse(unwritten(reason, "reason", "결정을 거두는 까닭을 적으십시오.", TELLING_IT))
        act.move(ViewingMove, RequestEvent.UNDECIDE, reason=reason[:MAX_REASON], to=standing.of(act.row))
        notices.decided(act.row).update(revoked_at=act.at)
        act.payload |= {"request": act.row.receipt_number}
    request.state = act.row.state


def record(
    act: Act[ViewingRequest], answers: Sequence[Answer], by: Officer, draft: DecisionDraft | None = None
) -> list[ViewingDecision]:
    """Part of the act that decides, once nothing is to be refused."""
    act.move(ViewingMove, RequestEvent.DECIDE)
    return write(act, answers, by, draft)


def write(
    act: Act[ViewingRequest], answers: Sequence[Answer], by: Officer, draft: DecisionDraft | None = None
) -> list[ViewingDecision]:
    """The decisions themselves, with what the ledger's line says of them."""
    if draft is not None:
        draft.ended_at = act.at
        draft.save(update_fields=["ended_at"])
    told = [(answer, per_range(act.row, answer)) for answer in answers]
    act.payload |= {
        "request": act.row.receipt_number,
        "decisions": [_told(answer, ranges) for answer, ranges in told],
    }
    return [_decision(act, answer, ranges, by, draft) for answer, ranges in told]


Ranges = Mapping[RequestedCamera, RangeAnswer]


def per_range(request: ViewingRequest, answer: Answer) -> Ranges:
    """What each camera and range gets by this answer."""
    own = {each.line: each for each in answer.ranges}
    absent = {each.line_id: each for each in search_results.not_there(request)}
    found = {}
    for line in request.cameras.standing().select_related("camera").order_by("pk"):
        if line.pk in own:
            found[line] = own[line.pk]
        elif line.pk in absent:
            words = search_results.proof_of([absent[line.pk]])
            found[line] = RangeAnswer(line.pk, Outcome.NOT_EXISTING, proof=words)
        else:
            found[line] = RangeAnswer(
                line.pk,
                answer.outcome,
                ground=answer.ground,
                national_ground=answer.national_ground,
                proof=answer.proof.strip() if answer.outcome == Outcome.NOT_EXISTING else "",
            )
    return found


def summary(answer: Answer, ranges: Ranges) -> str:
    """The outcome of the kind as a whole: what is not there is told beside what is decided about the rest."""
    outcomes = {each.outcome for each in ranges.values()} or {answer.outcome}
    decided = outcomes - {Outcome.NOT_EXISTING} or outcomes
    if len(decided) == 1:
        return str(decided.pop())
    return Outcome.PARTLY.value


def _told(answer: Answer, ranges: Ranges) -> dict[str, object]:
    given: list[Answer | RangeAnswer] = [answer, *answer.ranges]
    codes = [each.code for one in given for each in (one.ground, one.national_ground) if each]
    return {
        "kind": answer.kind,
        "outcome": summary(answer, ranges),
        "grounds": list(dict.fromkeys(codes)),
        "ranges": [[line.camera.number, str(each.outcome)] for line, each in ranges.items()],
    }


def _decision(
    act: Act[ViewingRequest], answer: Answer, ranges: Ranges, by: Officer, draft: DecisionDraft | None
) -> ViewingDecision:
    """What is not there is told with its proof whatever is decided about the rest."""
    reason = _reason(answer, ranges)
    named: Answer | RangeAnswer = answer
    if not (answer.ground or answer.national_ground):
        named = next((each for each in answer.ranges if each.national_ground or each.ground), named)
    investigation = answer.investigation.strip()
    decision = ViewingDecision.objects.create(
        request=act.row,
        kind=answer.kind,
        outcome=summary(answer, ranges),
        ground=named.ground,
        national_ground=named.national_ground,
        reason=reason,
        investigation=investigation,
        proof=_proof(answer, ranges),
        salt=act.seal(f"{answer.kind}_reason", "\n".join(filter(None, [reason, investigation]))),
        decided_at=act.at,
        decided_by=by,
        prepared_by=draft.prepared_by if draft else None,
    )
    for line, each in ranges.items():
        RangeDecision.objects.create(
            decision=decision,
            line=line,
            outcome=each.outcome,
            ground=each.ground,
            national_ground=each.national_ground,
            reason=each.reason.strip()[:MAX_TEXT],
            proof=each.proof[:MAX_TEXT],
        )
    return decision


def _proof(answer: Answer, ranges: Ranges) -> str:
    """As the officer wrote it for the whole, else a line of each camera."""
    if answer.outcome == Outcome.NOT_EXISTING and answer.proof.strip():
        return answer.proof.strip()[:MAX_TEXT]
    lines = (
        _absent(line, each)
        for line, each in ranges.items()
        if each.outcome == Outcome.NOT_EXISTING and not line.is_hidden
    )
    return "\n".join(dict.fromkeys(lines))[:MAX_TEXT]


def _absent(line: RequestedCamera, given: RangeAnswer) -> str:
    """As the search found it, else as the officer wrote it."""
    number = line.told_number
    return given.proof if given.proof.startswith(f"{number}:") else f"{number}: 영상 없음. {given.proof}"


def _reason(answer: Answer, ranges: Ranges) -> str:
    words = [answer.reason.strip()]
    if answer.beyond_masking.strip():
        words.append(f"가림 처리로 부족한 까닭: {answer.beyond_masking.strip()}")
    words += [
        f"{line.told_number}: {outcome_label(answer.kind, each.outcome)}. {each.reason.strip()}".strip()
        for line, each in ranges.items()
        if each in answer.ranges and not line.is_hidden
    ]
    return "\n".join(dict.fromkeys(filter(None, words)))[:MAX_TEXT]


def kinds_to_decide(request: ViewingRequest) -> list[Kind]:
    """What was asked for and is not answered yet. A postponement puts off the viewing alone: what the same notice answered
    stays answered until the whole is decided anew."""
    if len(request.asked) == 1:
        return request.asked
    postponed = request.decisions.filter(outcome=Outcome.POSTPONED).order_by("decided_at", "pk").last()
    if postponed is None or postponed.notice_id is None:
        return request.asked
    if request.moves.filter(event=RequestEvent.REOPEN, at__gt=postponed.decided_at).exists():
        return request.asked
    told = request.decisions.filter(notice=postponed.notice_id).exclude(outcome=Outcome.POSTPONED)
    answered = set(told.values_list("kind", flat=True))
    return [kind for kind in request.asked if kind not in answered]


def check(
    request: ViewingRequest, answers: Sequence[Answer], kinds: Sequence[Kind] | None = None
) -> list[Refusal]:
    """Why these decisions cannot be taken; fields are named `<kind>-<field>`. `kinds`: by default all that are not
    answered yet."""
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
    wanted = kinds_to_decide(request) if kinds is None else kinds
    if sorted(given) != sorted(kind.value for kind in wanted):
        found.append(Refusal("kinds", "청구한 것마다 하나씩 결정해야 합니다.", "법 제35조·제36조"))
        return found
    for answer in answers:
        found += _refuse_pretext(answer)
        found += _refuse_answer(answer, answer.kind)
        found += _refuse_uninvestigated(answer)
        found += appointments.refuse_ground(request, answer.national_ground)
        found += _refuse_ranges(request, answer)
    return [
        *found,
        *_refuse_missing(request, answers),
        *_refuse_unseen(request, answers),
        *_refuse_against_search(request, answers),
    ]


def _refuse_pretext(answer: Answer) -> list[Refusal]:
    """What is often given as a reason and is none: the screen offers it in order to say so."""
    if not answer.pretext:
        return []
    text, article = PRETEXTS[Pretext(answer.pretext)]
    remedy = "‘가림 처리’를 시작하여 가린 영상을 보이십시오."
    return [Refusal("pretext", text, article, remedy, field=f"{answer.kind}-pretext")]


def _refuse_uninvestigated(answer: Answer) -> list[Refusal]:
    """Nothing is put right, and nothing refused, before it was looked into."""
    if answer.kind != Kind.CORRECTION or answer.outcome == Outcome.NOT_EXISTING:
        return []
    sentence = "정정·삭제를 요구한 내용을 조사한 결과를 적으십시오."
    return list(unwritten(answer.investigation, f"{Kind.CORRECTION}-investigation", sentence, INVESTIGATING))


def _refuse_ranges(request: ViewingRequest, answer: Answer) -> list[Refusal]:
    """What is said of single cameras, each judged like the whole."""
    lines = {line.pk: line for line in request.cameras.standing().select_related("camera")}
    found = search_results.latest(request) if answer.ranges else {}
    refusals = []
    for each in answer.ranges:
        prefix = f"{answer.kind}-{each.line}"
        line = lines.get(each.line)
        if line is None:
            text = "이 청구에 없는 카메라입니다."
            refusals.append(Refusal("line", text, ARTICLES[Kind(answer.kind)]))
            continue
        as_whole = replace(
            answer,
            outcome=each.outcome,
            reason=each.reason,
            ground=each.ground,
            national_ground=each.national_ground,
            proof=each.proof,
            ranges=(),
            beyond_masking=each.reason,
        )
        refusals += _refuse_answer(as_whole, prefix)
        result = found.get(line.pk)
        if each.outcome == Outcome.NOT_EXISTING:
            refusals += _refuse_absent([proof.record_of(line)], f"{prefix}-outcome")
            if result is not None and result.is_there:
                text = f"{line.camera.number}: 영상이 있다고 확인했습니다."
                refusals.append(Refusal("searched", text, ABSENT, field=f"{prefix}-outcome"))
        elif result is not None and not result.is_there:
            text = f"{line.camera.number}: 영상이 없다고 확인했습니다. 허용하지도 거절하지도 않습니다."
            refusals.append(
                Refusal("searched", text, ABSENT, "‘영상 없음’을 고르십시오.", field=f"{prefix}-outcome")
            )
    return refusals


def _refuse_unseen(request: ViewingRequest, answers: Sequence[Answer]) -> list[Refusal]:
    """Nothing is promised of footage that nobody has seen: a recorder may write over it at any time."""
    telling = {
        line: answer
        for answer in answers
        for line, each in per_range(request, answer).items()
        if each.outcome in TELLING
    }
    return [
        Refusal(
            "unseen",
            f"{line.camera.number}: 영상이 있는지 저장소에서도 녹화기에서도 확인하지 않았습니다.",
            "조례 제22조, 제24조제1항제3호",
            "‘녹화기에서 확보’를 먼저 기록하십시오.",
            field=f"{answer.kind}-outcome",
            way=Way(f"{line.camera.number} 녹화기에서 확보 기록하기", "viewing:secure", (line.pk,)),
        )
        for line, answer in telling.items()
        if line.is_unseen and not freezing.is_in_the_vault(line)
    ]


def _refuse_missing(request: ViewingRequest, answers: Sequence[Answer]) -> list[Refusal]:
    """ "영상 없음" is said of the whole request, and not against what the records show."""
    missing = [answer for answer in answers if answer.outcome == Outcome.NOT_EXISTING]
    if not missing:
        return []
    field = f"{missing[0].kind}-outcome"
    article = ABSENT
    found = []
    if len(missing) < len(answers) and any(answer.outcome in TELLING for answer in answers):
        text = "한 청구에서 영상이 있다고도 없다고도 답할 수 없습니다."
        found.append(Refusal("missing", text, article, "구분마다의 결정을 맞추십시오.", field=field))
    return [*found, *_refuse_absent(proof.records(request), field)]


def _refuse_absent(records: Iterable[proof.Record], field: str) -> list[Refusal]:
    """Nothing is said not to be there against what the records show."""
    found = []
    for record in records:
        if record.is_there:
            remedy = "영상을 찾아 보고 결정하십시오."
            found.append(Refusal("there", str(record), ABSENT, remedy, field=field))
        elif record.is_unknown:
            remedy = "‘녹화기에서 확보’를 먼저 기록하십시오."
            found.append(Refusal("unknown", str(record), ABSENT, remedy, field=field))
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


def _refuse_answer(answer: Answer, prefix: str) -> list[Refusal]:
    """`prefix`: of the names of the form's fields."""
    kind, outcome = Kind(answer.kind), Outcome(answer.outcome)

    def refusal(code: str, text: str, article: str, remedy: str = "") -> Refusal:
        return Refusal(code, text, article, remedy, field=f"{prefix}-{code}")

    if outcome not in OUTCOMES[kind]:
        text = f"‘{kind.label}’에는 ‘{outcome.label}’{josa(outcome.label, '으로/로')} 답할 수 없습니다."
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
        found += _refuse_grounds(answer, kind, outcome, prefix)
    elif answer.ground or answer.national_ground:
        found.append(
            refusal("national_ground", "거절하거나 일부만 허용할 때에만 사유를 고릅니다.", ARTICLES[kind])
        )
    return found


def _refuse_grounds(answer: Answer, kind: Kind, outcome: Outcome, prefix: str) -> list[Refusal]:
    article, local, national = ARTICLES[kind], answer.ground, answer.national_ground

    def refusal(code: str, text: str, remedy: str = "", under: str = article) -> Refusal:
        return Refusal(code, text, under, remedy, field=f"{prefix}-{code}")

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
