"""Letters of requests to see footage: the notice of a decision (form 9), of a postponement, of a correction or deletion
(form 10), and the other letters of a request. Each is written from the notice as it was recorded, word for word; what each
camera and range gets stands in rows below.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from casework import persons
from ordinance import articles, parameters
from ordinance.models import DueDate
from records.enums import DecisionOutcome as Outcome
from records.enums import FeeForm, NoticeKind, NoticeWay, RequestChannel, RequestEvent, TransferTo
from records.enums import RequestKind as Asked
from records.models import RequestedCamera, SearchResult, ViewingDecision, ViewingNotice, ViewingRequest
from records.viewing import fees, keeping, lateness, search_results
from records.viewing import persons as viewing_persons
from records.viewing.states import ELSEWHERE, ROUTING, SUBJECT_KIND
from reports import wording
from reports.letters import kinds, templates
from reports.letters.kinds import Kind, Matter, NoLetter
from reports.official import Approval, Table, day

PERMISSION = "records.read_viewing_person"
FORM_9 = "개인정보 처리 방법에 관한 고시 별지 제9호서식"
FORM_10 = "개인정보 처리 방법에 관한 고시 별지 제10호서식"
ROWS = ("카메라와 설치장소", "촬영 구간", "결정", "사유 또는 증명")
MOST_ROWS = 200
REASONED = "「행정절차법」 제23조"
KEPT_BELOW = "청구하신 영상을 언제까지 보관하는지는 아래 표와 같습니다."
# What came there is a request under the data protection act all the same.
OTHER_DOORS = (RequestChannel.DISCLOSURE, RequestChannel.PETITION, RequestChannel.AUTHORITY)
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_MARKS = {"unset": "", "delegated": "전결", "mayor": "검토"}
_TICKS = {
    Outcome.GRANTED: "열람",
    Outcome.PARTLY: "일부열람",
    Outcome.POSTPONED: "열람연기",
    Outcome.REFUSED: "열람거절",
}
PLACEHOLDERS = {
    "접수번호": "260101-ABCDEF",
    "접수일": "2026. 11. 20.",
    "청구 내용": "존재확인, 열람",
    "근거 법령": "「개인정보 보호법」 제35조와 같은 법 시행령 제41조제5항·제42조제2항",
    "알리는 내용": "청구하신 영상을 다음 날짜에 보실 수 있습니다.",
    "열람 일시": "2026. 12. 1. 14:00",
    "열람 장소": "통합관제센터 열람실",
    "보완 기한": "2026. 12. 5.",
    "답변 기한": "2026. 12. 24.",
}
_ABOUT = "1. 귀하께서 {접수일} 접수하신 영상정보 {청구 내용} 청구(접수번호 {접수번호})와 관련됩니다."


def kind_of(notice: ViewingNotice) -> str:
    """Which letter a notice is told by."""
    return f"viewing_{notice.kind}"


def _get(key: int) -> ViewingNotice:
    notice = (
        ViewingNotice.objects.select_related("request", "by")
        .prefetch_related(
            "decisions__ground",
            "decisions__national_ground",
            "decisions__decided_by",
            "decisions__prepared_by",
            "decisions__ranges__national_ground",
            "decisions__ranges__ground",
        )
        .filter(pk=key)
        .first()
    )
    if notice is None:
        raise NoLetter("그런 통지가 없습니다.")
    return notice


def _matter(notice: ViewingNotice, asked: Mapping[str, str], by: Officer) -> Matter:
    request = notice.request
    receiver, address = _receiver(request, by)
    decisions = list(notice.decisions.all())
    tables: list[Table] = []
    form = form_title = ""
    is_decision = notice.kind in (NoticeKind.DECISION, NoticeKind.POSTPONEMENT)
    if is_decision and any(each.kind != Asked.CORRECTION for each in decisions):
        form, form_title = FORM_9, f"개인정보 ({_ticks(decisions)}) 통지서"
        tables.append(Table(tuple(_form_9(notice, receiver, address, decisions))))
    elif is_decision or notice.kind == NoticeKind.CORRECTION:
        form, form_title = FORM_10, "개인정보 (■ 정정·삭제 □ 처리정지) 요구에 대한 결과 통지서"
        tables.append(Table(tuple(_form_10(notice, receiver, address, decisions))))
    else:
        objection = _objection(notice) if notice.kind == NoticeKind.OBJECTION else ()
        tables.append(Table((("수신자", _with_address(receiver, address)), *objection)))
    if decisions:
        tables.append(_rows(request, decisions))
    return Matter(
        receiver=f"{receiver} 귀하",
        receiver_reference=f"열람등 청구 {request.receipt_number}의 {request.get_requester_role_display()}",
        about=request.ledger_subject,
        values={
            "접수번호": request.receipt_number,
            "접수일": day(_received_on(request)),
            "청구 내용": ", ".join(request.kinds),
            "근거 법령": _law(notice, decisions),
            "알리는 내용": notice.reply,
            "열람 일시": wording.minute(notice.viewing_at) if notice.viewing_at else "",
            "열람 장소": notice.viewing_place,
            "보완 기한": day(notice.supplement.until_on) if notice.kind == NoticeKind.SUPPLEMENT else "",
            "답변 기한": _extended_until(notice) if notice.kind == NoticeKind.EXTENSION else "",
        },
        form=form,
        form_title=form_title,
        tables=tuple(tables),
        closing=templates.outline(notice.how_to_object),
        closing_title="이의제기 방법",
        approvals=tuple(_approvals(notice, decisions)),
    )


def _extended_until(notice: ViewingNotice) -> str:
    """The day that the extension opened, which is of the very moment of its notice."""
    due = DueDate.objects.filter(
        subject_kind=SUBJECT_KIND,
        subject_number=notice.request.receipt_number,
        purpose__endswith="-extended",
        opened_at=notice.at,
    ).first()
    return day(due.due_on) if due else ""


def _objection(notice: ViewingNotice) -> tuple[tuple[str, str], ...]:
    """Against what it was, and what became of it."""
    remedy = notice.request.remedies.filter(answer=notice).first()
    if remedy is None:
        return ()
    about = f"{day(remedy.filed_on)} 접수, 대상: {remedy.get_against_display()}"
    return ("이의신청", about), ("결과", remedy.get_outcome_display())


def _law(notice: ViewingNotice, decisions: Sequence[ViewingDecision]) -> str:
    """By which law it is told, as each letter, what was asked for and what it gets have their own."""
    if notice.kind == NoticeKind.TRANSFER:
        return _law_of_transfer(notice)
    if notice.kind == NoticeKind.CLOSING:
        return _law_of_closing(notice)
    found = [_law_of_answers(decisions)]
    if _tells_that_there_is_none(notice.request, decisions):
        found += [f"「{_ordinance(notice)}」 제22조제2항제2호", REASONED]
    return ", ".join(filter(None, found))


def _law_of_answers(decisions: Sequence[ViewingDecision]) -> str:
    """Of all but "there is none", which is no refusal."""
    answered = [each for each in decisions if each.outcome != Outcome.NOT_EXISTING]
    viewing = {each.outcome for each in answered if each.kind != Asked.CORRECTION}
    is_correction = any(each.kind == Asked.CORRECTION for each in answered)
    if viewing:
        acts = "제35조·제36조" if is_correction else "제35조"
        return f"「개인정보 보호법」 {acts}와 같은 법 시행령 {_paragraphs(viewing)}"
    return "「개인정보 보호법」 제36조제2항·제4항" if is_correction else ""


def _tells_that_there_is_none(request: ViewingRequest, decisions: Sequence[ViewingDecision]) -> bool:
    """Of the whole, or of a camera that stands in the letter."""
    told = {line.pk for line in _lines(request)} if decisions else set()
    return any(
        decision.outcome == Outcome.NOT_EXISTING
        or any(
            each.outcome == Outcome.NOT_EXISTING and each.line_id in told for each in decision.ranges.all()
        )
        for decision in decisions
    )


def _law_of_closing(notice: ViewingNotice) -> str:
    """Nobody could be found (Decree art. 46), or nothing came that was missing; with reason and remedies either way."""
    is_dismissed = notice.request.moves.filter(event=RequestEvent.DISMISS, at=notice.at).exists()
    if is_dismissed:
        law = "「개인정보 보호법 시행령」 제46조, 「표준 개인정보 보호지침」 제44조"
    else:
        law = f"「{_ordinance(notice)}」 제22조"
    return f"{law}와 {REASONED}·제26조"


def _ordinance(notice: ViewingNotice) -> str:
    version = articles.version(on=notice.on)
    return version.title if version else "조례"


def _paragraphs(outcomes: set[str]) -> str:
    """Decree 41(5): the notice of a viewing, of a part of it, too (42(1)); 42(2): of what is refused or postponed."""
    parts = []
    if outcomes & {Outcome.GRANTED, Outcome.PARTLY}:
        parts.append("제41조제5항")
    if Outcome.PARTLY in outcomes:
        parts.append("제42조제1항")
    if outcomes & {Outcome.REFUSED, Outcome.POSTPONED}:
        parts.append("제42조제2항")
    return "·".join(parts)


def _law_of_transfer(notice: ViewingNotice) -> str:
    """Of what belongs to another body (Procedures Act art. 6(1)); from one route of this office to another no law says more
    than that nobody is sent away."""
    sent = notice.request.transfers.filter(to=TransferTo.OTHER_BODY, on=notice.on).exists()
    return "「행정절차법」 제6조제1항에 따라" if sent else ""


def _received_on(request: ViewingRequest) -> dt.date:
    return request.received_at.astimezone(wording.SEOUL).date()


def _receiver(request: ViewingRequest, by: Officer) -> tuple[str, str]:
    """Name and address; that somebody read them to answer is in the ledger first."""
    if request.person_erased_at is not None:
        raise NoLetter("보관기간이 지나 청구인의 인적사항을 파기했습니다.")
    persons.read(viewing_persons.CODE, request, purpose="answer", by=by)
    return request.requester_name, request.requester_address


def _with_address(receiver: str, address: str) -> str:
    return "\n".join(filter(None, [receiver, address]))


def _ticks(decisions: Sequence[ViewingDecision]) -> str:
    given = {each.outcome for each in decisions if each.kind in (Asked.VIEWING, Asked.WHOLE)}
    ticks = [f"{'■' if outcome in given else '□'} {label}" for outcome, label in _TICKS.items()]
    return " ".join([*ticks, *(f"■ {label}" for label in _beside(decisions))])


def _beside(decisions: Sequence[ViewingDecision]) -> Iterator[str]:
    """What the form has no box for, and the letter tells all the same."""
    if any(each.kind == Asked.EXISTENCE for each in decisions):
        yield Asked.EXISTENCE.label
    if any(each.outcome == Outcome.NOT_EXISTING for each in decisions if each.kind != Asked.CORRECTION):
        yield Outcome.NOT_EXISTING.label


def _form_9(
    notice: ViewingNotice, receiver: str, address: str, decisions: Sequence[ViewingDecision]
) -> Iterator[tuple[str, str]]:
    """The fields of form 9 (Decree art. 41(5), 42(2))."""
    yield "수신자", _with_address(receiver, address)
    yield "요구 내용", ", ".join(notice.request.kinds)
    yield "열람 일시", wording.minute(notice.viewing_at) if notice.viewing_at else "해당 없음"
    yield "열람 장소", notice.viewing_place or "해당 없음"
    yield "통지 내용", "\n".join(_told(each) for each in decisions)
    is_held = notice.viewing_at is not None
    ways = ("열람·시청", "사본·출력물", "전자파일", "복제물·인화물", "기타")
    yield "열람 형태", " ".join(f"{'■' if is_held and each == ways[0] else '□'} {each}" for each in ways)
    ways = ("직접방문", "우편", "팩스", "전자우편", "기타")
    yield "열람 방법", " ".join(f"{'■' if is_held and each == ways[0] else '□'} {each}" for each in ways)
    if is_held:
        yield (
            "납부 금액",
            f"① 수수료 {fees.table(notice.on)[FeeForm.VIEWING]:,}원 (열람·시청) ② 우송료 없음 (직접방문)",
        )
    yield from _looked_into(decisions)
    yield "사유", "\n".join(filter(None, map(_why, decisions))) or "해당 없음"
    yield "통지 방법", NoticeWay(notice.way).label


def _looked_into(decisions: Sequence[ViewingDecision]) -> Iterator[tuple[str, str]]:
    """Of a correction or deletion, beside a viewing or alone (PIPA art. 36(2))."""
    if words := "\n".join(filter(None, (each.investigation for each in decisions))):
        yield "조사한 결과", words


def _form_10(
    notice: ViewingNotice, receiver: str, address: str, decisions: Sequence[ViewingDecision]
) -> Iterator[tuple[str, str]]:
    """The fields of form 10 (PIPA art. 36(4))."""
    yield "수신자", _with_address(receiver, address)
    yield "요구 내용", ", ".join(notice.request.kinds)
    yield "조치 내용", "\n".join(filter(None, [*map(_told, decisions), notice.reply]))
    yield from _looked_into(decisions)
    yield "사유", "\n".join(filter(None, map(_why, decisions))) or "해당 없음"
    yield "통지 방법", NoticeWay(notice.way).label


def _told(decision: ViewingDecision) -> str:
    told = f"{decision.get_kind_display()}: {decision.outcome_label}"
    if decision.outcome == Outcome.POSTPONED and decision.expected_end_on:
        told += f" ({day(decision.expected_end_on)}까지)"
    return told


def _why(decision: ViewingDecision) -> str:
    """Ground, reason and proof, under the kind that they are of."""
    parts = [str(each) for each in (decision.national_ground, decision.ground) if each]
    if decision.postponed_for:
        parts.append(decision.get_postponed_for_display())
    parts += filter(None, [decision.reason, decision.proof])
    return f"{decision.get_kind_display()}: {' / '.join(parts)}" if parts else ""


def _rows(request: ViewingRequest, decisions: Sequence[ViewingDecision]) -> Table:
    """What each camera and range gets; what is not there is told with its proof whatever is decided of the rest."""
    lines = _lines(request)
    found = search_results.latest(request)
    rows = list(
        dict.fromkeys(
            _row(decision, line, found.get(line.pk), is_alone=len(decisions) == 1)
            for decision in decisions
            for line in lines
        )
    )
    left = len(rows) - MOST_ROWS
    return Table(
        tuple(rows[:MOST_ROWS]) or (("청구한 카메라 없음", "", "", ""),),
        ROWS,
        "카메라와 구간별 결정",
        (28, 27, 13, 32),
        f"이 밖에 {left:,}줄이 더 있습니다." if left > 0 else "",
    )


def _lines(request: ViewingRequest) -> list[RequestedCamera]:
    """As on the citizen's own page: who named a radius is told of no camera of which nothing may be told."""
    lines = request.cameras.standing().told()
    return list(lines.select_related("camera", "site").order_by("from_at", "pk"))


def _called(line: RequestedCamera) -> tuple[str, str]:
    """Number and place; of a camera exempt from signs for security neither (Decree art. 24(4)), and what is said of several
    alike is said once: their number is not told, either."""
    return line.told_number, "" if line.camera.is_sign_exempt else line.site.address or line.site.number


def _row(
    decision: ViewingDecision, line: RequestedCamera, search: SearchResult | None, *, is_alone: bool
) -> tuple[str, str, str, str]:
    own = next((each for each in decision.ranges.all() if each.line_id == line.pk), None)
    outcome, why = decision.outcome_label, decision.reason
    if own is not None:
        outcome = own.outcome_label
        why = own.reason or own.proof or (decision.reason if own.outcome == decision.outcome else "")
        # On which ground stands with each camera: a part is refused like a whole (Decree art. 42(1)).
        grounds = [str(each) for each in (own.national_ground, own.ground) if each]
        why = " / ".join(filter(None, [*grounds, why]))
    elif search is not None and not search.is_there:
        told = "" if line.camera.is_sign_exempt else f" {search.record}"
        outcome, why = Outcome.NOT_EXISTING.label, f"{search.get_outcome_display()}.{told}"
    kind = "" if is_alone else f"{decision.get_kind_display()}: "
    number, place = _called(line)
    span = f"{wording.minute(line.from_at)} ~ {wording.minute(line.until_at)}"
    return "\n".join(filter(None, (number, place))), span, f"{kind}{outcome}", why or "–"


def _approvals(notice: ViewingNotice, decisions: Sequence[ViewingDecision]) -> Iterator[Approval]:
    """Who wrote it and who decided. Whether that is a decision by delegation (전결) the district's own rule says; before
    somebody looked it up, the box says only who and when (`viewing_decision_mark`)."""
    decided = decisions[-1] if decisions else None
    writer = (decided.prepared_by if decided else None) or notice.by
    yield Approval(writer.position or "담당", str(writer), "기안", day(notice.on))
    if decided is not None:
        on = decided.decided_at.astimezone(wording.SEOUL).date()
        said = str(parameters.value("viewing_decision_mark", on).value)
        yield Approval(
            decided.decided_by.position or "결정자", str(decided.decided_by), _MARKS[said], day(on)
        )
        if said == "mayor":
            yield Approval("구청장")


def _register(what: str, title: str, subject: str, body: str, *, article: str, **more: Any) -> None:
    kinds.register(
        Kind(
            code=f"viewing_{what}",
            title=title,
            permission=PERMISSION,
            subject=subject,
            body=body,
            placeholders=PLACEHOLDERS,
            required=("접수번호", "알리는 내용"),
            article=article,
            matter=_matter,
            get=_get,
            where="열람등 청구의 ‘통지’",
            **more,
        )
    )


def register() -> None:
    _register(
        "decision",
        "열람등 결정 통지",
        "영상정보 {청구 내용} 청구에 대한 결정 통지",
        f"{_ABOUT}\n"
        "2. {근거 법령}에 따라 아래와 같이 알려 드립니다.\n"
        "가. {알리는 내용}\n"
        "나. 열람 일시와 장소: {열람 일시} {열람 장소}\n"
        "3. {열람 일시}에 오실 때에는 신분증을(대리인은 위임장도) 가져오시고, 그때 오시기 어려우면 담당자에게 알려 주십시오.",
        article="시행령 제41조제5항·제42조제2항",
    )
    _register(
        "postponement",
        "열람 연기 통지",
        "영상정보 열람 연기 통지",
        f"{_ABOUT}\n2. 「개인정보 보호법」 제35조제3항에 따라 아래와 같이 열람을 연기함을 알려 드립니다.\n가. {{알리는 내용}}",
        article="법 제35조제3항, 시행령 제42조제2항",
    )
    _register(
        "correction",
        "정정·삭제 결과 통지",
        "영상정보 정정·삭제 요구에 대한 결과 통지",
        f"{_ABOUT}\n2. 「개인정보 보호법」 제36조제2항에 따라 아래와 같이 조치하였음을 알려 드립니다.\n가. {{알리는 내용}}",
        article="법 제36조제2항·제4항",
    )
    _register(
        "objection",
        "이의신청 결과 통지",
        "영상정보 열람등 결정에 대한 이의신청 결과 통지",
        f"{_ABOUT}\n2. 귀하의 이의신청에 대하여 다음과 같이 알려 드립니다.\n가. {{알리는 내용}}",
        article="법 제38조제5항",
    )
    _register(
        "extension",
        "이의신청 답변기한 연장 통지",
        "이의신청 답변기한 연장 통지",
        f"{_ABOUT}\n2. 귀하의 이의신청에 답할 기한을 다음과 같이 연장함을 알려 드립니다.\n가. {{알리는 내용}}\n나. 답할 기한: {{답변 기한}}",
        article="행정기본법 제36조제2항",
    )
    _register(
        "supplement",
        "보완 요청",
        "영상정보 열람등 청구의 보완 요청",
        f"{_ABOUT}\n2. 청구를 처리하기 위하여 다음과 같이 보완을 요청하오니 기한까지 보내 주시기 바랍니다.\n가. {{알리는 내용}}\n나. 보완 기한: {{보완 기한}}",
        article="행정절차법 제17조제5항",
    )
    _register(
        "transfer",
        "이송 통지",
        "영상정보 열람등 청구의 이송 통지",
        f"{_ABOUT}\n2. {{근거 법령}} 다음과 같이 처리하는 경로를 바꾸었음을 알려 드립니다. 처음 접수한 날은 그대로입니다.\n가. {{알리는 내용}}",
        article=f"{ROUTING}, {ELSEWHERE}(다른 기관)",
    )
    _register(
        "closing",
        "종결 통지",
        "영상정보 열람등 청구의 종결 통지",
        f"{_ABOUT}\n2. {{근거 법령}}에 따라 다음과 같이 처리를 마쳤음을 알려 드립니다.\n가. {{알리는 내용}}",
        article="조례 제22조",
    )
    kinds.register(
        Kind(
            code="viewing_receipt",
            title="접수증",
            permission=PERMISSION,
            subject="영상정보 {청구 내용} 청구 접수 안내",
            body="1. 귀하의 영상정보 {청구 내용} 청구를 {접수일} 접수하였습니다(접수번호 {접수번호}).\n"
            "2. {옮겨 온 경로} 개인정보 보호법에 따른 열람등 청구로 처리합니다.\n"
            "3. {처리 기한}까지 답을 알려 드립니다.\n"
            "4. {보관 안내} 이미 파기된 영상은 되살릴 수 없습니다.",
            placeholders={
                **{name: PLACEHOLDERS[name] for name in ("접수번호", "접수일", "청구 내용")},
                "처리 기한": "2026. 11. 30.",
                "옮겨 온 경로": "정보공개 청구로 온 것(공개-7)을",
                "보관 안내": KEPT_BELOW,
            },
            required=("접수번호",),
            article="행정절차법 제17조제4항",
            matter=_receipt,
            get=_get_request,
            where="열람등 청구",
        )
    )


def _get_request(key: int) -> ViewingRequest:
    request = ViewingRequest.objects.filter(pk=key).first()
    if request is None:
        raise NoLetter("그런 청구가 없습니다.")
    return request


def _owed_on(request: ViewingRequest) -> str:
    """Until when an answer is owed, here or on the route on which it went on; empty once it was given, or is late: a day
    that has passed is no promise."""
    clocks = lateness.of(request)
    owed = clocks.route or clocks.answer
    return day(owed.due_on) if owed and owed.is_open and owed.due_on >= timezone.localdate() else ""


def _came_from(request: ViewingRequest) -> str:
    """Of what was sent by another door: by which, and under which number."""
    if request.channel not in OTHER_DOORS:
        return ""
    door, move = request.get_channel_display(), request.moves.filter(event=RequestEvent.RECEIVE).first()
    number = f"({move.document_number})" if move and move.document_number else ""
    return f"{door}{josa(door, '으로/로')} 온 것{number}을"


def _as_written(text: str) -> str:
    """Days in a sentence of ours as letters write them."""
    return _DAY.sub(lambda found: day(dt.date.fromisoformat(found[0])), text)


def _receipt(request: ViewingRequest, asked: Mapping[str, str], by: Officer) -> Matter:
    receiver, address = _receiver(request, by)
    kept = keeping.of(request, timezone.localdate())
    lines = _lines(request)[:MOST_ROWS]
    rows = [
        (
            *_called(line),
            f"{wording.minute(line.from_at)} ~ {wording.minute(line.until_at)}",
            _as_written(sentence),
        )
        for line, sentence in zip(lines, keeping.of_cameras(request, lines, kept), strict=True)
    ]
    tables = [Table((("수신자", _with_address(receiver, address)),))]
    if rows:
        headings = ("카메라", "설치장소", "촬영 구간", "보관")
        tables.append(Table(tuple(dict.fromkeys(rows)), headings, "청구하신 영상", (20, 26, 22, 32)))
    return Matter(
        receiver=f"{receiver} 귀하",
        receiver_reference=f"열람등 청구 {request.receipt_number}의 {request.get_requester_role_display()}",
        about=request.ledger_subject,
        values={
            "접수번호": request.receipt_number,
            "접수일": day(_received_on(request)),
            "청구 내용": ", ".join(request.kinds),
            "옮겨 온 경로": _came_from(request),
            "처리 기한": _owed_on(request),
            "보관 안내": KEPT_BELOW if rows else "",
        },
        tables=tuple(tables),
    )
