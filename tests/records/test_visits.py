"""출입: nobody without approval, pledge and seal; out after in; the log; the rule of art. 19."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import persons
from casework.refusals import Refused
from ledger.models import Entry
from ordinance.rules import Context
from records.duty_enums import VisitKind, VisitState
from records.models import Visit
from records.people import visit_rules, visits
from reports.documents import visit_log
from tests.accounts.factories import OfficerFactory
from tests.records.centre import a_visit
from tests.records.people import competent

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR
pytestmark = pytest.mark.django_db


@pytest.fixture
def official():
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER)


def entry(**more):
    return {"in_at": timezone.now(), "has_pledged": True, "is_sealed": True, "carried_in": "노트북 1", **more}


def exit_(**more):
    return {"out_at": timezone.now(), "is_media_checked": True, "carried_out": "노트북 1", **more}


def approved(official, manager, **more):
    return visits.approve(a_visit(by=official, **more), escort=official, by=manager)


def test_a_visit_from_application_to_the_way_out(official, manager) -> None:
    row = approved(official, manager)
    row = visits.admit(row, entry(), by=official)
    row = visits.leave(row, exit_(seen="관제 화면"), by=official)
    assert row.state == VisitState.LEFT
    assert row.was_approved_before
    assert [move.event for move in row.moves.all()] == ["apply", "approve", "admit", "leave"]
    assert "김방문" not in str(list(Entry.objects.values_list("payload", flat=True)))


def test_who_comes_from_outside_applies_without_an_account(manager) -> None:
    row = a_visit()
    assert (row.entered_by, row.state) == (None, VisitState.APPLIED)
    assert Entry.objects.get(kind="records.visit_applied").actor == "system:website"


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"planned_until": timezone.now() - DAY}, "시작하는 때보다 뒤"),
        ({"planned_from": timezone.now() - 3 * DAY, "planned_until": timezone.now() - DAY}, "이미 지난"),
        ({"planned_until": timezone.now() + 30 * DAY}, "7일을 넘는"),
        ({"people": 201}, "200명까지"),
        ({"kind": VisitKind.MAINTENANCE}, "장비와 저장매체를"),
    ],
)
def test_an_application_that_cannot_be_is_refused(official, more, word) -> None:
    with pytest.raises(Refused, match=word):
        a_visit(by=official, **more)
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"has_pledged": False}, "보안서약"),
        ({"is_sealed": False}, "봉인"),
        ({"in_at": timezone.now() + DAY}, "아직 오지 않은"),
        ({"in_at": timezone.now() - DAY}, "승인보다 앞섭니다"),
    ],
)
def test_nobody_is_let_in_so(official, manager, more, word) -> None:
    row = approved(official, manager)
    with pytest.raises(Refused, match=word):
        visits.admit(row, entry(**more), by=official)
    row.refresh_from_db()
    assert (row.state, row.in_at) == (VisitState.APPROVED, None)


def test_out_before_in_is_refused_and_maintenance_leaves_only_with_its_media_checked(
    official, manager
) -> None:
    row = approved(official, manager, kind=VisitKind.MAINTENANCE, equipment="노트북, USB")
    row = visits.admit(row, entry(), by=official)
    with pytest.raises(Refused, match="입실 시각보다 앞섭니다"):
        visits.leave(row, exit_(out_at=row.in_at - HOUR), by=official)
    with pytest.raises(Refused, match="저장매체를 점검"):
        visits.leave(row, exit_(is_media_checked=False), by=official)
    assert Visit.objects.get().out_at is None


def test_who_applied_does_not_approve_and_a_refusal_has_its_reason(manager) -> None:
    row = a_visit(by=manager)
    with pytest.raises(Refused, match="다른 사람이 승인"):
        visits.approve(row, escort=manager, by=manager)
    with pytest.raises(Refused, match="까닭을"):
        visits.refuse(row, reason=" ", by=manager)
    visits.refuse(row, reason="공사 중", by=manager)
    with pytest.raises(Refused, match="이미 지난 단계"):
        visits.approve(row, escort=manager, by=OfficerFactory())


def test_entry_without_approval_needs_a_reason_and_is_a_finding(official, manager) -> None:
    row = a_visit(by=official)
    with pytest.raises(Refused, match="사전승인을 받지 않은"):
        visits.admit(row, entry(), by=official)
    visits.admit(row, entry(), reason="야간 장애 복구", by=official)
    good = visits.admit(approved(official, manager), entry(), by=official)
    # Came in the day before yesterday and was never seen out.
    old = visits.admit(approved(official, manager), entry(), by=official)
    Visit.objects.filter(pk=old.pk).update(
        in_at=timezone.now() - 2 * DAY, approved_at=timezone.now() - 3 * DAY
    )
    context, rule = Context.today(), visit_rules.VISIT_APPROVED
    unmet = rule.unmet_subjects(context).annotate(why=rule.evidence(context))
    assert dict(unmet.values_list("number", "why")) == {row.number: "unapproved", old.number: "inside"}
    assert good.number in rule.subjects(context).values_list("number", flat=True)


def test_the_log_has_the_columns_of_other_offices(official, manager) -> None:
    row = visits.admit(approved(official, manager, people=12, equipment="카메라"), entry(), by=official)
    visits.leave(row, exit_(equipment_used="촬영 안 함", remark="견학"), by=official)
    [line] = visit_log.lines(Visit.objects.all())
    came = timezone.localtime(row.in_at)
    assert line[:2] == (f"{came:%Y-%m-%d}", f"{came:%H:%M}")
    assert line[4:] == (
        "강서구의회",
        "김방문 외 11명",
        "현황 청취",
        "카메라",
        "촬영 안 함",
        "반입 노트북 1, 반출 노트북 1",
        "점검함",
        str(official),
        "견학",
    )
    assert visit_log.pdf_of(Visit.objects.all()).startswith(b"%PDF")
    assert visit_log.xlsx_of(Visit.objects.all()).startswith(b"PK")


def test_who_came_is_erased_after_its_days(official) -> None:
    a_visit(by=official)
    data = persons.entry("visit")
    assert data.erase(timezone.now()) == 0
    assert data.erase(timezone.now() + dt.timedelta(days=1100)) == 1
    row = Visit.objects.get()
    assert (row.name, row.phone, row.organisation) == ("", "", "강서구의회")


def test_who_comes_is_read_for_a_purpose_and_on_record(client, official, manager) -> None:
    row = approved(official, manager)
    page, person = (reverse(f"visits:{name}", args=[row.pk]) for name in ("page", "person"))
    for each in (
        OfficerFactory(role=Role.AUDITOR),
        OfficerFactory(role=Role.MONITORING_AGENT),
        manager,
    ):
        client.force_login(each)
        for name in ("page", "approve", "admit"):
            assert "김방문" not in client.get(reverse(f"visits:{name}", args=[row.pk])).content.decode()
        assert "김방문" not in client.get(reverse("visits:door")).content.decode()
        assert "김방문" not in client.post(person, {"purpose": "door"}).content.decode(), "not sworn in"
    assert not Entry.objects.filter(kind="records.visit_person_read").exists()
    client.force_login(competent(OfficerFactory(role=Role.MONITORING_AGENT)))
    assert person in client.get(page).content.decode()
    assert "김방문" not in client.post(person, {"purpose": "curiosity"}).content.decode()
    assert "김방문" in client.post(person, {"purpose": "door"}).content.decode()
    assert Entry.objects.get(kind="records.visit_person_read").content["purpose"] == "door"
