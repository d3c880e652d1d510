"""위탁: screens of contracts and contractors."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from cameras import contracts
from cameras.entrustment import cameras_of
from cameras.models import ContractorInspection, EntrustmentContract, InspectionItem
from tests.accounts.factories import OfficerFactory
from tests.cameras.contracts import TODAY, asked, entered, inspected, trained, values
from tests.cameras.factories import CameraFactory, ContractorFactory
from tests.cameras.life import ProjectFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def login(client, role=Role.CCTV_MANAGER):
    client.force_login(OfficerFactory(role=role))
    return client


def posted(**changes) -> dict:
    """A complete contract as a browser sends it."""
    given = values(**changes)
    given["contractor"] = given["contractor"].pk
    given.setdefault("coverage", "named")
    return {name: value for name, value in given.items() if value is not None}


def test_a_contract_is_entered_with_its_file_and_shown(client):
    login(client)
    file = SimpleUploadedFile("계약서.pdf", b"%PDF-1.7 contract")
    answer = client.post(reverse("contracts:enter"), {**posted(liability=""), "uploads": [file]}, follow=True)
    text = answer.content.decode()
    contract = EntrustmentContract.objects.get()
    assert contract.attachments.get().name == "계약서.pdf"
    assert "의무 위반 시 책임에 관한 사항" in text
    assert "계약 내용이 빠져 있습니다" in text


def test_the_whole_centre_is_refused_with_its_article_and_nothing_is_lost(client):
    login(client)
    answer = client.post(
        reverse("contracts:enter"), {**posted(title="관제 전부"), "is_whole_centre_operation": "on"}
    )
    text = answer.content.decode()
    assert "운영 전부는 위탁할 수 없습니다(조례 제11조제1항)" in text
    assert "관제 전부" in text
    assert not EntrustmentContract.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("계약서.pdf", b"MZ program"), ("run.exe", b"MZ"), ("빈.pdf", b""), ("../../etc/passwd", b"root")],
)
def test_a_hostile_file_is_refused_and_no_contract_is_made(client, name, content):
    login(client)
    upload = SimpleUploadedFile(name, content)
    answer = client.post(reverse("contracts:enter"), {**posted(), "uploads": [upload]})
    assert answer.status_code == 200
    assert "입력한 내용을 확인해 주세요" in answer.content.decode()
    assert not EntrustmentContract.objects.exists()


def test_words_of_a_contract_are_never_markup(client):
    contract = entered(title="<script>alert(1)</script>", liability="<b>배상</b>")
    text = login(client).get(reverse("contracts:contract", args=[contract.pk])).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;b&gt;배상" in text


def test_an_inspection_asks_each_item_and_wants_a_reason_for_what_is_bad(client):
    login(client)
    contract = entered()
    items = list(InspectionItem.objects.filter(is_in_use=True))
    data = {"on": "2026-03-02", **{f"result_{item.pk}": "good" for item in items}}
    url = reverse("contracts:inspection_add", args=[contract.pk])
    data[f"result_{items[0].pk}"] = "bad"
    assert "부적합한 까닭" in client.post(url, data).content.decode()
    assert not ContractorInspection.objects.exists()
    client.post(url, {**data, f"note_{items[0].pk}": "명단이 지난해 것임"})
    inspection = ContractorInspection.objects.get()
    assert not inspection.is_satisfactory
    client.post(
        reverse("contracts:remedy", args=[inspection.pk]), {"on": "2026-03-09", "remedy": "명단 갱신"}
    )
    inspection.refresh_from_db()
    assert inspection.remedied_on == dt.date(2026, 3, 9)


def test_re_entrustment_is_answered_by_the_manager_only(client):
    request = asked(entered())
    url = reverse("contracts:reentrustment_answer", args=[request.pk])
    data = {"decision": "consent", "on": "2026-11-20", "document": "안전-1"}
    assert login(client, Role.OFFICIAL).post(url, data).status_code == 403
    login(client)
    assert "문서번호" in client.post(url, {**data, "document": ""}).content.decode()
    assert "되돌릴 수 없습니다" in client.post(url, data).content.decode()
    request.refresh_from_db()
    assert request.consented_on is None
    client.post(url, {**data, "step": "apply"})
    request.refresh_from_db()
    assert request.consented_on == TODAY
    assert "‘동의’ 상태에서는" in client.post(url, data).content.decode()


def test_ending_a_contract_asks_first(client):
    login(client)
    contract = entered()
    url = reverse("contracts:end", args=[contract.pk])
    assert "되돌릴 수 없습니다" in client.get(url).content.decode()
    client.post(url, {"on": "2026-11-20", "reason": "계약 위반"})
    contract.refresh_from_db()
    assert contract.ended_early_on == TODAY


def test_a_contract_is_about_a_project_and_about_chosen_cameras(client):
    login(client)
    contract = entered()
    project = ProjectFactory()
    join(project, CameraFactory(planned=True), CameraFactory(planned=True))
    url = reverse("contracts:name_project", args=[contract.pk])
    answer = client.post(url, {"project": project.pk, "reason": "계약 체결"}, follow=True)
    assert "카메라 2대" in answer.content.decode()
    project.refresh_from_db()
    assert project.contract == contract
    other = CameraFactory()
    url = f"{reverse('contracts:cameras')}?contract={contract.pk}"
    assert "카메라 번호 또는 관리번호" in client.get(url).content.decode()
    url += f"&numbers={other.number},없음"
    assert "대장에 없는 번호: 없음" in client.get(url).content.decode()
    sent = {"contract": contract.pk, "act": "name", "reason": "계약 변경"}
    assert "필수" in client.post(url, {**sent, "reason": ""}).content.decode()
    client.post(url, sent)
    assert set(cameras_of(contract)) == {*project.cameras.all(), other}
    client.post(url, {**sent, "act": "release"})
    assert set(cameras_of(contract)) == set(project.cameras.all())


def test_the_list_is_narrowed_and_exported(client):
    login(client)
    entered(title="유지보수 하나", liability="")
    entered(title="유지보수 둘")
    over = entered(title="유지보수 셋")
    contracts.end_early(over, on=TODAY, reason="해지", by=OfficerFactory(), today=TODAY)
    url = reverse("contracts:list")

    def listed(**query):
        text = client.get(url, query).content.decode()
        return [name for name in ("하나", "둘", "셋") if f"유지보수 {name}" in text]

    assert listed(state="incomplete") == ["하나"]
    assert listed(state="over") == ["셋"]
    assert listed(state="in_force") == ["하나", "둘"]
    assert listed(state="expiring") == ["하나", "둘"]
    assert listed(q="둘") == ["둘"]
    assert listed(state="nonsense") == ["하나", "둘", "셋"]
    answer = client.post(reverse("contracts:export"), {"purpose": "inspection", "format": "csv"})
    assert "유지보수 하나" in b"".join(answer.streaming_content).decode()


def test_lists_ask_no_more_for_many_than_for_one(client, django_assert_num_queries):
    login(client)
    contract = entered()
    trained(contract)
    inspected(contract, bad=1)
    asked(contract)
    urls = [
        reverse("contracts:list"),
        reverse("contracts:contractors"),
        reverse("contracts:contract", args=[contract.pk]),
        reverse("contracts:contractor", args=[contract.contractor_id]),
    ]
    counts = []
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as asked_for:
            client.get(url)
        counts.append(len(asked_for))
    for _ in range(3):
        trained(contract)
        inspected(contract, bad=1)
        asked(contract)
        trained(entered(contractor=contract.contractor))
        entered(contractor=ContractorFactory())
    for url, count in zip(urls, counts, strict=True):
        with django_assert_num_queries(count):
            client.get(url)
