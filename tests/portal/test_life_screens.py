"""Screens from plan to removal: what a person can do there, and what the screens must not let happen."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cameras import installing, papers, prior_consultation
from cameras.enums import CameraState
from cameras.models import (
    Camera,
    ConsultationCondition,
    InstallationProject,
    LifecycleAct,
    Move,
    Paper,
    PriorConsultation,
)
from cameras.rules.installation import CONSULTATION_CONDITIONS
from casework import attachments
from casework.models import Attachment
from ordinance import problems
from portal import kept_files, workplace
from tests.accounts.factories import InstitutionFactory, OfficerFactory
from tests.cameras.consultations import make_draft
from tests.cameras.factories import CameraFactory, SiteFactory
from tests.cameras.life import (
    CHECKLIST,
    CONTENTS,
    FILED_ON,
    ProjectFactory,
    asked_and_answered,
    fleet,
    join,
    only_rules,
    responsible_manager,
    rule,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def official(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    client.force_login(officer)
    return officer


@pytest.fixture
def manager(client):
    officer = responsible_manager()
    client.force_login(officer)
    return officer


def text(answer) -> str:
    return answer.content.decode()


def act_url(event: str, *cameras) -> str:
    ids = "&".join(f"ids={camera.pk}" for camera in cameras)
    return f"{reverse('lifecycle:act')}?{ids}&event={event}"


def file_url(kind: str, *cameras) -> str:
    ids = "&".join(f"ids={camera.pk}" for camera in cameras)
    return f"{reverse('papers:file')}?{ids}&kind={kind}"


def token_of(answer) -> str:
    """The files that a form which came back carries."""
    return kept_files.kept_of(answer.context["form"])["files"].token


STEP = {"on": "2026-06-01", "reason": "고장", "document_number": "안전관리과-9"}


# Acts


def test_an_act_is_previewed_then_confirmed_with_its_files(client, official):
    camera = CameraFactory()
    url = act_url("suspend", camera)
    with only_rules():
        preview = client.post(url, {**STEP, "step": "preview", "files": [upload("고장.pdf")]})
        assert not LifecycleAct.objects.exists()
        assert "고장.pdf" in text(preview)
        done = client.post(url, {**STEP, "step": "apply", "_kept:files": token_of(preview)})
    made = LifecycleAct.objects.get()
    assert done.url == reverse("lifecycle:page", args=[made.pk])
    assert made.attachments.get().name == "고장.pdf"
    camera.refresh_from_db()
    assert camera.state == CameraState.SUSPENDED
    shown = text(client.get(reverse("cameras:page", args=[camera.pk])))
    assert "설치부터 철거까지" in shown
    assert "고장.pdf" in shown
    assert "고장.pdf" in text(client.get(done.url))


def test_a_refused_shortcut_names_its_article_and_the_way(client, official):
    cameras = CameraFactory.create_batch(2, planned=True)
    waiting = rule("sign", "consult", unmet=lambda rows, context: rows.filter(pk=cameras[0].pk))
    with only_rules(waiting):
        for step in ("preview", "apply"):
            answer = client.post(act_url("consult", *cameras), {**STEP, "step": step})
            assert answer.status_code == 200
            assert "조례 제9조" in text(answer)
            assert "안내판을 붙이고" in text(answer)
            assert (answer.context["preview"]["ready"], answer.context["preview"]["held_back"]) == (1, 1)
            assert cameras[0].number in text(answer)
    assert not Move.objects.exists()


def test_the_second_of_two_who_take_a_step_reads_who_was_first(client, official):
    """With the cameras of a project, of which none is left in the state, and with cameras that were ticked."""
    project = ProjectFactory()
    cameras = CameraFactory.create_batch(2, planned=True)
    join(project, *cameras)
    of_project = f"{reverse('lifecycle:act')}?project={project.pk}&state=planned&event=consult"
    second = Client()
    second.force_login(OfficerFactory(role=Role.OFFICIAL))
    with only_rules():
        client.post(of_project, {**STEP, "step": "apply"})
        made = LifecycleAct.objects.get()
        answers = [
            second.post(of_project, {**STEP, "step": "apply"}, follow=True),
            second.post(f"{of_project}&work={project.pk}", {**STEP, "step": "apply"}, follow=True),
            second.post(act_url("consult", *cameras), {**STEP, "step": "apply"}),
        ]
    assert LifecycleAct.objects.get() == made
    assert answers[0].redirect_chain[0][0] == reverse("lifecycle:page", args=[made.pk])
    assert answers[1].redirect_chain[0][0] == reverse("projects:page", args=[project.pk])
    for answer in answers:
        assert f"{official}" in text(answer)
        assert f"{timezone.localtime(made.at):%Y-%m-%d %H:%M}에 이미 ‘협의 완료’" in text(answer)


def test_steps_that_the_table_refuses_are_not_offered(client, official):
    answer = client.get(f"{reverse('lifecycle:act')}?ids={CameraFactory(planned=True).pk}")
    offered = [choice.event for choice in answer.context["choices"]]
    assert offered == ["consult", "remove"]
    assert [choice.is_forward for choice in answer.context["choices"]] == [True, False]


@pytest.mark.parametrize("event", ["plan", "fly", "", "%00"])
def test_strange_events_ask_again(client, official, event):
    answer = client.get(act_url(event, CameraFactory()))
    assert answer.status_code == 200
    assert "choices" in answer.context


def test_moving_asks_for_a_site_of_the_register(client, official):
    camera, site = CameraFactory(), SiteFactory()
    url = act_url("relocate", camera)
    answer = client.post(url, {**STEP, "step": "apply", "site": "없는번호"})
    assert "site" in answer.context["form"].errors
    with only_rules():
        client.post(url, {**STEP, "step": "apply", "site": site.number})
    camera.refresh_from_db()
    assert (camera.site, camera.state) == (site, CameraState.PLANNED)


def test_days_to_come_are_refused_in_the_form(client, official):
    camera = CameraFactory()
    with only_rules():
        answer = client.post(act_url("suspend", camera), {**STEP, "on": "2099-01-01", "step": "apply"})
    assert "처리일이 오늘보다 뒤" in text(answer)
    assert not Move.objects.exists()


def test_kept_files_are_the_persons_own_and_not_to_be_forged(client, official):
    camera = CameraFactory()
    other = Client()
    other.force_login(OfficerFactory(role=Role.OFFICIAL))
    with only_rules():
        url = act_url("suspend", camera)
        foreign = other.post(url, {**STEP, "step": "preview", "files": [upload("남의것.pdf")]})
        for token in ("1:abc:def", token_of(foreign)):
            answer = client.post(url, {**STEP, "step": "apply", "_kept:files": token})
            assert "다시 골라" in text(answer)
    assert not LifecycleAct.objects.exists()


# Papers


def test_one_document_completes_many(client, official):
    site = SiteFactory()
    cameras = [CameraFactory(site=site), CameraFactory(site=site), CameraFactory()]
    numbers = f"{site.number}\n{cameras[2].number}, 없는번호"
    url = f"{reverse('papers:file')}?kind=installation_checklist"
    from urllib.parse import quote

    url += f"&numbers={quote(numbers)}"
    sent = {**CHECKLIST, "document_number": "안전관리과-3", "on": "2026-03-02"}
    preview = client.post(
        url, {**sent, "step": "preview", "files": [upload("점검표.pdf"), upload("사진.pdf")]}
    )
    assert "없는번호" in text(preview)
    assert preview.context["preview"]["counted"].lacking == 3
    assert not Paper.objects.exists()
    client.post(url, {**sent, "step": "apply", "_kept:files": token_of(preview)})
    paper = Paper.objects.get()
    assert paper.lines.count() == 3
    assert paper.attachments.count() == 2
    assert "사진.pdf" in text(client.get(reverse("papers:page", args=[paper.pk])))


def test_a_paper_of_a_whole_project_is_the_projects(client, official):
    project = ProjectFactory()
    join(project, CameraFactory(planned=True))
    url = f"{reverse('papers:file')}?kind=installation_checklist&project={project.pk}"
    client.post(url, {**CHECKLIST, "document_number": "안전-1", "on": "2026-03-02", "step": "apply"})
    assert Paper.objects.get().project == project


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"on": "2099-01-01"}, "on"),
        ({"document_number": ""}, "document_number"),
        ({"integrated": "exempt"}, "exempt_law"),
        ({"integrated": "perhaps"}, "integrated"),
    ],
)
def test_papers_that_prove_nothing_come_back_with_the_field(client, official, change, field):
    url = file_url("installation_checklist", CameraFactory())
    sent = {**CHECKLIST, "document_number": "안전-1", "on": "2026-03-02", "step": "apply", **change}
    answer = client.post(url, sent)
    assert field in answer.context["form"].errors
    assert not Paper.objects.exists()


def test_hostile_uploads_are_refused_with_a_reason(client, official):
    sent = {**CHECKLIST, "document_number": "안전-1", "on": "2026-03-02", "step": "preview"}
    for bad in (
        upload("a.exe", b"MZ"),
        upload("a.pdf", b"<script>"),
        upload("a.pdf", b""),
        upload("<img src=x onerror=alert(1)>.svg", b"<svg>"),
    ):
        answer = client.post(
            file_url("installation_checklist", CameraFactory()), {**sent, "files": [upload(), bad]}
        )
        assert "files" in answer.context["form"].errors
        assert "<img src=x" not in text(answer)
    assert not Attachment.objects.exists()


def test_withdrawing_needs_a_reason(client, official):
    camera = CameraFactory()
    paper = papers.file(
        "necessity_review",
        on=FILED_ON,
        document_number="안전-1",
        cameras=fleet(camera),
        contents=CONTENTS["necessity_review"],
        by=official,
    )
    url = reverse("papers:withdraw", args=[paper.pk])
    assert client.post(url, {"reason": " "}).status_code == 200
    client.post(url, {"reason": "다른 카메라"})
    paper.refresh_from_db()
    assert paper.withdrawn_by == official


# Files


def test_a_file_is_seen_with_what_it_is_attached_to(client, official):
    camera = CameraFactory()
    kept = attachments.keep(upload("<b>.pdf"), by=OfficerFactory())
    url = reverse("attachments:download", args=[kept.pk])
    # Attached to nothing, and somebody else's.
    assert client.get(url).status_code == 403
    papers.file(
        "necessity_review",
        on=FILED_ON,
        document_number="안전-1",
        cameras=fleet(camera),
        contents=CONTENTS["necessity_review"],
        attachments=[kept],
        by=official,
    )
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    b"".join(answer.streaming_content)
    client.force_login(OfficerFactory(role=Role.MONITORING_AGENT))
    assert client.get(url).status_code == 403


# Projects and prior consultation


def test_from_project_to_agreed_consultation_in_the_portal(client, manager):
    site = SiteFactory()
    camera = CameraFactory(site=site, planned=True)
    other = ProjectFactory().installing_department
    client.post(
        reverse("projects:add"),
        {"title": "공원 방범", "installing_department": other.pk, "summary": "산책로"},
    )
    project = InstallationProject.objects.get(title="공원 방범")
    page = f"{reverse('projects:page', args=[project.pk])}?all=1"
    assert "카메라와 장소" in text(client.get(page))
    add = reverse("projects:cameras_add", args=[project.pk])
    assert "대장에 없는 번호" in text(client.post(add, {"numbers": "없음-1"}))
    client.post(add, {"numbers": camera.number})
    shown = text(client.get(page))
    assert "사전협의" in shown
    assert reverse("prior_consultation:ask", args=[project.pk]) in shown
    ask = reverse("prior_consultation:ask", args=[project.pk])
    client.post(ask, {"plan": "산책로", "request_document": "공원-1", "asked_on": "2026-03-02"})
    consultation = PriorConsultation.objects.get()
    reply = reverse("prior_consultation:reply", args=[consultation.pk])
    sent = {
        "reply": "conditions",
        "reply_text": "적정",
        "reply_document": "안전-2",
        "replied_on": "2026-03-03",
    }
    assert "conditions" in client.post(reply, sent).context["form"].errors
    for wrong in ({"conditions_1": "가림막", "conditions_1_day": "내일"}, {"conditions_2_day": "2027-01-31"}):
        assert "conditions" in client.post(reply, {**sent, **wrong}).context["form"].errors
    asked = text(client.get(reply))
    assert all(words in asked for words in ("산책로", "공원-1", camera.number))
    sent |= {"conditions_1": "가림막", "conditions_1_day": "2027.1.31", "conditions_2": "조도 조정"}
    sent |= {"conditions_7": "관제 연계", "conditions_7_day": "2027-02-01"}
    checked = text(client.post(reply, sent))
    assert "1. 가림막 (2027-01-31까지)<br>2. 조도 조정<br>3. 관제 연계" in checked
    assert not PriorConsultation.objects.get().reply
    back = text(client.post(reply, {**sent, "step": "back"}))
    assert 'value="가림막"' in back
    client.post(reply, {**sent, "step": "apply"})
    consultation.refresh_from_db()
    due = [condition.due_on for condition in consultation.conditions.order_by("position")]
    assert due == [date(2027, 1, 31), None, date(2027, 2, 1)]
    url = reverse("prior_consultation:fulfil", args=[consultation.conditions.first().pk])
    client.post(url, {"on": str(timezone.localdate()), "note": "설치함", "files": [upload()]})
    assert consultation.conditions.first().attachments.count() == 1
    # Nobody joins afterwards.
    late = CameraFactory(planned=True)
    assert "이미 협의" in text(client.post(add, {"numbers": late.number}))
    assert "‘협의 완료’ 처리" in text(client.get(page))


def test_an_official_of_another_department_cannot_reply(client, official):
    project = ProjectFactory()
    join(project, CameraFactory(planned=True))
    consultation = asked_and_answered(project, "agree")
    assert client.get(reverse("prior_consultation:reply", args=[consultation.pk])).status_code == 403
    outsider = OfficerFactory(role=Role.CCTV_MANAGER)
    client.force_login(outsider)
    PriorConsultation.objects.update(reply="", replied_on=None, state="asked")
    sent = {"reply": "agree", "reply_text": "적정", "reply_document": "안전-2", "replied_on": "2026-03-03"}
    answer = client.post(
        reverse("prior_consultation:reply", args=[consultation.pk]), {**sent, "step": "apply"}
    )
    assert "전담부서의 장" in text(answer)
    consultation.refresh_from_db()
    assert not consultation.reply


def test_the_letter_is_a_pdf_and_there_is_none_without_a_reply(client, manager):
    project = ProjectFactory()
    join(project, CameraFactory(planned=True))
    consultation = asked_and_answered(project)
    url = reverse("prior_consultation:letter", args=[consultation.pk])
    answer = client.get(url)
    assert answer.content.startswith(b"%PDF")
    PriorConsultation.objects.update(reply="")
    assert client.get(url).status_code == 404


def test_lists_take_as_many_queries_with_many_rows(client, manager):
    nonsense = "?q=%00%25&state=x&kind=x&event=x&department=abc&page=-1"
    lists = ("projects:list", "papers:list", "lifecycle:list", "prior_consultation:list")
    addresses = [reverse(name) + query for name in lists for query in ("", nonsense)]
    counts = []
    for size in (1, 6):
        for _ in range(size):
            project = ProjectFactory()
            join(project, CameraFactory(planned=True))
            asked_and_answered(project)
            LifecycleAct.objects.create(
                event="suspend", on=FILED_ON, reason="고장", by=manager, project=project
            )
            papers.file(
                "necessity_review",
                on=FILED_ON,
                document_number="안전-1",
                project=project,
                contents=CONTENTS["necessity_review"],
                by=manager,
            )
        counts.append({address: queries_of(client, address) for address in addresses})
    assert counts[0] == counts[1]


def queries_of(client, address) -> int:
    """Of the second time: what is kept for all who ask is there."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def test_a_projects_page_takes_as_many_queries_with_many_cameras(client, manager):
    counts = []
    for size in (1, 8):
        project = ProjectFactory()
        join(project, *CameraFactory.create_batch(size, planned=True))
        page = f"{reverse('projects:page', args=[project.pk])}?all=1"
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_selections_that_make_no_sense_are_empty(client, official):
    for query in (
        "ids=abc",
        "project=999999",
        "numbers=%00",
        "extent=all&query=state%3Dremoved",
        "project=²",
    ):
        for name in ("lifecycle:act", "papers:file"):
            answer = client.get(f"{reverse(name)}?{query}")
            assert answer.status_code == 200
    assert Camera.objects.count() == 0


def test_the_list_finds_cameras_with_an_unmet_duty(client, official):
    from ordinance import assessment_run

    lacking, other = CameraFactory.create_batch(2)
    with only_rules(rule("sign", unmet=lambda rows, context: rows.filter(pk=lacking.pk))):
        assessment_run.assess()
        for value, found in (("sign", {lacking}), ("any", {lacking}), ("", {lacking, other})):
            answer = client.get(reverse("cameras:list") + f"?duty={value}")
            assert {camera for camera, _ in answer.context["rows"]} == found


# The workplace


def page_of(project) -> str:
    return reverse("projects:page", args=[project.pk])


def planned_project(*, by=None) -> InstallationProject:
    project = ProjectFactory(**({"opened_by": by} if by else {}))
    join(project, *CameraFactory.create_batch(2, planned=True))
    return project


def test_a_project_leads_to_the_form_of_what_comes_next_and_every_act_back_to_it(client, official):
    responsible_manager()
    project = planned_project()
    led = client.get(page_of(project))
    ask = f"{reverse('prior_consultation:ask', args=[project.pk])}?work={project.pk}"
    assert led.url == ask
    shown = client.get(ask)
    assert shown.context["workplace"].task.title == "전담부서와의 사전협의"
    assert shown.context["back_url"] == f"{page_of(project)}?all=1"
    done = client.post(ask, {"plan": "산책로", "request_document": "공원-1", "asked_on": "2026-03-02"})
    assert done.url == page_of(project)


def test_the_stepper_names_whom_it_waits_for_and_offers_nothing(client, official):
    manager = responsible_manager()
    project = planned_project()
    url = f"{reverse('prior_consultation:ask', args=[project.pk])}?work={project.pk}"
    client.post(url, {"plan": "산책로", "request_document": "공원-1", "asked_on": "2026-03-02"})
    shown = client.get(page_of(project))
    assert shown.status_code == 200
    assert shown.context["workplace"].task is None
    assert str(manager) in shown.context["workplace"].summary
    # Not of the responsible department: the right alone does not make it this person's turn.
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    assert client.get(page_of(project)).context["workplace"].task is None
    client.force_login(manager)
    assert (
        reverse("prior_consultation:reply", args=[PriorConsultation.objects.get().pk])
        in client.get(page_of(project)).url
    )


def test_what_nobody_had_to_do_is_not_called_done(client, official):
    """Each step of a project of the responsible department itself, in a district that asks for no resolution."""
    project = ProjectFactory(installing_department=responsible_manager().department)
    join(project, *CameraFactory.create_batch(2, planned=True))
    not_asked = {}
    for state in ("planned", "consulted", "deliberated", "approved", "installed"):
        project.cameras.update(state=state)
        shown = client.get(f"{page_of(project)}?all=1")
        tasks = shown.context["workplace"].tasks
        not_asked |= {task.title: task.why_not_asked for task in tasks if task.why_not_asked}
        assert text(shown).count("해당 없음</span>") == sum(bool(task.why_not_asked) for task in tasks)
    assert set(not_asked) == {
        "전담부서와의 사전협의",
        "운영위원회의 의결",
        "사전협의 조건의 이행",
        "저장하지 않는 카메라의 영상",
    }
    assert "전담부서 자신" in not_asked["전담부서와의 사전협의"]
    assert "결정이나 규칙이 없습니다" in not_asked["운영위원회의 의결"]


def test_the_last_paper_offers_the_step_with_its_day_and_number(client, official):
    project = planned_project()
    asked_and_answered(project, "agree")
    led = client.get(page_of(project)).url
    assert "event=consult" in led
    form = client.get(led).context["form"]
    assert (form["on"].value(), form["document_number"].value()) == (FILED_ON, "안전관리과-2201")
    sent = {
        "on": "2026-03-02",
        "document_number": "안전관리과-2201",
        "reason": "회신에 따름",
        "step": "apply",
    }
    # The plan's own day is today: what lies before it is refused, in the frame, with nothing done.
    refused = client.post(led, sent)
    if refused.status_code == 200:
        sent["on"] = timezone.localdate().isoformat()
        refused = client.post(led, sent)
    assert refused.url == page_of(project)
    assert set(project.cameras.values_list("state", flat=True)) == {CameraState.CONSULTED}


def test_a_place_and_its_cameras_begin_a_project_with_what_is_known(client, official):
    institution = InstitutionFactory()
    project = ProjectFactory()
    place = f"{reverse('projects:place', args=[project.pk])}?work={project.pk}"
    sent = {
        "institution": institution.pk,
        "road_address": "서울특별시 강서구 화곡로 302",
        "latitude": "37.55",
        "longitude": "126.84",
        "install_purpose": "traffic_information",
        "many": "2",
        "retention_days": "30",
    }
    assert client.post(place, sent).url == page_of(project)
    cameras = list(Camera.objects.order_by("number"))
    year = timezone.localdate().year
    assert [camera.number for camera in cameras] == [f"L{year}-001-1", f"L{year}-001-2"]
    assert {(one.pipa25_ground, one.dataset_purpose) for one in cameras} == {(5, "교통정보수집")}
    # The same place again is no second pole, and the next one gets the next number.
    assert "이미 대장에 있는 곳" in text(client.post(place, sent))
    client.post(place, {**sent, "road_address": "서울특별시 강서구 화곡로 304", "pipa25_ground": "2"})
    refused = text(client.post(place, {**sent, "road_address": "화곡로 9", "pipa25_ground": "2"}))
    assert "맞지 않는 설치 근거" in refused
    client.post(place, {**sent, "road_address": "서울특별시 강서구 화곡로 306"})
    assert Camera.objects.filter(number=f"L{year}-002-2").exists()


def test_conditions_without_a_day_hold_up_the_start_of_operation(client, official):
    project = planned_project()
    asked_and_answered(project, "conditions")
    assert "야간 조도를 낮출 것" in text(client.get(f"{page_of(project)}?all=1"))
    asked = problems.among([CONSULTATION_CONDITIONS], Camera.objects.filter(project=project))
    assert [len(found.numbers) for found in asked] == [2]
    condition = ConsultationCondition.objects.get()
    prior_consultation.fulfil(condition, on=FILED_ON, note="조도를 낮춤", by=official)
    assert not problems.among([CONSULTATION_CONDITIONS], Camera.objects.filter(project=project))


def test_a_start_of_works_that_is_over_is_told(client, official):
    department = ProjectFactory().installing_department
    sent = {"title": "공원", "installing_department": department.pk, "works_start_on": "2020-03-02"}
    told = client.post(reverse("projects:add"), sent, follow=True)
    assert "착공 예정일(2020-03-02)이 지났고" in text(told)


def test_what_the_sign_must_say_of_the_range_is_asked_for_before_it_is_made(client, official):
    project = ProjectFactory()
    seen, unseen = CameraFactory(planned=True), CameraFactory(planned=True, filming_direction="")
    join(project, seen, unseen)
    project.cameras.update(state=CameraState.INSTALLED)
    assert [camera.pk for camera in installing.without_view(project)] == [unseen.pk]
    led = workplace._by_sign(project, [seen.number, unseen.number])
    assert (led.url_name, led.url_args) == ("projects:installed", (project.pk,))
    sent = {
        "device_kind": seen.device_kind,
        "link_status": "linked",
        "monitoring_scope": "live",
        f"filming_direction_{seen.pk}": seen.filming_direction,
    }
    url = reverse("projects:installed", args=[project.pk])
    form = client.post(url, sent).context["form"]
    assert {*form.errors} == {f"filming_range_{unseen.pk}"}
    assert client.post(url, {**sent, f"filming_range_{unseen.pk}": "반경 30m"}).status_code == 302
    assert not installing.without_view(project).exists()
    assert workplace._by_sign(project, [seen.number, unseen.number]).url_name == "signs:make"


def test_links_of_a_screen_beside_the_steps_stay_beside_them(client, official):
    project = planned_project()
    draft = make_draft(project)
    page = reverse("consultation:page", args=[draft.pk])
    beside, alone = (client.get(url).content.decode() for url in (f"{page}?work={project.pk}", page))
    add = reverse("consultation:question_add", args=[draft.pk])
    assert f'href="{add}?work={project.pk}"' in beside
    assert f'href="{add}"' in alone


def test_the_builder_that_a_paper_names_stands_in_the_project(client, official):
    project = planned_project()
    paper = Paper.objects.create(
        kind="builder_registration",
        on=timezone.localdate(),
        document_number="안전-9",
        contents={"registered_builder": "yes", "builder_name": "한빛통신"},
        project=project,
    )
    shown = text(client.get(page_of(project), {"all": 1}))
    assert "안전-9</a>: 한빛통신" in shown
    found = text(client.get(reverse("search"), {"q": "한빛통신"}))
    assert reverse("papers:page", args=[paper.pk]) in found
