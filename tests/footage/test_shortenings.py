"""A shorter period destroys what is there already only at the word of a second person."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cameras import bulk_change, editing
from cameras.models import Camera
from cameras.register import import_file
from footage import destruction, proofs, shortenings
from footage.errors import Refused
from footage.models import CameraClaim, ManifestBlock, ShortenedCamera, Shortening
from footage.retention import spans
from footage.scan import scan
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import as_csv, row
from tests.footage.factories import CameraFactory

pytestmark = pytest.mark.django_db


def by_form(camera, days, by):
    editing.change_camera(camera, {"retention_days": days}, by=by, reason="최소 기간")


def in_bulk(camera, days, by):
    bulk_change.bulk_change(
        Camera.objects.filter(pk=camera.pk), {"retention_days": days}, by=by, reason="최소 기간"
    )


def by_an_act(camera, days, by):
    bulk_change.write([camera.pk], {"retention_days": days}, by=by, reason="목적 변경")


def sweep():
    return destruction.sweep(timezone.now(), actor="system:test").destroyed


def write(recorder, camera, **ago):
    return recorder.write(camera.recording_key, timezone.now() - timedelta(**ago))


@pytest.mark.parametrize("shorten", [by_form, in_bulk, by_an_act])
def test_one_person_alone_destroys_nothing_by_a_shorter_period(recorder, shorten):
    camera, first, second = CameraFactory(), OfficerFactory(), OfficerFactory()
    write(recorder, camera, days=31)
    write(recorder, camera, days=20)
    scan()
    shorten(camera, 1, first)
    assert sweep() == 1  # what was due before
    made = Shortening.objects.get()
    assert str(shortenings.footage_of(made))
    with pytest.raises(Refused, match="다른 사람"):
        shortenings.confirm(made, by=first)
    assert sweep() == 0
    shortenings.confirm(made, by=second)
    with pytest.raises(Refused, match="이미"):
        shortenings.confirm(made, by=second)
    assert sweep() == 1
    lines = Entry.objects.of_kind(shortenings.MADE, shortenings.CONFIRMED).order_by("sequence")
    assert [line.actor for line in lines] == [f"officer:{first.pk}", f"officer:{second.pk}"]
    assert lines[0].content["periods"] == ["30일 → 1일: 1대"]


def test_a_file_that_is_imported_shortens_in_the_same_way(tmp_path):
    officer = OfficerFactory()
    for days in ("30", "30", "15"):
        table = [row(카메라대수="2", 보관일수=days)]
        import_file(as_csv(tmp_path / "in.csv", table), actor=f"officer:{officer.pk}")
    made = Shortening.objects.get()
    assert (made.by, made.cameras.count(), made.confirmed_at) == (officer, 2, None)
    assert Entry.objects.get(kind=shortenings.MADE).content["periods"] == ["30일 → 15일: 2대"]


def test_what_is_recorded_since_follows_the_new_period_and_nothing_stays_beyond_the_former(recorder):
    camera = CameraFactory()
    by_form(camera, 5, OfficerFactory())
    old = write(recorder, camera, days=1)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        new = write(recorder, camera, days=1)
        assert sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert sweep() == 1
        assert old.exists()
        assert not new.exists()
    with time_machine.travel(timezone.now() + timedelta(days=29, hours=1)):
        assert sweep() == 1
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        assert not shortenings.open_ones().exists()


def test_a_longer_period_needs_nobody(recorder):
    camera = CameraFactory(retention_days=10)
    by_form(camera, 30, OfficerFactory())
    in_bulk(CameraFactory(retention_days=10), 10, OfficerFactory())
    assert not Shortening.objects.exists()


def test_a_former_key_keeps_the_former_period(recorder):
    camera = CameraFactory(recording_key="new")
    CameraClaim.objects.create(camera=camera, key="old", until_at=timezone.now(), is_former_key=True)
    recorder.write("old", timezone.now() - timedelta(days=20))
    by_form(camera, 1, OfficerFactory())
    assert sweep() == 0


def test_the_time_until_the_second_word_is_no_lateness_and_the_time_after_it_is(recorder):
    camera = CameraFactory()
    write(recorder, camera, days=20)
    by_form(camera, 1, OfficerFactory())
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        shortenings.confirm(Shortening.objects.get(), by=OfficerFactory())
        camera.history.update(history_date=timezone.now() - timedelta(hours=5))
    with time_machine.travel(timezone.now() + timedelta(hours=8)):
        sweep()
        beyond = ManifestBlock.objects.get().outcome["beyond"]
        assert round(beyond["sweep"][1] / 3_600_000_000) == 3


def test_proofs_and_the_assessment_count_by_the_period_that_applied(recorder):
    camera = CameraFactory()
    Camera.history.update(history_date=timezone.now() - timedelta(days=50))
    write(recorder, camera, days=20)
    write(recorder, camera, hours=2)
    by_form(camera, 5, OfficerFactory())
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        scan()
        assert proofs.prove() == {"in_order": 1}
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        scan()
        assert proofs.prove() == {"in_order": 1}
    # What was recorded since is overdue by the new one, whatever older footage may stay.
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        write(recorder, camera, hours=1)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        scan()
        assert proofs.prove() == {"not_in_order": 1}


def test_what_is_confirmed_in_the_database_alone_shows(recorder):
    camera, first = CameraFactory(), OfficerFactory()
    by_form(camera, 5, first)
    assert not [one for one in shortenings.check_all() if one]
    Shortening.objects.update(confirmed_at=timezone.now(), confirmed_by=OfficerFactory())
    assert [one for one in shortenings.check_all() if one]
    Shortening.objects.update(confirmed_at=None, confirmed_by=None)
    ShortenedCamera.objects.update(days_before=6)
    assert [one for one in shortenings.check_all() if one]


@pytest.mark.parametrize(
    ("days", "shorter", "expected"),
    [
        (5, [], [(None, None, 5)]),
        (5, [(10, 30)], [(None, 10, 30), (10, None, 5)]),
        (5, [(10, 30), (20, 10)], [(None, 10, 30), (10, 20, 10), (20, None, 5)]),
        (30, [(10, 20)], [(None, 10, 30), (10, None, 30)]),
        (5, [(10, 7), (10, 30)], [(None, 10, 30), (10, None, 5)]),
    ],
)
def test_spans_of_starts(days, shorter, expected):
    assert spans(days, shorter) == expected
