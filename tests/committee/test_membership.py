"""Members and terms: what the ordinance fixes is refused, what is bounded with exceptions is told (art. 26, 27)."""

import datetime as dt

import pytest
from django.db import connection

from casework import persons
from casework.refusals import Refused
from committee import membership
from committee.enums import Office
from committee.models import Member, Term
from committee.persons import CODE
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.committee.factories import seat, seated, who
from tests.ordinance.duties import covered, unmet
from tests.records.people import competent

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def officer():
    return OfficerFactory()


def names(day):
    return [term.member.name for term in membership.composition(day)]


def test_the_ordinance_gives_office_and_length_of_a_term(officer):
    chair, vice, head, *appointed = seated(officer)
    assert (chair.office, chair.until_on) == (Office.CHAIR, None)
    assert (vice.office, head.office) == (Office.VICE_CHAIR, "")
    assert {term.until_on for term in appointed} == {dt.date(2027, 12, 31)}
    leap = membership.appoint(who("윤달"), seat(from_on=dt.date(2028, 2, 29)), by=officer)
    assert leap.until_on == dt.date(2030, 2, 28)


def test_past_compositions_are_computed_and_a_term_that_ended_yesterday_is_over(officer):
    *_, other = seated(officer)
    membership.end(other, on=dt.date(2026, 6, 30), ground="wish", document_number="공문-1", by=officer)
    assert len(names(dt.date(2025, 12, 31))) == 0
    assert len(names(dt.date(2026, 6, 30))) == 7
    assert len(names(dt.date(2026, 7, 1))) == 6
    assert names(dt.date(2027, 12, 31))[:2] == ["박준호", "이미경"]
    assert len(names(dt.date(2028, 1, 1))) == 3


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"ground": "deputy_mayor"}, "위원장이 이미 있습니다"),
        ({"ground": "division_head"}, "위원이 이미 있습니다"),
        ({"ground": "expert", "office": "chair"}, "위원장이 이미 있습니다"),
        ({"ground": "expert", "from_on": dt.date(2020, 1, 1)}, "시행되기 전"),
        ({"ground": "expert", "document_number": " "}, "문서번호"),
        ({"ground": "expert", "recruitment": ""}, "공개모집을 하였는지"),
        ({"ground": "expert", "recruitment": "exempt"}, "하지 않은 사유"),
        ({"ground": "councillor", "recommended_by": ""}, "구의회의 추천"),
        ({"ground": "expert", "until_on": dt.date(2030, 1, 1)}, "2027-12-31까지"),
    ],
)
def test_what_the_ordinance_fixes_is_refused_and_leaves_nothing(officer, facts, said):
    seated(officer)
    with pytest.raises(Refused, match=said):
        membership.appoint(who("새사람"), seat(**facts), by=officer)
    assert Member.objects.count() == Term.objects.count() == 7


def test_the_sixteenth_member_is_refused_on_any_day_of_the_term(officer):
    seated(officer, from_on=dt.date(2026, 3, 1))
    for number in range(8):
        membership.appoint(who(f"위원{number}"), seat(from_on=dt.date(2026, 3, 1)), by=officer)
    with pytest.raises(Refused, match="2026-03-01에 위원이 15명을 넘게"):
        membership.appoint(who("열여섯"), seat(from_on=dt.date(2026, 1, 1)), by=officer)


def test_a_renewal_follows_and_a_substitute_serves_the_remaining_term(officer):
    *_, expert, other = seated(officer)
    with pytest.raises(Refused, match="앞 임기가 끝난 다음 날"):
        membership.appoint(expert.member, seat(from_on=dt.date(2027, 12, 31)), by=officer, renews=expert)
    second = membership.appoint(expert.member, seat(from_on=dt.date(2028, 1, 1)), by=officer, renews=expert)
    assert (second.number, second.until_on) == (f"{expert.member.number}-2", dt.date(2029, 12, 31))
    with pytest.raises(Refused, match="이미 뒤를 이은"):
        membership.appoint(expert.member, seat(from_on=dt.date(2028, 1, 1)), by=officer, renews=expert)
    with pytest.raises(Refused, match="물러난 위촉직"):
        membership.appoint(who("보궐"), seat("other"), by=officer, replaces=other)
    membership.end(other, on=dt.date(2026, 8, 31), ground="wish", document_number="공문-1", by=officer)
    left = Term.objects.get(pk=other.pk)
    instead = membership.appoint(
        who("보궐"), seat("other", from_on=dt.date(2026, 9, 10)), by=officer, replaces=left
    )
    assert instead.until_on == dt.date(2027, 12, 31)


def test_the_profile_says_how_often_one_is_renewed(officer, settings):
    settings.ORDINANCE_PROFILE = "gangbuk"
    first = membership.appoint(who(), seat(), by=officer)
    second = membership.appoint(first.member, seat(from_on=dt.date(2028, 1, 1)), by=officer, renews=first)
    with pytest.raises(Refused, match="더 연임할 수 없습니다"):
        membership.appoint(first.member, seat(from_on=dt.date(2030, 1, 1)), by=officer, renews=second)


def test_limits_with_exceptions_are_told_and_not_refused(officer):
    terms = seated(officer)
    told = membership.warnings(seat(), gender="man", other_committees=3)
    assert any("60%" in line for line in told) is False
    assert any("위원회를 4개" in line for line in told)
    membership.appoint(who("남성1", "man"), seat(), by=officer)
    told = membership.warnings(seat(), gender="man", other_committees=0)
    assert any("한 성별이 67%" in line for line in told)
    late = seat(from_on=dt.date(2028, 1, 1), until_on=dt.date(2029, 12, 31))
    third = seat(from_on=dt.date(2030, 1, 1))
    second = membership.appoint(terms[5].member, late, by=officer, renews=terms[5])
    told = membership.warnings(
        third, gender="woman", other_committees=0, member=terms[5].member, renews=second
    )
    assert any("4년을 넘게" in line for line in told)
    councillor = seat("councillor", from_on=dt.date(2030, 1, 1), recommended_by="구의회")
    told = membership.warnings(
        councillor, gender="woman", other_committees=3, member=terms[5].member, renews=second
    )
    assert not any("4년을 넘게" in line or "위원회를 4개" in line for line in told)


def test_the_rule_on_composition_follows_each_day(officer):
    assert covered("committee_composed", on=TODAY) == set()
    terms = seated(officer)
    assert covered("committee_composed", on=TODAY) == {"gangseo"}
    assert unmet("committee_composed", on=TODAY) == set()
    membership.end(terms[0], on=dt.date(2026, 10, 1), ground="post", document_number="인사-1", by=officer)
    assert unmet("committee_composed", on=dt.date(2026, 10, 1)) == set()
    assert unmet("committee_composed", on=dt.date(2026, 10, 2)) == {"gangseo"}


def test_the_rule_on_terms_names_seats_that_nobody_followed(officer):
    *_, expert, other = seated(officer)
    after = dt.date(2028, 1, 1)
    assert unmet("member_term", on=TODAY) == set()
    membership.appoint(expert.member, seat(from_on=after), by=officer, renews=expert)
    assert other.number in unmet("member_term", on=after)
    assert expert.number not in unmet("member_term", on=after)
    membership.end(other, on=dt.date(2026, 2, 1), ground="wish", document_number="공문-1", by=officer)
    assert unmet("member_term", on=TODAY) == {other.number}
    with pytest.raises(Refused, match="사유를 적으십시오"):
        membership.leave_vacant(other, reason=" ", by=officer)
    membership.leave_vacant(other, reason="위원 수를 줄임", by=officer)
    assert unmet("member_term", on=TODAY) == set()


def test_too_long_a_service_is_a_finding_without_a_reason_and_none_for_councillors(officer):
    old = membership.appoint(who(), seat(from_on=dt.date(2023, 6, 1)), by=officer)
    again = membership.appoint(old.member, seat(from_on=dt.date(2025, 6, 1)), by=officer, renews=old)
    third = membership.appoint(old.member, seat(from_on=dt.date(2027, 6, 1)), by=officer, renews=again)
    assert unmet("member_term", on=dt.date(2027, 5, 31)) == set()
    assert unmet("member_term", on=dt.date(2027, 6, 2)) == {third.number}
    Term.objects.filter(pk=third.pk).update(ground="councillor")
    assert unmet("member_term", on=dt.date(2027, 6, 2)) == set()


def test_names_and_contacts_are_sealed_and_reading_a_contact_is_on_record(officer):
    term = seated(officer)[5]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, email FROM committee_member WHERE id = %s", [term.member_id])
        assert not any(
            secret in cell for cell in cursor.fetchone() for secret in ("김서연", "1234", "member@")
        )
    for entry in Entry.objects.all():
        assert "김서연" not in entry.payload
    rows = persons.read(CODE, term.member, purpose="notice", by=competent(officer))
    assert ("전화번호", "010-1234-5678") in rows
    line = Entry.objects.get(kind="committee.member_contact_read")
    assert line.content == {"purpose": "notice"}
    with pytest.raises(Refused, match="목적"):
        persons.read(CODE, term.member, purpose="curiosity", by=officer)


def test_persons_are_erased_years_after_their_last_term_and_the_composition_stays(officer):
    terms = seated(officer, from_on=dt.date(2024, 1, 1))
    now = dt.datetime(2036, 11, 20, tzinfo=dt.UTC)
    assert persons.entry(CODE).count_due(now) == 4  # the appointed; who holds a post still sits
    assert persons.entry(CODE).erase(now) == 4
    assert persons.entry(CODE).erase(now) == 0
    gone = Member.objects.get(pk=terms[5].member_id)
    assert (gone.name, gone.phone, gone.shown_name) == ("", "", "(파기함)")
    assert len(membership.composition(dt.date(2024, 6, 1))) == 7
