"""Few subjects are judged with the act, many by a run beside it; and neither asks more questions for more of them."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.longrun import RunState
from accounts.roles import Role
from cameras import contracts, editing
from cameras.models import Camera
from cameras.register import import_file
from ordinance import assessment
from ordinance import tasks as ordinance_tasks
from ordinance.models import Assessment, Finding, Parameter
from tests.accounts.factories import DepartmentFactory, InstitutionFactory, OfficerFactory
from tests.cameras import contracts as contract_world
from tests.cameras.factories import CameraFactory, as_csv, row
from tests.ordinance.duties import assess, open_findings, today
from tests.portal.test_findings_follow import (
    Act,
    designated,
    what_the_night_would_do,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(name="안전관리과"))


def test_many_are_left_to_a_run_that_the_worker_makes(monkeypatch, django_capture_on_commit_callbacks):
    numbers = [camera.number for camera in CameraFactory.create_batch(3)]
    monkeypatch.setattr(assessment, "AT_ONCE", 10)
    sent = []
    monkeypatch.setattr(ordinance_tasks.assess, "apply_async", lambda args: sent.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        run = assessment.follow(numbers)
        assert run.state == RunState.WAITING
        # Another act before it begins: the same run will see that too.
        assert assessment.follow(numbers) == run
    assert sent == [(run.pk,)]
    assert not Finding.objects.exists()
    ordinance_tasks.assess(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert open_findings("sign") == set(numbers)
    assert assessment.follow(numbers) != run


def test_a_broker_that_is_down_does_not_undo_the_act(monkeypatch, django_capture_on_commit_callbacks, caplog):
    def refuse(args):
        raise ConnectionError("no broker")

    monkeypatch.setattr(ordinance_tasks.assess, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        run = assessment.request()
    assert "could not queue" in caplog.text
    assert "no broker" in caplog.text
    assert Assessment.objects.get().state == RunState.WAITING
    # Beat takes it up.
    Assessment.objects.update(requested_at=timezone.now() - dt.timedelta(minutes=3))
    ordinance_tasks.resume_assessments()
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED


def test_a_run_that_finds_another_under_way_waits_and_is_not_lost():
    CameraFactory()
    other = Assessment.objects.create(on=today(), state=RunState.RUNNING, heartbeat_at=timezone.now())
    run = assessment.request()
    ordinance_tasks.assess(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.WAITING
    Assessment.objects.filter(pk=other.pk).update(state=RunState.SUCCEEDED)
    ordinance_tasks.assess(run.pk)
    assert open_findings("sign")


def test_a_run_that_waited_over_midnight_judges_the_new_day():
    run = assessment.request()
    Assessment.objects.update(on=today() - dt.timedelta(days=1))
    ordinance_tasks.assess(run.pk)
    run.refresh_from_db()
    assert run.on == today()


def test_a_large_import_is_judged_by_the_run_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr("cameras.findings.MOST_OF_AN_IMPORT", 2)
    import_file(as_csv(tmp_path / "a.csv", [row(카메라대수="5")]))
    assert not Finding.objects.exists()
    ordinance_tasks.assess(Assessment.objects.get(state=RunState.WAITING).pk)
    assert len(open_findings("sign")) == 5
    assert not what_the_night_would_do()


def test_an_import_without_a_change_asks_for_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("cameras.findings.MOST_OF_AN_IMPORT", 0)
    file = as_csv(tmp_path / "a.csv", [row()])
    import_file(file)
    Assessment.objects.update(state=RunState.SUCCEEDED)
    import_file(file)
    assert Assessment.objects.count() == 1


def test_other_figures_of_the_law_have_everything_judged_again():
    CameraFactory(retention_days=20)
    call_command("load_ordinance")
    assert not Assessment.objects.exists()
    Parameter.objects.filter(code="retention_max_days", profile="gangseo").update(value=7)
    call_command("load_ordinance", "--dry-run")
    assert not Assessment.objects.exists()
    call_command("load_ordinance")
    assert Assessment.objects.get().state == RunState.WAITING


def test_acts_inside_a_large_command_are_judged_once_at_its_end(manager):
    with assessment.all_at_the_end():
        camera = CameraFactory()
        editing.change_camera(camera, {"audio_checked_on": today()}, by=manager, reason="확인")
        assert not Finding.objects.exists()
        assert assessment.request() is None
    assert open_findings("sign") == {camera.number}
    assert not open_findings("audio_off")
    assert Assessment.objects.get().state == RunState.SUCCEEDED


def questions(act: Act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_following_asks_as_many_questions_for_many_as_for_one(manager, client):
    client.force_login(OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR))
    designated(manager.department)

    def everything_but_the_register() -> list[int]:
        assess()
        numbers = list(Camera.objects.values_list("number", flat=True))
        contract = contracts.EntrustmentContract.objects.order_by("pk").first()
        phone = {"institution": manager.department.institution_id, "name": "안전관리과", "phone": "02-120"}
        url = reverse("people:department_edit", args=[manager.department_id])
        return [
            questions(lambda: assessment.follow(numbers)),
            questions(lambda: contract_world.trained(contract)),
            questions(lambda: client.post(url, phone)),
        ]

    camera = CameraFactory()
    contract_world.entered()
    # One that stays open, so that each time there is something to close or to leave.
    contract_world.entered()
    everything_but_the_register()
    with_one = everything_but_the_register()
    CameraFactory.create_batch(14, site=camera.site)
    for _ in range(4):
        contract_world.entered()
    everything_but_the_register()
    assert everything_but_the_register() == with_one


def test_an_import_asks_as_many_questions_for_many_as_for_one(tmp_path):
    def imported(first: int, sites: int) -> int:
        table = [
            row(관리번호=f"2026315000{n:08d}", 소재지도로명주소=f"화곡로 {n}", 카메라대수="2")
            for n in range(first, first + sites)
        ]
        file = as_csv(tmp_path / f"{first}.csv", table)
        return questions(lambda: import_file(file))

    InstitutionFactory(name="서울특별시 강서구청")
    imported(1, 1)
    assert imported(1_000, 1) == imported(2_000, 25)
