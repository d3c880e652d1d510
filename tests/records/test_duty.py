"""The roster: gaps to the minute, months from a pattern, absence, swaps with consent, and the rule of art. 16."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused
from ledger.models import Entry
from ordinance import assessment_run, parameters
from ordinance.models import Finding, Parameter
from ordinance.rules import Context
from records.competence import gates, pledges
from records.duty_enums import DutyPattern, StaffKind, SwapState
from records.models import DutyShift, StaffMember
from records.people import coverage, duty, duty_due, duty_rules, off_duty, patterns, roster, staffing
from tests.accounts.factories import OfficerFactory
from tests.records.centre import at, person, rota, shift
from tests.records.people import taught
from tests.records.provisions import paper

DAY = dt.timedelta(days=1)


@pytest.fixture
def official(db):
    return OfficerFactory(role=Role.OFFICIAL)


# -- intervals


def found(shifts, begin, end, least=1):
    return [
        (f"{gap.from_at:%d %H:%M}", f"{gap.until_at:%d %H:%M}", gap.count)
        for gap in coverage.gaps(
            [(at(a), at(b), who) for a, b, who in shifts], at(begin), at(end), least=least
        )
    ]


NOON, NEXT = "2026-11-01 00:00", "2026-11-02 00:00"


@pytest.mark.parametrize(
    ("shifts", "least", "expected"),
    [
        ([], 1, [("01 00:00", "02 00:00", 0)]),
        ([("2026-10-31 22:00", "2026-11-01 22:00", 1), ("2026-11-01 22:00", "2026-11-02 06:00", 2)], 1, []),
        # One minute between two shifts.
        (
            [("2026-10-31 20:00", "2026-11-01 08:00", 1), ("2026-11-01 08:01", "2026-11-02 08:00", 2)],
            1,
            [("01 08:00", "01 08:01", 0)],
        ),
        # Overlapping shifts of two, least two: 00-08 one, 08-12 two, 12-24 one.
        (
            [("2026-11-01 00:00", "2026-11-01 12:00", 1), ("2026-11-01 08:00", "2026-11-02 00:00", 2)],
            2,
            [("01 00:00", "01 08:00", 1), ("01 12:00", "02 00:00", 1)],
        ),
        # A person's own overlapping shifts are one person.
        (
            [("2026-11-01 00:00", "2026-11-01 13:00", 1), ("2026-11-01 12:00", "2026-11-02 00:00", 1)],
            2,
            [("01 00:00", "02 00:00", 1)],
        ),
        # The end of the range lacks somebody.
        ([("2026-11-01 00:00", "2026-11-01 23:59", 1)], 1, [("01 23:59", "02 00:00", 0)]),
    ],
)
def test_gaps_are_exact(shifts, least, expected) -> None:
    assert found(shifts, NOON, NEXT, least) == expected


def test_a_pattern_covers_every_minute_of_a_year(db) -> None:
    for pattern in DutyPattern:
        own = rota(pattern=pattern)
        first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
        shifts = [
            (start, end, team)
            for team in range(1, patterns.of(own).teams + 1)
            for start, end, _ in patterns.turns(own, team, first, last)
        ]
        begin, end = at("2026-01-01 06:00"), at("2027-01-01 06:00")
        assert coverage.gaps(shifts, begin, end, least=1) == []
        assert coverage.gaps(shifts, begin, end, least=2)[0].until_at == end, "never two teams at once"


def test_the_four_teams_stand_as_worked_out_by_hand(db) -> None:
    # Team 1 begins on 1 November: two days, two evenings, two nights, two off. Team 2 is two days further on.
    own = rota()
    one = [
        f"{start:%d %H}" for start, _, _ in patterns.turns(own, 1, dt.date(2026, 11, 1), dt.date(2026, 11, 9))
    ]
    two = [
        f"{start:%d %H}" for start, _, _ in patterns.turns(own, 2, dt.date(2026, 11, 1), dt.date(2026, 11, 3))
    ]
    assert one == ["01 06", "02 06", "03 14", "04 14", "05 22", "06 22", "09 06"]
    assert two == ["01 14", "02 14", "03 22"]


# -- the month


def generated(official, **values):
    own = rota(**values)
    for team in (1, 2, 3, 4):
        person(rota=own, team=team)
    roster.generate(own, dt.date(2026, 11, 1), dt.date(2026, 11, 30), by=official)
    return own


def test_a_month_is_generated_once_and_what_stands_stays(official) -> None:
    own = generated(official)
    # 30 days, three shifts a day, one person a team.
    assert DutyShift.objects.count() == 90
    plan = roster.planned(own, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert (len(plan.new), plan.standing, plan.in_the_way) == (0, 90, [])
    with pytest.raises(Refused, match="더할 근무가 없습니다"):
        roster.generate(own, dt.date(2026, 11, 1), dt.date(2026, 11, 30), by=official)


def test_a_shift_in_the_way_is_told_and_nothing_overlaps(official) -> None:
    own = rota()
    member = person(rota=own, team=1)
    other = shift(member, "2026-11-01 08:00", "2026-11-01 20:00")
    plan = roster.generate(own, dt.date(2026, 11, 1), dt.date(2026, 11, 2), by=official)
    assert plan.in_the_way == [other]
    assert [f"{s.starts_at.astimezone(roster.SEOUL):%d %H}" for s in plan.new] == ["02 06"]


def test_nobody_is_put_on_duty_outside_their_period(official) -> None:
    own = rota()
    person(rota=own, team=1, starts_on=dt.date(2026, 11, 2), ends_on=dt.date(2026, 11, 3))
    plan = roster.planned(own, dt.date(2026, 11, 1), dt.date(2026, 11, 8))
    assert [one.starts_at.astimezone(roster.SEOUL).day for one in plan.new] == [2, 3]


def test_a_month_of_two_thousand_takes_a_few_queries(official, django_assert_max_num_queries) -> None:
    own = rota()
    StaffMember.objects.bulk_create(
        StaffMember(number=f"N{n}", kind=StaffKind.MONITORING_STAFF, rota=own, team=n % 4 + 1)
        for n in range(2000)
    )
    with django_assert_max_num_queries(3):
        plan = roster.planned(own, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    # Of eight days six are stood; 30 days of 500 persons a team: 22 or 23 each.
    assert len(plan.new) == 45_000


# -- by hand


@pytest.mark.parametrize(
    ("start", "end", "word"),
    [
        ("2026-11-01 08:00", "2026-11-01 08:00", "종료는 시작보다 뒤"),
        ("2026-11-01 08:00", "2026-11-04 08:00", "48시간을 넘는"),
        ("2026-11-01 13:00", "2026-11-01 15:00", "겹칩니다"),
        ("2026-12-01 08:00", "2026-12-01 15:00", "근무 기간이 아닙니다"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(official, start, end, word) -> None:
    member = person(ends_on=dt.date(2026, 11, 30))
    shift(member, "2026-11-01 06:00", "2026-11-01 14:00")
    with pytest.raises(Refused, match=word):
        roster.add_shift(member, at(start), at(end), by=official)
    assert DutyShift.objects.count() == 1


def ahead(member, days=2, hours=8):
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + days * DAY
    return DutyShift.objects.create(staff=member, starts_at=start, ends_at=start + dt.timedelta(hours=hours))


def test_only_a_shift_that_has_not_begun_is_removed(official) -> None:
    coming, past = ahead(person()), shift(person(), "2026-01-01 06:00", "2026-01-01 14:00")
    roster.remove_shift(coming, by=official)
    with pytest.raises(Refused, match="이미 시작한"):
        roster.remove_shift(past, by=official)
    assert list(DutyShift.objects.all()) == [past]
    assert Entry.objects.filter(kind="records.duty_shift_removed").count() == 1


def test_an_absent_person_counts_no_more_and_a_stand_in_does(official) -> None:
    member, other = person(), person()
    own = ahead(member)
    begin, end = own.starts_at, own.ends_at
    assert duty_rules.lacks(Context.today(), begin, end) == []
    roster.mark_absent(own, reason="sick", by=official)
    assert [lack.gap.count for lack in duty_rules.lacks(Context.today(), begin, end)] == [0]
    own.refresh_from_db()
    roster.stand_in(own, other, by=official)
    assert duty_rules.lacks(Context.today(), begin, end) == []
    with pytest.raises(Refused, match="이미 다른 사람이"):
        roster.stand_in(own, person(), by=official)


@pytest.mark.parametrize("kind", [StaffKind.POLICE_SECONDEE, None])
def test_who_cannot_stand_in(official, kind) -> None:
    member = person()
    own = ahead(member)
    stand_in = person(kind=kind) if kind else member
    with pytest.raises(Refused, match="같은 구분" if kind else "자기 근무를 대신할 수 없습니다"):
        roster.mark_absent(own, reason="leave", stand_in=stand_in, by=official)
    own.refresh_from_db()
    assert own.absent_reason == "", "nothing is done by halves"


# -- swaps


@pytest.fixture
def two(db):
    one, other = OfficerFactory(role=Role.MONITORING_AGENT), OfficerFactory(role=Role.MONITORING_AGENT)
    return (one, person(officer=one)), (other, person(officer=other))


def test_a_swap_changes_hands_only_with_consent(two) -> None:
    (one, giver), (other, taker) = two
    mine, theirs = ahead(giver, 2), ahead(taker, 3)
    swap = roster.ask_swap(mine, taker, other=theirs, by=one)
    mine.refresh_from_db()
    assert mine.staff == giver
    with pytest.raises(Refused, match="요청받은 사람만"):
        roster.answer_swap(swap, agrees=True, by=one)
    roster.answer_swap(swap, agrees=True, by=other)
    mine.refresh_from_db(), theirs.refresh_from_db()
    assert (mine.staff, theirs.staff) == (taker, giver)
    with pytest.raises(Refused, match="이미 끝난"):
        roster.answer_swap(swap, agrees=False, by=other)


def test_a_declined_swap_changes_nothing(two) -> None:
    (one, giver), (other, taker) = two
    mine = ahead(giver)
    swap = roster.answer_swap(roster.ask_swap(mine, taker, by=one), agrees=False, by=other)
    mine.refresh_from_db()
    assert (mine.staff, swap.state) == (giver, SwapState.DECLINED)


def test_a_swap_with_oneself_is_refused(two) -> None:
    (one, giver), _ = two
    with pytest.raises(Refused, match="자기 자신과는"):
        roster.ask_swap(ahead(giver), giver, by=one)


def test_a_swap_that_would_overlap_is_refused_also_when_it_is_answered(two) -> None:
    (one, giver), (other, taker) = two
    mine = ahead(giver)
    with pytest.raises(Refused, match="자기 근무만"):
        roster.ask_swap(mine, taker, by=other)
    swap = roster.ask_swap(mine, taker, by=one)
    ahead(taker)
    with pytest.raises(Refused, match="겹칩니다"):
        roster.answer_swap(swap, agrees=True, by=other)
    mine.refresh_from_db()
    assert mine.staff == giver


# -- the rule


def test_an_empty_roster_is_unmet_and_says_so(db) -> None:
    assert duty_rules.fault(Context.today()) == "none"
    assert duty_rules.DUTY_COVERED.unmet_subjects(Context.today()).exists()


def full(days_ahead: int, missing: int | None = None):
    """One agent a shift of eight hours from today on; the shift `missing` days ahead lacks."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(days_ahead):
        for hour in (0, 8, 16):
            if not (day == missing and hour == 16):
                begin = start + day * DAY + dt.timedelta(hours=hour)
                DutyShift.objects.create(
                    staff=person(), starts_at=begin, ends_at=begin + dt.timedelta(hours=8)
                )
    return start


def test_a_shift_without_an_agent_is_told_five_days_ahead_and_is_over_when_it_is_filled(official) -> None:
    start = full(10, missing=5)
    assessment_run.assess()
    finding = Finding.objects.open().get(rule__code="duty_covered")
    gap = start + 5 * DAY + dt.timedelta(hours=16)
    assert finding.evidence == f"{gap:%Y-%m-%d} 16:00~{gap + DAY:%m-%d} 00:00 관제요원 없음"
    roster.add_shift(person(), gap, gap + dt.timedelta(hours=8), by=official)
    assert not Finding.objects.open().filter(rule__code="duty_covered").exists()


def test_what_lacks_after_the_days_ahead_is_not_judged_yet(db) -> None:
    ahead_days = int(parameters.value("duty_ahead_days").value)
    full(ahead_days + 1)
    assert duty_rules.fault(Context.today()) == ""


def test_police_are_judged_where_the_profile_asks_for_them(db, monkeypatch) -> None:
    start = full(8)
    monkeypatch.setitem(duty_rules.LEAST, StaffKind.POLICE_SECONDEE, "duty_least_agents")
    assert [lack.kind for lack in duty_rules.lacks(Context.today(), start, start + DAY)] == [
        StaffKind.POLICE_SECONDEE
    ]


def test_an_imported_roster_closes_the_finding_at_once(db, tmp_path) -> None:
    person(number="A1")
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    assessment_run.assess()
    assert Finding.objects.open().filter(rule__code="duty_covered").exists()
    lines = [f"A1,{start + n * DAY:%Y-%m-%d %H:%M},{start + (n + 1) * DAY:%Y-%m-%d %H:%M}" for n in range(9)]
    path = tmp_path / "roster.csv"
    path.write_text("\n".join(["사번,시작,종료", *lines]), encoding="utf-8")
    duty.import_file(path)
    assert not Finding.objects.open().filter(rule__code="duty_covered").exists()


# -- staff


def test_a_last_day_ends_shifts_after_it_and_the_account(official) -> None:
    account = OfficerFactory(role=Role.MONITORING_AGENT)
    member = person(officer=account)
    later = ahead(member, 3)
    today = timezone.localdate()
    staffing.end(member, last_on=today, reason="transferred", by=official)
    later.refresh_from_db()
    assert later.absent_reason == "left"
    assert list(staffing.left_accounts(today)) == []
    assert list(staffing.left_accounts(today + DAY)) == [account]


def test_the_contract_ends_accounts_too_unless_another_record_runs(official) -> None:
    from tests.cameras.contracts import entered

    account, today = OfficerFactory(), timezone.localdate()
    contract = entered(ends_on=today)
    person(officer=account, contract=contract)
    assert list(staffing.left_accounts(today)) == []
    assert list(staffing.left_accounts(today + DAY)) == [account]
    person(officer=account, starts_on=today)
    assert list(staffing.left_accounts(today + DAY)) == []


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"starts_on": dt.date(2026, 2, 1), "ends_on": dt.date(2026, 1, 1)}, "시작일보다 앞섭니다"),
        ({"team": 2}, "함께 적으십시오"),
    ],
)
def test_staff_that_cannot_be_are_refused(official, values, word) -> None:
    with pytest.raises(Refused, match=word):
        staffing.enter({"number": "X1", "name": "김", "kind": "monitoring_staff", **values}, by=official)
    assert not StaffMember.objects.exists()


def test_one_account_is_never_two_persons_at_once(official) -> None:
    account = OfficerFactory()
    person(officer=account, ends_on=dt.date(2026, 6, 30))
    values = {"number": "X2", "name": "김", "kind": "official", "officer": account}
    with pytest.raises(Refused, match="한 사람이 하나씩"):
        staffing.enter({**values, "starts_on": dt.date(2026, 6, 30)}, by=official)
    staffing.enter({**values, "starts_on": dt.date(2026, 7, 1)}, by=official)


def test_nobody_writes_the_row_of_the_own_account(official) -> None:
    """Training, pledge and shift of a row open footage to its account."""
    trained, other = person(officer=OfficerFactory()), OfficerFactory(role=Role.OFFICIAL)
    with pytest.raises(Refused, match="다른 사람이 인력 명부에 기록"):
        staffing.change(trained, {"officer": official}, by=official)
    with pytest.raises(Refused, match="다른 사람이 인력 명부에 기록"):
        staffing.enter({"number": "X3", "name": "김", "kind": "official", "officer": official}, by=official)
    staffing.change(trained, {"officer": official}, by=other)
    trained.refresh_from_db()
    # Neither away from the own account, nor to another kind that is not asked for a shift.
    for values in ({"officer": None}, {"kind": StaffKind.OFFICIAL}):
        with pytest.raises(Refused, match="다른 사람이 인력 명부에 기록"):
            staffing.change(trained, values, by=official)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("monitoring_staff", "발령 문서"),
        ("police_secondee", "파견 명령"),
        ("contractor", "위탁 계약을 고릅니다"),
    ],
)
def test_nobody_from_outside_works_here_without_the_document_that_says_so(official, kind, word) -> None:
    values = {"number": "X4", "name": "김", "kind": kind, "employer": "두리시스템"}
    with pytest.raises(Refused, match=word):
        staffing.enter(values, by=official)
    if kind != "contractor":
        staffing.enter({**values, "order_document": "서울청-1"}, by=official)
    account = OfficerFactory(role=Role.MONITORING_AGENT)
    person(officer=account, kind=kind, order_document="")
    assert [refusal.code for refusal in gates._period(account)] == ["basis"], "brought by a list without it"


def test_who_has_no_such_document_is_told_to_who_keeps_the_list(official, client) -> None:
    from tests.cameras.contracts import entered

    lacking = [person(kind=kind, order_document="") for kind in StaffKind if kind != StaffKind.OFFICIAL]
    person(kind=StaffKind.CONTRACTOR)
    person(kind=StaffKind.OFFICIAL, order_document="")
    person(order_document="", contract=entered(today=timezone.localdate(), ends_on=timezone.localdate()))
    person(order_document="", ends_on=timezone.localdate() - DAY)
    rows = StaffMember.objects.all()
    assert set(rows.without_basis()) == {row for row in rows if not row.has_basis}
    (item,) = [each for each in duty_due.items(timezone.now()) if each.code == duty_due.WITHOUT_BASIS]
    assert (item.count, item.needs) == (4, ("records.change_staff",))
    client.force_login(official)
    shown = client.get(item.href).content.decode()
    assert all(f">{row.number}</a>" in shown for row in lacking)
    StaffMember.objects.update(kind=StaffKind.OFFICIAL)
    assert not [each for each in duty_due.items(timezone.now()) if each.code == duty_due.WITHOUT_BASIS]


def test_nobody_works_under_a_contract_before_it_begins(official) -> None:
    from tests.cameras.contracts import entered

    contract = entered(ends_on=timezone.localdate() + 30 * DAY)
    values = {"number": "X5", "name": "김", "kind": "contractor", "contract": contract}
    with pytest.raises(Refused, match="시작하기 전"):
        staffing.enter({**values, "starts_on": contract.starts_on - DAY}, by=official)
    staffing.enter({**values, "starts_on": contract.starts_on}, by=official)


def test_nobody_says_alone_that_he_stood_a_shift(official, tmp_path) -> None:
    """A shift that has begun opens footage, and explains looks of then."""
    member, now = person(officer=official, number="A9"), timezone.now()
    with pytest.raises(Refused, match="그 근무를 선 사람이 아닌 다른 사람"):
        roster.add_shift(member, now - DAY, now - DAY / 2, by=official)
    absent = DutyShift.objects.create(
        staff=person(), starts_at=now - DAY, ends_at=now - DAY / 2, absent_reason="sick"
    )
    with pytest.raises(Refused, match="그 근무를 선 사람이 아닌 다른 사람"):
        roster.stand_in(absent, member, by=official)
    path = tmp_path / "roster.csv"
    path.write_text(
        f"사번,시작,종료\nA9,{now - DAY:%Y-%m-%d %H:%M},{now - DAY / 2:%Y-%m-%d %H:%M}\n", encoding="utf-8"
    )
    assert [error.column for error in duty.import_file(path, by=official).errors] == ["사번"]
    assert duty.import_file(path, by=OfficerFactory()).created == 1
    roster.add_shift(member, now + DAY, now + DAY * 1.5, by=official)


def test_nobody_generates_the_own_shifts_of_the_past(official) -> None:
    own, today = rota(kind=StaffKind.OFFICIAL), timezone.localdate()
    person(rota=own, team=1, officer=official, kind=StaffKind.OFFICIAL)
    with pytest.raises(Refused, match="그 근무를 선 사람이 아닌 다른 사람"):
        roster.generate(own, today - 8 * DAY, today + 8 * DAY, by=official)
    assert roster.generate(own, today + DAY, today + 8 * DAY, by=official).new
    assert roster.generate(own, today - 8 * DAY, today, by=OfficerFactory()).new


def test_only_who_is_taught_and_sworn_in_counts_as_watching(official) -> None:
    member, other = person(), person()
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    DutyShift.objects.create(staff=member, starts_at=start, ends_at=start + 2 * DAY)
    begin, end, today = start, start + DAY, timezone.localdate()

    def lacking():
        return duty_rules.lacks(Context.today(), begin, end)

    assert lacking() == [], "nothing on record yet, of anybody"
    taught(other, official, on=today)
    assert len(lacking()) == 1, "one who was never taught watches alone"
    taught(member, official, on=today)
    assert lacking() == []
    pledges.file("joining", signed_on=today, by=official, files=[paper()], staff=other)
    assert len(lacking()) == 1
    pledges.file("joining", signed_on=today, by=official, files=[paper()], staff=member)
    assert lacking() == []


# -- the gate


def test_only_an_agent_off_duty_is_kept_from_footage(official, monkeypatch) -> None:
    account = OfficerFactory(role=Role.MONITORING_AGENT)
    assert list(off_duty.gate(account)) == [], "nobody of the staff list"
    member = person(officer=account)
    assert [refusal.code for refusal in off_duty.gate(account)] == ["off_duty"]
    now = timezone.now()
    DutyShift.objects.create(staff=member, starts_at=now - DAY / 24, ends_at=now + DAY / 24)
    assert list(off_duty.gate(account)) == []
    person(officer=official, kind=StaffKind.OFFICIAL)
    assert list(off_duty.gate(official)) == []


def test_the_profile_switches_the_gate_off(db) -> None:
    account = OfficerFactory()
    person(officer=account)
    Parameter.objects.filter(code="duty_gate").update(value=False)
    assert list(off_duty.gate(account)) == []
