"""Lists: order, pages from both ends, two queries whatever the number, search by number and address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cameras import listing
from cameras.enums import CameraState
from cameras.listing import GAPS, CameraPaginator, search
from cameras.models import Camera
from tests.cameras.factories import CameraFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cameras():
    """Two places with twelve and three cameras."""
    first = SiteFactory(
        number="A-9", road_address="서울특별시 강서구 화곡로 302", lot_address="화곡동 980-16"
    )
    second = SiteFactory(number="A-10", road_address="서울특별시 강서구 공항대로 1 (마곡동)")
    return [CameraFactory(site=first) for _ in range(12)] + [CameraFactory(site=second) for _ in range(3)]


def numbers(page):
    return [camera.number for camera in page.object_list]


def test_order_is_as_people_count(cameras):
    found = [camera.number for camera in Camera.objects.all()]
    assert found == [f"A-9-{n}" for n in range(1, 13)] + [f"A-10-{n}" for n in range(1, 4)]


@pytest.mark.parametrize("window", [3, 2_000])
def test_pages_from_both_ends(cameras, monkeypatch, window):
    monkeypatch.setattr(listing, "WINDOW", window)
    paginator = CameraPaginator(Camera.objects.all(), 4)

    assert (paginator.count, paginator.num_pages) == (15, 4)
    assert numbers(paginator.page(1)) == ["A-9-1", "A-9-2", "A-9-3", "A-9-4"]
    assert numbers(paginator.page(2)) == ["A-9-5", "A-9-6", "A-9-7", "A-9-8"]
    assert numbers(paginator.page(3)) == ["A-9-9", "A-9-10", "A-9-11", "A-9-12"]
    assert numbers(paginator.page(4)) == ["A-10-1", "A-10-2", "A-10-3"]
    assert numbers(CameraPaginator(Camera.objects.order_by("-sort_key"), 4).page(1))[0] == "A-10-3"


@pytest.mark.parametrize("filters", [{}, {"retention_days": 30}, {"site__institution__name": "none"}])
def test_the_number_of_queries_is_the_same_for_one_and_many(monkeypatch, filters):
    monkeypatch.setattr(listing, "WINDOW", 10)
    site = SiteFactory()
    CameraFactory(site=site)
    counts = set()
    for more in (0, 40):
        for _ in range(more):
            CameraFactory(site=site, with_papers=True)
        for page in (1, "last"):
            with CaptureQueriesContext(connection) as queries:
                paginator = CameraPaginator(Camera.objects.filter(**filters), 5)
                for camera in paginator.get_page(paginator.num_pages if page == "last" else 1).object_list:
                    str(camera.site.institution), str(camera.installing_department)
            counts.add(len(queries))
    assert max(counts) <= 2
    if filters != {"site__institution__name": "none"}:
        assert counts == {2}


def test_a_page_without_rows(cameras):
    paginator = CameraPaginator(Camera.objects.filter(retention_days=1), 5)
    assert (paginator.count, paginator.num_pages, numbers(paginator.page(1))) == (0, 1, [])
    assert numbers(CameraPaginator(Camera.objects.none(), 5).page(1)) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("화곡로 302", 12),
        ("화곡", 12),
        ("마곡", 3),  # after a bracket
        ("강서구", 15),
        ("곡로", 0),  # a short word begins a word
        ("화곡로", 12),
        ("980-16", 12),
        ("a-9", 12),
        ("A-9-12", 1),
        ("A-10-2", 1),
        ("공항대로 1", 3),
        ("없는곳", 0),
        ("%", 0),
        ("__", 0),
        ("'; --", 0),
        ("", 15),
        ("\0", 15),
    ],
)
def test_search(cameras, text, count):
    assert search(Camera.objects.all(), text).count() == count


def test_search_keeps_filters_and_finds_decomposed_hangul(cameras):
    import unicodedata

    Camera.objects.filter(ordinal=2).update(retention_days=7)
    found = search(Camera.objects.filter(retention_days=7), unicodedata.normalize("NFD", "화곡로"))
    assert [camera.number for camera in found] == ["A-9-2"]


def test_a_search_that_fits_too_much_says_so(cameras, monkeypatch):
    monkeypatch.setattr(listing, "SEARCH_SITES", 1)
    paginator = CameraPaginator(search(Camera.objects.in_order(), "강서구").filter(retention_days=30), 3)

    assert (paginator.count, paginator.is_cut_off) == (12, True)
    assert numbers(paginator.page(4)) == ["A-9-10", "A-9-11", "A-9-12"]
    assert not CameraPaginator(search(Camera.objects.in_order(), "마곡"), 3).is_cut_off


def test_gaps_name_what_is_missing():
    whole = CameraFactory(with_papers=True)
    bare = CameraFactory()
    found = {code: set(getattr(Camera.objects.all(), method)()) for code, (_, method) in GAPS.items()}
    assert found == {
        "any": {bare},
        "department": {bare},
        "audio": {bare},
        "link": {bare},
    }
    assert whole not in found["any"]


def test_who_is_shown_where():
    standing = CameraFactory()
    paused = CameraFactory(state=CameraState.SUSPENDED)
    exempt = CameraFactory(exempt=True)
    planned = CameraFactory(planned=True)
    removed = CameraFactory(removed=True)
    assert set(Camera.objects.public()) == {standing}
    assert set(Camera.objects.in_dataset()) == {standing, paused}
    assert set(Camera.objects.not_removed()) == {standing, paused, exempt, planned}
    assert set(Camera.objects.claiming(removed.number)) == {removed}


def test_a_number_of_a_matter_is_no_number_of_a_camera():
    site = SiteFactory(number="L2026-001")
    third = [CameraFactory(site=site) for _ in range(3)][-1]
    assert not search(Camera.objects.all(), "2026-003").exists()
    assert list(search(Camera.objects.all(), "L2026-001-3")) == [third]
