"""The typesetter that stays: used again, replaced when it fails, never in the way, and the same bytes."""

import datetime as dt

import pytest
from django.utils import timezone

from reports import pdf, standby

PAGE = "<html lang='ko'><head><title>쪽</title></head><body><p>가나다 {}</p></body></html>"
CREATED = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _nobody_stays():
    standby.give_up()
    yield
    standby.give_up()


def job(folder, number=1):
    return pdf.Job(PAGE.format(number), folder / f"{number}.pdf", CREATED)


def test_the_next_sheet_is_set_by_the_same_process(tmp_path):
    standby.print_one(job(tmp_path, 1))
    kept = standby._Kept.process
    assert standby.print_one(job(tmp_path, 2)).pages == 1
    assert standby._Kept.process is kept


def test_the_bytes_are_those_of_a_process_of_its_own(tmp_path):
    (tmp_path / "own").mkdir()
    standby.print_one(job(tmp_path, 2))
    standby.print_one(job(tmp_path))
    with pdf.Pressroom(1) as pressroom:
        pressroom.print_all([job(tmp_path / "own")])
    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "own" / "1.pdf").read_bytes()


def test_a_process_that_died_or_failed_is_replaced(tmp_path):
    standby.print_one(job(tmp_path))
    first = standby._Kept.process
    first.kill()
    first.wait()
    assert standby.print_one(job(tmp_path)).pages == 1
    with pytest.raises(pdf.TypesettingFailed):
        standby.print_one(job(tmp_path / "no such folder"))
    assert standby._Kept.process is None
    assert standby.print_one(job(tmp_path)).pages == 1


@pytest.mark.parametrize(("limit", "value"), [("MOST_JOBS", 1), ("MOST_GROWTH_KIB", -1)])
def test_it_is_given_up_before_it_grows(tmp_path, monkeypatch, limit, value):
    monkeypatch.setattr(standby, limit, value)
    standby.print_one(job(tmp_path))
    assert standby._Kept.process is None


def test_nobody_waits_for_a_busy_one_and_an_idle_one_ends(tmp_path, monkeypatch):
    with standby._lock:
        assert standby.print_one(job(tmp_path)).pages == 1
    assert standby._Kept.process is None
    monkeypatch.setattr(standby, "IDLE_SECONDS", 0.01)
    standby.print_one(job(tmp_path))
    until = timezone.now() + dt.timedelta(seconds=30)
    while standby._Kept.process is not None and timezone.now() < until:
        standby._Kept.timer and standby._Kept.timer.join(0.1)
    assert standby._Kept.process is None
