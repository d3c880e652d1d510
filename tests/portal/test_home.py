"""The first page: what needs doing, worst first, only one's own, and a calm page when there is nothing."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from ordinance import due
from ordinance.due import DueItem, Severity
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.situations import back_date_notice, refused_about

pytestmark = pytest.mark.django_db
HOME = reverse("wagtailadmin_home")


@pytest.fixture
def items(monkeypatch):
    """Only these items are due, and nobody has counted yet: a person of another test may have had the same key."""
    cache.clear()
    given: list[DueItem] = []
    monkeypatch.setattr(due, "_providers", {"test": lambda now, officer=None: iter(given)})
    return given


def page_for(client, role: Role) -> str:
    client.force_login(OfficerFactory(role=role))
    return client.get(HOME).content.decode()


def test_worst_first_with_article_count_and_one_click(client, items):
    items += [
        DueItem("a", "알릴 것", severity=Severity.INFO),
        DueItem(
            "b",
            "파기 실패",
            severity=Severity.FAILED,
            url_name="footage:proofs",
            count=12,
            article="조례 제24조제1항",
        ),
        DueItem("c", "늦은 것", severity=Severity.OVERDUE),
    ]
    page = page_for(client, Role.OFFICIAL)

    assert page.index("위험") < page.index("파기 실패") < page.index("기한 경과") < page.index("늦은 것")
    assert page.index("늦은 것") < page.index("알릴 것")
    assert "조례 제24조제1항" in page
    assert "12건" in page
    assert f'href="{reverse("footage:proofs")}"' in page


def test_people_see_what_they_may_open(client, items):
    items.append(DueItem("b", "파기 실패", severity=Severity.FAILED, url_name="footage:proofs"))
    assert "파기 실패" in page_for(client, Role.AUDITOR)
    assert "파기 실패" not in page_for(client, Role.MONITORING_AGENT)


def test_an_address_with_a_query_is_judged_by_its_page(client, items):
    items.append(
        DueItem("b", "어긋난 확인", severity=Severity.FAILED, url=reverse("footage:proofs") + "?ok=no")
    )
    assert "어긋난 확인" in page_for(client, Role.OFFICIAL)
    assert "어긋난 확인" not in page_for(client, Role.COMMITTEE_SECRETARY)


def test_calm_when_nothing_is_due(client, items):
    page = page_for(client, Role.CCTV_MANAGER)
    assert "오늘 처리할 일이 없습니다" in page
    assert "위험" not in page


def test_a_broken_provider_is_said_to_be_broken(client, monkeypatch, caplog):
    def broken(now, officer=None):
        raise ZeroDivisionError

    monkeypatch.setattr(due, "_providers", {"test": broken})
    assert "할 일 목록을 불러오지 못했습니다" in page_for(client, Role.OFFICIAL)


def test_text_of_items_is_escaped(client, items):
    items.append(DueItem("a", "<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page_for(client, Role.OFFICIAL)


def test_figures_are_those_that_one_may_see(client, items):
    assert "마지막 원장 봉인" in page_for(client, Role.AUDITOR)
    agent = page_for(client, Role.MONITORING_AGENT)
    assert "운영 중인 카메라" in agent
    assert "파기한 파일" not in agent
    assert "원장" not in agent


@pytest.mark.parametrize("role", Role)
def test_the_menu_leads_nowhere_that_refuses(client, role, items):
    """Every item of the menu opens for those who see it."""
    import json
    import re

    page = page_for(client, role)
    props = re.search(
        r'<script id="wagtail-sidebar-props" type="application/json">(.*?)</script>', page, re.S
    )
    urls = sorted(set(re.findall(r'"url": "(/portal/[^"]*)"', json.dumps(json.loads(props[1])))))
    assert HOME in urls
    for url in urls:
        answer = client.get(url)
        assert answer.status_code in (200, 302), url
        assert answer.headers.get("Location") != HOME, url


def test_a_monitoring_agent_sees_little(client, items):
    page = page_for(client, Role.MONITORING_AGENT)
    assert "duty-footage" not in page
    assert "duty-ledger" not in page
    assert "duty-website" not in page


def test_answered_requests_with_held_footage_cost_no_queries_each(client):
    manager = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))
    client.force_login(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert "유예를 해제할 수 있습니다" in client.get(HOME).content.decode()
        return len(made)

    for days in range(400, 405):
        request = refused_about(CameraFactory(), manager)
        back_date_notice(request, days)
        if days == 400:
            client.get(HOME)
            one = queries()
    assert queries() == one


def test_after_an_act_the_page_asks_for_the_counts_that_it_does_not_know(client, items):
    items.append(
        DueItem("b", "안내판 확인", url_name="signs:list", article="제9조", needs=("cameras.check_sign",))
    )
    assert items[0].article == "조례 제9조"
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    asks = f'data-menu-counts="{reverse("menu_counts")}"'
    assert asks in client.get(reverse("projects:list")).content.decode()
    assert client.get(reverse("menu_counts")).json() == {HOME: 1, reverse("signs:list"): 1}
    assert asks not in client.get(reverse("projects:list")).content.decode()


def test_whom_one_waits_for_is_read_once_and_nobody_is_not_everybody(client, items):
    able, absent = OfficerFactory(role=Role.CCTV_MANAGER), OfficerFactory(role=Role.OFFICIAL)
    client.force_login(absent)
    waited = {"url_name": "signs:list", "needs": ("footage.release_hold",), "waits": ("cameras.check_sign",)}
    counts = []
    for size in (1, 6):
        items[:] = [DueItem("b", f"일 {n}", only=frozenset({able.pk}), **waited) for n in range(size)]
        client.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(HOME).content.decode()
        assert page.count(str(able)) >= size
        counts.append(len(queries))
    assert counts[0] == counts[1]
    items[:] = [DueItem("b", "아무도", only=frozenset(), **waited)]
    assert "할 수 있는 담당자가 없음" in client.get(HOME).content.decode()
