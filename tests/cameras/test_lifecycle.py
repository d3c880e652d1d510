"""설치부터 철거까지: which steps there are, and every way in which a step must not happen."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cameras import editing, lifecycle, projects
from cameras.enums import CameraState, LifecycleEvent
from cameras.models import Camera, LifecycleAct, Move
from casework import attachments
from casework.refusals import Refusal, Refused
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory, SiteFactory
from tests.cameras.life import ProjectFactory, fleet, join, only_rules, rule, upload

pytestmark = pytest.mark.django_db

State, Event = CameraState, LifecycleEvent
DAY = date(2026, 6, 1)
FORWARD = (Event.CONSULT, Event.DELIBERATE, Event.APPROVE, Event.INSTALL, Event.OPERATE)
PURPOSE = {"install_purpose": "illegal_dumping", "dataset_purpose": "쓰레기단속", "pipa25_ground": 3}


@pytest.fixture
def officer():
    return OfficerFactory()


@pytest.fixture(autouse=True)
def _no_gates():
    with only_rules():
        yield


def step(event, *cameras, by, on=DAY, **more):
    return lifecycle.act(event, fleet(*cameras), on=on, by=by, reason="현장 결정", **more)


def refusals(event, *cameras, by, **more) -> dict[str, Refusal]:
    with pytest.raises(Refused) as caught:
        step(event, *cameras, by=by, **more)
    return {refusal.code: refusal for refusal in caught.value.refusals}


def test_a_wrong_day_is_corrected_and_both_days_stay(officer):
    camera, other = CameraFactory(planned=True, installed_month=None), OfficerFactory()
    made = {
        event: step(event, camera, by=officer, on=DAY + timedelta(days=10 * days))
        for days, event in enumerate(FORWARD)
    }
    installed = made[Event.INSTALL]
    early, late, right = DAY + timedelta(days=19), DAY + timedelta(days=41), DAY + timedelta(days=25)
    for on, reason, by in (
        (early, "오기", other),
        (late, "오기", other),
        (installed.on, "오기", other),
        (right, " ", other),
    ):
        with pytest.raises(ValidationError):
            lifecycle.correct_date(installed, on=on, reason=reason, by=by)
    # Citizens see the day: who wrote it down does not correct it alone.
    assert lifecycle.is_published(installed)
    with pytest.raises(Refused) as alone:
        lifecycle.correct_date(installed, on=right, reason="오기", by=officer)
    assert [refusal.code for refusal in alone.value.refusals] == ["second_look"]
    lifecycle.correct_date(installed, on=right, reason="준공서류의 날짜", by=other)
    installed.refresh_from_db()
    told = Entry.objects.get(kind="cameras.lifecycle_corrected").content
    assert (installed.on, told["was"], told["on"]) == (right, "2026-07-01", right.isoformat())
    assert (camera.installed_month, Camera.objects.get(pk=camera.pk).installed_month) == (
        None,
        date(2026, 6, 1),
    )
    assert "처리일 정정" in camera.history.first().history_change_reason


def test_from_plan_to_removal(officer):
    camera = CameraFactory(planned=True, installed_month=None)
    for days, event in enumerate(FORWARD):
        step(event, camera, by=officer, on=DAY + timedelta(days=days), document_number="안전관리과-1")
    camera.refresh_from_db()
    assert (camera.state, camera.installed_month) == (State.OPERATING, date(2026, 6, 1))
    for event in (Event.SUSPEND, Event.RESUME, Event.REMOVE):
        step(event, camera, by=officer, on=date(2026, 7, 1))
    camera.refresh_from_db()
    assert (camera.state, camera.removed_on) == (State.REMOVED, date(2026, 7, 1))
    moves = list(Move.objects.order_by("pk").values_list("from_state", "to_state"))
    assert moves[0] == ("planned", "consulted")
    assert [after for _, after in moves[:-1]] == [before for before, _ in moves[1:]]
    assert [row.state for row in camera.history.order_by("history_id")][-1] == State.REMOVED
    assert camera.history.count() == 1 + len(moves)
    assert Entry.objects.filter(kind="cameras.lifecycle").count() == len(moves)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", [line.event for line in lifecycle.TABLE])
def test_only_the_table_moves_a_camera(officer, state, event):
    camera = CameraFactory(state=state, removed_on=DAY if state == State.REMOVED else None)
    line = lifecycle.TABLE.line(event)
    changes = {Event.RELOCATE: {"site": SiteFactory()}, Event.CHANGE_PURPOSE: PURPOSE}.get(event)
    if state in line.from_states:
        step(event, camera, by=officer, changes=changes)
        camera.refresh_from_db()
        assert camera.state == line.to_state
        return
    refused = refusals(event, camera, by=officer, changes=changes)[f"state:{state}"]
    assert refused.article
    assert refused.remedy
    assert refused.numbers == (camera.number,)
    camera.refresh_from_db()
    assert camera.state == state
    assert not LifecycleAct.objects.exists()
    assert not Entry.objects.filter(kind="cameras.lifecycle").exists()


def test_a_shortcut_names_the_step_that_is_missing(officer):
    refused = refusals(Event.OPERATE, CameraFactory(planned=True), by=officer)["state:planned"]
    assert "협의 완료" in refused.remedy
    assert "계획" in refused.text


def test_planning_is_no_step_of_an_existing_camera(officer):
    assert "event" in refusals(Event.PLAN, CameraFactory(planned=True), by=officer)


def test_one_camera_that_may_not_go_holds_all_back(officer):
    ready, not_ready = CameraFactory(planned=True), CameraFactory()
    refusals(Event.CONSULT, ready, not_ready, by=officer)
    ready.refresh_from_db()
    assert ready.state == State.PLANNED
    assert ready.history.count() == 1


def test_a_gate_names_rule_article_remedy_and_cameras(officer):
    good, bad = CameraFactory(state=State.INSTALLED), CameraFactory(state=State.INSTALLED)
    waiting = rule("sign", "operate", unmet=lambda rows, context: rows.filter(pk=bad.pk))
    with only_rules(waiting):
        assert not lifecycle.check(Event.OPERATE, fleet(good))
        refused = refusals(Event.OPERATE, good, bad, by=officer)["rule:sign"]
        assert refused.article == "조례 제9조"
        assert refused.numbers == (bad.number,)
        assert "붙이고" in refused.remedy
        # The step of another event does not wait for it.
        step(Event.REMOVE, bad, by=officer)
        step(Event.OPERATE, good, by=officer)


def test_resuming_waits_for_what_operating_waits_for(officer):
    camera = CameraFactory(state=State.SUSPENDED)
    with only_rules(rule("audio_off", "operate", unmet=lambda rows, context: rows)):
        assert "rule:audio_off" in refusals(Event.RESUME, camera, by=officer)


def test_gates_are_judged_as_of_the_day_of_the_step(officer):
    asked = []

    def unmet(rows, context):
        asked.append(context.on)
        return rows.none()

    with only_rules(rule("sign", "operate", unmet=unmet)):
        step(Event.OPERATE, CameraFactory(state=State.INSTALLED), by=officer, on=DAY)
    assert asked[0] == DAY


def test_no_day_to_come_and_none_before_the_last_step(officer):
    camera = CameraFactory(planned=True)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "future" in refusals(Event.CONSULT, camera, by=officer, on=tomorrow)
    assert "past" in refusals(Event.CONSULT, camera, by=officer, on=date(1910, 8, 29))
    step(Event.CONSULT, camera, by=officer, on=DAY)
    refused = refusals(Event.DELIBERATE, camera, by=officer, on=DAY - timedelta(days=1))["order"]
    assert str(DAY) in refused.text
    step(Event.DELIBERATE, camera, by=officer, on=DAY)


def test_a_step_needs_a_reason_and_a_camera(officer):
    camera = CameraFactory()
    with pytest.raises(ValidationError, match="사유"):
        lifecycle.act(Event.SUSPEND, fleet(camera), on=DAY, by=officer, reason="  ")
    with pytest.raises(Refused, match="고르지"):
        lifecycle.act(Event.SUSPEND, Camera.objects.none(), on=DAY, by=officer, reason="고장")


def test_a_rehearsal_writes_nothing(officer):
    camera = CameraFactory(planned=True)
    assert not lifecycle.check(Event.CONSULT, fleet(camera), on=DAY)
    assert lifecycle.check(Event.OPERATE, fleet(camera), on=DAY)
    camera.refresh_from_db()
    assert camera.state == State.PLANNED
    assert not Move.objects.exists()


def test_files_document_and_numbers_stand_on_record(officer):
    camera = CameraFactory(state=State.OPERATING)
    kept = attachments.keep(upload("철거.pdf"), by=officer)
    made = step(Event.REMOVE, camera, by=officer, document_number=" 안전관리과-77 ", attachments=[kept])
    assert (made.document_number, made.by, list(made.attachments.all())) == ("안전관리과-77", officer, [kept])
    entry = Entry.objects.get(kind="cameras.lifecycle")
    assert entry.subject == f"lifecycle:{made.pk}"
    for fact in (camera.number, "안전관리과-77", kept.sha256):
        assert fact in entry.payload
    assert officer.get_full_name() not in entry.payload


# Moving, and another purpose


def test_moving_begins_anew_at_the_other_site(officer):
    project = ProjectFactory()
    camera = CameraFactory(planned=True, recording_key="hwagok-1")
    stays = CameraFactory(site=camera.site)
    join(project, camera)
    for event in FORWARD:
        step(event, camera, by=officer)
    old_number, site = camera.number, SiteFactory()
    CameraFactory(site=site)
    step(Event.RELOCATE, camera, by=officer, changes={"site": site})
    camera.refresh_from_db()
    assert (camera.state, camera.installation, camera.project, camera.installed_month) == (
        State.PLANNED,
        2,
        None,
        None,
    )
    assert (camera.site, camera.ordinal, camera.number) == (site, 2, f"{site.number}-2")
    # What was filmed at the former place stays its footage.
    assert camera.recording_key == "hwagok-1"
    camera.full_clean()
    assert camera.history.first().number == camera.number
    # A number that was given once is not given again.
    assert editing.next_ordinal(stays.site) == 3
    assert old_number.endswith("-1")


def test_the_last_number_of_a_site_is_not_given_again_after_a_move(officer):
    camera = CameraFactory()
    former = camera.site
    step(Event.RELOCATE, camera, by=officer, changes={"site": SiteFactory()})
    assert editing.next_ordinal(former) == 2


def test_nobody_moves_to_where_it_stands_or_to_nowhere(officer):
    camera = CameraFactory()
    with pytest.raises(ValidationError, match="이미 그 설치장소"):
        step(Event.RELOCATE, camera, by=officer, changes={"site": camera.site})
    assert "site" in refusals(Event.RELOCATE, camera, by=officer)
    camera.refresh_from_db()
    assert (camera.state, camera.installation) == (State.OPERATING, 1)


def test_another_purpose_begins_anew(officer):
    camera = CameraFactory()
    step(Event.CHANGE_PURPOSE, camera, by=officer, changes=PURPOSE)
    camera.refresh_from_db()
    assert (camera.state, camera.installation, camera.install_purpose) == (
        State.PLANNED,
        2,
        "illegal_dumping",
    )
    assert Move.objects.get().installation == 1


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {**PURPOSE, "install_purpose": "spying"},
        {**PURPOSE, "retention_days": 60},
        {**PURPOSE, "pipa25_ground": None},
    ],
)
def test_a_purpose_that_the_ordinance_does_not_know_is_refused(officer, changes):
    camera = CameraFactory()
    assert "purpose" in refusals(Event.CHANGE_PURPOSE, camera, by=officer, changes=changes)
    camera.refresh_from_db()
    assert camera.install_purpose == "crime_prevention"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"install_purpose": "other_public", "dataset_purpose": "기타"}, "purpose_detail"),
        ({"pipa25_ground": 4}, "purpose_fit"),
        ({"dataset_purpose": "생활방범"}, "purpose_dataset"),
    ],
)
def test_a_purpose_without_a_fitting_ground_is_refused(officer, changes, code):
    found = refusals(Event.CHANGE_PURPOSE, CameraFactory(), by=officer, changes={**PURPOSE, **changes})
    assert set(found) == {code}
    assert "조례 제6조" in found[code].article
    assert found[code].remedy


def test_other_steps_change_nothing_else(officer):
    assert "changes" in refusals(Event.SUSPEND, CameraFactory(), by=officer, changes={"retention_days": 5})


# Many at once


def test_the_statements_do_not_grow_with_the_cameras(officer):
    counts = []
    for size in (1, 30):
        cameras = CameraFactory.create_batch(size)
        with CaptureQueriesContext(connection) as queries:
            step(Event.SUSPEND, *cameras, by=officer)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Entry.objects.filter(kind="cameras.lifecycle").count() == 2


def test_too_many_at_once_are_refused(officer, monkeypatch):
    monkeypatch.setattr(lifecycle, "MOST_AT_ONCE", 2)
    assert "many" in refusals(Event.SUSPEND, *CameraFactory.create_batch(3), by=officer)


@pytest.mark.django_db(transaction=True)
def test_of_two_acts_at_once_one_is_refused():
    """Both see the camera operating; the second waits, looks again, and finds it suspended."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: its transactions begin one after the other")
    officer, camera = OfficerFactory(), CameraFactory()
    outcomes, together = [], threading.Barrier(2)

    def suspend():
        together.wait()
        try:
            step(Event.SUSPEND, camera, by=officer)
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=suspend) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert Move.objects.count() == 1


# Entered by hand


def test_a_camera_entered_by_hand_begins_as_planned(officer):
    project = ProjectFactory()
    template = CameraFactory()
    values = {
        name: getattr(template, name)
        for name in ("install_purpose", "dataset_purpose", "pipa25_ground", "retention_days")
    }
    camera = projects.plan_camera(template.site, values, by=officer, reason="신설", project=project)
    assert (camera.state, camera.project) == (State.PLANNED, project)
    assert camera.installing_department == project.installing_department
    assert Move.objects.get(camera=camera).act.event == Event.PLAN
    with pytest.raises(TypeError, match="acts only"):
        editing.add_camera(template.site, {**values, "state": State.OPERATING}, by=officer, reason="지름길")


# Who listens to removals


def test_listeners_hear_of_removals_inside_the_transaction(officer, monkeypatch):
    heard = []
    monkeypatch.setattr(lifecycle, "_listeners", {"test": heard.append})
    camera = CameraFactory()
    step(Event.SUSPEND, camera, by=officer)
    assert not heard
    step(Event.REMOVE, camera, by=officer)
    assert [list(removal.cameras) for removal in heard] == [[camera.pk]]


def test_a_listener_that_fails_stops_the_removal(officer, monkeypatch):
    def fail(removal):
        raise RuntimeError("footage cannot be reached")

    monkeypatch.setattr(lifecycle, "_listeners", {"test": fail})
    camera = CameraFactory()
    with pytest.raises(RuntimeError):
        step(Event.REMOVE, camera, by=officer)
    camera.refresh_from_db()
    assert camera.state == State.OPERATING
