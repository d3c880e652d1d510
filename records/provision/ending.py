"""반환·파기와 종결 (ordinance 24(3)): a copy is over when somebody confirmed it, never because a day has passed."""

import datetime as dt
from collections.abc import Iterable

from accounts.models import Officer
from casework import acts
from casework.acts import File
from casework.refusals import Refusal, unwritten
from records.models import CopyEnding, HandOver, Provision, ProvisionMove
from records.provision import (
    afterwards,
    approval,
    clocks,
    extending,
    findings,
    publication,
    recall,
    restrictions,
    subject_notice,
)
from records.provision_enums import CopiesEnd, EndingKind, ProvisionEvent, ProvisionState, ReleaseForm

ARTICLE = "조례 제24조제3항"


def confirm(
    hand_over: HandOver,
    *,
    kind: str,
    at: dt.datetime,
    confirmer_name: str,
    by: Officer,
    document_number: str = "",
    note: str = "",
    files: Iterable[File] = (),
) -> CopyEnding:
    """What the recipient confirmed, with his paper. A later line of the ledger (파기), not a change of the first one."""
    with acts.begin("records.provision_copy_ended", hand_over.provision, by=by) as act:
        row = act.hold(hand_over)
        kept = list(files)
        act.refuse(_check(act.row, row, kind, at, act.at))
        act.refuse(_check_words(act.row, confirmer_name, document_number, kept))
        act.move(ProvisionMove, ProvisionEvent.END_COPY, document_number=document_number)
        made = act.add(
            CopyEnding(
                hand_over=row,
                kind=kind,
                at=at,
                confirmer_name=confirmer_name.strip(),
                document_number=document_number.strip(),
                note=note.strip(),
                recorded_at=act.at,
                recorded_by=by,
            )
        )
        act.attach(kept, to=made)
        act.payload |= {
            "provision": act.row.number,
            "hand_over": row.pk,
            "ending_kind": kind,
            "at": at.isoformat(),
            "document": made.document_number,
        }
        recall.finish_if_all_back(act)
        findings.follow(act)
    return made


def _check(
    provision: Provision, row: HandOver, kind: str, at: dt.datetime, now: dt.datetime
) -> list[Refusal]:
    if not HandOver.objects.outside().filter(pk=row.pk).exists():
        done = CopyEnding.objects.filter(hand_over=row).exists()
        return [_refusal("", "이미 끝난 사본입니다." if done else "사본을 주지 않았습니다.")]
    found = []
    is_live = provision.form == ReleaseForm.LIVE
    if is_live != (kind == EndingKind.CUT):
        text = "실시간 영상은 연결을 끊은 것을, 사본은 반환·파기를 확인합니다."
        found.append(_refusal("kind", text))
    if at > now:
        found.append(_refusal("at", "반환·파기한 때가 지금보다 뒤입니다."))
    if at < row.at:
        found.append(_refusal("at", "반환·파기한 때가 인계한 때보다 앞섭니다."))
    is_recall = provision.state == ProvisionState.RECALLING
    if provision.copies_end == CopiesEnd.RETURN and kind == EndingKind.DESTROYED and not is_recall:
        found.append(_refusal("kind", "이 자치구의 조례는 반환을 요구합니다.", "돌려받은 것을 확인하십시오."))
    return found


def _check_words(
    provision: Provision, confirmer_name: str, document_number: str, files: list[File]
) -> list[Refusal]:
    found = [*unwritten(confirmer_name, "confirmer_name", "확인한 상대방의 성명을 적으십시오.", ARTICLE)]
    reports = provision.leaves_copies and provision.copies_end == CopiesEnd.DESTROY_AND_REPORT
    if reports and not (document_number.strip() and files):
        found.append(_refusal("files", "파기 결과를 제출한 문서의 번호와 파일이 있어야 합니다."))
    if not document_number.strip() and not files:
        found.append(_refusal("document_number", "확인 문서의 번호를 적거나 확인서를 올리십시오."))
    return found


def end(provision: Provision, *, by: Officer) -> Provision:
    """종결: nothing is outside and nothing is owed."""
    with acts.begin("records.provision_ended", provision, by=by) as act:
        act.refuse(_refusal("open", f"아직 끝나지 않았습니다: {what}.") for what in unfinished(act.row))
        act.move(ProvisionMove, ProvisionEvent.END)
        clocks.stop(act)
        act.payload["provision"] = act.row.number
        findings.follow(act)
    return act.row


def unfinished(provision: Provision) -> list[str]:
    """What is still owed, in words."""
    found = []
    if outside := provision.hand_overs.outside().count():
        what = "이어진 실시간 영상" if provision.form == ReleaseForm.LIVE else "밖에 나가 있는 사본"
        found.append(f"{what} {outside:,}건")
    if afterwards.pending(provision) is not None:
        found.append("구청장의 사후승인")
    if approval.unconfirmed_call(provision) is not None:
        found.append("전화 승인의 확인")
    if extending.pending(provision) is not None:
        found.append("이용 기간 연장의 결재")
    if restrictions.is_owed(provision):
        asked = restrictions.of(provision)
        if asked is None or asked.answered_on is None:
            found.append("제한 요청에 대한 회신")
    if publication.is_open(provision):
        found.append("누리집 게시")
    if subject_notice.is_open(provision):
        found.append("정보주체 통지")
    return found


def _refusal(field: str, text: str, remedy: str = "") -> Refusal:
    return Refusal(field or "state", text, ARTICLE, remedy, field=field)
