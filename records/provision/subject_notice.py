"""정보주체 통지: ordinance 24(2) for investigation and trial, Guideline art. 14 for urgent interests.

Given and how, or why not. Why not is never the last word: a day is set on which somebody looks again. The ordinance frees
only from telling who cannot be identified or found. That telling would hinder an investigation is no reason of its own: it
needs the act and article that says so, or a profile that allows it (`subject_notice_reasons`), and so does leaving it to the agency.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, Refused, outside, unwritten
from ordinance import citations, parameters
from records.models import Provision, ProvisionMove, SubjectNotice
from records.provision import clocks, findings
from records.provision_enums import ProvisionEvent, SubjectNoticeOutcome

ARTICLE = "조례 제24조제2항, 표준 개인정보 보호지침 제14조"
TOLD = (SubjectNoticeOutcome.GIVEN, SubjectNoticeOutcome.BY_AGENCY)
# Ordinance 24(1)2 with (2), if the profile has that duty; and the urgent interests of a person.
OF_PROCEEDINGS = frozenset({"INVESTIGATION", "COURT"})
OF_URGENCY = frozenset({"URGENT_LIFE"})
REASONS = "subject_notice_reasons"
# So many days later somebody looks again at the latest: no reason lasts for ever.
LOOK_AGAIN = "subject_look_again_days"
# By the value of the profile, what it allows beyond the ordinance's words.
_BEYOND: dict[str, frozenset[str]] = {
    "ordinance": frozenset(),
    "hinder": frozenset({SubjectNoticeOutcome.HINDER}),
    "agency": frozenset({SubjectNoticeOutcome.BY_AGENCY}),
    "both": frozenset({SubjectNoticeOutcome.HINDER, SubjectNoticeOutcome.BY_AGENCY}),
}


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
    found += _refuse_beyond(told)
    if told.outcome in TOLD:
        found += unwritten(told.how, "how", "어떻게 알렸는지 적으십시오.", ARTICLE)
        return found
    found += unwritten(told.why, "why", "알리지 않은 까닭을 적으십시오.", ARTICLE)
    if told.look_again_on is None or told.look_again_on <= today:
        text = "다시 볼 날을 오늘보다 뒤로 정하십시오."
        found.append(Refusal("look_again_on", text, ARTICLE, field="look_again_on"))
    elif told.look_again_on > (last := today + dt.timedelta(days=int(parameters.value(LOOK_AGAIN).value))):
        text = f"다시 볼 날은 {last:%Y-%m-%d}까지로 정하십시오. 그때 알릴 수 없으면 다시 정합니다."
        found.append(Refusal("look_again_on", text, ARTICLE, field="look_again_on"))
    return found


def _refuse_beyond(told: Told) -> list[Refusal]:
    """What the ordinance does not name as a reason, where neither another law nor the profile gives it."""
    if told.outcome in _BEYOND[str(parameters.value(REASONS, told.on).value)]:
        return []
    if told.outcome == SubjectNoticeOutcome.HINDER and not citations.names_an_article(told.why):
        text = "조례는 누구인지 알 수 없거나 소재를 모르는 때에만 알리지 않을 수 있다고 합니다."
        remedy = "알리거나, 알리지 못하게 하는 다른 법령의 이름과 조문을 까닭에 적으십시오."
        return [Refusal("hinder", text, ARTICLE, remedy, field="why")]
    if told.outcome == SubjectNoticeOutcome.BY_AGENCY:
        text = "알릴 의무는 이 구청에 있어, 제공받은 기관이 알린 것으로 갈음하지 않습니다."
        remedy = "구청이 알리고 ‘알림’으로 기록하십시오."
        return [Refusal("by_agency", text, ARTICLE, remedy, field="outcome")]
    return []
