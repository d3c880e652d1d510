"""Turns of cameras (ordinance art. 10): a reason for each, turned back in time, held against the video system's log."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused
from ledger.models import Entry
from ordinance import rules
from ordinance.models import Parameter
from records.models import AccessEvent, AccessFinding, AccessLogFile, AccessReview, CameraTurn, Incident
from records.people import turns
from records.permissions import gate
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.ordinance.duties import covered, open_findings, unmet
from tests.records.people import person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
RULE = turns.RULE


@pytest.fixture
def agent():
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    person(officer)
    return officer


@pytest.fixture
def camera():
    return CameraFactory()


def turned(camera, by, ago=2 * MINUTE, **values):
    at = timezone.now() - ago
    return turns.enter({"camera": camera, "turned_at": at, "reason": "범죄 의심", **values}, by=by)


def codes(act):
    with pytest.raises(Refused) as caught:
        act()
    return {refusal.code for refusal in caught.value.refusals}


def test_a_turn_has_its_operator_and_its_reason_stays_out_of_the_ledger(agent, camera):
    row = turned(camera, agent)
    assert row.staff.officer == agent
    assert row.is_permitted is None, "this office asks for no permission by camera"
    line = Entry.objects.of_kind("records.camera_turned").get()
    assert line.content["camera"] == camera.number
    assert "범죄 의심" not in line.payload


def test_what_cannot_be_is_refused(agent, camera):
    now = timezone.now()
    assert codes(lambda: turned(camera, agent, reason=" ")) == {"unwritten:reason"}
    assert codes(lambda: turned(camera, agent, -MINUTE)) == {"future"}
    assert codes(lambda: turned(camera, agent, timedelta(days=40))) == {"old"}
    assert codes(lambda: turned(camera, agent, returned_at=now - 5 * MINUTE)) == {"order"}
    assert codes(lambda: turned(camera, agent, returned_at=now + 5 * MINUTE)) == {"future"}
    row = turned(camera, agent)
    turns.turn_back(row, by=agent)
    assert codes(lambda: turns.turn_back(row, by=agent)) == {"returned"}


def test_a_camera_that_is_left_turned_is_a_finding_until_it_is_turned_back(agent, camera):
    camera.has_ptz = True
    camera.save()
    assert covered(RULE) == set(), "nothing is on record of its turning"
    turned(camera, agent, 5 * MINUTE)
    assert covered(RULE) == unmet(RULE) == set(), "it may be turned for a while"
    apart = rules.get(RULE).exclusion.rows(rules.Context.today())
    assert camera in apart
    row = turned(camera, agent, 90 * MINUTE)
    assert open_findings(RULE) == unmet(RULE) == {camera.number}
    assert list(turns.away(timezone.now())) == [row]
    turns.turn_back(row, by=agent)
    assert open_findings(RULE) == unmet(RULE) == set()
    turns.turn_back(CameraTurn.objects.exclude(pk=row.pk).get(), by=agent)
    assert camera.number in covered(RULE)


def test_who_may_not_turn_it_is_written_down_and_shown(agent, camera):
    Parameter.objects.filter(code=gate.GATE).update(value=True)
    row = turned(camera, agent, returned_at=timezone.now())
    assert row.is_permitted is False
    assert unmet(RULE) == {camera.number}


def test_what_the_review_of_the_log_asks_of_turning_is_a_finding_of_the_camera(camera):
    now = timezone.now()
    file = AccessLogFile.objects.create(name="log", sha256="0" * 64, map="standard", begun_at=now)
    event = AccessEvent.objects.create(
        at=now, digest=1, number="1", account="kim", act="ptz", camera=camera.number, file=file, line=1
    )
    month = timezone.localdate().replace(day=1)
    review = AccessReview.objects.create(month=month)
    found = AccessFinding.objects.create(
        review=review,
        number="1",
        rule="turned_away",
        account="kim",
        why="방향 이탈",
        events=[event.pk],
        looks=[],
    )
    assert unmet(RULE) == {camera.number}
    AccessFinding.objects.filter(pk=found.pk).update(judgement="improper", judged_at=now)
    assert unmet(RULE) == {camera.number}, "improper waits for a measure"
    AccessFinding.objects.filter(pk=found.pk).update(measured_at=now)
    assert unmet(RULE) == set()


def test_it_is_entered_beside_the_incident_and_turned_back_with_one_button(client, agent, camera):
    client.force_login(agent)
    incident = Incident.objects.create(number="상황-1", noticed_at=timezone.now() - MINUTE, camera=camera)
    page = client.get(reverse("incidents:page", args=[incident.pk])).content.decode()
    assert reverse("turns:add") in page
    form = client.get(reverse("turns:add"), {"camera": camera.number, "incident": incident.number})
    assert f'value="{camera.number}"' in form.content.decode()
    at = timezone.localtime(timezone.now() - 90 * MINUTE)
    sent = {
        "camera": camera.number,
        "reason": "범죄 의심",
        "turned_at": f"{at:%Y-%m-%dT%H:%M}",
        "incident": incident.number,
    }
    assert (
        "적은 상황 가운데" in client.post(reverse("turns:add"), sent | {"incident": "없음"}).content.decode()
    )
    client.post(reverse("turns:add"), sent)
    row = CameraTurn.objects.get()
    assert row.incident == incident
    listed = client.get(reverse("turns:list")).content.decode()
    assert "돌려 둔 카메라 1건" in listed
    assert "범죄 의심" in client.get(reverse("incidents:page", args=[incident.pk])).content.decode()
    client.post(reverse("turns:back", args=[row.pk]))
    row.refresh_from_db()
    assert row.returned_by == agent
    late = client.get(reverse("turns:list"), {"state": "late"}).content.decode()
    assert "늦게 되돌림" in late
    assert "돌려 둔 카메라" not in late
