"""어디까지 되었나: each step says what is true of it in that state, and whose turn it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from records.models import ViewingRequest
from records.viewing import lateness, leaving, notices, progress, proof, supplement
from tests.accounts.factories import OfficerFactory
from tests.records.situations import (
    confirmed,
    decided,
    letter,
    looked_for,
    received,
    refused_about,
    shown,
    told_about,
)

pytestmark = pytest.mark.django_db


def steps(request: ViewingRequest) -> list[progress.Step]:
    fresh = ViewingRequest.objects.get(pk=request.pk)
    return progress.steps(fresh, lateness.of(fresh), timezone.now())


def standings(request: ViewingRequest) -> list[str]:
    return [each.standing for each in steps(request)]


def test_the_office_is_at_it_until_it_is_the_citizen_s_turn(camera, manager) -> None:
    request = received(camera)
    assert standings(request) == ["done", "now", "", ""]
    assert steps(request)[1].is_of_office
    request = confirmed(camera, manager)
    until = timezone.localdate() + timedelta(days=10)
    supplement.ask(request, letter(), until=until, by=manager)
    deciding, telling = steps(request)[1:3]
    assert "청구인께서" in deciding.text
    assert str(until) in deciding.text
    assert not deciding.is_of_office
    assert "준비" not in telling.text
    leaving.withdraw(request, on=timezone.localdate())
    assert "취하하셔서 열람이 없습니다" in steps(request)[3].text
    assert "now" not in standings(request)


def test_the_viewing_is_told_as_it_stands(camera, manager) -> None:
    refused = steps(refused_about(camera, manager))[3]
    assert (refused.standing, "허용하지 않기로" in refused.text) == ("done", True)
    none = looked_for(confirmed(camera, manager), manager)
    decided(none, manager, outcome="not_existing", reason="녹화되지 않음", proof=proof.draft(none))
    assert "허용하면" in steps(none)[3].text, "a decision is one when it is told"
    notices.notify(none, letter(), by=manager)
    assert "영상이 없어" in steps(none)[3].text
    granted = told_about(camera, manager)
    at = timezone.localtime(granted.appointments.get().at)
    viewing = steps(granted)[3]
    assert (viewing.standing, f"{at:%Y-%m-%d %H:%M}" in viewing.text) == ("now", True)
    shown(granted, OfficerFactory())
    assert standings(granted) == ["done"] * 4
    assert "열람을 마쳤습니다" in steps(granted)[3].text


def test_who_asked_to_see_nothing_has_no_step_of_viewing(camera) -> None:
    request = received(camera, asks_viewing=False, asks_existence=True)
    assert [each.title for each in steps(request)] == ["접수", "확인과 결정", "답을 알려 드림"]
