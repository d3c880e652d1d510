"""접수: the letter as it came, and a hold on everything that it asks for, all or nothing."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Department, Officer
from casework import acts, numbers_of_year
from casework.acts import Act, File
from casework.refusals import Refusal, outside, refuse_if, unwritten
from footage import holds
from records.models import AgencyUnit, Provision, ProvisionCamera, ProvisionMove
from records.provision import clocks, extending, findings, ranges
from records.provision.ranges import Range
from records.provision_enums import ProvisionEvent, ReleaseForm, ReleaseKind

ARTICLE = "조례 제21조제1항"
HOLDING = "조례 제24조제1항제2호·제3호"
REASON = "영상정보의 이용·제공 요청"


@dataclass(frozen=True, slots=True)
class Letter:
    """What the agency, or another department, asks for. Exactly one of `unit` and `department`."""

    submission: uuid.UUID
    came_at: dt.datetime
    number: str
    on: dt.date
    requester_name: str
    purpose: str
    items: str
    form: str
    use_until_on: dt.date
    ranges: Sequence[Range]
    unit: AgencyUnit | None = None
    department: Department | None = None
    asked_by: Officer | None = None
    requester_rank: str = ""
    requester_phone: str = ""
    target: str = ""
    is_urgent: bool = False
    follows_person: bool = False
    person_basis: str = ""
    person_basis_text: str = ""


def receive(letter: Letter, *, by: Officer, files: Iterable[File] = ()) -> Provision:
    """The request as received, everything it names held. The same form sent again gives the same request."""
    if known := Provision.objects.filter(submission=letter.submission).first():
        return known
    now = timezone.now()
    refuse_if(check(letter, now))
    row = _row(letter, by)
    with acts.begin("records.provision_received", row, by=by, at=now) as act:
        row.number = numbers_of_year.next_number(
            Provision, f"{ReleaseKind(row.kind).label}-", timezone.localdate(now)
        )
        row.full_clean(exclude={"state"})
        row.save()
        act.attach(files)
        act.move(
            ProvisionMove,
            ProvisionEvent.RECEIVE,
            on=timezone.localdate(letter.came_at),
            document_number=letter.number,
        )
        _name(act, letter.ranges, by)
        clocks.start(act, clocks.ANSWER, letter.came_at)
        act.payload |= {
            "provision": row.number,
            "release_kind": row.kind,
            "recipient": row.recipient,
            "document": row.letter_number,
            "document_on": row.letter_on.isoformat(),
            "release_form": row.form,
            "received_at": row.received_at.isoformat(),
            "urgent": row.is_urgent,
        }
        findings.follow(act)
    return row


def _row(letter: Letter, by: Officer) -> Provision:
    return Provision(
        kind=ReleaseKind.PROVISION if letter.unit else ReleaseKind.USE,
        state="",
        submission=letter.submission,
        received_at=letter.came_at,
        entered_by=by,
        letter_number=letter.number.strip(),
        letter_on=letter.on,
        unit=letter.unit,
        department=letter.department,
        asked_by=letter.asked_by,
        requester_rank=letter.requester_rank.strip(),
        requester_name=letter.requester_name.strip(),
        requester_phone=letter.requester_phone.strip(),
        target=letter.target.strip(),
        purpose=letter.purpose.strip(),
        items=letter.items.strip(),
        form=letter.form,
        use_until_on=letter.use_until_on,
        is_urgent=letter.is_urgent,
        follows_person=letter.follows_person,
        person_basis=letter.person_basis,
        person_basis_text=letter.person_basis_text.strip(),
    )


def check(letter: Letter, now: dt.datetime) -> list[Refusal]:
    """Why it cannot be received as it is written."""
    found = [
        *unwritten(letter.number, "number", "요청 문서의 번호를 적으십시오.", ARTICLE),
        *unwritten(letter.requester_name, "requester_name", "요청한 사람의 성명을 적으십시오.", ARTICLE),
        *unwritten(letter.purpose, "purpose", "목적을 적으십시오.", ARTICLE),
        *unwritten(letter.items, "items", "제공할 항목을 적으십시오.", ARTICLE),
    ]
    if (letter.unit is None) == (letter.department is None):
        found.append(Refusal("recipient", "기관이나 부서 가운데 하나를 고르십시오.", ARTICLE, field="unit"))
    today = timezone.localdate(now)
    if letter.came_at > now:
        found.append(Refusal("future", "접수한 때가 지금보다 뒤입니다.", ARTICLE, field="came_at"))
    found += outside(letter.on, "on", "요청 문서일자", until=today, article=ARTICLE)
    if letter.use_until_on < today:
        found.append(Refusal("use_until_on", "이용 기간이 이미 지났습니다.", ARTICLE, field="use_until_on"))
    found += extending.beyond(letter.use_until_on, today, "use_until_on")
    return [*found, *ranges.check(letter.ranges, letter.form, now)]


def add(provision: Provision, more: Sequence[Range], *, by: Officer) -> list[ProvisionCamera]:
    """Further cameras or times of the same letter, held at once."""
    with acts.begin("records.provision_widened", provision, by=by) as act:
        act.refuse(ranges.check(more, act.row.form, act.at, beside=ranges.of(act.row)))
        act.move(ProvisionMove, ProvisionEvent.ADD_CAMERA)
        lines = _name(act, more, by)
        act.payload["provision"] = act.row.number
    return lines


def drop(line: ProvisionCamera, *, reason: str, by: Officer) -> ProvisionCamera:
    """What is not needed is not given: the line stays on record, its hold is released."""
    with acts.begin("records.provision_narrowed", line.provision, by=by) as act:
        held = act.hold(line)
        act.refuse(unwritten(reason, "reason", "제외하는 까닭을 적으십시오.", ARTICLE))
        act.refuse(_undroppable(act.row, held))
        act.move(ProvisionMove, ProvisionEvent.DROP_CAMERA, reason=reason)
        held.dropped_at = act.at
        held.save(update_fields=["dropped_at"])
        if held.hold is not None and held.hold.released_at is None:
            holds.release(held.hold, reason=reason, by=by)
        act.payload |= {"provision": act.row.number, "camera": held.camera.number}
    return held


def _undroppable(provision: Provision, line: ProvisionCamera) -> list[Refusal]:
    if line.dropped_at is not None:
        return [Refusal("dropped", "이미 제외한 구간입니다.", ARTICLE)]
    if len(ranges.standing(provision)) == 1:
        text = "마지막 남은 구간입니다."
        return [Refusal("last", text, ARTICLE, "요청 전부를 들어줄 수 없으면 ‘불승인’하십시오.")]
    return []


def _name(act: Act[Provision], wanted: Sequence[Range], by: Officer) -> list[ProvisionCamera]:
    # In one order for everybody, so that two requests cannot wait for each other.
    ordered = sorted(wanted, key=lambda one: (one.camera.pk, one.from_at))
    lines = [_hold(act.row, one, by) for one in ordered]
    act.payload["ranges"] = [
        {"camera": one.camera.number, "from": one.from_at.isoformat(), "until": one.until_at.isoformat()}
        for one in ordered
    ]
    return lines


def _hold(provision: Provision, one: Range, by: Officer) -> ProvisionCamera:
    """A live picture is not recorded yet: nothing is held for it."""
    line = ProvisionCamera(provision=provision, camera=one.camera, from_at=one.from_at, until_at=one.until_at)
    if provision.form != ReleaseForm.LIVE:
        line.hold = holds.place(
            one.camera,
            one.from_at,
            one.until_at,
            reason=REASON,
            by=by,
            article=HOLDING,
            case_reference=provision.number,
        )
        line.already_gone = line.hold.already_gone
    line.save()
    return line
