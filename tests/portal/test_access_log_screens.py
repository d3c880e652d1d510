"""접속기록의 화면: a log is uploaded, a question answered by whom it concerns, judged by another one, signed, printed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from records.access_log import timing
from records.models import AccessFinding, AccessImport, AccessReview, StaffMember
from tests.accounts.factories import OfficerFactory
from tests.records import access_reviews

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER)


def as_(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def asked(manager):
    agent = OfficerFactory(role=Role.MONITORING_AGENT)
    StaffMember.objects.create(number="1", name="가", kind="monitoring_staff", account="kim", officer=agent)
    _, review, finding = access_reviews.asked_world(manager)
    return agent, review, finding


def address(name: str, row) -> str:
    return reverse(f"access_log:{name}", args=[row.pk])


def test_a_log_is_uploaded_read_and_recognised_when_it_comes_again(manager):
    month = timing.before(timezone.localdate())
    content = access_reviews.HEADER + "\n".join(
        [*access_reviews.playbacks(month), "9,언젠가,kim,재생,X-1,,,,,"]
    )
    client = as_(manager)
    for said in ("저장했습니다", "이미 가져온 파일입니다"):
        file = SimpleUploadedFile("감사.csv", content.encode())
        sent = client.post(reverse("access_log:import_add"), {"map": "standard", "file": file})
        run = AccessImport.objects.order_by("-pk").first()
        assert sent.url == address("import_run", run)
        client.post(address("import_here", run))
        text = client.get(address("import_run", run)).content.decode()
        assert said in text
        assert "언젠가" in text
    run.refresh_from_db()
    listed = client.get(reverse("access_log:imports")).content.decode()
    assert run.log.sha256[:12] in listed
    assert "언젠가" in client.get(address("log", run.log)).content.decode()


def test_the_person_sees_and_answers_what_is_asked_and_others_do_not(asked, manager):
    agent, _, finding = asked
    own, other = as_(agent), as_(OfficerFactory(role=Role.MONITORING_AGENT))
    assert finding.number in own.get(reverse("access_log:own")).content.decode()
    assert finding.number not in other.get(reverse("access_log:own")).content.decode()
    assert "X-0" in own.get(address("finding", finding)).content.decode()
    assert other.get(address("finding", finding)).status_code == 403
    assert other.post(address("explain", finding), {"words": "대신"}).status_code == 403
    own.post(address("explain", finding), {"words": "실종자를 찾음"})
    finding.refresh_from_db()
    assert finding.explanation == "실종자를 찾음"
    assert "실종자를 찾음" in as_(manager).get(address("finding", finding)).content.decode()


def test_it_is_judged_signed_and_printed(asked, manager):
    _, review, finding = asked
    client = as_(manager)
    refused = client.post(address("sign", review), {"opinion": ""})
    assert "판정하지 않은 것이" in refused.content.decode()
    client.post(address("judge", finding), {"judgement": "improper", "words": "사적인 열람"})
    for other in AccessFinding.objects.filter(judgement=""):
        client.post(address("judge", other), {"judgement": "proper", "words": "확인함"})
    client.post(address("sign", review), {"opinion": "조치함"})
    review.refresh_from_db()
    assert review.frozen_at is not None
    assert (
        "고칠 수 없습니다"
        in client.post(address("judge", finding), {"judgement": "proper", "words": "다시"}).content.decode()
    )
    first, second = (client.get(address("document", review)).content for _ in range(2))
    assert first.startswith(b"%PDF-")
    assert first == second
    client.post(address("measure", finding), {"words": "징계 요구", "step": "apply"})
    finding.refresh_from_db()
    assert finding.measure == "징계 요구"


def test_nobody_judges_his_own_looks_on_the_screen_either(manager):
    _, _, finding = access_reviews.asked_world(manager, account=manager.username)
    text = as_(manager).get(address("finding", finding)).content.decode()
    assert "판정하기" not in text
    sent = as_(manager).post(address("judge", finding), {"judgement": "proper", "words": "괜찮음"})
    assert "스스로 판정할 수 없습니다" in sent.content.decode()
    finding.refresh_from_db()
    assert finding.judgement == ""


def test_a_month_still_running_is_refused_on_the_screen(manager):
    sent = as_(manager).post(reverse("access_log:begin"), {"month": f"{timezone.localdate():%Y-%m}"})
    assert "아직 끝나지 않은 달" in sent.content.decode()
    assert not AccessReview.objects.exists()


def test_lists_ask_no_more_for_many_than_for_one(asked, manager):
    _, review, finding = asked
    client = as_(manager)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            client.get(url)
        return len(counted)

    addresses = [address("review", review), reverse("access_log:reviews"), reverse("access_log:imports")]
    before = [queries(url) for url in addresses]
    for n in range(2, 12):
        AccessFinding.objects.create(
            review=review, number=f"x-{n:04d}", rule=finding.rule, account="kim", staff=finding.staff,
            officer=finding.officer, why="또", events=finding.events,
        )  # fmt: skip
        AccessReview.objects.create(month=review.month.replace(year=2012 + n), state="succeeded")
        access_reviews.brought_in(manager, f"{n},2026-0{1 + n % 9}-01 10:00:00,kim,실시간,X-1,,,,,")
    assert [queries(url) for url in addresses] == before
