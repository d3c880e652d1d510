"""카메라 접근권한: asked, granted by another, changed, ended, reviewed; and the gate that asks for them."""

import datetime as dt
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import roles
from accounts.roles import Role
from casework.refusals import Refused
from ledger.models import Entry
from ordinance import due
from ordinance.models import Parameter
from records.access import looks
from records.competence_enums import Ability, LapseCause, PermissionEvent, PermissionState
from records.models import CameraPermission, PermissionReview
from records.permissions import ending, gate, granting, reviewing
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.contracts import entered
from tests.footage.factories import CameraFactory
from tests.ordinance.duties import covered, open_findings, unmet
from tests.records.looks import SESSION, opened, wish
from tests.records.people import competent, person
from tests.records.situations import confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def official():
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def staff(official):
    return person(official)


def wanted(**changes) -> granting.Wish:
    today = timezone.localdate()
    given = {
        "scope": "all",
        "abilities": ["stored"],
        "from_on": today,
        "until_on": today + timedelta(days=100),
        "reason": "열람 청구 처리",
    }
    return granting.Wish(**{**given, **changes})


def granted(staff, by, **changes) -> CameraPermission:
    """Asked for by somebody else than who grants it."""
    row = granting.ask(staff, wanted(**changes), by=OfficerFactory(role=Role.CCTV_MANAGER))
    return granting.grant(row, by=by)


def refused(act) -> set[str]:
    with pytest.raises(Refused) as caught:
        act()
    return {refusal.code for refusal in caught.value.refusals}


def events(row: CameraPermission) -> list[str]:
    return list(row.moves.values_list("event", flat=True))


# ---------------------------------------------------------------- asking and deciding


def test_a_permission_ends_with_the_contract_of_its_person(manager):
    """Also of somebody without an account here, whose day of the own is open."""
    today = timezone.localdate()
    contract = entered(ends_on=today + timedelta(days=10))
    worker = person(kind="contractor", contract=contract)
    asked = wanted(abilities=["live"])
    assert "leaves" in refused(lambda: granting.ask(worker, asked, by=manager))
    row = granted(worker, manager, abilities=["live"], until_on=contract.ends_on)
    type(contract).objects.filter(pk=contract.pk).update(ends_on=today - timedelta(days=1))
    assert ending.lapse() == 1
    row.refresh_from_db()
    assert row.state == PermissionState.ENDED
    CameraPermission.objects.update(state=PermissionState.ASKED)
    assert "left" in refused(lambda: granting.grant(row, by=OfficerFactory(role=Role.CCTV_MANAGER)))


def test_nobody_from_outside_is_given_a_permission_without_the_document_of_his_work(manager):
    secondee = person(kind="police_secondee")
    row = granting.ask(secondee, wanted(abilities=["live"]), by=OfficerFactory(role=Role.CCTV_MANAGER))
    assert refused(lambda: granting.grant(row, by=manager)) == {"basis"}


def test_one_asks_and_another_grants(staff, official, manager):
    row = granting.ask(staff, wanted(), by=official)
    [item] = [item for item in due.collect() if item.code == "records.permission_asked"]
    assert (item.asker_id, item.not_by) == (official.pk, frozenset({official.pk}))
    assert refused(lambda: granting.grant(row, by=official)) == {"second"}
    granting.grant(row, by=manager)
    assert refused(lambda: granting.grant(row, by=manager)) == {"state:granted"}
    assert events(row) == ["ask", "grant"]
    assert Entry.objects.of_kind(granting.GRANTED).get().content["abilities"] == ["stored"]


def test_nobody_decides_on_the_own_permission(manager):
    row = granting.ask(person(manager), wanted(), by=OfficerFactory(role=Role.OFFICIAL))
    assert refused(lambda: granting.grant(row, by=manager)) == {"own"}
    assert granting.grant(row, by=OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR)).state == "granted"


def test_what_is_incomplete_or_too_long_is_refused_at_once(staff, official):
    today = timezone.localdate()
    staff.ends_on = today + timedelta(days=10)
    staff.save()
    for changes, code in (
        ({"abilities": []}, "abilities"),
        ({"scope": "area", "area": " "}, "area"),
        ({"scope": "purpose"}, "purpose"),
        ({"scope": "camera"}, "camera"),
        ({"until_on": today - timedelta(days=1)}, "until"),
        ({"until_on": today + timedelta(days=366)}, "long"),
        ({"until_on": today + timedelta(days=11)}, "leaves"),
        ({"reason": ""}, "unwritten:reason"),
    ):
        assert code in refused(lambda changes=changes: granting.ask(staff, wanted(**changes), by=official))


def test_a_role_that_plays_nothing_back_is_given_no_stored_footage(manager):
    agent = person(
        OfficerFactory(role=Role.MONITORING_AGENT), kind="monitoring_staff", order_document="총무과-1"
    )
    assert refused(lambda: granted(agent, manager)) == {"role"}
    assert granted(agent, manager, abilities=["live", "ptz"]).state == PermissionState.GRANTED


def test_a_change_is_another_permission_that_takes_the_place(staff, official, manager):
    first = granted(staff, manager)
    second = granting.ask(staff, wanted(abilities=["live"]), by=official, replaces=first)
    first.refresh_from_db()
    assert first.state == PermissionState.GRANTED, "until the change is granted"
    granting.grant(second, by=manager)
    first.refresh_from_db()
    assert (first.state, events(first)) == (PermissionState.ENDED, ["ask", "grant", "replace"])
    assert refused(lambda: granting.ask(staff, wanted(), by=official, replaces=first)) == {"replaces"}


def test_refusing_and_revoking_say_why(staff, official, manager):
    row = granting.ask(staff, wanted(), by=official)
    assert refused(lambda: granting.refuse(row, by=manager, reason=" ")) == {"unwritten:reason"}
    granting.refuse(row, by=manager, reason="필요하지 않음")
    other = granted(staff, manager)
    assert refused(lambda: granting.revoke(other, by=manager, reason="")) == {"unwritten:reason"}
    granting.revoke(other, by=manager, reason="업무가 바뀜")
    assert other.moves.last().reason == "업무가 바뀜"
    third = granting.ask(staff, wanted(), by=official)
    assert refused(lambda: granting.withdraw(third, by=manager)) == {"asker"}
    assert granting.withdraw(third, by=official).state == PermissionState.WITHDRAWN


# ---------------------------------------------------------------- ending by itself


def lapsed(row) -> str:
    assert ending.lapse() == 1
    row.refresh_from_db()
    assert row.state == PermissionState.ENDED
    return row.moves.get(event=PermissionEvent.LAPSE).reason


def test_it_ends_by_itself(staff, official, manager):
    assert ending.lapse() == 0
    today = timezone.localdate()

    row = granted(staff, manager)
    assert ending.lapse() == 0
    official.department = DepartmentFactory()
    official.save()
    assert lapsed(row) == LapseCause.TRANSFER.label

    row = granted(staff, manager)
    roles.assign(official, Role.AUDITOR)
    assert lapsed(row) == LapseCause.TRANSFER.label
    roles.assign(official, Role.OFFICIAL)

    row = granted(staff, manager)
    type(official).objects.filter(pk=official.pk).update(is_active=False)
    assert lapsed(row) == LapseCause.ACCOUNT.label
    type(official).objects.filter(pk=official.pk).update(is_active=True)

    row = granted(staff, manager)
    type(staff).objects.update(ends_on=today - timedelta(days=1))
    assert lapsed(row) == LapseCause.LEFT.label
    type(staff).objects.update(ends_on=None)

    row = granted(staff, manager, until_on=today)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert lapsed(row) == LapseCause.PERIOD.label


@pytest.mark.parametrize(("days", "ends"), [(90, 0), (91, 1)])
def test_who_does_not_log_in_for_90_days_loses_it(staff, official, manager, days, ends):
    row = granted(staff, manager, until_on=timezone.localdate() + timedelta(days=300))
    assert row.granted_at
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        assert ending.lapse() == ends


# ---------------------------------------------------------------- the gate


def test_the_gate_asks_only_where_the_profile_does(official, manager, camera):
    competent(official)
    request = confirmed(camera, manager)
    look = opened(official, request)
    Parameter.objects.filter(code=gate.GATE).update(value=True)
    assert refused(lambda: looks.open_looks(wish(official, request), session_key=SESSION)) == {gate.NAME}
    assert refused(lambda: looks.require_live(look, official, SESSION)) == {gate.NAME}
    row = granted(official_staff(official), manager)
    assert opened(official, request)
    # To prepare a copy is another ability than to look.
    assert [refusal.code for refusal in gate.refusals(official, [camera], Ability.EXPORT)] == [gate.NAME]
    granting.revoke(row, by=manager, reason="끝")
    assert refused(lambda: opened(official, request)) == {gate.NAME}


def official_staff(officer):
    return competent(officer) and type(person()).objects.get(officer=officer)


@pytest.mark.parametrize(
    ("changes", "is_covered"),
    [
        ({"scope": "purpose", "purpose": "crime_prevention"}, True),
        ({"scope": "purpose", "purpose": "illegal_parking"}, False),
        ({"scope": "area", "area": "화곡로"}, True),
        ({"scope": "area", "area": "공항대로"}, False),
    ],
)
def test_a_group_is_a_purpose_an_area_or_one_camera(staff, manager, changes, is_covered):
    camera = CameraFactory(install_purpose="crime_prevention")
    camera.site.road_address, camera.site.lot_address = "서울특별시 강서구 화곡로 302", ""
    assert gate.covers(granted(staff, manager, **changes), camera) is is_covered
    of_one = granted(staff, manager, scope="camera", camera=camera)
    assert gate.covers(of_one, camera)
    assert not gate.covers(of_one, CameraFactory())


# ---------------------------------------------------------------- the half-yearly review


def at(day: date):
    return time_machine.travel(dt.datetime(day.year, day.month, day.day, 1, tzinfo=dt.UTC), tick=False)


def test_every_half_each_line_is_kept_or_cut_and_nobody_judges_the_own(official, manager):
    admin = OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR)
    with at(date(2026, 11, 30)):
        far = date(2027, 11, 29)
        of_official, of_manager = (
            granted(person(official), OfficerFactory(role=Role.CCTV_MANAGER), until_on=far),
            granted(person(manager), admin, until_on=far),
        )
        assert refused(lambda: reviewing.begin((2026, 2), by=manager)) == {"early"}
    with at(date(2026, 12, 1)):
        type(official).objects.update(last_login=timezone.now())
        review = reviewing.begin((2026, 2), by=manager)
        assert refused(lambda: reviewing.begin((2026, 2), by=manager)) == {"there"}
        assert refused(lambda: reviewing.sign(review, by=manager)) == {"left"}
        first, own = review.lines.all()
        assert refused(lambda: reviewing.judge(own, "keep", by=manager)) == {"own"}
        assert refused(lambda: reviewing.judge(first, "cut", by=manager)) == {"unwritten:reason"}
        reviewing.judge(first, "cut", reason="더 필요하지 않음", by=manager)
        assert reviewing.keep_rest(review, by=manager) == 0, "the own one is left to another"
        assert reviewing.keep_rest(review, by=admin) == 1
        reviewing.sign(review, by=manager)
        assert refused(lambda: reviewing.judge(own, "keep", by=admin)) == {"signed"}
    of_official.refresh_from_db()
    assert events(of_official) == ["ask", "grant", "cut"]
    review = PermissionReview.objects.get()
    assert [line["verdict"] for line in reviewing.lines_of(review)] == ["cut", "keep"]
    assert Entry.objects.of_kind(reviewing.SIGNED).get().content["sha256"] == review.digest
    assert of_manager.state == PermissionState.GRANTED


def test_permission_reviewed_in_all_its_states(staff, manager):
    assert covered("permission_reviewed", on=date(2027, 2, 1)) == set(), "nobody has a permission"
    with at(date(2026, 12, 10)):
        granted(staff, manager, until_on=date(2027, 11, 29))
    # Due 30 days after 31 December: the 30th of January is the last day.
    assert covered("permission_reviewed", on=date(2027, 1, 30)) == set()
    assert unmet("permission_reviewed", on=date(2027, 1, 31)) == {"gangseo"}
    with at(date(2027, 2, 1)):
        [item] = [item for item in due.collect() if item.code == "records.permission_review"]
        assert (item.due_on, item.severity) == (date(2027, 1, 30), "overdue")
        review = reviewing.begin((2026, 2), by=manager)
        assert unmet("permission_reviewed") == {"gangseo"}, "opened is not signed"
        reviewing.keep_rest(review, by=manager)
        reviewing.sign(review, by=manager)
        assert open_findings("permission_reviewed") == set()
        assert (covered("permission_reviewed"), unmet("permission_reviewed")) == ({"gangseo"}, set())
    assert unmet("permission_reviewed", on=date(2027, 7, 31)) == {"gangseo"}, "the next half"
