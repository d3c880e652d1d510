"""Lateness counts from when a file could be destroyed; the time before that is told by its cause."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from footage import destruction, folders, manifests, storages
from footage.delays import DECISION, HOLD, PERIOD, STORAGE, SWEEP, Hindrances, Shortening
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
    folders.confirm_destruction(folder, by=OfficerFactory())
    UnclaimedFolder.objects.update(decided_at=now - timedelta(days=4), confirmed_at=now - timedelta(hours=2))
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
        released_at=now - timedelta(seconds=30),
    )
    rehearsed = destruction.sweep(now, dry_run=True, actor="system:test")
    result, beyond = swept(now)
    assert ManifestBlock.objects.get().outcome["beyond_margin"] == 1
    assert rehearsed.max_lateness_seconds == result.max_lateness_seconds == 6 * 86_400
    assert rehearsed.on_time == result.on_time == 1
    assert beyond[HOLD][0] == 1
    assert beyond[SWEEP] == (2, 240.0)


periods = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 30)), max_size=4, unique_by=lambda one: one[0]
)


@given(changes=periods, days=st.integers(1, 30), end=st.integers(-800, 400), at=st.integers(400, 500))
def test_since_when_a_file_has_been_due_without_a_break(changes, days, end, at):
    """Against going back hour by hour: was the file due under the period of that hour?"""
    newest_first = sorted(changes, reverse=True)
    found = Hindrances(
        {}, {1: [Shortening(hour * HOUR, before) for hour, before in newest_first]}, {}, 0
    ).free(1, (), 0, end * HOUR, (end + 24 * days) * HOUR)[0]

    def period_in(hour):
        later = [before for changed, before in sorted(changes) if changed > hour]
        return later[0] if later else days

    if end + 24 * days > at:
        return
    hour = at
    while hour > -900 and end + 24 * period_in(hour - 1) <= hour - 1:
        hour -= 1
    # A period that was lengthened at the very hour makes no file late before the end of its own.
    assert found == max(hour, end + 24 * days) * HOUR
