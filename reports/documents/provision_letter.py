"""공문 of use and provision: restrictions asked (PIPA 18(5)), refusal, reminder, recall; and the receipt of a hand-over.

What is printed was fixed when the step was taken. No letter names a person: whoever receives footage signs the receipt with
his own hand.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from ordinance import articles
from ordinance.models import DueDate
from records.models import HandOver, Provision
from records.provision import clocks, ranges, restrictions
from records.provision.states import SUBJECT_KIND
from records.provision_enums import CopiesEnd, ProvisionEvent, ProvisionState, ReleaseForm
from reports import hwpx, letterhead, official_pdf, wording
from reports.official import Document, Item, Table, day

MOST_ROWS = 60
_WANTED = {
    CopiesEnd.DESTROY: "파기하고 그 사실을",
    CopiesEnd.RETURN: "반환하고 남은 사본을 삭제한 사실을",
    CopiesEnd.DESTROY_AND_REPORT: "파기하고 그 결과를",
}


class NoLetter(ValueError):
    """There is nothing to write about."""


@dataclass(frozen=True)
class Letter:
    """One letter: what it is about, its sentences, and the table below them."""

    subject: str
    sentences: Sequence[str]
    number: str = ""
    on: dt.date | None = None
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    points: Sequence[str] = field(default=())


def render(provision: Provision, kind: str) -> bytes:
    """The letter as PDF/A; NoLetter for a kind that does not exist or has nothing to say."""
    document = document_of(provision, kind)
    return official_pdf.render(
        document, created=timezone.now(), title=f"{document.subject} {provision.number}"
    )


def render_hwpx(provision: Provision, kind: str) -> bytes:
    return hwpx.of_document(document_of(provision, kind), created=timezone.now())


def document_of(provision: Provision, kind: str) -> Document:
    if kind not in KINDS:
        raise NoLetter("그런 공문이 없습니다.")
    letter = KINDS[kind](provision)
    *sentences, last = letter.sentences
    points = tuple(Item(point) for point in letter.points)
    rows = tuple(tuple(row) for row in letter.rows)
    return Document(
        subject=letter.subject,
        receiver=f"{provision.recipient}장",
        items=(*(Item(each) for each in sentences), Item(last, points)),
        tables=(Table(rows, tuple(letter.headings), "대상 영상"),) if rows else (),
        **letterhead.of(letter.on or timezone.localdate(), number=letter.number),
    )


def _restriction(provision: Provision) -> Letter:
    asked = restrictions.of(provision)
    if asked is None:
        raise NoLetter("아직 제한을 요청하지 않았습니다.")
    return Letter(
        "개인영상정보 제공에 따른 이용 제한과 안전조치 요청",
        [
            _about(provision),
            "「개인정보 보호법」 제18조제5항과 「표준 개인정보 보호지침」 제8조제1항에 따라 다음과 같이 이용을 제한하고 "
            "안전조치를 요청하니, 조치한 뒤 그 결과를 문서로 알려 주시기 바랍니다.",
        ],
        asked.document_number,
        asked.asked_on,
        points=[line for line in asked.text.splitlines() if line.strip()],
    )


def _refusal(provision: Provision) -> Letter:
    move = provision.moves.filter(event=ProvisionEvent.REFUSE).last()
    if move is None:
        raise NoLetter("불승인한 요청이 아닙니다.")
    return Letter(
        "개인영상정보 제공 요청에 대한 회신",
        [_about(provision), "위 요청은 다음과 같은 까닭으로 들어드릴 수 없음을 알려 드립니다."],
        move.document_number,
        move.on,
        points=[move.reason or "보관기간이 지나 파기한 내용입니다."],
    )


def _chaser(provision: Provision) -> Letter:
    copies = _outside(provision)
    wanted = _WANTED[CopiesEnd(provision.copies_end)] if provision.copies_end else "파기하고 그 사실을"
    return Letter(
        "제공한 개인영상정보의 반환·파기 확인 요청",
        [
            _about(provision),
            f"「{_ordinance()}」 제24조제3항에 따라, 제공받은 영상을 기한까지 {wanted} 문서로 알려 주시기 바랍니다.",
        ],
        headings=("파일", "인계한 날", "매체", "기한"),
        rows=_copies(copies),
    )


def _recall(provision: Provision) -> Letter:
    if provision.state != ProvisionState.RECALLING:
        raise NoLetter("회수를 요구하지 않았습니다.")
    due = DueDate.objects.filter(
        subject_kind=SUBJECT_KIND, subject_number=provision.number, purpose=clocks.RECALL
    ).last()
    by = f"{day(due.due_on)}까지 " if due else ""
    return Letter(
        "제공한 개인영상정보의 회수 요구",
        [
            _about(provision),
            f"다음 영상의 이용을 곧바로 멈추고, {by}{_brought_back(provision)} 확인서를 보내 주시기 바랍니다.",
            f"회수하는 까닭: {provision.recalled_why}",
        ],
        headings=("파일", "인계한 날", "매체", "기한"),
        rows=_copies(_outside(provision), due.due_on if due else None),
    )


KINDS: dict[str, Callable[[Provision], Letter]] = {
    "restriction": _restriction,
    "refusal": _refusal,
    "chaser": _chaser,
    "recall": _recall,
}


def _brought_back(provision: Provision) -> str:
    if provision.form == ReleaseForm.LIVE:
        return "실시간 연결을 끊고 저장한 것이 있으면 파기한 뒤"
    return "반환하거나 파기한 뒤"


def _outside(provision: Provision) -> list[HandOver]:
    found = list(provision.hand_overs.outside().defer("receiver_name", "receiver_rank").order_by("at"))
    if not found:
        raise NoLetter("밖에 나가 있는 사본이 없습니다.")
    return found[:MOST_ROWS]


def _copies(copies: Sequence[HandOver], due_on: dt.date | None = None) -> list[list[str]]:
    return [
        [
            row.file_name,
            day(timezone.localdate(row.at)),
            " ".join(filter(None, [row.get_medium_display(), row.medium_number])),
            day(due_on or row.end_due_on) or "–",
        ]
        for row in copies
    ]


def receipt(hand_over: HandOver) -> bytes:
    """인수증: what was given; the receiver writes his name and signs."""
    provision = hand_over.provision
    files = [
        (each.name, each.sha256, "파일에서 계산" if each.is_checked else "담당자가 적음")
        for each in hand_over.files.all()
    ]
    facts = [
        ("관리번호", provision.number),
        ("제공받는 자", provision.recipient),
        ("요청 문서", f"{provision.letter_number} ({day(provision.letter_on)})"),
        ("목적", provision.purpose),
        ("근거", provision.basis),
        ("영상정보 파일", hand_over.file_name),
        ("촬영 구간", _spans(provision)),
        ("형태와 매체", _medium(hand_over)),
        ("인계한 때", wording.minute(hand_over.at)),
        ("이용 기간", f"{day(provision.use_until_on)}까지, 그 뒤 {_end(provision)}"),
        ("업무처리 담당자", str(hand_over.handed_by)),
    ]
    on = timezone.localdate(hand_over.at)
    document = Document(
        subject="개인영상정보 인수증",
        receiver="",
        items=(),
        tables=(
            Table(tuple(facts)),
            Table(tuple(files[:MOST_ROWS]), ("파일 이름", "SHA-256", "값의 출처"), "파일", (34, 48, 18)),
        ),
        closing=(
            Item("지킬 것", tuple(Item(line) for line in _promises(provision) if line)),
            Item("위 영상을 틀림없이 받았으며, 적은 것을 지키겠습니다."),
        ),
        signature=("받은 사람  소속·계급 ______________________  성명 ______________________ (서명)",),
        **letterhead.of(on),
    )
    return official_pdf.render(
        replace(document, on=day(on)), created=timezone.now(), title=f"인수증 {provision.number}"
    )


def _spans(provision: Provision) -> str:
    found = [
        f"{one.camera.number} {wording.minute(one.from_at)} ~ {wording.minute(one.until_at)}"
        for one in ranges.of(provision)
    ]
    rest = len(found) - 5
    return ", ".join(found[:5]) + (f" 외 {rest:,}구간" if rest > 0 else "")


def _medium(hand_over: HandOver) -> str:
    provision = hand_over.provision
    if not provision.leaves_copies:
        return provision.get_form_display()
    medium = " ".join(filter(None, [hand_over.get_medium_display(), hand_over.medium_number]))
    return f"{provision.get_form_display()}, {medium}, 파일 {hand_over.file_count:,}개"


def _end(provision: Provision) -> str:
    if not provision.leaves_copies:
        return "남는 사본 없음"
    return CopiesEnd(provision.copies_end).label if provision.copies_end else "파기"


def _promises(provision: Provision) -> list[str]:
    asked = restrictions.of(provision)
    own = asked.text.splitlines() if asked else []
    return [line.strip() for line in own] or [
        "요청한 목적 밖으로 이용하지 않고 제3자에게 다시 제공하지 않겠습니다."
    ]


def _about(provision: Provision) -> str:
    return (
        f"{provision.letter_number}({day(provision.letter_on)})호와 관련됩니다. "
        f"(관리번호 {provision.number}, 목적: {provision.purpose})"
    )


def _ordinance() -> str:
    version = articles.version()
    return version.title if version else "조례"
