"""One search: what one may see, by number, name or address; a person by nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from cameras import papers
from casework import searching
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import make_draft
from tests.cameras.contracts import entered
from tests.cameras.factories import CameraFactory
from tests.cameras.life import CONTENTS, FILED_ON, ProjectFactory, asked_and_answered, fleet, join
from tests.committee.factories import recorded
from tests.records import provisions
from tests.records.centre import a_visit
from tests.records.situations import received

pytestmark = pytest.mark.django_db
URL = reverse("search")


def browser(role: Role) -> Client:
    client = Client()
    client.force_login(OfficerFactory(role=role))
    return client


def found(client, text: str) -> list[str]:
    sections = client.get(URL, {"q": text}).context["sections"]
    return [hit.title for _, hits in sections for hit, _ in hits]


def test_matters_are_found_by_number_and_name_by_who_may_see_them():
    project = ProjectFactory(title="까치산 공원 방범 카메라", builder_name="한빛통신")
    assert f"{project.number} {project.title}" in found(browser(Role.OFFICIAL), "공원 방범")
    assert found(browser(Role.OFFICIAL), "한빛통신") == [f"{project.number} {project.title}"]
    assert found(browser(Role.MONITORING_AGENT), "공원 방범") == []


def test_a_request_is_found_by_its_receipt_number_and_a_person_by_nothing():
    request = received(CameraFactory())
    official = browser(Role.OFFICIAL)
    answer = official.get(URL, {"q": request.receipt_number})
    assert answer.url == reverse("viewing:request", args=[request.pk])
    assert found(official, request.receipt_number[:-1]) == [request.receipt_number]
    assert found(official, request.requester_name) == []
    assert found(official, request.requester_phone) == []
    assert found(browser(Role.COMMITTEE_SECRETARY), request.receipt_number) == []


@pytest.mark.parametrize("text", ["", "x", "%", "%_", "\0\0", "가" * 500, "' OR 1=1", "<b>"])
def test_strange_words_find_nothing_and_break_nothing(text):
    CameraFactory()
    assert browser(Role.CCTV_MANAGER).get(URL, {"q": text}).status_code == 200


def test_places_without_the_right_are_not_even_asked():
    asked = []
    place = searching.Place("x", ("cameras.nothing",), lambda text: asked.append(text) or [])
    searching.register("test", place)
    try:
        searching.find("무엇", lambda rights: False)
    finally:
        searching._places.pop("test")
    assert asked == []


def test_what_the_register_knows_is_found_by_number_contractor_document_and_address():
    camera = CameraFactory(site__road_address="서울특별시 강서구 까치산로 107")
    paper = papers.file(
        "monitoring_scope",
        on=FILED_ON,
        document_number="안전관리과-4711",
        cameras=fleet(camera),
        contents=CONTENTS["monitoring_scope"],
        attachments=[],
        by=OfficerFactory(),
    )
    notice, contract = make_draft(), entered()
    project = ProjectFactory()
    join(project, CameraFactory(planned=True))
    prior = asked_and_answered(project)
    contractor = contract.contractor
    for text, name, pk, words in (
        (camera.number, "cameras:page", camera.pk, camera.number),
        (prior.number, "prior_consultation:page", prior.pk, prior.number),
        (notice.number, "consultation:page", notice.pk, notice.number),
        (paper.document_number, "papers:page", paper.pk, paper.document_number),
        (contractor.name, "contracts:contractor", contractor.pk, contractor.name),
        (contractor.name, "contracts:contract", contract.pk, contract.number),
        # Nothing stands at 109: the nearest one is told with its distance.
        ("까치산로 109", "cameras:site", camera.site_id, "까치산로 107 ("),
    ):
        answer = browser(Role.CCTV_MANAGER).get(URL, {"q": text}, follow=True)
        shown = answer.content.decode()
        page = reverse(name, args=[pk])
        assert f'href="{page}"' in shown or answer.redirect_chain == [(page, 302)], text
        assert words in shown, text


def test_provisions_meetings_and_visits_are_found_as_people_call_them():
    provision = provisions.received(CameraFactory())
    resolution = recorded()
    meeting, visit = resolution.meeting, a_visit(organisation="한빛통신")
    manager = browser(Role.CCTV_MANAGER)

    def shows(text: str, name: str, pk: int) -> bool:
        answer, page = manager.get(URL, {"q": text}), reverse(name, args=[pk])
        return (
            answer.url == page if answer.status_code == 302 else f'href="{page}"' in answer.content.decode()
        )

    for text in (provision.number, provision.letter_number, "강서경찰서 형사과"):
        assert shows(text, "provision:page", provision.pk), text
    assert shows(f"{meeting.year}년 제{meeting.ordinal}차", "committee:meeting", meeting.pk)
    assert shows(f"의결 {resolution.number}", "committee:resolution", resolution.pk)
    for text in (visit.number, "한빛통신"):
        assert shows(text, "visits:page", visit.pk), text
    assert found(manager, "김방문") == []
    assert found(browser(Role.COMMITTEE_SECRETARY), provision.number) == []
