"""What frames every screen: login, lock-out, error pages in Korean, refusals, progress, CSRF, no writing by GET."""

import re
from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from wagtail.users.models import UserProfile

from accounts.longrun import RunState
from accounts.roles import Role
from cameras.models import ImportRun, SignBatch
from footage.models import Scan, Sweep
from ordinance.models import Assessment
from portal import access, longruns
from portal.models import LedgerVerification
from portal.templatetags import portal_tags
from records.models import AccessImport, CaseCopy, Redaction, RedactionRun, ViewingRequest
from reports.models import IssuedReport
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, HoldFactory
from tests.portal import portal_views
from tests.portal.permissions import OWN, REGISTERS
from tests.records.situations import received

pytestmark = pytest.mark.django_db


def test_the_login_page_bears_the_districts_name_and_no_remember_me(client):
    page = client.get(reverse("wagtailadmin_login")).content.decode()
    assert "강서구" in page
    assert "아이디" in page
    assert "비밀번호" in page
    assert "Wagtail" not in re.sub(r"<noscript.*?</noscript>", "", page, flags=re.DOTALL)
    assert 'type="checkbox"' not in page


def test_the_portal_is_light_for_everybody(client):
    """The pages of ours have one set of colours: on a dark ground nobody could read them."""
    for officer in (None, OfficerFactory(role=Role.AUDITOR)):
        if officer is not None:
            UserProfile.objects.create(user=officer, theme=UserProfile.AdminColorThemes.DARK)
            client.force_login(officer)
        name = "wagtailadmin_login" if officer is None else "wagtailadmin_home"
        page = client.get(reverse(name)).content.decode()
        assert 'class="w-theme-light w-density-default w-contrast-system"' in page
        assert '<meta name="color-scheme" content="light"' in page


def test_a_wrong_password_is_told_in_korean(client):
    page = client.post(reverse("wagtailadmin_login"), {"username": "a", "password": "b"}).content.decode()
    assert "아이디 또는 비밀번호가 맞지 않습니다" in page


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"]
)
def test_error_pages_need_nothing_and_are_korean(name):
    page = render_to_string(name)
    assert '<html lang="ko">' in page
    assert "첫 화면으로" in page


def test_an_address_that_is_none(client):
    assert "찾으시는 페이지가 없습니다" in client.get("/nowhere/at/all/").content.decode()
    client.force_login(OfficerFactory(role=Role.AUDITOR))
    answer = client.get("/portal/nowhere/")
    assert answer.status_code == 404
    assert "찾으시는 화면이 없습니다" in answer.content.decode()


def test_a_refusal_says_what_is_missing_who_has_it_and_whom_to_ask(client):
    OfficerFactory(last_name="한", first_name="관리", role=Role.SYSTEM_ADMINISTRATOR)
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    answer = client.get(reverse("reports:issue"))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "보고서 발행" in page
    assert "관리책임자, 간사" in page
    assert "한관리" in page


def test_a_script_is_refused_in_json(client):
    client.force_login(OfficerFactory(role=Role.MONITORING_AGENT))
    answer = client.get(reverse("ledger:entries"), headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 403
    assert "권한이 없습니다" in answer.json()["error"]


def test_sending_needs_the_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(OfficerFactory(role=Role.AUDITOR))
    answer = client.post(reverse("ledger:verifications"))
    assert answer.status_code == 403
    assert "입력한 내용을 받지 못했습니다" in answer.content.decode()
    assert not LedgerVerification.objects.exists()


def test_every_view_of_ours_names_permissions_that_exist():
    """So that the menu can ask, and so that nobody forgets `requires`."""
    from accounts.roles import _known_permissions

    known = _known_permissions("default").keys() | {"wagtailadmin.access_admin"}
    from django.urls import resolve

    class Anything(dict):
        def __missing__(self, key):
            return "00000000-0000-0000-0000-000000000001" if key == "group" else "1"

    for view in portal_views.portal_views():
        if view.name in {**OWN, **REGISTERS}:
            found = resolve(portal_views.address(view, Anything())).func
            for names in (found.required_permissions, found.required_to_send):
                assert names, view.name
                assert set(names) <= known, view.name


def test_permissions_have_korean_names(django_assert_num_queries):
    with django_assert_num_queries(1):
        labels = access.permission_labels(["footage.release_hold", "accounts.change_officer", "no.such"])
    assert labels == {
        "footage.release_hold": "삭제 유예 해제",
        "accounts.change_officer": "담당자 변경",
        "no.such": "no.such",
    }


@pytest.mark.parametrize(
    ("changes", "label", "is_finished"),
    [
        ({}, "대기", False),
        ({"state": RunState.RUNNING, "heartbeat_at": "now"}, "진행 중", False),
        ({"state": RunState.RUNNING, "heartbeat_at": "old"}, "응답 없음", False),
        ({"state": RunState.RUNNING, "heartbeat_at": "now", "cancel_requested": True}, "취소하는 중", False),
        ({"state": RunState.SUCCEEDED}, "완료", True),
        ({"state": RunState.FAILED, "error": "디스크 없음"}, "실패", True),
    ],
)
def test_progress_in_words(changes, label, is_finished):
    now = timezone.now()
    if beat := changes.get("heartbeat_at"):
        changes = {**changes, "heartbeat_at": now if beat == "now" else now - timedelta(hours=1)}
    run = LedgerVerification.objects.create(done=36, total=100, **changes)
    told = longruns.progress(run)
    assert told["label"] == label
    assert told["is_finished"] is is_finished
    assert told["amount"] == "36 / 100 (36%)"
    assert told["error"] == changes.get("error", "")


@pytest.mark.parametrize(
    ("given", "told"),
    [(0, "0 B"), (1023, "1,023 B"), (1536, "1.5 KB"), (10**12, "931 GB"), (None, ""), (10**21, "888,178 PB")],
)
def test_sizes_for_people(given, told):
    assert portal_tags.size(given) == told


def test_durations_for_people():
    assert portal_tags.duration(timedelta(minutes=90)) == "1시간 30분"
    assert portal_tags.duration(timedelta(0)) == "0초"


# Every screen with a cancel button: the run, and who besides its starter may stop it.
CANCELS = {
    "access_log:import_cancel": (AccessImport, {Role.CCTV_MANAGER}),
    "cameras:import_cancel": (ImportRun, {Role.CCTV_MANAGER}),
    "copies:cancel": (CaseCopy, {Role.CCTV_MANAGER}),
    "duties:assessment_cancel": (Assessment, {Role.CCTV_MANAGER}),
    "footage:scan_cancel": (Scan, {Role.CCTV_MANAGER, Role.SYSTEM_ADMINISTRATOR}),
    "footage:sweep_cancel": (Sweep, {Role.CCTV_MANAGER, Role.OFFICIAL}),
    "ledger:verification_cancel": (LedgerVerification, set()),
    "redaction:cancel": (RedactionRun, {Role.CCTV_MANAGER}),
    "reports:cancel": (IssuedReport, {Role.CCTV_MANAGER}),
    "signs:batch_cancel": (SignBatch, {Role.CCTV_MANAGER}),
}


def redaction() -> Redaction:
    """Of a citizen's request."""
    line = received(CameraFactory()).cameras.select_related("hold", "request").get()
    return Redaction.objects.create(
        case_kind="viewing",
        case_key=line.request_id,
        case_number=line.request.receipt_number,
        camera=line.camera,
        hold=line.hold or HoldFactory(camera=line.camera),
        from_at=line.from_at,
        until_at=line.until_at,
        state="proposed",
        created_at=timezone.now(),
        created_by=OfficerFactory(role=Role.OFFICIAL),
    )


def a_request() -> ViewingRequest:
    return received(CameraFactory())


NEEDED = {
    CaseCopy: {
        "number": lambda: get_random_string(8),
        "request": a_request,
        "source": "masked",
        "mark": "표시",
        "on": date(2026, 11, 1),
    },
    RedactionRun: {"work": "find", "redaction": redaction},
    AccessImport: {"name": "a.csv", "size": 1, "map": "standard"},
    Assessment: {"on": date(2026, 11, 1)},
    Sweep: {"at": timezone.now()},
    SignBatch: {"sites": []},
}


def test_every_cancel_stands_in_the_table():
    names = {name for name in OWN | REGISTERS if name.endswith("cancel")}
    assert names == set(CANCELS)


@pytest.mark.parametrize("name", CANCELS)
def test_a_run_is_cancelled_by_who_started_it_or_holds_the_right(client, name):
    model, allowed = CANCELS[name]
    starter = OfficerFactory(role=Role.OFFICIAL)
    stopped = set()
    for role in Role:
        given = {name: one() if callable(one) else one for name, one in NEEDED.get(model, {}).items()}
        run = model.objects.create(requested_by=starter, **given)
        client.force_login(OfficerFactory(role=role))
        client.post(reverse(name, args=[run.pk]))
        run.refresh_from_db()
        if run.state == RunState.CANCELLED:
            stopped.add(role)
        elif run.cancel_requested:
            pytest.fail(f"{role} left a request to cancel")
    assert stopped == allowed


def test_a_run_that_beat_started_is_cancelled_by_whoever_may_start_one(client):
    run = Assessment.objects.create(on=date(2026, 11, 1))
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    client.post(reverse("duties:assessment_cancel", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_whose_portal_it_is_is_asked_once_for_a_request(rf, django_assert_num_queries):
    """The name stands several times on each page; each of them was a query."""
    page = Template("{% load portal_tags %}{% portal_name %}/{% portal_name %}/{% district_name %}")
    with django_assert_num_queries(1):
        shown = page.render(Context({"request": rf.get("/")}))
    assert shown == f"{2 * '강서구 영상정보 업무 포털/'}강서구"
    with django_assert_num_queries(1):
        page.render(Context({"request": rf.get("/")}))


def test_what_is_kept_of_the_rights_of_rows_has_an_end():
    most = access.permissions_of.cache_info().maxsize
    assert most
    access.permissions_of.cache_clear()
    for pk in range(most + 1):
        assert access.permissions_of("cameras:page", pk)
    assert access.permissions_of.cache_info().currsize == most
