"""수탁자 공개 (PIPA art. 26(2)): who is entrusted with what, on the public site and in the policy."""

import datetime as dt

import pytest
from django.urls import reverse

from cameras import contracts, policy
from tests.accounts.factories import OfficerFactory
from tests.cameras.contracts import entered, named
from tests.cameras.factories import CameraFactory, ContractorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: dt.date(2026, 11, 20))


def page(client):
    answer = client.get(reverse("website_contractors"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("_today")
def test_only_contracts_in_force_are_told_with_name_work_and_telephone(client):
    entered(
        contractor=ContractorFactory(name="한빛통신", phone="02-1"), scopes=["installation", "maintenance"]
    )
    over = entered(contractor=ContractorFactory(name="옛날통신"))
    contracts.end_early(
        over,
        on=dt.date(2026, 5, 1),
        reason="계약 위반 내용",
        by=OfficerFactory(),
        today=dt.date(2026, 11, 20),
    )
    text = page(client)
    assert "한빛통신" in text
    assert "설치, 유지보수" in text
    assert "02-1" in text
    assert "옛날통신" not in text
    assert "계약 위반 내용" not in text


def test_nobody_entrusted_is_said(client):
    assert "수탁자가 없습니다" in page(client)


@pytest.mark.usefixtures("_today")
def test_the_number_of_questions_does_not_grow(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    entered()
    page(client)
    with CaptureQueriesContext(connection) as one:
        page(client)
    for _ in range(5):
        entered()
    with django_assert_num_queries(len(one)):
        page(client)


@pytest.mark.usefixtures("_today")
def test_the_policy_names_each_contractor_with_telephone_and_work():
    contract = entered(contractor=ContractorFactory(name="한빛통신", phone="02-1"))
    named(contract, CameraFactory())
    CameraFactory()
    entered(
        contractor=ContractorFactory(name="온누리관제", phone="02-2"), coverage="all", scopes=["monitoring"]
    )
    entered(contractor=ContractorFactory(name="끝난통신"), coverage="all", ends_on=dt.date(2026, 11, 19))
    told = policy.contents(policy.draft(), on=dt.date(2026, 11, 20))["contractors"]
    assert told == [
        {"name": "온누리관제", "phone": "02-2", "work": ["관제 업무"], "cameras": 2},
        {"name": "한빛통신", "phone": "02-1", "work": ["유지보수"], "cameras": 1},
    ]
