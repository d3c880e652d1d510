"""Reports on screen: choosing, confirming, progress, frozen files, the certificate's form."""

import html
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.longrun import RunState
from accounts.roles import Role
from ledger import seal
from reports.models import IssuedReport
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.portal import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    officer = OfficerFactory(role=Role.CCTV_MANAGER)
    client.force_login(officer)
    return officer


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def issued(manager):
    from django.db import transaction

    from ledger import append

    with transaction.atomic():
        append.record("portal.exported", actor="system:test", subject="list:x", payload={})
    seal.seal()
    return world.issued_report(manager)


def test_issuing_asks_before_it_starts(client, manager, monkeypatch):
    started = []
    monkeypatch.setattr("accounts.queueing.start", lambda task, *arguments: started.append(arguments))
    url = reverse("reports:issue")
    form = text(client.get(url))
    period = form.split("selected>")[0].rsplit('value="', 1)[1][:6]

    asked = text(client.post(url, {"period": period, "with_annex": "on"}))
    assert "되돌릴 수 없습니다" in asked
    assert not IssuedReport.objects.exists()

    answer = client.post(url, {"period": period, "with_annex": "on", "step": "apply"})
    report = IssuedReport.objects.get()
    assert answer.headers["Location"] == reverse("reports:report", args=[report.pk])
    assert started == [(report.pk,)]
    assert report.requested_by == manager
    assert report.with_annex

    again = client.post(url, {"period": period, "step": "apply"}, follow=True)
    assert "이미 만들고 있습니다" in text(again)
    assert IssuedReport.objects.count() == 1


@pytest.mark.parametrize("period", ["", "2099Q1", "2026Q5", "x", "2026Q3' --"])
def test_a_period_that_cannot_be_reported_is_refused(client, manager, period):
    answer = client.post(reverse("reports:issue"), {"period": period, "step": "apply"})
    assert answer.status_code == 200
    assert "오류:" in text(answer)
    assert not IssuedReport.objects.exists()


def test_progress_and_cancel(client, manager):
    report = IssuedReport.objects.create(period="2026Q3", requested_by=manager)
    page = text(client.get(reverse("reports:report", args=[report.pk])))
    assert "작업 취소" in page
    assert client.get(reverse("reports:progress", args=[report.pk])).json()["label"] == "대기"
    client.post(reverse("reports:cancel", args=[report.pk]))
    report.refresh_from_db()
    assert report.state == RunState.CANCELLED
    assert "발행되지 않았습니다" in text(client.get(reverse("reports:report", args=[report.pk])))


@pytest.fixture
def changed(issued):
    """Its files are not those that were issued."""
    for name in (str(issued.file.name), issued.volumes[0]["path"]):
        Path(issued.file.storage.path(name)).write_bytes(b"%PDF-1.8")
    return issued


@pytest.mark.parametrize(("name", "arguments"), [("file", []), ("volume", [1])])
def test_a_file_that_is_not_what_was_issued_is_not_handed_out(
    client, manager, changed, name, arguments, caplog
):
    answer = client.get(reverse(f"reports:{name}", args=[changed.pk, *arguments]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("reports:report", args=[changed.pk])
    assert "발행 때의 SHA-256과 일치하지 않습니다" in text(answer)
    assert "not what was issued" in caplog.text


def test_the_frozen_files_are_handed_out(client, manager, issued):
    page = text(client.get(reverse("reports:report", args=[issued.pk])))
    assert "제1판" in page
    assert "부록 1 받기" in page
    for name, arguments in (("file", [issued.pk]), ("volume", [issued.pk, 1])):
        answer = client.get(reverse(f"reports:{name}", args=arguments))
        assert answer.getvalue() == b"%PDF-1.7"
    assert client.get(reverse("reports:volume", args=[issued.pk, 2])).status_code == 404
    assert client.get(reverse("reports:head_file", args=[issued.pk])).json()["size"] == issued.ledger_size


def test_a_changed_file_is_called_out(client, manager, changed):
    assert "발행할 때와 다릅니다" in text(client.get(reverse("reports:report", args=[changed.pk])))


def test_a_lost_file_is_not_made_anew(client, manager, issued):
    issued.file.storage.delete(issued.file.name)
    answer = client.get(reverse("reports:file", args=[issued.pk]), follow=True)
    assert "보존된 파일을 찾을 수 없습니다" in text(answer)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"camera": "없는 번호"}, "대장에 없는 카메라"),
        ({"until_on": "2026-10-31"}, "종료일은 시작일보다"),
        ({"from_on": "2099-01-01", "until_on": "2099-01-02"}, "아직 오지 않은"),
        ({"from_on": ""}, "필수"),
    ],
)
def test_a_certificate_that_cannot_be_made_says_why(client, manager, changes, message):
    camera = CameraFactory()
    given = {"camera": camera.number, "from_on": "2026-11-01", "until_on": "2026-11-02", **changes}
    given = {"recipient": "감사담당관", "use": "감사 자료", **given}
    assert message in text(client.post(reverse("reports:certificate"), given))


def test_the_cameras_page_can_fill_in_the_number(client, manager):
    page = text(client.get(reverse("reports:certificate"), {"camera": "GS-1-1"}))
    assert 'value="GS-1-1"' in page
