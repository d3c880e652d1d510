"""Redaction within a matter: what is found, chosen, made, checked by another, and what may leave."""

import hashlib
from datetime import timedelta

import av
import numpy as np
import pytest
from django.utils import timezone

from accounts.longrun import RunState
from casework.refusals import Refused
from footage.models import VaultFile
from footage.redaction import vaulted
from footage.vault import check, folders
from ledger.models import Entry
from ordinance import rules
from ordinance.rules import Context
from records.access import cases, reading
from records.look_enums import LookCase
from records.models import Redaction, ViewingMove, ViewingRequest
from records.redaction import recipes, steps, working
from records.redaction.releasing import releasable
from records.redaction_enums import RedactionState, RedactionWork
from records.viewing import masking
from tests.records import redactions, situations
from tests.records.looks import official

pytestmark = pytest.mark.django_db


def codes(refused):
    return {refusal.code for refusal in refused.value.refusals}


@pytest.fixture
def request_(tmp_path, settings):
    return redactions.kept(tmp_path, settings)


@pytest.fixture
def maker(db):
    return official()


@pytest.fixture
def row(request_, maker):
    return redactions.proposed(request_, maker)


def pictures(row: Redaction) -> tuple[list[float], list[np.ndarray]]:
    """Times and luma of the result."""
    with row.open_result() as file, av.open(file) as container:
        frames = [(float(frame.time), frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]
    return [at for at, _ in frames], [grey for _, grey in frames]


def choice(**changes):
    return {"style": "solid", "mode": "tracks", "keep": [], "regions": [], **changes}


def test_two_segments_are_one_clip_whose_result_lies_encrypted_with_the_case(row, maker):
    found = recipes.found(row)
    assert [moment[0] for moment in found["moments"]] == [0] * 50 + [1] * 50
    assert found["moments"][50][1] == pytest.approx(5.0, abs=0.01)
    assert len(found["tracks"]) >= 2
    row = redactions.made(row, maker)
    assert row.state == RedactionState.CHECKING
    times, shown = pictures(row)
    assert times == pytest.approx([number / 10 for number in range(100)], abs=0.01)
    for number in (10, 25, 60, 75):
        left = 4 * (number % 50) - 20
        assert shown[number][40:60, left : left + 20].max() < 70
    # Kept like everything else of the case, and nothing plain beside it.
    stored = folders.path_of(row.result).read_bytes()
    assert b"ftyp" not in stored
    assert b"moov" not in stored
    with row.open_result() as file:
        assert hashlib.sha256(file.read()).hexdigest() == row.result_sha256 == row.result.sha256
    assert not any(check.check_rows())
    line = Entry.objects.of_kind(working.MADE).get().content
    assert line["result_sha256"] == row.result_sha256
    assert line["source_sha256"] == row.source_sha256
    assert {path.suffix for path in folders.folder_of(row.result.case).iterdir()} == {folders.ENDING}


def test_a_stretch_of_a_file_is_found_without_a_word_about_its_rest(request_, maker):
    found = recipes.found(redactions.proposed(request_, maker, start=2, seconds=2))
    assert [moment[0] for moment in found["moments"]] == [0] * 20
    assert found["moments"][0][1] == pytest.approx(0, abs=0.01)
    assert found["moments"][-1][1] == pytest.approx(1.9, abs=0.01)
    assert found["warnings"] == []


def test_the_same_choice_gives_the_same_bytes(row, maker):
    first = redactions.made(row, maker)
    given = working.source_of(first)
    again = vaulted.cover(given, recipes.found(first), recipes.current(first), "again", lambda *_: None)
    assert again.file.sha256 == first.result_sha256


def test_everything_but_one_track(row, maker):
    found = recipes.found(row)
    track = next(
        one["track"]
        for one in found["tracks"]
        if any(first <= 25 < first + len(boxes) for first, boxes in one["series"])
    )
    row = recipes.save(row, choice(mode="only", keep=[track]), turn=0, by=maker)
    _, shown = pictures(redactions.made(row, maker))
    walker = shown[25][40:60, 80:100]
    assert walker.max() > 150
    assert shown[25][:8].max() < 60
    assert shown[25][-8:].max() < 60
    assert shown[75].max() < 60  # where it is not, all is covered


def test_what_is_drawn_is_covered_fixed_and_followed(row, maker):
    found = recipes.found(row)
    every = [one["track"] for one in found["tracks"]]
    fixed = {"code": "a", "kind": "fixed", "from": 0, "until": 9, "keys": [[0, [0, 0, 16, 16]]]}
    moved = {"code": "b", "kind": "followed", "from": 0, "until": 49, "keys": [[25, [80, 40, 20, 20]]]}
    row = recipes.save(row, choice(keep=every, regions=[fixed, moved]), turn=0, by=maker)
    with pytest.raises(Refused) as refused:
        steps.make(row, turn=row.turn, by=maker)
    assert codes(refused) == {"unfollowed"}
    steps.look_again(row, RedactionWork.FOLLOW, by=maker)
    _, shown = pictures(redactions.made(redactions.worked(row), maker))
    assert float(shown[5][:16, :16].mean()) < 45
    assert float(shown[12][:16, :16].mean()) > 80
    for number in (15, 25, 35):
        assert float(shown[number][42:58, 4 * number - 18 : 4 * number - 2].mean()) < 60, number
    assert float(shown[75][42:58, 4 * 25 - 18 : 4 * 25 - 2].mean()) > 120


def test_what_another_changed_meanwhile_is_not_overwritten_and_each_change_stays(row, maker):
    row = recipes.save(row, choice(style="mosaic"), turn=0, by=maker)
    with pytest.raises(Refused) as refused:
        recipes.save(row, choice(keep=[1]), turn=0, by=official())
    assert codes(refused) == {"overtaken"}
    row = recipes.save(row, choice(keep=[1]), turn=1, by=maker)
    row = recipes.undo(row, turn=2)
    assert recipes.current(row)["style"] == "mosaic"
    assert recipes.possible(row) == {"undo": True, "redo": True}
    row = recipes.redo(row, turn=3)
    assert recipes.current(row)["keep"] == [1]
    row = recipes.undo(recipes.undo(row, turn=4), turn=5)
    assert recipes.current(row) == choice()
    assert row.recipes.count() == 2
    with pytest.raises(Refused) as refused:
        recipes.save(row, choice(keep=[99]), turn=6, by=maker)
    assert codes(refused) == {"choice"}


def test_only_another_person_who_looked_at_every_doubt_can_check(row, maker):
    row = redactions.made(row, maker)
    Redaction.objects.update(doubts=2)
    with pytest.raises(Refused) as refused:
        steps.check(row, by=maker)
    assert codes(refused) == {"second", "doubts", "unseen"}
    checker = official()
    with pytest.raises(Refused) as refused:
        steps.check(row, by=checker)
    assert codes(refused) == {"doubts", "unseen"}
    with pytest.raises(Refused) as refused:
        steps.tick(row, 0, by=maker)
    assert codes(refused) == {"second"}
    case = cases.find(LookCase.VIEWING, row.case_key)
    assert not releasable(case).exists()
    row.refresh_from_db()
    checked = redactions.checked(row, checker)
    assert (checked.checker, checked.state) == (checker, RedactionState.CHECKED)
    assert [one.pk for one in releasable(case)] == [row.pk]
    assert Entry.objects.of_kind(steps.CHECKED).get().content["maker"] == maker.pk


def test_who_chose_what_stays_visible_cannot_check_either(row, maker):
    author = official()
    row = recipes.save(row, choice(style="mosaic"), turn=0, by=author)
    row = redactions.made(row, maker)
    redactions.looked(row, author)
    with pytest.raises(Refused) as refused:
        steps.check(row, by=author)
    assert "second" in codes(refused)


def test_what_is_sent_back_is_made_and_looked_at_anew(row, maker):
    checker = official()
    row = redactions.made(row, maker)
    with pytest.raises(Refused) as refused:
        steps.send_back(row, remark=" ", by=checker)
    assert codes(refused) == {"unwritten:remark"}
    first = row.result_id
    row = steps.send_back(row, remark="3초에 얼굴이 보입니다.", by=checker)
    assert row.state == RedactionState.PROPOSED
    row = redactions.made(row, maker)
    assert row.result_id != first
    assert list(row.moves.values_list("event", flat=True)) == [
        "propose",
        "make",
        "made",
        "send_back",
        "make",
        "made",
    ]


def test_a_cancelled_or_broken_copy_counts_for_nothing_and_can_be_begun_again(row, maker, monkeypatch):
    steps.make(row, turn=0, by=maker)
    steps.cancel(row)
    row.refresh_from_db()
    assert (row.state, row.result) == (RedactionState.PROPOSED, None)

    # A worker that was killed in the middle: another one takes it up when its sign of life is old.
    steps.make(row, turn=0, by=maker)
    run = row.runs.unfinished().get()
    run.start()
    stale = timezone.now() - timedelta(minutes=5)
    row.runs.filter(pk=run.pk).update(heartbeat_at=stale)
    working.work(run.pk)
    row.refresh_from_db()
    run.refresh_from_db()
    assert (row.state, run.state) == (RedactionState.CHECKING, RunState.SUCCEEDED)


def test_a_range_is_of_the_case_not_too_long_and_not_twice(request_, maker, row):
    case = cases.find(LookCase.VIEWING, request_.pk)
    (one,) = case.ranges()
    with pytest.raises(Refused) as refused:
        steps.propose(case, one, from_at=one.from_at, until_at=one.from_at + timedelta(minutes=31), by=maker)
    assert {"long", "twice"} <= codes(refused)
    later = one.asked_from + timedelta(seconds=30)
    with pytest.raises(Refused) as refused:
        steps.propose(case, one, from_at=later, until_at=later + timedelta(seconds=5), by=maker)
    assert codes(refused) == {"unkept"}
    with pytest.raises(Refused) as refused:
        steps.start(row, RedactionWork.FIND, by=maker) and steps.start(row, RedactionWork.FIND, by=maker)
    assert codes(refused) == {"running"}


def test_masking_is_not_finished_while_a_redaction_is_unchecked(request_, row, maker):
    ViewingRequest.objects.filter(pk=request_.pk).update(state="masking")
    with pytest.raises(Refused) as refused:
        masking.finish(request_, how="모두 가림", by=official())
    assert codes(refused) == {"unchecked"}
    steps.drop(row, reason="다른 도구로 가림", by=maker)
    masking.finish(request_, how="모두 가림", by=official())


def test_nothing_is_checked_that_was_not_made(row):
    with pytest.raises(Refused) as refused:
        steps.check(row, by=official())
    assert codes(refused) == {"state:proposed"}


def test_originals_alone_are_footage_of_the_case(row, maker):
    redactions.made(row, maker)
    redactions.looked(row, maker)
    look = row.camera.looks.get()
    assert VaultFile.objects.count() == 4
    assert len(reading.files(look)) == 2


def test_what_was_shown_before_another_checked_it_is_found(request_, maker, row, manager):
    def judged():
        rule, context = rules.get("masking_checked"), Context.today()
        covered, excluded = rule.subjects(context), rule.exclusion.rows(context)
        states = [list(rows.values_list("pk", flat=True)) for rows in (covered, excluded)]
        return *states, list(rule.unmet_subjects(context).values_list("pk", flat=True))

    assert judged() == ([], [], [])
    situations.shown(request_, manager)
    assert judged() == ([request_.pk], [], [request_.pk])
    # Checked afterwards it stays: an exception says why.
    row = redactions.made(row, maker)
    redactions.checked(row, official())
    assert judged()[2] == [request_.pk]
    Redaction.objects.update(checked_at=timezone.now() - timedelta(days=1))
    assert judged() == ([request_.pk], [], [])
    # What was given up says nothing of others; who looked through what another tool covered counts as well.
    Redaction.objects.update(state=RedactionState.DROPPED)
    assert judged() == ([], [request_.pk], [])
    earlier = {"on": timezone.localdate(), "at": timezone.now() - timedelta(days=1)}
    ViewingMove.objects.create(request=request_, event="mask", to_state="masking", **earlier)
    assert judged() == ([request_.pk], [], [request_.pk])
    ViewingMove.objects.create(request=request_, event="masked", to_state="decided", **earlier)
    assert judged() == ([request_.pk], [], [])
