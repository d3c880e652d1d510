"""Letters of use and provision: restrictions asked (PIPA 18(5)), refusal, reminder, recall. None names a person."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from records.models import Provision
from records.provision import ending, recall, refusing, restrictions
from reports.documents import provision_letter
from reports.letters import kinds
from reports.letters.kinds import Kind, Matter, NoLetter
from reports.official import Approval, Disclosure, day
from reports.wording import SEOUL

PERMISSION = "records.handle_provision"
TITLES = {
    "restriction": "이용 제한과 안전조치 요청",
    "refusal": "제공 요청에 대한 회신 (불승인)",
    "chaser": "반환·파기 확인 요청",
    "recall": "회수 요구",
}
ARTICLES = {
    "restriction": restrictions.ARTICLE,
    "refusal": refusing.ARTICLE,
    "chaser": ending.ARTICLE,
    "recall": recall.ARTICLE,
}
PLACEHOLDERS = {
    "요청 문서": "수사과-123(2026. 11. 20.)호",
    "관리번호": "제공-2026-001",
    "목적": "절도 사건 수사",
    "요지": "제공한 영상의 이용을 멈추고 반환하여 주시기 바랍니다.",
    "내용": "요청한 목적 밖으로 이용하지 않습니다.",
}


def _get(key: int) -> Provision:
    provision = Provision.objects.select_related("unit__agency", "department").filter(pk=key).first()
    if provision is None:
        raise NoLetter("그런 이용·제공이 없습니다.")
    return provision


def _register(code: str, subject: str) -> None:
    def matter(provision: Provision, asked: Mapping[str, str], by: Officer) -> Matter:
        try:
            letter = provision_letter.KINDS[code](provision)
        except provision_letter.NoLetter as problem:
            raise NoLetter(str(problem)) from problem
        document = provision_letter.document_of(provision, code)
        return Matter(
            receiver=document.receiver,
            receiver_reference=document.receiver,
            about=provision.ledger_subject,
            values={
                "요청 문서": f"{provision.letter_number}({day(provision.letter_on)})호",
                "관리번호": provision.number,
                "목적": provision.purpose,
                "요지": " ".join(letter.sentences[1:]),
                "내용": "\n".join(letter.points),
            },
            tables=document.tables,
            approvals=_approvals(provision, by),
        )

    kinds.register(
        Kind(
            code=f"provision_{code}",
            title=TITLES[code],
            permission=PERMISSION,
            subject=subject,
            body="1. {요청 문서}와 관련됩니다. (관리번호 {관리번호}, 목적: {목적})\n2. {요지}\n가. {내용}",
            placeholders=PLACEHOLDERS,
            required=("요청 문서", "요지"),
            article=ARTICLES[code],
            matter=matter,
            get=_get,
            disclosure=Disclosure.PARTLY,
            disclosure_ground="정보공개법 제9조제1항제4호",
            where="이용·제공",
        )
    )


def _approvals(provision: Provision, by: Officer) -> tuple[Approval, ...]:
    """The line as it was decided, with who stood in for whom; empty where nothing was approved here."""
    rows: Any = (
        provision.approvals.current().exclude(outcome="").select_related("approver").order_by("position")
    )
    decided = tuple(
        Approval(
            row.get_step_display(),
            str(row.approver or ""),
            row.get_capacity_display() or "결재",
            day(row.decided_at.astimezone(SEOUL).date()) if row.decided_at else "",
        )
        for row in rows
    )
    written = Approval(by.position or "담당", str(by), "기안", day(timezone.localdate()))
    return (written, *decided) if decided else ()


def register() -> None:
    _register("restriction", "개인영상정보 제공에 따른 이용 제한과 안전조치 요청")
    _register("refusal", "개인영상정보 제공 요청에 대한 회신")
    _register("chaser", "제공한 개인영상정보의 반환·파기 확인 요청")
    _register("recall", "제공한 개인영상정보의 회수 요구")
