"""본인·대리인 확인: that who asks is who may ask, by a document that a named officer saw (Decree art. 46).

Two things look alike. That there is somebody (`unconfirmed.confirm`) is known from a telephone call, and keeps the hold.
Who it is is known from a document, and whether a proxy may ask from a mandate; nothing of the content is told or shown
before. A copy of the document is not needed: what was seen is written down, not what stands on it.
"""

from datetime import date

from django.utils.crypto import get_random_string

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, unwritten
from ordinance import parameters
from ordinance.periods import SEOUL
from records.enums import ConfirmedBy, IdentityDocument, Mandate, RequesterRole, RequestEvent, RequestState
from records.models import ViewingMove, ViewingRequest
from records.viewing import claims, findings, standing

ARTICLE = "시행령 제46조"
PROXY_ARTICLE = "시행령 제45조, 개인정보 처리 방법에 관한 고시 별지 제11호서식"
CHILD_AGE = "viewing_child_age"
NOT_CHILD, YOUNG_PROXY = "not_child", "young_proxy"
DOUBTS = {
    NOT_CHILD: "찍힌 사람이 법정대리인의 청구를 인정하는 나이({age}세) 이상입니다. 본인의 청구이거나 위임장이 있어야 하는지 확인하십시오.",
    YOUNG_PROXY: "대리인이 만 {age}세가 되지 않았습니다. 대리할 수 있는지 확인하십시오.",
}
# Without what is easily misread: 0 and O, 1 and I.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def doubts(role: str, requester_born: date | None, subject_born: date | None, on: date) -> list[str]:
    """What the form leaves in doubt. It is received all the same; the officer who confirms is told."""
    age = _child_age(on)
    found = []
    is_child = subject_born is not None and _age(subject_born, on) < age
    if role == RequesterRole.LEGAL_REPRESENTATIVE and subject_born is not None and not is_child:
        found.append(NOT_CHILD)
    if role != RequesterRole.SUBJECT and requester_born is not None and _age(requester_born, on) < age:
        found.append(YOUNG_PROXY)
    return found


def doubts_in_words(request: ViewingRequest) -> list[str]:
    age = _child_age(request.received_at.astimezone(SEOUL).date())
    return [DOUBTS[code].format(age=age) for code in request.doubts if code in DOUBTS]


def _child_age(on: date) -> int:
    return int(parameters.value(CHILD_AGE, on).value)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def identify(
    request: ViewingRequest, document: str, *, by: Officer, mandate: str = "", note: str = ""
) -> ViewingRequest:
    """An officer saw who asks, and of a proxy that he may. Raises `Refused`."""
    with acts.begin("records.viewing_identified", request, by=by) as act:
        current = act.row
        act.refuse(_refuse(current, document, mandate, note))
        current.identified_at, current.identified_by = act.at, by
        current.identity_document, current.mandate = document, mandate
        fields = ["identified_at", "identified_by", "identity_document", "mandate"]
        if current.confirmed_at is None:
            # Whoever is known is there, too.
            current.confirmed_at, current.confirmed_by = act.at, by
            current.confirmed_how, current.holds_lapse_at = ConfirmedBy.DOCUMENT, None
            fields += ["confirmed_at", "confirmed_by", "confirmed_how", "holds_lapse_at"]
        current.save(update_fields=fields)
        is_next = current.state == RequestState.RECEIVED
        act.move(
            ViewingMove,
            RequestEvent.IDENTIFY,
            reason=note,
            to=standing.of(current) if is_next else "",
        )
        findings.follow(act)
        act.payload |= {"request": current.receipt_number, "identity": document}
        if mandate:
            act.payload["mandate"] = mandate
    return current


def _refuse(request: ViewingRequest, document: str, mandate: str, note: str) -> list[Refusal]:
    found = []
    if request.identified_at is not None:
        return [Refusal("identified", "이미 확인한 청구입니다.", ARTICLE)]
    if document not in IdentityDocument.values:
        found.append(Refusal("document", "무엇으로 확인했는지 고르십시오.", ARTICLE, field="document"))
    if document == IdentityDocument.OTHER:
        found += unwritten(note, "note", "어떤 신분증명서인지 적으십시오. 번호는 적지 않습니다.", ARTICLE)
    if request.requester_role == RequesterRole.SUBJECT:
        return found
    if mandate not in Mandate.values:
        found.append(
            Refusal(
                "mandate",
                "대리인이 청구할 수 있음을 보이는 서류를 확인해야 합니다.",
                PROXY_ARTICLE,
                "서류가 없으면 보완을 요청하십시오.",
                field="mandate",
            )
        )
    if request.requester_role == RequesterRole.PROXY and mandate == Mandate.FAMILY_RECORD:
        text = "위임받은 대리인은 위임장이 있어야 합니다."
        found.append(Refusal("mandate", text, PROXY_ARTICLE, field="mandate"))
    if request.doubts and not note.strip():
        text = "확인할 점이 있는 청구입니다. 어떻게 확인했는지 적으십시오."
        found.append(Refusal("note", text, PROXY_ARTICLE, field="note"))
    return found


def refuse_unidentified(request: ViewingRequest) -> list[Refusal]:
    """Why nothing of what the footage shows may be told to who asks."""
    if request.identified_at is not None:
        return []
    return [
        Refusal(
            "identity",
            "본인이나 정당한 대리인인지 아직 확인하지 않아, 영상의 내용을 알리거나 보일 수 없습니다.",
            ARTICLE,
            "‘본인·대리인 확인’을 먼저 기록하십시오. 전화 통화로는 확인할 수 없습니다.",
        )
    ]


def issue_new_code(request: ViewingRequest, *, by: Officer) -> str:
    """확인번호 for a person who lost it and whose document was seen; the old one opens nothing any more."""
    with acts.begin("records.viewing_code_issued", request, by=by) as act:
        current = act.row
        act.refuse(refuse_unidentified(current))
        code = get_random_string(claims.CODE_LENGTH, CODE_LETTERS)
        act.move(ViewingMove, RequestEvent.NEW_CODE)
        current.claim_digest = claims.digest_of_code(current.receipt_number, code)
        current.save(update_fields=["claim_digest"])
        act.payload |= {"request": current.receipt_number}
    return code
