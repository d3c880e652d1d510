"""제한 요청 (PIPA 18(5), Guideline art. 8(1)): asked in writing before anything is given, and answered in writing."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import Officer
from casework import acts, dispatch
from casework.acts import Act, File
from casework.refusals import Refusal, Refused, outside, unwritten
from ordinance.periods import written_day
from records.models import Provision, ProvisionMove, ProvisionRestriction
from records.provision import clocks, findings
from records.provision_enums import CopiesEnd, ProvisionEvent, ReleaseKind

ARTICLE = "법 제18조제5항, 표준 개인정보 보호지침 제8조제1항"
_ENDS = {
    CopiesEnd.DESTROY: "기간이 끝나거나 목적을 이루면 지체 없이 파기하고 알려 주십시오.",
    CopiesEnd.RETURN: "기간이 끝나거나 목적을 이루면 지체 없이 반환하고, 남은 사본은 삭제하여 주십시오.",
    CopiesEnd.DESTROY_AND_REPORT: "기간이 끝나거나 목적을 이루면 지체 없이 파기하고 그 결과를 문서로 제출하여 주십시오.",
}


def draft(provision: Provision) -> str:
    """What the letter asks, unless the officer writes more."""
    lines = [
        f"요청한 목적({provision.purpose}) 밖으로 이용하지 않고, 제3자에게 다시 제공하지 않습니다(법 제19조).",
        f"이용 기간은 {written_day(provision.use_until_on)}까지입니다.",
        "접근할 사람을 정하고, 암호를 걸어 보관하며, 복사와 유출을 막습니다.",
    ]
    if provision.leaves_copies and provision.copies_end:
        lines.append(_ENDS[CopiesEnd(provision.copies_end)])
    if provision.approvals.pending().filter(is_after=True).exists():
        lines.append(
            "구청장의 사후승인이 날 때까지 쓰지 않고 보관하며, 승인되지 않으면 곧바로 돌려주거나 파기합니다(조례 제21조제3항)."
        )
    return "\n".join(lines)


def is_owed(provision: Provision) -> bool:
    """Whoever gets data outside the purpose is asked; a department of this office is not another body."""
    return provision.is_outside and provision.kind == ReleaseKind.PROVISION


def ask(
    provision: Provision, *, text: str, document_number: str, on: dt.date, by: Officer
) -> ProvisionRestriction:
    """The letter as it was sent; frozen."""
    with acts.begin("records.provision_restricted", provision, by=by) as act:
        if of(act.row) is not None:
            raise Refused([Refusal("asked", "이미 제한을 요청했습니다.", ARTICLE)])
        act.refuse(
            [
                *unwritten(text, "text", "제한하거나 요청하는 내용을 적으십시오.", ARTICLE),
                *unwritten(document_number, "document_number", "문서번호를 적으십시오.", ARTICLE),
                *outside(
                    on,
                    "on",
                    "요청한 날",
                    until=timezone.localdate(),
                    since=timezone.localdate(act.row.received_at),
                    since_name="접수일",
                    article=ARTICLE,
                ),
            ]
        )
        act.move(ProvisionMove, ProvisionEvent.RESTRICT, on=on, document_number=document_number)
        row = act.add(
            ProvisionRestriction(
                provision=act.row,
                text=text.strip(),
                document_number=document_number.strip(),
                asked_on=on,
                asked_by=by,
                salt=act.seal("text", text.strip()),
            )
        )
        clocks.start_again(act, clocks.RESTRICTION, on)
        act.payload |= {
            "provision": act.row.number,
            "document": row.document_number,
            "on": on.isoformat(),
        }
        findings.follow(act)
    return row


def answer(
    provision: Provision,
    *,
    text: str,
    document_number: str,
    on: dt.date,
    has_pledge: bool,
    by: Officer,
    files: Iterable[File] = (),
) -> ProvisionRestriction:
    """What the recipient wrote back; without pledge or measures it is no answer."""
    with acts.begin("records.provision_restriction_answered", provision, by=by) as act:
        row = of(act.row)
        if row is None or row.answered_on is not None:
            why = "이미 회신을 기록했습니다." if row else "먼저 제한을 요청하십시오."
            raise Refused([Refusal("answer", why, ARTICLE)])
        act.refuse(
            [
                *unwritten(text, "text", "상대방이 조치했다고 알려온 내용을 적으십시오.", ARTICLE),
                *unwritten(document_number, "document_number", "회신 문서의 번호를 적으십시오.", ARTICLE),
                *outside(
                    on,
                    "on",
                    "회신받은 날",
                    until=timezone.localdate(),
                    since=row.asked_on,
                    since_name="요청한 날",
                    article=ARTICLE,
                ),
            ]
        )
        act.move(ProvisionMove, ProvisionEvent.ANSWER_RESTRICTION, on=on, document_number=document_number)
        row.answered_on, row.answer_document = on, document_number.strip()
        row.answer_text, row.has_pledge, row.answer_recorded_by = text.strip(), has_pledge, by
        row.full_clean()
        row.save()
        act.attach(files, to=row)
        clocks.stop(act, clocks.RESTRICTION)
        act.payload |= {
            "provision": act.row.number,
            "document": row.answer_document,
            "on": on.isoformat(),
            "pledge": has_pledge,
        }
        findings.follow(act)
    return row


def is_unsent(provision: Provision) -> bool:
    """Its letter has a number of this office and has not left: nothing is asked yet."""
    asked = of(provision)
    return asked is not None and dispatch.is_unsent(provision.ledger_subject, asked.document_number)


def of(provision: Provision) -> ProvisionRestriction | None:
    """The one that tells of what was approved."""
    return ProvisionRestriction.objects.current().filter(provision=provision).first()


def supersede(act: Act[Provision]) -> None:
    """What was asked tells of another period, or of other cameras: it is asked anew."""
    if act.row.restrictions.current().update(superseded_at=act.at):
        clocks.stop(act, clocks.RESTRICTION)
