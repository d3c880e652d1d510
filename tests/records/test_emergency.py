"""비상연락망: a tree without circles, and drills that say who was reached when."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused
from ledger.models import Entry
from records.models import EmergencyContact, EmergencyDrill
from records.people import emergency
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


def post(name: str, above: EmergencyContact | None = None, *, by) -> EmergencyContact:
    values = {"post": name, "staff": None, "agency": "", "duty_line": "02-2600-0000", "called_by": above, "position": 0, "is_in_use": True}  # fmt: skip
    return emergency.keep(EmergencyContact(), values, by=by)


def test_the_tree_has_no_circle_and_a_drill_keeps_who_was_reached(manager) -> None:
    now = timezone.now()
    entry = {
        "held_at": now - dt.timedelta(hours=1),
        "scenario": "정전",
        "result": "당직 번호 고침",
        "by": manager,
    }
    with pytest.raises(Refused):
        emergency.drill(**entry, minutes={})
    top = post("당직 근무자", by=manager)
    middle = post("관제팀장", top, by=manager)
    lowest = post("112치안종합상황실", middle, by=manager)
    assert [(depth, row.post) for depth, row in emergency.tree()] == [
        (0, "당직 근무자"), (1, "관제팀장"), (2, "112치안종합상황실"),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        emergency.keep(top, {"called_by": lowest}, by=manager)
    assert "돌아서" in str(refused.value)
    for wrong in (
        {**entry, "held_at": now + dt.timedelta(hours=1), "minutes": {}},
        {**entry, "minutes": {top.pk: 61}},
        {**entry, "minutes": {top.pk: 2_000}},
    ):
        with pytest.raises(Refused):
            emergency.drill(**wrong)
    row = emergency.drill(**entry, minutes={top.pk: 2, middle.pk: 9, lowest.pk: None})
    assert (len(row.calls), row.reached) == (3, [2, 9])
    assert Entry.objects.get(kind="records.emergency_drill_entered").content["reached"] == 2
    emergency.keep(middle, {"is_in_use": False}, by=manager)
    assert [depth for depth, _ in emergency.tree()] == [0, 0], "below nobody where who calls is out of use"
    assert len(EmergencyDrill.objects.get().calls) == 3, "a drill stays as the tree was"


def test_officials_keep_it_on_screen_and_agents_read_it(manager) -> None:
    client, agent = Client(), Client()
    client.force_login(manager)
    agent.force_login(OfficerFactory(role=Role.MONITORING_AGENT))
    page = reverse("emergency:tree")
    sent = {"post": "당직 근무자", "agency": "", "staff": "", "duty_line": "02-2600-0000", "called_by": "", "position": "0", "is_in_use": "on"}  # fmt: skip
    assert client.post(reverse("emergency:add"), sent).status_code == 302
    assert "훈련을 한 기록이 없습니다" in agent.get(page).content.decode()
    one = EmergencyContact.objects.get()
    held = timezone.localtime() - dt.timedelta(hours=1)
    drill = {
        "held_at": f"{held:%Y-%m-%dT%H:%M:%S}",
        "scenario": "서버실 화재",
        f"post_{one.pk}": "4",
        "result": "이상 없음",
    }
    assert client.post(reverse("emergency:drill"), drill).status_code == 302
    shown = agent.get(page).content.decode()
    assert "4분" in shown
    assert "훈련을 한 기록이 없습니다" not in shown
    assert agent.get(reverse("emergency:drill")).status_code != 200
