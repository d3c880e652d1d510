"""정보주체 통지: ordinance 24(2) for investigation and trial, Guideline art. 14 for urgent interests.

Given and how, or why not. Why not is never the last word: a day is set on which somebody looks again.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, Refused, outside, unwritten
from ordinance import parameters
from records.models import Provision, ProvisionMove, SubjectNotice
from records.provision import clocks, findings
from records.provision_enums import ProvisionEvent, SubjectNoticeOutcome

ARTICLE = "조례 제24조제2항, 표준 개인정보 보호지침 제14조"
TOLD = (SubjectNoticeOutcome.GIVEN, SubjectNoticeOutcome.BY_AGENCY)
# Ordinance 24(1)2 with (2), if the profile has that duty; and the urgent interests of a person.
OF_PROCEEDINGS = frozenset({"INVESTIGATION", "COURT"})
OF_URGENCY = frozenset({"URGENT_LIFE"})


@dataclass(frozen=True, slots=True)
class Told:
    outcome: str
    on: dt.date
    how: str = ""
    why: str = ""
    look_again_on: dt.date | None = None


def is_owed(provision: Provision) -> bool:
    codes = {each.code for each in (provision.ground, provision.national_ground) if each}
    if codes & OF_URGENCY:
        return True
    return bool(codes & OF_PROCEEDINGS) and bool(parameters.value("investigation_notice_duty").value)


def last(provision: Provision) -> SubjectNotice | None:
    return provision.subject_notices.order_by("pk").last()


def is_open(provision: Provision) -> bool:
    """Nobody has said anything yet, or the day has come to look again."""
    if not is_owed(provision):
        return False
    said = last(provision)
    if said is None:
        return True
    return said.look_again_on is not None and said.look_again_on <= timezone.localdate()


def record(provision: Provision, told: Told, *, by: Officer) -> SubjectNotice:
    with acts.begin("records.provision_subject_told", provision, by=by) as act:
        act.refuse(_check(act.row, told))
        act.move(ProvisionMove, ProvisionEvent.TELL_SUBJECT, on=told.on)
        row = act.add(
            SubjectNotice(
                provision=act.row,
                outcome=told.outcome,
                on=told.on,
                how=told.how.strip(),
                why=told.why.strip(),
                look_again_on=told.look_again_on,
                recorded_at=act.at,
                recorded_by=by,
            )
        )
        clocks.stop(act, clocks.SUBJECT)
        act.payload |= {
            "provision": act.row.number,
            "notice_outcome": told.outcome,
            "on": told.on.isoformat(),
            "look_again_on": told.look_again_on.isoformat() if told.look_again_on else "",
        }
        findings.follow(act)
    return row


def _check(provision: Provision, told: Told) -> list[Refusal]:
    today = timezone.localdate()
    first = provision.hand_overs.order_by("at").first()
    if first is None:
        raise Refused([Refusal("before", "아직 제공하지 않았습니다.", ARTICLE)])
    found = [
        *outside(
            told.on,
            "on",
            "알리거나 판단한 날",
            until=today,
            since=timezone.localdate(first.at),
            since_name="제공한 날",
            article=ARTICLE,
        )
    ]
    if told.outcome in TOLD:
        found += unwritten(told.how, "how", "어떻게 알렸는지 적으십시오.", ARTICLE)
        return found
    found += unwritten(told.why, "why", "알리지 않은 까닭을 적으십시오.", ARTICLE)
    if told.look_again_on is None or told.look_again_on <= today:
        text = "다시 볼 날을 오늘보다 뒤로 정하십시오."
        found.append(Refusal("look_again_on", text, ARTICLE, field="look_again_on"))
    return found
