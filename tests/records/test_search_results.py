"""영상 확인: what there is of each camera and range; nothing against a record, and what is not there is no refusal."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from footage import destruction, scan
from footage.models import FootageDay, Storage
from ledger.models import Entry
from ordinance.models import Ground
from records.models import SearchResult, ViewingRequest
from records.viewing import decisions, keeping, notices, persons, proof, search_results
from records.viewing.asked import AskedSite
from records.viewing.search_results import Finding
from tests.footage.factories import CameraFactory, Recorder
from tests.records.situations import (
    confirmed,
    decided,
    letter,
    looked_for,
    objected,
    received,
    viewing_letter,
)

pytestmark = pytest.mark.django_db


def seen(line) -> None:
    """As a scan saw it: an unbroken recording of the range."""
    storage = Storage.objects.first() or Storage.objects.create(
        name="저장소", root="/nowhere", layout="frigate"
    )
    FootageDay.objects.create(
        storage=storage, camera=line.camera, on=timezone.localdate(line.from_at), segments=6,
        first_at=line.from_at - timedelta(hours=1), last_at=line.until_at, scanned_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def two(camera, manager):
    """One camera with footage, one of which an officer found nothing at the recorder."""
    other = CameraFactory()
    until = timezone.now().replace(hour=3, minute=0, second=0, microsecond=0) - timedelta(days=2)
    parts = [AskedSite(each.site, until - timedelta(hours=1), until, [each]) for each in (camera, other)]
    request = confirmed(camera, manager, parts=parts)
    there, gone = request.cameras.order_by("camera_id")
    seen(there)
    looked_for(request, manager)
    return request, there, gone


def test_what_is_there_and_what_is_not_is_confirmed_row_by_row(two, manager) -> None:
    request, there, gone = two
    found = {there.pk: Finding("found"), gone.pk: Finding("not_recorded")}
    search_results.confirm(request, found, by=manager)
    latest = search_results.latest(request)
    assert (latest[there.pk].is_there, latest[gone.pk].is_there) == (True, False)
    payload = json.loads(Entry.objects.get(kind="records.viewing_searched").payload)
    assert [outcome for _number, outcome in payload["results"]] == ["found", "not_recorded"]
    assert request.moves.filter(event="search").count() == 1


def test_nothing_is_promised_of_footage_that_is_told_not_to_be_there(two, manager) -> None:
    request, there, gone = two

    def said() -> list[str]:
        lines = list(request.cameras.select_related("camera", "hold", "request").order_by("camera_id"))
        return keeping.of_cameras(request, lines, keeping.of(request, timezone.localdate()))

    assert all("영상이 있으면" in each or "영상을 확보하면" in each for each in said())
    before = said()
    search_results.confirm(
        request, {there.pk: Finding("found"), gone.pk: Finding("not_recorded")}, by=manager
    )
    assert said() == before, "what no letter told is told by no other sentence"
    request.refresh_from_db()
    decided(request, manager)
    assert said() == before
    notices.notify(request, viewing_letter(), by=manager)
    request = ViewingRequest.objects.get(pk=request.pk)
    kept, missing = said()
    assert kept.startswith("열람하실 때까지")
    assert "없다고 알려 드렸" in missing
    assert "파기하지 않습니다" not in missing


def test_who_was_told_that_there_is_none_may_object_without_a_promise(camera, manager) -> None:
    request = looked_for(confirmed(camera, manager), manager)
    proof_of = proof.draft(request)
    decided(request, manager, outcome="not_existing", reason="녹화되지 않음", proof=proof_of)
    notices.notify(request, letter(way="hand"), by=manager)
    objected(request, manager)
    request = ViewingRequest.objects.get(pk=request.pk)
    kept = keeping.of(request, timezone.localdate())
    assert kept.why == keeping.Why.REMEDY
    assert (
        keeping.of_camera(request.cameras.get(), kept)
        == "영상이 없다고 알려 드렸으므로 보관하는 영상이 없습니다."
    )


def test_what_was_destroyed_names_the_line_of_the_ledger(camera, manager, tmp_path: Path) -> None:
    recorder, now = Recorder(tmp_path / "nvr"), timezone.now().replace(microsecond=0)
    edge = now - timedelta(days=31)
    recorder.write(camera.recording_key, edge - timedelta(minutes=40))
    destruction.sweep(now, actor="system:test")
    for storage in Storage.objects.all():
        scan.scan(storage)
    request = received(camera, from_at=edge - timedelta(hours=1), until_at=edge, channel="visit")
    looked_for(request, manager)
    line = request.cameras.get()
    assert search_results.suggested(proof.record_of(line)) == "destroyed"
    (result,) = search_results.confirm(request, {line.pk: Finding("destroyed")}, by=manager)
    assert (result.destroyed_files, len(result.ledger_entries)) == (1, 1)
    assert "원장" in result.record


@pytest.mark.parametrize(
    ("which", "finding", "words"),
    [
        ("there", Finding("destroyed"), "파기한 기록이 없습니다"),
        ("there", Finding("not_recorded", "못 찾음"), "파기한 기록이 없습니다"),
        ("gone", Finding("destroyed", "지워짐"), "파기한 기록이 없습니다"),
        ("gone", Finding("found"), "까닭"),
        ("gone", Finding("lost"), "고르십시오"),
    ],
)
def test_nothing_is_confirmed_against_a_record(which, finding, words, two, manager) -> None:
    request, there, gone = two
    line = there if which == "there" else gone
    with pytest.raises(ValidationError, match=words):
        search_results.confirm(request, {line.pk: finding}, by=manager)
    assert not SearchResult.objects.exists()


def test_what_nobody_looked_for_is_not_missing(camera, manager) -> None:
    request = confirmed(camera, manager)
    with pytest.raises(ValidationError, match="녹화기"):
        search_results.confirm(
            request, {request.cameras.get().pk: Finding("not_recorded", "없음")}, by=manager
        )


def test_rows_of_another_request_are_refused(two, camera, manager) -> None:
    request = received(camera)
    with pytest.raises(ValidationError, match="확인한 카메라가 없습니다"):
        search_results.confirm(request, {two[1].pk: Finding("found")}, by=manager)
    with pytest.raises(ValidationError, match="확인한 카메라가 없습니다"):
        search_results.confirm(request, {}, by=manager)


def test_what_is_not_there_is_told_with_its_proof_beside_what_is_granted(two, manager) -> None:
    request, there, gone = two
    search_results.confirm(
        request, {there.pk: Finding("found"), gone.pk: Finding("not_recorded")}, by=manager
    )
    decided(request, manager)
    proof_told = request.decisions.get().proof
    assert gone.camera.number in proof_told
    assert "녹화되지 않음" in proof_told
    assert there.camera.number not in proof_told


def test_where_nothing_is_there_it_is_no_refusal(camera, manager) -> None:
    request = looked_for(confirmed(camera, manager), manager)
    line = request.cameras.get()
    search_results.confirm(request, {line.pk: Finding("not_recorded")}, by=manager)
    national = Ground.objects.get(layer="pipa35", item="1")
    with pytest.raises(ValidationError, match="거절하지도"):
        decided(request, manager, outcome="refused", reason="금지", national_ground=national)
    with pytest.raises(ValidationError, match="거절하지도"):
        decided(request, manager)
    decided(request, manager, outcome="not_existing", reason="녹화되지 않음", proof=proof.draft(request))
    assert ViewingRequest.objects.get(pk=request.pk).state == "decided"


def test_nobody_is_told_that_there_is_none_of_what_was_found(two, manager) -> None:
    request, there, _gone = two
    FootageDay.objects.all().delete()
    search_results.confirm(request, {there.pk: Finding("found", "녹화기에서 봄")}, by=manager)
    answer = decisions.Answer("viewing", "not_existing", reason="없음", proof="없음")
    with pytest.raises(ValidationError, match="있다고 확인한"):
        decisions.decide(request, [answer], by=manager)


def test_after_the_decision_nothing_is_searched_and_the_last_result_counts(two, manager) -> None:
    request, there, gone = two
    search_results.confirm(request, {gone.pk: Finding("not_recorded")}, by=manager)
    search_results.confirm(request, {gone.pk: Finding("found", "다른 녹화기에서 찾음")}, by=manager)
    assert search_results.latest(request)[gone.pk].is_there
    assert SearchResult.objects.count() == 2
    decided(request, manager)
    with pytest.raises(ValidationError, match="할 수 없습니다"):
        search_results.confirm(request, {there.pk: Finding("found")}, by=manager)


def test_what_an_officer_wrote_goes_with_the_person(two, manager) -> None:
    request, _there, gone = two
    search_results.confirm(request, {gone.pk: Finding("found", "다른 곳에서 찾음")}, by=manager)
    ViewingRequest.objects.update(state="notified")
    request.moves.update(at=timezone.now() - timedelta(days=2_000))
    persons.erase(timezone.now())
    assert SearchResult.objects.get().note == ""


def test_what_was_found_at_the_recorder_is_written_down_once(camera, manager) -> None:
    """Of a range that no storage has seen, the result and what was done at the recorder are one fact."""
    request = confirmed(camera, manager)
    line = request.cameras.get()
    with pytest.raises(ValidationError, match="녹화기에서 확인·확보함"):
        search_results.confirm(request, {line.pk: Finding("found", "있음")}, by=manager)
    with pytest.raises(ValidationError, match="확보") as refused:
        decisions.decide(request, [decisions.Answer("viewing", "granted")], by=manager)
    assert {each.way.url_name for each in refused.value.refusals if each.way} == {"viewing:secure"}
    search_results.confirm(request, {line.pk: Finding("found", "따로 저장함", at_recorder=True)}, by=manager)
    line.refresh_from_db()
    assert (line.secured_by, line.secured_note) == (manager, "따로 저장함")
    assert {entry.kind for entry in Entry.objects.all()} >= {
        "records.viewing_secured",
        "records.viewing_searched",
    }
    decisions.decide(request, [decisions.Answer("viewing", "granted")], by=manager)
    assert request.state == "decided"
