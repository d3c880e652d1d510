"""개인정보 처리방침: what it says is what the system keeps, in versions that never change."""

import dataclasses
import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import persons, privacy
from casework.privacy import OfficeFacts
from casework.refusals import Refused
from ledger.models import Entry
from ordinance.models import Parameter
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
FACTS = OfficeFacts("행정국장, 스마트도시과 02-2600-0000", "위탁하지 않습니다.")


def publish(facts: OfficeFacts = FACTS, days: int = 0):
    on = timezone.localdate() + dt.timedelta(days=days)
    return privacy.publish(facts, effective_on=on, by=OfficerFactory())


def items() -> list[str]:
    return [item.title for item in privacy.due_items(timezone.now())]


def test_it_is_due_until_published_and_again_when_the_system_keeps_something_else(monkeypatch) -> None:
    assert items() == ["개인정보 처리방침을 공개하십시오"]
    publish()
    assert items() == []
    Parameter.objects.filter(code="viewing_request_person_days").update(value=365)
    (changed,) = items()
    assert "영상정보 열람등 청구의 처리" in changed
    new = dataclasses.replace(persons.entry("opinion"), code="visit_of_test", title="시험 기록")
    monkeypatch.setitem(persons._entries, "visit_of_test", new)
    assert "추가: 시험 기록" in items()[0]


def test_a_version_is_frozen_and_says_what_is_new() -> None:
    first = publish()
    Parameter.objects.filter(code="viewing_request_person_days").update(value=365)
    second = publish()
    assert second.changes == ["변경: 영상정보 열람등 청구의 처리"]
    first.refresh_from_db()
    kept = {row["code"]: row["kept"] for row in first.contents["entries"]}
    assert kept["viewing_request"] == "처리가 모두 끝난 날부터 1,095일"
    assert Entry.objects.filter(kind="casework.privacy_published").count() == 2


def test_what_only_the_office_knows_is_asked_and_nothing_is_published_twice() -> None:
    for facts, field in ((OfficeFacts("", "없음"), "responsible"), (OfficeFacts("국장", " "), "entrusted")):
        with pytest.raises(Refused) as refused:
            publish(facts)
        assert list(refused.value.message_dict) == [field]
    publish()
    with pytest.raises(Refused, match="달라진 것이 없습니다"):
        publish()
    with pytest.raises(Refused, match="앞섭니다"):
        publish(OfficeFacts("국장", "없음"), days=-1)


def test_citizens_read_it_from_every_page(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    assert "아직 처리방침을 공개하지 않았습니다" in page
    assert "영상정보 열람등 청구의 처리" in page, "what is done today is told all the same"
    publish()
    publish(OfficeFacts("부구청장", "위탁하지 않습니다."), days=7)
    page = client.get("/privacy/").content.decode()
    assert "행정국장" in page
    assert "부구청장" not in page, "not in force yet"
    assert "아직 시행 전" in client.get("/privacy/2/").content.decode()
    assert client.get("/privacy/3/").status_code == 404
    assert 'href="/privacy/"' in client.get("/").content.decode()


def test_the_manager_publishes_in_the_portal(client: Client) -> None:
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    sent = {"responsible": "국장", "entrusted": "없음", "effective_on": timezone.localdate().isoformat()}
    client.post(reverse("privacy:publish"), sent | {"responsible": ""})
    assert privacy.current() is None
    client.post(reverse("privacy:publish"), sent)
    assert "국장" in client.get(reverse("privacy:overview")).content.decode()
    assert client.get(reverse("privacy:version", args=[1])).status_code == 200
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    assert client.get(reverse("privacy:publish")).status_code == 403
