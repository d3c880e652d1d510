"""조례 점검 on screen: the 31 articles, the list, caring, exceptions, the run, the badge on the camera's page."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.longrun import RunState
from accounts.roles import ROLE_PERMISSIONS, Role
from cameras.models import Camera
from ledger.models import Entry
from ordinance import assessment, findings, providers, rules
from ordinance.models import Assessment, Finding, FindingCare, RuleException
from ordinance.rules import Subject
from portal import finding_lines, home
from portal.access import roles_with
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.committee.factories import MeetingFactory
from tests.ordinance.duties import assess, excuse, today

pytestmark = pytest.mark.django_db


def login(client, role: Role):
    officer = OfficerFactory(role=role)
    client.force_login(officer)
    return officer


@pytest.fixture
def manager(client):
    return login(client, Role.CCTV_MANAGER)


@pytest.fixture
def assessed():
    cameras = CameraFactory.create_batch(3)
    return cameras, assess()


def get(client, name, *args, **query):
    return client.get(reverse(f"duties:{name}", args=args), query)


# -- the page of the articles -----------------------------------------------------------------------------------


def test_the_page_shows_31_articles_and_explains_those_without_a_rule(client, manager, assessed):
    answer = get(client, "articles")
    rows = answer.context["rows"]
    assert [row.article and row.article.number for row in rows] == [*range(1, 32), None]
    assert all(row.duties or row.unruled for row in rows)
    assert {duty.rule.code for duty in rows[-1].duties} >= {"necessity_review", "operation_policy"}
    assert "표준 개인정보 보호지침 제48조" in answer.content.decode()
    text = answer.content.decode()
    assert "규칙이 없고 이유도" not in text
    assert "개인정보 보호법 제25조제4항 (2026-09-11 시행)" in text


def test_it_says_how_many_are_covered_unmet_and_since_when(client, manager, assessed):
    rows = {row.article and row.article.number: row for row in get(client, "articles").context["rows"]}
    sign = rows[9].duties[0]
    assert (sign.subjects, sign.unmet, sign.since, sign.excepted) == (3, 3, today(), 0)
    assert rows[24].duties[0].unmet == 0


def test_it_says_to_how_many_a_duty_is_not_applied_and_why(client, manager):
    CameraFactory(installed_month=dt.date(2019, 1, 1))
    assess()
    said = get(client, "articles").content.decode()
    assert "판정하지 않음 1: 조례가 시행된 날(2023-05-10) 전에 설치를 마침" in said
    assert "행정기본법 제14조제1항" in said
    assert "적용하지 않음. 제28조는 설치마다 의결하라고 하지 않으며" in said


def test_before_the_first_assessment_it_says_so(client, manager):
    assert "아직 점검하지 않았습니다" in get(client, "articles").content.decode()


def test_the_page_asks_as_many_questions_for_many_cameras_as_for_one(client, manager):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(client, "articles")
        return len(captured)

    CameraFactory()
    assess()
    count()
    with_one = count()
    CameraFactory.create_batch(10)
    assess()
    assert count() == with_one


# -- the list ---------------------------------------------------------------------------------------------------


def test_the_list_leads_to_the_camera_and_to_the_fix(client, manager, assessed):
    cameras, _ = assessed
    text = get(client, "findings", rule="audio_off").content.decode()
    assert reverse("cameras:page", args=[cameras[0].pk]) in text
    assert reverse("papers:file") in text
    assert "녹음기능을 쓰지 않는지 확인한 기록이 없습니다." in text


def test_the_list_is_filtered_by_rule_number_address_owner_due_and_state(client, manager, assessed):
    cameras, _ = assessed

    def numbers(**query):
        page = get(client, "findings", **query).context["links"].page
        return {finding.number for finding in page.object_list}

    mine = Finding.objects.get(rule__code="sign", number=cameras[0].number)
    findings.care_for([mine], by=manager, owner=manager, due_on=today())
    everyone = {camera.number for camera in cameras}
    assert numbers(rule="sign") == everyone
    assert numbers(rule="sign", q=cameras[1].number) == {cameras[1].number}
    assert numbers(rule="sign", q=cameras[1].site.road_address) >= {cameras[1].number}
    assert numbers(rule="sign", q="뷁뷁로") == set()
    assert numbers(rule="sign", owner=str(manager.pk)) == {cameras[0].number}
    assert numbers(rule="sign", owner="none") == everyone - {cameras[0].number}
    assert numbers(rule="sign", due=today().isoformat()) == {cameras[0].number}
    assert numbers(rule="sign", state="closed") == set()
    assert numbers(rule="nonsense") >= everyone


def test_the_list_asks_as_many_questions_for_many_as_for_one(client, manager):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(client, "findings", rule="sign")
        return len(captured)

    CameraFactory()
    assess()
    count()
    with_one = count()
    CameraFactory.create_batch(12)
    assess()
    assert count() == with_one


def test_the_export_holds_what_the_list_shows_and_leaves_a_line(client, manager, assessed):
    cameras, _ = assessed
    address = f"{reverse('duties:findings_export')}?rule=sign"
    answer = client.post(address, {"purpose": "report", "detail": "", "format": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row[3] for row in rows[1:]} == {camera.number for camera in cameras}
    assert rows[1][5] == "안내판이 없습니다."
    assert Entry.objects.filter(kind="portal.exported").count() == 1


# -- caring -----------------------------------------------------------------------------------------------------


def test_one_finding_gets_an_owner_a_due_date_and_a_note(client, manager, assessed):
    finding = Finding.objects.open().first()
    colleague = OfficerFactory()
    sent = {"owner": str(colleague.pk), "due_on": today().isoformat(), "note": "현장 확인"}
    assert client.post(reverse("duties:finding", args=[finding.pk]), sent).status_code == 302
    care = FindingCare.objects.get(pk=finding.pk)
    assert (care.owner, care.due_on, care.note, care.changed_by) == (colleague, today(), "현장 확인", manager)
    assert "현장 확인" in get(client, "finding", finding.pk).content.decode()


def test_many_findings_are_assigned_at_once_and_what_is_empty_stays(client, manager, assessed):
    FindingCare.objects.create(
        finding=Finding.objects.filter(rule__code="sign").first(),
        note="먼저 적은 것",
        changed_at=timezone.now(),
    )
    address = f"{reverse('duties:care')}?extent=all&query=rule%3Dsign"
    assert "3건" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 200  # nothing filled in: refused with a word
    client.post(address, {"owner": str(manager.pk)})
    assert FindingCare.objects.filter(owner=manager).count() == 3
    assert FindingCare.objects.filter(note="먼저 적은 것").exists()


def test_nothing_chosen_leads_back_with_a_word(client, manager, assessed):
    answer = client.get(reverse("duties:care"), {"extent": "chosen"}, follow=True)
    assert "고른 미이행 사항이 없습니다" in answer.content.decode()


def test_who_may_only_look_cannot_care(client, assessed):
    login(client, Role.AUDITOR)
    finding = Finding.objects.open().first()
    assert client.post(reverse("duties:finding", args=[finding.pk]), {"note": "x"}).status_code == 403
    assert not FindingCare.objects.exists()


# -- exceptions -------------------------------------------------------------------------------------------------

GIVEN = {
    "reason": "공사로 철거 예정",
    "citation": "조례 제9조",
    "approver": "안전관리과장",
    "document_number": "안전관리과-7",
}


def test_an_exception_takes_two_steps_and_closes_the_finding(client, manager, assessed):
    cameras, _ = assessed
    finding = Finding.objects.get(rule__code="sign", number=cameras[0].number)
    address = f"{reverse('duties:exception_grant')}?extent=chosen&ids={finding.pk}"
    given = {**GIVEN, "until_on": (today() + dt.timedelta(days=10)).isoformat()}
    first = client.post(address, given)
    assert "확인하고 다시 눌러" in first.content.decode()
    assert not RuleException.objects.exists()
    client.post(address, {**given, "confirmed": "yes"})
    row = RuleException.objects.get()
    assert (row.rule, row.number, row.granted_by) == ("sign", cameras[0].number, manager)
    finding.refresh_from_db()
    assert finding.closing == Finding.Closing.EXCEPTED
    assert cameras[0].number in get(client, "exceptions").content.decode()


def test_an_exception_for_findings_of_two_duties_is_refused(client, manager, assessed):
    chosen = Finding.objects.filter(rule__code__in=["sign", "audio_off"]).values_list("pk", flat=True)
    answer = client.get(reverse("duties:exception_grant"), {"extent": "chosen", "ids": chosen}, follow=True)
    assert "한 가지 의무" in answer.content.decode()


def test_an_exception_is_revoked_with_a_reason(client, manager, assessed):
    cameras, _ = assessed
    row = excuse("sign", cameras[0].number, by=manager)[0]
    address = reverse("duties:exception_revoke", args=[row.pk])
    assert client.post(address, {"reason": ""}).status_code == 200
    client.post(address, {"reason": "공사 종료"})
    row.refresh_from_db()
    assert row.is_revoked
    assert Finding.objects.open().filter(rule__code="sign", number=cameras[0].number).exists()


def test_an_official_may_not_grant(client, assessed):
    login(client, Role.OFFICIAL)
    finding = Finding.objects.open().first()
    assert get(client, "exception_grant", ids=finding.pk).status_code == 403


# -- runs -------------------------------------------------------------------------------------------------------


def test_an_assessment_is_asked_for_confirmed_and_done_here_without_a_worker(client, manager):
    CameraFactory()
    assert get(client, "assess_now").status_code == 200
    answer = client.post(reverse("duties:assess_now"))
    run = Assessment.objects.get()
    assert answer.url == reverse("duties:assessment", args=[run.pk])
    assert client.get(reverse("duties:assess_now")).url == answer.url
    client.post(reverse("duties:assessment_run_here", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, run.requested_by) == (RunState.SUCCEEDED, manager)
    assert "안내판" in client.get(answer.url).content.decode()


def test_a_waiting_assessment_is_cancelled(client, manager):
    run = Assessment.objects.create(on=today(), requested_by=manager)
    client.post(reverse("duties:assessment_cancel", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    client.post(reverse("duties:assessment_run_here", args=[run.pk]))
    assert not Finding.objects.exists()


# -- the camera's page and due items ----------------------------------------------------------------------------


def test_the_camera_s_page_says_which_duties_are_not_met_today(client, manager, assessed):
    camera = assessed[0][0]
    text = client.get(reverse("cameras:page", args=[camera.pk])).content.decode()
    assert "의무 이행" in text
    assert "녹음기능 미사용 확인" in text
    Camera.objects.filter(pk=camera.pk).update(audio_checked_on=today())
    text = client.get(reverse("cameras:page", args=[camera.pk])).content.decode()
    assert "녹음기능 미사용 확인</a>" not in text


def test_findings_with_a_due_date_and_lapsing_exceptions_are_due(manager, assessed):
    cameras, _ = assessed
    chosen = list(Finding.objects.open().filter(rule__code="sign"))
    findings.care_for(chosen[:2], by=manager, owner=manager, due_on=today() - dt.timedelta(days=1))
    excuse("audio_off", cameras[0].number, by=manager, days=5)
    now = timezone.now()
    (item,) = providers.findings_to_care_for(now)
    assert (item.count, item.severity, item.officer_id) == (2, "overdue", manager.pk)
    assert f"owner={manager.pk}" in item.href
    (lapsing,) = providers.lapsing_exceptions(now)
    assert lapsing.due_on == today() + dt.timedelta(days=5)


def test_each_rule_names_the_right_of_who_mends_it_and_its_screen_opens_for_them():
    for rule in rules.all_rules():
        menders = roles_with([rule.mended_by])
        assert menders, rule.code
        url = finding_lines._act(rule)[0]
        needed = resolve(url.partition("?")[0]).func.required_permissions
        assert any(ROLE_PERMISSIONS[role] & set(needed) for role in menders), rule.code


def test_a_finding_is_the_task_of_who_mends_it_and_nobody_else_is_led_there(client):
    held = MeetingFactory(on=timezone.localdate() - dt.timedelta(days=90))
    assessment.follow([held.number], kind=Subject.MEETING)
    finding = Finding.objects.open().get(rule__code="minutes_published")
    secretary, official, auditor = (
        OfficerFactory(role=role) for role in (Role.COMMITTEE_SECRETARY, Role.OFFICIAL, Role.AUDITOR)
    )
    now, key = timezone.now(), "portal.findings:minutes_published"
    assert [key in [item.key for item in home.desk(each, now).mine] for each in (secretary, official)] == [
        True,
        False,
    ]
    for person, is_led in ((secretary, True), (auditor, False)):
        client.force_login(person)
        for url in (reverse("duties:findings"), reverse("duties:finding", args=[finding.pk])):
            assert ("고치러 가기" in client.get(url).content.decode()) is is_led
