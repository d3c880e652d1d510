"""Lists: conditions in use can be taken off one by one, filters are kept by name, columns sort, rows a page are chosen."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from portal.models import SavedFilter
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory

pytestmark = pytest.mark.django_db
CAMERAS = reverse("cameras:list")


@pytest.fixture
def official():
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def portal(official):
    client = Client()
    client.force_login(official)
    return client


def keep(client, **changes):
    given = {"path": CAMERAS, "query": "state=operating", "name": "운영 중", **changes}
    return client.post(reverse("filter_keep"), given)


def test_a_condition_in_use_leads_to_the_list_without_it(portal):
    CameraFactory()
    page = portal.get(f"{CAMERAS}?state=operating&retention=maximum&page=1").content.decode()
    assert 'href="/portal/cameras/?retention=maximum"' in page
    assert 'href="/portal/cameras/?state=operating"' in page


def test_a_filter_is_kept_by_name_for_oneself_or_for_all(portal, official):
    assert keep(portal).url == f"{CAMERAS}?state=operating"
    keep(portal, query="state=planned")
    assert SavedFilter.objects.get().query == "state=planned", "the same name is the same filter"
    other = Client()
    other.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    assert "운영 중" not in other.get(CAMERAS).content.decode()
    keep(portal, is_shared="on")
    assert "운영 중" in other.get(CAMERAS).content.decode()
    kept = SavedFilter.objects.get()
    assert other.post(reverse("filter_forget", args=[kept.pk])).status_code == 404
    portal.post(reverse("filter_forget", args=[kept.pk]))
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("path", "name", "stored"),
    [
        ("https://elsewhere.example/", "x", 0),
        ("/nowhere/", "x", 0),
        (CAMERAS, "  ", 0),
        (CAMERAS, "가" * 99, 1),
    ],
)
def test_strange_filters(portal, path, name, stored):
    keep(portal, path=path, name=name)
    assert SavedFilter.objects.count() == stored


def test_nobody_keeps_a_filter_of_a_list_that_is_closed_to_them():
    client = Client()
    client.force_login(OfficerFactory(role=Role.MONITORING_AGENT))
    assert keep(client, path=reverse("ledger:entries")).status_code == 403


@pytest.mark.parametrize("order", ["state", "-retention_days", "site__road_address", "password", "-"])
def test_columns_sort_and_nonsense_does_not(portal, order):
    for days in (10, 30, 20):
        CameraFactory(retention_days=days)
    answer = portal.get(f"{CAMERAS}?order={order}&rows=25")
    assert answer.status_code == 200
    if order == "-retention_days":
        assert [camera.retention_days for camera, _ in answer.context["rows"]] == [30, 20, 10]
    assert answer.context["links"].page.paginator.per_page == 25


def test_as_many_queries_with_many_filters(portal, official):
    CameraFactory()
    portal.get(CAMERAS)
    counts = []
    for many in (1, 12):
        for number in range(many):
            keep(portal, name=f"{many}-{number}")
        with CaptureQueriesContext(connection) as queries:
            portal.get(CAMERAS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
