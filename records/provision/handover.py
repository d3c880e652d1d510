"""인계: what is given to whom, on which medium, which files. Not before the approval, and not without the restrictions.

The file itself stays with the official: where he hands it to this system its SHA-256 is reckoned while it passes, and
nothing of it is kept; otherwise he writes the digest down, and the row says that nobody checked it. Each hand-over carries
what the ledger of Guideline art. 42 demands (forms.md 3.3), or it is refused.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from casework import acts
from casework.acts import Act, File
from casework.refusals import Refusal, Refused, unwritten
from records.models import HandOver, HandOverFile, Provision, ProvisionApproval, ProvisionMove
from records.provision import clocks, consent, findings, publication, restrictions, review, subject_notice
from records.provision_enums import Medium, ProvisionEvent, ReleaseForm

ARTICLE = "조례 제21조제1항, 표준 개인정보 보호지침 제42조제1항"
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Digest:
    """One file of what is given."""

    name: str
    sha256: str
    size: int | None = None
    is_checked: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What the official hands over, in the words of the ledger."""

    at: dt.datetime
    file_name: str
    receiver_name: str
    medium: str = Medium.NONE
    medium_number: str = ""
    file_count: int = 0
    receiver_rank: str = ""
    until_at: dt.datetime | None = None
    is_masked: bool = False
    unmasked_why: str = ""
    files: Sequence[Digest] = ()


def reckon(upload: UploadedFile, written: str = "") -> Digest:
    """The digest of a file as it passes; refused where the official wrote another one."""
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    digest = found.hexdigest()
    if written.strip() and written.strip().lower() != digest:
        text = f"적은 SHA-256이 파일 ‘{upload.name}’에서 계산한 값({digest})과 다릅니다."
        raise Refused([Refusal("digest", text, ARTICLE, "파일과 값을 확인하십시오.", field="digests")])
    return Digest(str(upload.name)[:255], digest, upload.size, is_checked=True)


def written_down(text: str) -> list[Digest]:
    """Lines of digest and name, as sha256sum prints them."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        digest, _, name = line.partition(" ")
        name = name.strip().lstrip("*")
        if not _DIGEST.match(digest.lower()) or not name:
            text = f"‘{line[:80]}’: SHA-256(64자리)과 파일 이름을 한 줄에 적으십시오."
            raise Refused([Refusal("digest", text, ARTICLE, field="digests")])
        found.append(Digest(name[:255], digest.lower()))
    return found


def hand_over(provision: Provision, given: Given, *, by: Officer) -> HandOver:
    """In force the minute it happens: what is owed for it (publication, notice, its end) begins to run."""
    with acts.begin("records.provision_handed_over", provision, by=by) as act:
        act.refuse(check(act.row, given, act.at))
        act.move(ProvisionMove, ProvisionEvent.HAND_OVER, on=timezone.localdate(given.at))
        row = act.add(_row(act, given, by))
        for each in given.files:
            act.add(
                HandOverFile(
                    hand_over=row,
                    name=each.name,
                    sha256=each.sha256,
                    size=each.size,
                    is_checked=each.is_checked,
                )
            )
        _begin_duties(act, given.at)
        act.payload |= _told(act.row, row, given)
        findings.follow(act)
    return row


def _row(act: Act[Provision], given: Given, by: Officer) -> HandOver:
    return HandOver(
        provision=act.row,
        at=given.at,
        until_at=given.until_at,
        file_name=given.file_name.strip(),
        medium=given.medium,
        medium_number=given.medium_number.strip(),
        file_count=given.file_count,
        is_masked=given.is_masked,
        unmasked_why=given.unmasked_why.strip(),
        receiver_rank=given.receiver_rank.strip(),
        receiver_name=given.receiver_name.strip(),
        handed_by=by,
        recorded_at=act.at,
        salt=act.seal("text", _words(act.row, given)),
        use_until_on=act.row.use_until_on,
        end_due_on=act.row.use_until_on if act.row.leaves_copies else None,
    )


def _begin_duties(act: Act[Provision], at: dt.datetime) -> None:
    if publication.is_owed(act.row):
        clocks.start_again(act, clocks.PUBLICATION, at)
    if subject_notice.is_owed(act.row):
        clocks.start(act, clocks.SUBJECT, at)


def _words(provision: Provision, given: Given) -> str:
    """What may tell of a person, and stands in the official ledger: proved by its digest alone."""
    return "\n".join([given.file_name.strip(), provision.purpose, provision.basis])


def _told(provision: Provision, row: HandOver, given: Given) -> dict[str, object]:
    """What the official ledger prints, but for what may tell of persons."""
    return {
        "provision": provision.number,
        "hand_over": row.pk,
        "release_kind": provision.kind,
        "recipient": provision.recipient,
        "file_count": row.file_count,
        "release_form": provision.form,
        "medium": row.medium,
        "at": row.at.isoformat(),
        "grounds": [each.code for each in (provision.ground, provision.national_ground) if each],
        "period": f"{provision.use_until_on:%Y-%m-%d}까지",
        "sha256": [each.sha256 for each in given.files],
        "masked": row.is_masked,
    }


def check(provision: Provision, given: Given, now: dt.datetime) -> list[Refusal]:
    """Why nothing can be given like this."""
    found = [
        *unwritten(given.file_name, "file_name", "영상정보 파일의 명칭을 적으십시오.", ARTICLE),
        *unwritten(given.receiver_name, "receiver_name", "받은 사람의 성명을 적으십시오.", ARTICLE),
        *_check_time(provision, given, now),
        *_check_files(provision, given),
    ]
    if not given.is_masked and not given.unmasked_why.strip():
        text = "다른 사람을 가리지 않고 주려면 그 까닭을 적어야 합니다."
        found.append(Refusal("unmasked", text, "법 제3조, 조례 제21조제2항", field="unmasked_why"))
    if restrictions.is_owed(provision) and restrictions.of(provision) is None:
        text = "목적 밖의 제공은 먼저 제한을 문서로 요청해야 합니다."
        found.append(Refusal("restriction", text, restrictions.ARTICLE, "‘제한 요청’을 먼저 기록하십시오."))
    if restrictions.is_unsent(provision):
        text = "제한을 요청하는 공문을 아직 보내지 않았습니다. 요청은 상대방에게 보내야 한 것이 됩니다."
        found.append(Refusal("unsent", text, restrictions.ARTICLE, "공문을 보내고 발송을 기록하십시오."))
    if review.needs_looking(provision):
        text = "누구인지 알아볼 수 없는 형태인지 다른 사람이 아직 확인하지 않았습니다."
        found.append(Refusal("identifiable", text, "조례 제21조제1항제5호"))
    found += _check_confirmed(provision, timezone.localdate(given.at))
    if provision.consent_withdrawn_on is not None:
        found.append(Refusal("consent", "동의가 철회되어 제공할 수 없습니다.", consent.ARTICLE))
    return found


def _check_confirmed(provision: Provision, on: dt.date) -> Iterable[Refusal]:
    """What the mayor, or the head who was called, did not confirm in time comes back: nothing goes out after that day."""
    for purpose in (clocks.MAYOR, clocks.PHONE):
        if clocks.is_overdue(provision, purpose, on):
            name = clocks.LABELS[purpose]
            text = f"{name}{josa(name, '이/가')} 기한까지 없어 더 줄 수 없습니다."
            yield Refusal(
                purpose, text, "조례 제21조제3항", "승인을 받아 기록하거나, 나간 것을 곧바로 회수하십시오."
            )


def _check_time(provision: Provision, given: Given, now: dt.datetime) -> Iterable[Refusal]:
    if given.at > now:
        yield _refusal("at", "인계한 때가 지금보다 뒤입니다.")
    approved = ProvisionApproval.objects.current().filter(provision=provision, is_after=False)
    last = max((each.decided_at for each in approved if each.decided_at), default=None)
    if last is not None and given.at < last:
        yield _refusal(
            "at", f"인계한 때가 승인한 때({timezone.localtime(last):%Y-%m-%d %H:%M})보다 앞섭니다."
        )
    if provision.form == ReleaseForm.VIEWING and given.until_at is None:
        yield _refusal("until_at", "열람을 언제부터 언제까지 했는지 적으십시오.")
    if given.until_at is not None and not given.at < given.until_at <= now:
        yield _refusal("until_at", "마친 때는 시작한 때보다 뒤이고 지금보다 앞이어야 합니다.")
    if provision.use_until_on < timezone.localdate(given.at):
        yield _refusal("at", "이용 기간이 끝난 뒤에는 줄 수 없습니다.", "요청 문서를 새로 받으십시오.")


def _check_files(provision: Provision, given: Given) -> Iterable[Refusal]:
    if not provision.leaves_copies:
        if given.medium != Medium.NONE or given.file_count or given.files:
            yield _refusal("medium", "보여 주기만 하는 형태에서는 매체와 파일을 주지 않습니다.")
        return
    if given.medium == Medium.NONE:
        yield _refusal("medium", "어떤 매체로 주었는지 고르십시오.")
    if given.file_count < 1:
        yield _refusal("file_count", "파일 수를 적으십시오.")
    elif given.medium != Medium.PAPER and len(given.files) != given.file_count:
        text = f"파일 수({given.file_count:,})와 SHA-256의 수({len(given.files):,})가 다릅니다."
        yield _refusal("digests", text, "파일마다 하나씩 올리거나 적으십시오.")


def file_receipt(hand_over: HandOver, files: Iterable[File], *, by: Officer) -> HandOver:
    """The receipt as it was signed (PDF or picture)."""
    with acts.begin("records.provision_receipt_filed", hand_over.provision, by=by) as act:
        row = act.hold(hand_over)
        given = list(files)
        if not given:
            raise Refused([_refusal("files", "서명한 인수증을 올리십시오.")])
        act.attach(given, to=row)
        act.payload |= {"provision": act.row.number, "hand_over": row.pk}
    return row


def _refusal(field: str, text: str, remedy: str = "") -> Refusal:
    return Refusal(field, text, ARTICLE, remedy, field=field)
