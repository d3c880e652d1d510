"""Letters of use and provision: restrictions asked (PIPA 18(5)), refusal, reminder, recall. None names a person."""

from collections.abc import Mapping

from django.utils import timezone

from accounts.models import Officer
from ordinance import parameters
from records.models import Provision, ProvisionApproval
from records.provision import ending, recall, refusing, restrictions
from records.provision_enums import ApprovalCapacity, ApprovalOutcome, ApprovalStep
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
# Investigation, trial, execution of a sentence (PIPA 18(2)7–9): what the disclosure act's 9(1)4 speaks of.
OF_PROCEEDINGS = frozenset({"INVESTIGATION", "COURT", "SENTENCE"})
_DISCLOSURES = {"open": Disclosure.OPEN, "partly": Disclosure.PARTLY, "closed": Disclosure.CLOSED}
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
        disclosure, ground = _disclosure(provision)
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
            approvals=_approvals(provision, code, by),
            disclosure=disclosure,
            disclosure_ground=ground,
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
            where="이용·제공",
        )
    )


def _disclosure(provision: Provision) -> tuple[Disclosure, str]:
    """Of proceedings the disclosure act's own ground (9(1)4); of everything else what the district says."""
    codes = {each.code for each in (provision.ground, provision.national_ground) if each}
    if codes & OF_PROCEEDINGS:
        return Disclosure.PARTLY, "정보공개법 제9조제1항제4호"
    said = _DISCLOSURES[str(parameters.value("provision_letter_disclosure").value)]
    return said, "" if said == Disclosure.OPEN else "정보공개법 제9조제1항제6호"


def _approvals(provision: Provision, code: str, by: Officer) -> tuple[Approval, ...]:
    """The line as it was decided, with who stood in for whom. A reminder, and a recall that no approval ordered, were decided
    by nobody of that line: their boxes are signed by hand."""
    rows = provision.approvals.current().exclude(outcome="").select_related("approver").order_by("position")
    if code == "chaser":
        return ()
    if code == "recall":
        rows = rows.filter(is_after=True, outcome=ApprovalOutcome.REFUSED)
    last = provision.approvals.current().filter(is_after=False).order_by("position").last()
    decided = tuple(
        Approval(
            f"{row.get_step_display()} (사후)" if row.is_after else row.get_step_display(),
            str(row.approver or ""),
            _mark(row, is_last=last is not None and row.pk == last.pk, is_urgent=provision.is_urgent),
            day(row.decided_at.astimezone(SEOUL).date()) if row.decided_at else "",
        )
        for row in rows
    )
    written = Approval(by.position or "담당", str(by), "기안", day(timezone.localdate()))
    return (written, *decided) if decided else ()


def _mark(row: ProvisionApproval, *, is_last: bool, is_urgent: bool) -> str:
    """The letter is the mayor's: whoever decides for him at the end of the line does so by delegation, but for the urgent
    one, which the ordinance itself lets the head approve (art. 21(3))."""
    if row.capacity in (ApprovalCapacity.STAND_IN, ApprovalCapacity.DELEGATE):
        return row.get_capacity_display()
    is_delegated = is_last and row.step != ApprovalStep.MAYOR and not is_urgent
    return str(ApprovalCapacity.DELEGATE.label) if is_delegated else "결재"


def register() -> None:
    _register("restriction", "개인영상정보 제공에 따른 이용 제한과 안전조치 요청")
    _register("refusal", "개인영상정보 제공 요청에 대한 회신")
    _register("chaser", "제공한 개인영상정보의 반환·파기 확인 요청")
    _register("recall", "제공한 개인영상정보의 회수 요구")
