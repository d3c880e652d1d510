"""Where and when: several places and ranges in one request, or a place and a radius; the quotas count the sum."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.roles import Role
from cameras.enums import CameraState
from cameras.models import Camera, Site
from cameras.whereabouts.bearings import Position
from footage import holds
from footage.errors import Refused
from footage.models import Hold
from ledger.models import Entry
from records.models import RequestedCamera, ViewingRequest
from records.viewing import (
    freezing,
    intake,
    keeping,
    limits,
    narrowing,
    persons,
    proof,
    requested,
    search_results,
    watch,
)
from records.viewing.asked import MOST_PARTS, AskedAround, AskedSite
from records.viewing.search_results import Finding
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.situations import application, confirmed, decided, looked_for, received
from tests.records.test_receiving import figure

pytestmark = pytest.mark.django_db
HERE = Position(37.55, 126.85)
NOW = timezone.now().replace(microsecond=0)
# A hundredth of a degree of latitude is some 1,100 m.
METRES = Decimal("0.00001")


def ago(hours: float):
    return NOW - timedelta(hours=hours)


def at(camera, first: float, last: float, **more) -> AskedSite:
    return AskedSite(camera.site, ago(first), ago(last), [camera], **more)


def around(radius: int = 100, first: float = 30, last: float = 29) -> AskedAround:
    return AskedAround(HERE, radius, "화곡역 3번 출구", ago(first), ago(last))


def stand(camera, metres_north: int) -> None:
    latitude = Decimal("37.55") + Decimal(metres_north) * METRES * Decimal("0.9")
    Site.objects.filter(pk=camera.site_id).update(latitude=latitude, longitude=Decimal("126.85"))


def spans(request) -> list:
    return [(line.camera_id, line.from_at, line.until_at) for line in request.cameras.all()]


def test_several_places_and_ranges_are_one_request_each_held(camera) -> None:
    other = CameraFactory()
    request = received(camera, parts=[at(camera, 30, 29), at(other, 50, 48), at(camera, 10, 9)])
    assert spans(request) == [
        (camera.pk, ago(30), ago(29)),
        (camera.pk, ago(10), ago(9)),
        (other.pk, ago(50), ago(48)),
    ]
    held = {(hold.camera_id, hold.from_at, hold.until_at) for hold in Hold.objects.all()}
    assert held == set(spans(request))
    assert {site.pk for site in request.sites} == {camera.site_id, other.site_id}


def test_ranges_that_overlap_or_touch_are_one(camera) -> None:
    request = received(camera, parts=[at(camera, 30, 28), at(camera, 29, 27), at(camera, 27, 26)])
    assert spans(request) == [(camera.pk, ago(30), ago(26))]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(29, 30, "more-0-until_at"), (30, 30, "more-0-until_at"), (1, -5, "more-0-until_at")],
)
def test_what_cannot_have_been_filmed_is_said_at_its_own_part(first, last, field, camera) -> None:
    with pytest.raises(ValidationError) as refused:
        received(camera, parts=[at(camera, 30, 29), at(camera, first, last)])
    assert set(refused.value.message_dict) == {field}
    assert not Hold.objects.exists()


def test_nothing_and_too_much_are_refused_in_words(camera) -> None:
    for parts in ([], [at(camera, 30, 29)] * (MOST_PARTS + 1)):
        with pytest.raises(ValidationError) as refused:
            received(camera, parts=parts)
        assert "cameras" in refused.value.message_dict
    assert not ViewingRequest.objects.exists()


def test_a_camera_of_another_place_is_refused(camera) -> None:
    other = CameraFactory()
    with pytest.raises(ValidationError) as refused:
        received(camera, parts=[AskedSite(camera.site, ago(3), ago(2), [other])])
    assert "cameras" in refused.value.message_dict


def test_whoever_knows_only_the_place_asks_for_every_camera_there(camera) -> None:
    near, removed, far, planned = camera, CameraFactory(), CameraFactory(), CameraFactory()
    Camera.objects.filter(pk=removed.pk).update(state=CameraState.REMOVED)
    Camera.objects.filter(pk=planned.pk).update(state=CameraState.PLANNED)
    for each, metres in ((near, 0), (removed, 90), (far, 130), (planned, 10)):
        stand(each, metres)
    request = received(camera, parts=[around(100)])
    assert {line.camera_id for line in request.cameras.all()} == {near.pk, removed.pk}
    place = request.places.get()
    assert (place.words, place.radius_metres) == ("화곡역 3번 출구", 100)
    assert {line.place_id for line in request.cameras.all()} == {place.pk}
    assert Hold.objects.count() == 2


def test_where_no_camera_stands_it_is_received_and_answered_all_the_same(camera) -> None:
    stand(camera, 1_000)
    request = received(camera, parts=[around()])
    assert (request.cameras.count(), request.needs_hold) == (0, False)
    assert intake.due_of(request).is_open
    assert keeping.of(request, timezone.localdate()).why == keeping.Why.UNDECIDED


@pytest.mark.parametrize("radius", [0, -5, 201, 10**9])
def test_the_radius_has_its_limit(radius, camera) -> None:
    with pytest.raises(ValidationError) as refused:
        received(camera, parts=[around(radius)])
    assert set(refused.value.message_dict) == {"radius"}


def test_the_limits_count_the_sum_and_each_range_keeps_its_first_part(camera) -> None:
    figure("viewing_request_max_cameras", 1)
    figure("viewing_request_max_hours", 3)
    other = CameraFactory()
    request = received(camera, parts=[at(camera, 40, 38), at(other, 30, 26)])
    assert request.needs_hold
    watch.run(request.holds_lapse_at)
    kept = Hold.objects.filter(released_at__isnull=True).order_by("camera_id")
    assert [(hold.from_at, hold.until_at) for hold in kept] == [(ago(40), ago(39)), (ago(30), ago(28))]
    assert limits.held_hours() == 3


def test_the_quota_counts_a_radius(camera) -> None:
    figure("viewing_request_household_hours", 4)
    figure("viewing_request_max_hours", 4)
    for ordinal in range(2, 7):
        CameraFactory(site=camera.site, ordinal=ordinal)
    stand(camera, 0)
    got = intake.receive(application(camera, parts=[around()]))
    assert (got.frozen_hours, got.request.needs_hold) == (6, True)


def test_no_time_that_is_shown_is_reckoned_from_cameras_that_are_told_to_nobody(camera) -> None:
    """Whoever knows the limits could else reckon back how many there are."""
    figure("viewing_request_household_hours", 4)
    figure("viewing_request_max_hours", 4)
    others = [CameraFactory(site=camera.site, ordinal=ordinal) for ordinal in range(2, 8)]
    stand(camera, 0)
    hidden = Camera.objects.filter(pk__in=[each.pk for each in others[:3]])
    hidden.update(is_sign_exempt=True)
    day = {"parts": [around(100, 54, 30)]}
    got = intake.receive(application(camera, **day))
    ends = {line.fits_until_at for line in got.request.cameras.told()}
    assert (ends, got.frozen_hours) == ({ago(53)}, 96)
    held = got.request.cameras.filter(camera__in=hidden).select_related("hold")
    assert len(held) == 3
    assert all(line.hold for line in held)
    hidden.update(state=CameraState.PLANNED)
    again = intake.receive(application(camera, **day))
    assert {line.fits_until_at for line in again.request.cameras.all()} == ends
    assert again.frozen_hours == got.frozen_hours


def test_the_exempt_cameras_of_a_place_count_as_one(camera) -> None:
    for ordinal in range(2, 5):
        CameraFactory(site=camera.site, ordinal=ordinal)
    Camera.objects.update(is_sign_exempt=True)
    got = intake.receive(application(camera, parts=[AskedSite(camera.site, ago(10), ago(8))]))
    assert (got.frozen_hours, Hold.objects.count()) == (2, 4)


def test_what_is_told_names_no_exempt_camera_and_not_how_many_they_are(camera, manager) -> None:
    for ordinal in range(2, 5):
        CameraFactory(site=camera.site, ordinal=ordinal)
    Camera.objects.update(is_sign_exempt=True)
    request = confirmed(camera, manager, parts=[AskedSite(camera.site, ago(10), ago(8))])
    looked_for(request, manager)
    found = {line.pk: Finding("not_recorded", "녹화기에 없음") for line in request.cameras.all()}
    search_results.confirm(request, found, by=manager)
    assert search_results.proof_of(search_results.not_there(request)) == "카메라: 영상 없음(녹화되지 않음)."
    drafted = proof.draft(request)
    assert drafted.count("카메라") == 1
    decided(request, manager, outcome="not_existing", reason="없음", proof=drafted)
    assert camera.number not in request.decisions.get().proof


def test_the_place_goes_with_the_person(camera) -> None:
    stand(camera, 0)
    request = received(camera, parts=[around()])
    ViewingRequest.objects.update(state="notified")
    request.moves.update(at=timezone.now() - timedelta(days=2_000))
    assert persons.erase(timezone.now()) == 1
    place = request.places.get()
    assert (place.words, place.position, place.radius_metres) == ("", "", 100)


# -- the office narrows down


@pytest.fixture
def two_around(camera):
    stand(camera, 0)
    CameraFactory(site=camera.site, ordinal=2)
    return received(camera, parts=[around()])


def test_what_has_nothing_to_do_with_it_is_dropped_by_one_and_let_go_by_another(two_around, manager) -> None:
    clerk, line = OfficerFactory(role=Role.OFFICIAL), two_around.cameras.first()
    narrowing.drop(line, "골목의 반대쪽을 찍음", by=clerk)
    line.refresh_from_db()
    assert line.hold.released_at is None
    for alone in (narrowing.let_go, lambda line, by: holds.release(line.hold, reason="끝", by=by)):
        with pytest.raises((ValidationError, Refused), match="다른 사람"):
            alone(line, by=clerk)
    narrowing.let_go(line, by=manager)
    assert Hold.objects.filter(released_at__isnull=True).count() == 1
    line.refresh_from_db()
    assert "뺐습니다" in keeping.of_camera(line, keeping.of(two_around, timezone.localdate()))
    kinds = Entry.objects.filter(kind__startswith="records.viewing_range").values_list("kind", flat=True)
    assert set(kinds) == {"records.viewing_range_dropped", "records.viewing_range_released"}
    assert "골목" not in str(list(Entry.objects.values_list("payload", flat=True)))


def test_what_was_set_aside_in_the_database_alone_stays(two_around, manager) -> None:
    line = two_around.cameras.first()
    clerk = OfficerFactory(role=Role.OFFICIAL)
    RequestedCamera.objects.filter(pk=line.pk).update(
        dropped_at=timezone.now(), dropped_by=clerk, drop_reason="몰래"
    )
    line.refresh_from_db()
    for way in (
        lambda: narrowing.let_go(line, by=manager),
        lambda: holds.release(line.hold, reason="끝", by=None, actor="command:release_hold"),
    ):
        with pytest.raises((ValidationError, Refused), match="원장과 다릅니다"):
            way()
    assert Hold.objects.filter(released_at__isnull=True).count() == 2


def test_what_is_dropped_can_be_taken_back_and_held_anew(two_around, manager) -> None:
    line = two_around.cameras.first()
    narrowing.drop(line, "관계없음", by=OfficerFactory(role=Role.OFFICIAL))
    narrowing.let_go(RequestedCamera.objects.get(pk=line.pk), by=manager)
    narrowing.take_back(line, by=manager)
    assert freezing.freeze_by_officer(two_around, by=manager) == 1
    assert Hold.objects.filter(released_at__isnull=True).count() == 2


def test_what_cannot_be_dropped(two_around, camera, manager) -> None:
    first, last = two_around.cameras.all()
    with pytest.raises(ValidationError, match="사유"):
        narrowing.drop(first, " ", by=manager)
    narrowing.drop(first, "관계없음", by=manager)
    with pytest.raises(ValidationError, match="마지막"):
        narrowing.drop(last, "관계없음", by=manager)
    with pytest.raises(ValidationError, match="이미 뺀"):
        narrowing.drop(first, "관계없음", by=manager)
    with pytest.raises(ValidationError, match="청구인이 고른"):
        narrowing.drop(received(camera).cameras.get(), "관계없음", by=manager)
    ViewingRequest.objects.filter(pk=two_around.pk).update(state="decided")
    with pytest.raises(ValidationError, match="결정한 뒤"):
        narrowing.take_back(RequestedCamera.objects.get(pk=first.pk), by=manager)
    assert Hold.objects.filter(released_at__isnull=False).count() == 0


def test_what_an_officer_adds_is_held_and_nothing_twice(camera, manager) -> None:
    request, other = received(camera, parts=[at(camera, 30, 28)]), CameraFactory()
    requested.add(request, at(other, 30, 28), by=manager)
    assert Hold.objects.filter(released_at__isnull=True).count() == 2
    for part, words in ((at(camera, 29, 28), "더할 것이 없습니다"), (at(camera, 29, 20), "일부가 겹칩니다")):
        with pytest.raises(ValidationError, match=words):
            requested.add(request, part, by=manager)
    with pytest.raises(ValidationError, match="뒤여야"):
        requested.add(request, at(other, 3, 4), by=manager)
    assert request.cameras.count() == 2


def test_a_range_that_ends_before_it_begins_cannot_be_stored(camera) -> None:
    line = received(camera).cameras.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestedCamera.objects.filter(pk=line.pk).update(until_at=line.from_at)
