"""An outsider applies to enter the restricted area: page by page, sealed, once, and waits for approval."""

import datetime as dt
import unicodedata

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused
from ledger.models import Entry
from records.models import Visit
from records.people import visits
from records.people.persons import erase_visits
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
PATH = "/visit/"
NAME, PHONE = "김견학", "010-2345-6789"


def pages(**changes):
    on = timezone.localdate() + dt.timedelta(days=3)
    given = {
        "kind": "tour",
        "purpose": "관제센터 견학",
        "on_year": f"{on:%Y}",
        "on_month": f"{on.month}",
        "on_day": f"{on.day}",
        "begin": "14:00",
        "end": "15:30",
        "organisation": "가온초등학교",
        "name": NAME,
        "phone": PHONE,
        "people": "24",
        "equipment": "",
    } | changes
    return (
        {name: given[name] for name in ("kind", "purpose")},
        {name: value for name, value in given.items() if name.startswith("on_") or name in ("begin", "end")},
        {name: given[name] for name in ("organisation", "name", "phone", "people")},
        {"equipment": given["equipment"]},
    )


def walk(client: Client, path: str = PATH, **changes):
    """Every page, up to the one that shows the answers, or to the first that is wrong."""
    for page in pages(**changes):
        answer = client.post(path, page)
        if answer.status_code != 302:
            return answer
        path = answer.url
    return path


def test_an_application_arrives_sealed_and_waits_for_approval(client: Client):
    check = walk(client)
    assert check.endswith("/check/")
    answers = client.get(check).content.decode()
    assert NAME in answers
    answer = client.post(check)
    visit = Visit.objects.get()
    assert (visit.state, visit.people, visit.entered_by, visit.name) == ("applied", 24, None, NAME)
    assert timezone.localtime(visit.planned_from).hour == 14
    told = client.get(answer.url).content.decode()
    assert visit.number in told
    assert "출입 신청을 접수했습니다" in told
    for secret in (NAME, PHONE, "가온초등학교"):
        assert secret not in told
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM records_visit")
        assert not any(secret in cell for cell in cursor.fetchone() for secret in (NAME, PHONE))
    line = Entry.objects.of_kind(visits.APPLIED).get()
    assert line.actor == "system:website"
    assert NAME not in line.payload
    manager = OfficerFactory(role=Role.CCTV_MANAGER)
    client.force_login(manager)
    assert visit.number in client.get(reverse("visits:list")).content.decode()
    visits.approve(visit, escort=manager, by=manager)
    assert (
        "승인되었습니다" in client.get(reverse("website_visit_status", args=[visit.number])).content.decode()
    )


def test_the_same_form_sent_twice_is_one_application(client: Client):
    check = walk(client)
    first, second = client.post(check), client.post(check)
    assert Visit.objects.count() == 1
    assert second.url == first.url


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "maintenance"}, "목록에 있는 것을 골라 주십시오."),
        ({"purpose": ""}, "적어 주십시오."),
        ({"end": "13:00"}, "나가는 시각은 들어오는 시각보다 뒤여야 합니다."),
        ({"on_year": "2020"}, "이미 지난 때입니다."),
        ({"on_year": "2099"}, "1년 안의 출입만"),
        ({"on_month": "13"}, "달력에 없는 날짜입니다."),
        ({"people": "0"}, "1"),
        ({"people": "1000"}, "200"),
        ({"people": "many"}, "숫자"),
        ({"purpose": "900101-1234567을 찾아 주세요"}, "주민등록번호"),
        ({"name": "김" * 51}, "50"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_received(client: Client, wrong, told):
    answer = walk(client, **wrong)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_flood_of_applications_is_told_to_wait(client: Client):
    for _ in range(10):
        assert client.post(walk(client)).status_code == 302
    refused = client.post(walk(client))
    assert "너무 많이 접수되었습니다" in refused.content.decode()
    assert Visit.objects.count() == 10


def test_who_is_refused_reads_why_and_a_wrong_number_says_nothing(client: Client):
    client.post(walk(client))
    visit = Visit.objects.get()
    manager = OfficerFactory(role=Role.CCTV_MANAGER)
    with pytest.raises(Refused):
        visits.refuse(visit, reason=" ", by=manager)
    visits.refuse(visit, reason="그날은 점검이 있습니다.", by=manager)
    apart = unicodedata.normalize("NFD", visit.number)
    wide = visit.number.translate({ord("0") + digit: "０１２３４５６７８９"[digit] for digit in range(10)})
    bare = visit.number.removeprefix(visits.PREFIX)
    for typed in (visit.number.lower(), f" {apart} ", wide, bare, bare.replace("-", "").lower()):
        page = client.get(reverse("website_visit_look_up"), {"number": typed}, follow=True)
        assert "그날은 점검이 있습니다." in page.content.decode(), typed
    assert client.get(reverse("website_visit_status", args=["출입000000-AAAAAA"])).status_code == 404
    assert (
        "신청이 없습니다"
        in client.get(reverse("website_visit_look_up"), {"number": "x\x00"}).content.decode()
    )


def test_a_day_that_is_over_is_not_waited_for(client: Client):
    client.post(walk(client))
    visit = Visit.objects.get()
    status = reverse("website_visit_status", args=[visit.number])
    assert "승인을 기다립니다" in client.get(status).content.decode()
    for state in ("applied", "approved", "inside", "left", "refused"):
        past = timezone.now() - dt.timedelta(days=5)
        Visit.objects.update(state=state, planned_from=past, planned_until=past + dt.timedelta(hours=1))
        page = client.get(status).content.decode()
        assert ("예정한 때가 지났습니다" in page) == (state in ("applied", "approved"))
        for untrue in ("승인을 기다립니다", "예정한 때에 오십시오", "때나 인원이 바뀌었거나"):
            assert untrue not in page, (state, untrue)


def test_the_person_goes_in_time_and_the_application_stays(client: Client):
    client.post(walk(client))
    assert erase_visits(timezone.now()) == 0
    assert erase_visits(timezone.now() + dt.timedelta(days=4000)) == 1
    visit = Visit.objects.get()
    assert (visit.name, visit.phone, visit.organisation) == ("", "", "가온초등학교")


def test_the_pages_are_in_english_too(client: Client):
    page = client.get(f"/en{PATH}").content.decode()
    assert "Apply to enter the restricted area" in page
    assert "Tour" in page
    step = walk(client, f"/en{PATH}", name="")
    assert "Who is coming?" in step.content.decode()
