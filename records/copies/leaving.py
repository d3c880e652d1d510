"""나감: handed over on a medium against a receipt, or opened to the citizen as a download with two secrets and an end.

One way for each copy, so that the official ledger has exactly one line of it: to an agency that of the hand-over (and
of the end of it), to a citizen that of the viewing at which it was given along, or its own.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.encryption import keyed_digest
from accounts.models import Officer
from casework import acts
from casework.acts import Act, File
from casework.refusals import Refusal, unwritten
from footage.copies import keeping
from ordinance import parameters
from records.copies import findings, standing
from records.copies.granting import RELEASING, told
from records.copies.sealing import new_secret
from records.copy_enums import CopySource, CopyWay
from records.enums import TAKEN_ALONG, AppointmentResult, SignatureWay
from records.models import CaseCopy, CopyLeaving, ViewingAppointment
from records.provision import handover
from records.provision.handover import Digest, Given
from records.provision_enums import Medium

DAYS, TIMES = "copy_download_days", "copy_download_times"
RECEIPT = "표준 개인정보 보호지침 제44조제5항"
DIGITAL = (Medium.USB, Medium.DISC, Medium.DISK, Medium.NETWORK)


@dataclass(frozen=True, slots=True)
class Handed:
    """On what medium, to whom, and how it was receipted."""

    at: dt.datetime
    medium: str
    receiver_name: str
    medium_number: str = ""
    receiver_rank: str = ""
    signature_way: str = ""
    files: tuple[File, ...] = ()


def hand_over(copy: CaseCopy, given: Handed, *, by: Officer) -> CopyLeaving:
    """The package on a medium, in the hands of its recipient."""
    with acts.begin("records.copy_handed_over", copy, by=by) as act:
        act.refuse([*_refuse_leaving(act.row), *_check(act.row, given, act.at)])
        row = CopyLeaving(
            copy=act.row,
            way=CopyWay.MEDIUM,
            at=given.at,
            by=by,
            recorded_at=act.at,
            medium=given.medium,
            medium_number=given.medium_number.strip(),
        )
        if act.row.provision is not None:
            row.hand_over = handover.hand_over(act.row.provision, _given(act.row, given), by=by)
        else:
            row.receiver_name, row.signature_way = given.receiver_name.strip(), given.signature_way
            row.appointment = _given_along(act.row, given.at)
        act.add(row)
        if given.files:
            act.attach(given.files, to=row.hand_over or row)
        act.payload |= _told(act.row) | {
            "copy_way": row.way,
            "medium": row.medium,
            "at": given.at.isoformat(),
            "hand_over": row.hand_over_id,
        }
        findings.follow(act)
    return row


def _check(copy: CaseCopy, given: Handed, now: dt.datetime) -> Iterator[Refusal]:
    if given.medium not in DIGITAL:
        yield Refusal("medium", "어떤 매체로 주었는지 고르십시오.", RECEIPT, field="medium")
    if copy.provision is not None:
        return  # the hand-over of the provision asks the rest
    yield from unwritten(given.receiver_name, "receiver_name", "받은 사람의 성명을 적으십시오.", RECEIPT)
    if given.at > now:
        yield Refusal("at", "인계한 때가 지금보다 뒤입니다.", RECEIPT, field="at")
    if copy.sealed_at is not None and given.at < copy.sealed_at:
        yield Refusal("at", "인계한 때가 사본을 봉한 때보다 앞섭니다.", RECEIPT, field="at")
    if given.signature_way not in SignatureWay.values:
        text = "받은 사람이 어떻게 확인했는지 고르십시오."
        yield Refusal("signature_way", text, RECEIPT, field="signature_way")
    if given.signature_way in (SignatureWay.PAPER, SignatureWay.SCREEN) and not given.files:
        yield Refusal("files", "서명한 인수증이나 화면에 한 서명을 올리십시오.", RECEIPT, field="files")


def _given(copy: CaseCopy, given: Handed) -> Given:
    assert copy.package is not None  # noqa: S101 - what is not sealed was refused
    file = Digest(f"{copy.number}.zip", copy.package.sha256, copy.package.bytes, is_checked=True)
    is_masked = copy.source == CopySource.MASKED
    return Given(
        at=given.at,
        file_name=f"{copy.number}.zip",
        receiver_name=given.receiver_name,
        receiver_rank=given.receiver_rank,
        medium=given.medium,
        medium_number=given.medium_number,
        file_count=1,
        is_masked=is_masked,
        unmasked_why="" if is_masked else f"{copy.get_ground_display()}: {copy.why}"[:300],
        files=(file,),
    )


def _given_along(copy: CaseCopy, at: dt.datetime) -> ViewingAppointment | None:
    """The viewing of that day at which a copy was given, whose line tells of it."""
    shown: QuerySet[ViewingAppointment] = ViewingAppointment.objects.filter(
        request=copy.request, result=AppointmentResult.SHOWN, fee_form__in=TAKEN_ALONG, copy_leavings=None
    )
    on = timezone.localdate(at)
    return next((row for row in shown if row.shown_at and timezone.localdate(row.shown_at) == on), None)


def file_receipt(leaving: CopyLeaving, files: Iterable[File], *, by: Officer) -> CopyLeaving:
    """The receipt of a citizen, as it was signed."""
    with acts.begin("records.copy_receipt_filed", leaving.copy, by=by) as act:
        row, given = act.hold(leaving), list(files)
        if not given:
            act.refuse([Refusal("files", "서명한 인수증을 올리십시오.", RECEIPT, field="files")])
        act.attach(given, to=row)
        act.payload |= told(act.row)
    return row


# ---------------------------------------------------------------- as a download


def open_download(copy: CaseCopy, *, by: Officer) -> str:
    """The second number, which the citizen is told another way than the first two: shown now, and never again.

    Opened again (the number was lost, the days are over) it counts from the beginning; the old number opens nothing.
    """
    secret = new_secret()
    with acts.begin("records.copy_download_opened", copy, by=by) as act:
        row = getattr(act.row, "leaving", None)
        act.refuse(_refuse_download(act.row, row))
        on = timezone.localdate(act.at)
        row = row or CopyLeaving(copy=act.row, way=CopyWay.DOWNLOAD, recorded_at=act.at)
        row.by, row.opened_at, row.used = by, act.at, 0
        days, row.most = days_and_times(on)
        row.expires_at = act.at + dt.timedelta(days=days)
        row.secret_digest = digest_of(act.row, secret)
        act.add(row)
        act.payload |= _told(act.row) | {
            "copy_way": row.way,
            "expires_at": row.expires_at.isoformat(),
            "times": row.most,
        }
    return secret


def days_and_times(on: dt.date) -> tuple[int, int]:
    """For how long and how often a citizen may download."""
    return int(parameters.value(DAYS, on).value), int(parameters.value(TIMES, on).value)


def _refuse_download(copy: CaseCopy, row: CopyLeaving | None) -> list[Refusal]:
    if copy.request is None:
        text = "내려받기는 열람등 청구의 사본만 할 수 있습니다."
        return [Refusal("provision", text, RELEASING, "매체로 인계하십시오.")]
    if row is not None and row.way == CopyWay.DOWNLOAD:
        return standing.refuse_unsealed(copy)
    return _refuse_leaving(copy)


def _refuse_leaving(copy: CaseCopy) -> list[Refusal]:
    if hasattr(copy, "leaving"):
        text = "이미 나간 사본입니다."
        return [Refusal("left", text, RELEASING, "또 주어야 하면 새 사본을 만드십시오.")]
    return standing.refuse_unsealed(copy)


def digest_of(copy: CaseCopy, secret: str) -> str:
    """Of one copy alone, under a key outside the database."""
    plain = "".join(secret.upper().split()).replace("-", "")
    return keyed_digest("copy_download", f"{copy.number}\n{plain}")


def _told(copy: CaseCopy) -> dict[str, object]:
    sha256 = copy.package.sha256 if copy.package else ""
    return told(copy) | {"package_sha256": sha256}


# ---------------------------------------------------------------- taken back


def withdraw(copy: CaseCopy, *, why: str, by: Officer) -> CaseCopy:
    """Nobody gets it from here any more, and its files here are destroyed. What has left is asked back elsewhere."""
    with acts.begin("records.copy_withdrawn", copy, by=by) as act:
        found = list(unwritten(why, "why", "거두어들이는 까닭을 적으십시오.", RELEASING))
        if act.row.withdrawn_at is not None:
            found.append(Refusal("withdrawn", "이미 거두어들인 사본입니다.", RELEASING))
        act.refuse(found)
        act.write(withdrawn_at=act.at, withdrawn_by=by, withdrawn_why=why)
        act.payload |= told(act.row) | {"files": destroy_files(act)}
        findings.follow(act)
    if not copy.is_finished:
        copy.cancel()
    return act.row


def destroy_files(act: Act[CaseCopy]) -> int:
    """Those of it that are still kept here; how many they were."""
    rows = [part.result for part in act.row.parts.select_related("result__case")] + [act.row.package]
    files = [file for file in rows if file is not None and file.removed_at is None]
    kept = [file for file in files if file.case.destroyed_at is None]
    keeping.remove(kept)
    return len(kept)
