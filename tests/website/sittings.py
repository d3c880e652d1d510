"""What the committee shows outside: published minutes with everything in them, and signed addresses in every state."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Officer
from committee import attendance, ballots, minutes, recusals, resolutions
from committee.enums import BallotChoice, LinkPurpose, MeetingKind, RecusalKind
from committee.models import Meeting, Minutes, Term
from tests.committee.factories import Sent, of_item, planned, seated, sent_link


@dataclass(frozen=True)
class Sittings:
    """`published` is the number of the minutes; `answered` were used, `ballot` and `draft` were not."""

    published: str
    answered: list[Sent]
    ballot: Sent
    draft: Sent

    @property
    def secrets(self) -> list[str]:
        return [issued.secret for issued in (*self.answered, self.ballot, self.draft)]


def sittings(officer: Officer) -> Sittings:
    today = timezone.localdate()
    terms = seated(officer, from_on=today)
    until = timezone.now() + dt.timedelta(days=3)
    published, confirmed = _published(officer, terms, until)
    written = planned(today, kind=MeetingKind.WRITTEN, by=officer)
    recusals.declare(written.items.last(), terms[5], RecusalKind.WITHDRAWAL, reason="가족", by=officer)
    given, ballot = (sent_link(written, term, LinkPurpose.BALLOT, until=until) for term in terms[4:6])
    answers = {item.pk: (BallotChoice.FOR, "주민에게 알릴 것") for item in written.items.all()}
    ballots.give_by_link(given.link, given.secret, given.code, answers)
    held = _held(officer, terms)
    minutes.begin(held, by=officer)
    draft = sent_link(held, terms[3], LinkPurpose.MINUTES, until=until)
    return Sittings(published.number, [confirmed, given], ballot, draft)


def _held(officer: Officer, terms: list[Term]) -> Meeting:
    """Four of seven; one steps aside from the first item, which loses its quorum; the second is carried."""
    today = timezone.localdate()
    there = [terms[position].pk for position in (0, 1, 3, 5)]
    meeting = attendance.record(planned(today, by=officer), there, by=officer, today=today)
    first, second = meeting.items.all()
    recusals.declare(first, terms[0], RecusalKind.WITHDRAWAL, reason="가족의 업체", by=officer)
    decision = of_item(
        second, (3, 1, 0), conditions="결과를 보고할 것", conditions_due_on=today + dt.timedelta(days=30)
    )
    resolutions.record(meeting, decision, by=officer, today=today)
    attendance.hear(
        meeting, name="이전문", affiliation="연구원", is_district_official=False, said="설명함", by=officer
    )
    return meeting


def _published(officer: Officer, terms: list[Term], until: dt.datetime) -> tuple[Meeting, Sent]:
    today = timezone.localdate()
    meeting = _held(officer, terms)
    written = minutes.begin(meeting, by=officer)
    minutes.say(written, text="비용을 물음", item=meeting.items.last(), term=terms[5], by=officer)
    minutes.say(written, text="인사함", item=None, speaker="안전관리과장", by=officer)
    minutes.write(written, other="다음 회의는 12월", by=officer)
    link = sent_link(meeting, terms[0], LinkPurpose.MINUTES, until=until)
    seen = minutes.digest(minutes.draft(Minutes.objects.get(pk=written.pk)))
    minutes.confirm_by_link(link.link, link.secret, link.code, seen=seen)
    for term in (terms[1], terms[3]):
        minutes.confirm_on_paper(written, term, on=today, by=officer, today=today)
    minutes.publish(minutes.lock(written, by=officer), by=officer)
    minutes.correct(Minutes.objects.get(pk=written.pk), text="장소는 소회의실", reason="오기", by=officer)
    return meeting, link
