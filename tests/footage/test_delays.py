"""Lateness counts from when a file could be destroyed; the time before that is told by its cause."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from footage import destruction, folders, manifests, storages
from footage.delays import DECISION, HOLD, PERIOD, STORAGE, SWEEP, Hindrances, PeriodChange, Span
from footage.models import ManifestBlock, UnclaimedFolder
from footage.retention import DAY
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, HoldFactory

HOUR = DAY // 24


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def hours(microseconds) -> float:
    return round(microseconds / HOUR, 1)


def swept(now):
    """The sweep and what its only block says of the time beyond the period, in hours by cause."""
    result = destruction.sweep(now, actor="system:test")
    block = ManifestBlock.objects.get()
    assert manifests.verify(Entry.objects.get(sequence=result.ledger_entry)) == ""
    beyond = block.outcome["beyond"]
    return result, {cause: (files, hours(total)) for cause, (files, total, _) in beyond.items()}


def overdue(recorder, camera, now, **past):
    return recorder.write(
        camera.recording_key, now - timedelta(days=30) - recorder.segment - timedelta(**past)
    )


@pytest.mark.django_db
def test_a_file_that_nothing_kept_is_late_since_the_end_of_its_period(recorder, now):
    overdue(recorder, CameraFactory(), now, hours=5)
    result, beyond = swept(now)
    assert result.max_lateness_seconds == 5 * 3600
    assert (result.on_time, beyond) == (0, {SWEEP: (1, 5.0)})


@pytest.mark.django_db
def test_a_hold_is_no_lateness_and_the_time_after_its_release_is(recorder, now):
    camera, other = CameraFactory(), CameraFactory()
    overdue(recorder, camera, now, days=59)
    overdue(recorder, other, now, hours=3)
    HoldFactory(
        camera=camera,
        from_at=now - timedelta(days=100),
        until_at=now - timedelta(days=80),
        placed_at=now - timedelta(days=85),
        released_at=now - timedelta(hours=13, minutes=30),
    )
    # Released later, but of another time: it kept nothing here.
    HoldFactory(
        camera=camera,
        from_at=now - timedelta(days=9),
        until_at=now - timedelta(days=8),
        released_at=now - timedelta(hours=1),
    )
    result, beyond = swept(now)
    assert result.max_lateness_seconds == 13.5 * 3600
    assert beyond == {HOLD: (1, 59 * 24 - 13.5), SWEEP: (2, 16.5)}
    assert ManifestBlock.objects.get().outcome["beyond_margin"] == 0


@pytest.mark.django_db
def test_the_longer_period_before_it_was_shortened_is_no_lateness(recorder, now):
    camera = CameraFactory(retention_days=40)
    camera.history.update(history_date=now - timedelta(days=200))
    overdue(recorder, camera, now, days=6)
    camera.retention_days = 30
    camera._history_date = now - timedelta(seconds=20)
    camera.save()
    result, beyond = swept(now)
    assert (result.max_lateness_seconds, result.on_time) == (20, 1)
    assert beyond == {PERIOD: (1, 144.0)}


@pytest.mark.django_db
def test_nobody_could_destroy_what_waited_for_a_decision(recorder, now):
    recorder.write("nobody", now - timedelta(days=70))
    destruction.sweep(now, actor="system:test")
    folder = UnclaimedFolder.objects.get()
    folders.decide_destruction(folder, by=OfficerFactory(), reason="철거된 카메라로 추정")
    folders.confirm(folder, by=OfficerFactory())
    UnclaimedFolder.objects.update(
        first_seen_at=now - timedelta(days=70),
        decided_at=now - timedelta(days=4),
        confirmed_at=now - timedelta(hours=2),
    )
    result, beyond = swept(now)
    assert result.max_lateness_seconds == 2 * 3600
    assert set(beyond) == {DECISION, SWEEP}
    assert beyond[SWEEP] == (1, 2.0)


@pytest.mark.django_db
def test_a_disk_that_was_away_kept_its_files(recorder, now):
    overdue(recorder, CameraFactory(), now, days=10)
    recorder.storage.absent_since = now - timedelta(days=12)
    recorder.storage.save()
    storages.mark(recorder.storage, "")
    assert recorder.storage.returned_at >= now
    assert recorder.storage.last_absent_since == now - timedelta(days=12)
    recorder.storage.returned_at = now - timedelta(minutes=10)
    recorder.storage.save()
    result, beyond = swept(now)
    assert result.max_lateness_seconds == 600
    assert beyond == {STORAGE: (1, 239.8), SWEEP: (1, 0.2)}


@pytest.mark.django_db
def test_files_later_than_the_margin_are_counted_and_a_rehearsal_says_the_same(recorder, now):
    camera = CameraFactory()
    for days in (4, 6, 7):
        overdue(recorder, camera, now, days=days)
    HoldFactory(
        camera=camera,
        from_at=now - timedelta(days=38),
        until_at=now - timedelta(days=36, hours=12),
        placed_at=now - timedelta(days=20),
        released_at=now - timedelta(seconds=30),
    )
    rehearsed = destruction.sweep(now, dry_run=True, actor="system:test")
    result, beyond = swept(now)
    assert ManifestBlock.objects.get().outcome["beyond_margin"] == 1
    assert rehearsed.max_lateness_seconds == result.max_lateness_seconds == 6 * 86_400
    assert rehearsed.on_time == result.on_time == 1
    assert beyond[HOLD][0] == 1
    assert beyond[SWEEP] == (2, 240.0)


@pytest.mark.django_db
def test_what_is_done_the_minute_before_explains_that_minute(recorder, now):
    """Fifteen days overdue, then a hold that is placed and released at once: fifteen days too late."""
    held, ended, shortened, other = (CameraFactory() for _ in range(4))
    for camera in (held, ended, other):
        overdue(recorder, camera, now, days=15)
    holds = {"from_at": now - timedelta(days=90), "until_at": now}
    HoldFactory(
        camera=held, placed_at=now - timedelta(seconds=50), released_at=now - timedelta(seconds=5), **holds
    )
    HoldFactory(
        camera=ended, placed_at=now - timedelta(hours=2), released_at=now - timedelta(hours=1), **holds
    )
    shortened.history.update(history_date=now - timedelta(days=200))
    recorder.write(shortened.recording_key, now - timedelta(days=20) - recorder.segment)
    for days, back in ((14, 100 * 86_400), (30, 40), (14, 10)):
        shortened.retention_days = days
        shortened._history_date = now - timedelta(seconds=back)
        shortened.save()
    result, beyond = swept(now)
    assert result.destroyed == 4
    assert result.on_time == 0
    assert beyond == {SWEEP: (4, 3 * 360.0 - 1 + 144), HOLD: (1, 1.0)}
    outcome = ManifestBlock.objects.get().outcome
    assert (outcome["beyond_margin"], outcome["unlawful"]) == (4, 4)


@pytest.mark.django_db
def test_a_period_that_was_lengthened_hides_nothing(recorder, now):
    """Six days overdue under fourteen days, then thirty: within its period again, destroyed in time by it."""
    camera = CameraFactory(retention_days=14)
    camera.history.update(history_date=now - timedelta(days=200))
    recorder.write(camera.recording_key, now - timedelta(days=30) - recorder.segment - timedelta(seconds=20))
    camera.retention_days = 30
    camera._history_date = now - timedelta(days=10, seconds=20)
    camera.save()
    result, beyond = swept(now)
    assert (result.on_time, beyond) == (0, {SWEEP: (1, 144.0)})


@pytest.mark.django_db
def test_a_disk_that_was_away_for_an_hour_explains_an_hour(recorder, now):
    overdue(recorder, CameraFactory(), now, days=10)
    recorder.storage.last_absent_since = now - timedelta(hours=3)
    recorder.storage.returned_at = now - timedelta(hours=2)
    recorder.storage.save()
    assert swept(now)[1] == {SWEEP: (1, 239.0), STORAGE: (1, 1.0)}


@pytest.mark.django_db
def test_a_file_that_two_causes_kept_is_one_file(recorder, now):
    overdue(recorder, CameraFactory(), now, days=10)
    recorder.storage.last_absent_since = now - timedelta(days=9)
    recorder.storage.returned_at = now - timedelta(days=2)
    recorder.storage.save()
    assert swept(now)[1] == {SWEEP: (1, 72.0), STORAGE: (1, 168.0)}
    assert ManifestBlock.objects.get().outcome["unlawful"] == 1


periods = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 30)), max_size=4, unique_by=lambda one: one[0]
)
spans = st.lists(st.tuples(st.integers(-800, 500), st.integers(0, 400)), max_size=3)


@given(
    changes=periods,
    held=spans,
    days=st.integers(1, 30),
    end=st.integers(-800, 400),
    at=st.integers(400, 500),
)
def test_each_hour_beyond_the_period_has_one_cause(changes, held, days, end, at):
    """Against going hour by hour: was the file due under the period of that hour, was a hold in force?"""
    if end + 24 * days > at:
        return
    newest_first = [PeriodChange(hour * HOUR, before) for hour, before in sorted(changes, reverse=True)]
    holds = [Span(begun * HOUR, (begun + long) * HOUR, 0, end * HOUR + 1) for begun, long in held]
    holds = [hold._replace(from_us=-900 * HOUR) for hold in holds]
    found = Hindrances({1: holds}, {1: newest_first}, {}).beyond(
        1, (), -850 * HOUR, end * HOUR, (end + 24 * days) * HOUR, at * HOUR
    )

    def period_in(hour):
        later = [before for changed, before in sorted(changes) if changed > hour]
        return later[0] if later else days

    expected = {SWEEP: 0, HOLD: 0, PERIOD: 0}
    for hour in range(end, at):
        if hour >= end + 24 * period_in(hour):
            is_held = any(begun <= hour < begun + long for begun, long in held)
            expected[HOLD if is_held else SWEEP] += 1
        elif hour >= end + 24 * days:
            expected[PERIOD] += 1
    assert {cause: found.get(cause, 0) // HOUR for cause in expected} == expected
