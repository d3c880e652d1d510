"""A checked redaction becomes a copy that leaves; and the duty that judges every copy that left (Guideline 46)."""

import io
from datetime import timedelta

import av
import numpy as np
import pytest
from django.utils import timezone

from casework.refusals import Refused
from footage.copies import rendering
from ordinance import exceptions, rules
from ordinance.excuses import only_excepted
from ordinance.models import Finding
from ordinance.rules import Context
from records import tasks
from records.copies import asking, downloading, granting, leaving, making, reading
from records.copies.asking import Wish
from records.models import CaseCopy, CopyLeaving, Redaction
from records.redaction import recipes
from tests.footage.redaction import clips
from tests.records import copies as world
from tests.records import redactions
from tests.records.looks import official

pytestmark = pytest.mark.django_db
CODE = "copy_masked"


@pytest.fixture
def request_(tmp_path, settings):
    return redactions.kept(tmp_path, settings)


@pytest.fixture
def maker(db):
    return official()


@pytest.fixture
def covered(request_, maker):
    """Everyone but who walks through the first file; looked through by another official."""
    row = redactions.proposed(request_, maker)
    track = next(
        one["track"]
        for one in recipes.found(row)["tracks"]
        if any(first <= 25 < first + len(boxes) for first, boxes in one["series"])
    )
    choice = {"style": "solid", "mode": "tracks", "keep": [track], "regions": []}
    row = redactions.made(recipes.save(row, choice, turn=0, by=maker), maker)
    return redactions.checked(row, official())


def made(request, redaction, by):
    case = world.case_of(request)
    copy = asking.ask(case, Wish("masked", (f"masked:{redaction.pk}",)), by=by)
    tasks.make_copy(copy.pk)
    return world.fresh(copy)


def test_a_copy_shows_what_the_checked_result_shows_and_nothing_of_the_original(request_, covered, maker):
    copy = made(request_, covered, maker)
    assert (copy.stage, copy.ground, copy.is_allowed) == ("made", "", None)
    (part,) = copy.parts.all()
    assert (part.problem, part.frames, part.redaction) == ("", 2 * redactions.FRAMES, covered)
    assert part.source_sha256 == covered.result_sha256
    with av.open(io.BytesIO(b"".join(reading.content(part)))) as clip:
        shown = [frame.to_ndarray(format="gray") for frame in clip.decode(video=0)]
    left = 4 * 25 - clips.SIDE
    squares = [shown[number][42:58, left + 2 : left + 18] for number in (25, redactions.FRAMES + 25)]
    assert [np.median(square) > 150 for square in squares] == [True, False]
    assert np.median(squares[1]) < 60
    # Made again it is the same, byte for byte.
    again = rendering.render(making.wanted_of(copy, part))
    assert again.kept.sha256 == part.sha256


def test_what_is_not_checked_is_not_offered(request_, maker):
    row = redactions.made(redactions.proposed(request_, maker), maker)
    assert not [offer for offer in granting.offers(world.case_of(request_)) if offer.source == "masked"]
    with pytest.raises(Refused):
        made(request_, row, maker)
    assert not CaseCopy.objects.exists()


# ---------------------------------------------------------------- copy_masked


def judged():
    rule, context = rules.get(CODE), Context(timezone.localdate(), "gangseo")
    covered = set(rule.subjects(context).values_list("pk", flat=True))
    unmet = dict(rule.unmet_subjects(context).values_list("pk", rule.evidence(context)))
    apart = set(rule.exclusion.rows(context).values_list("pk", flat=True))
    assert not covered & apart
    return covered, unmet, apart


def downloaded(copy, by):
    world.seal(copy, by)
    secret = leaving.open_download(world.fresh(copy), by=by)
    downloading.download(CopyLeaving.objects.get(copy=copy), secret)


def test_every_copy_that_left_is_judged_and_only_those(request_, covered, maker):
    copy = made(request_, covered, maker)
    assert judged() == (set(), {}, {copy.pk})
    downloaded(copy, maker)
    assert judged() == ({copy.pk}, {}, set())
    # Checked after it had left: nobody can know any more what left.
    Redaction.objects.update(checked_at=timezone.now() + timedelta(minutes=1))
    assert judged() == ({copy.pk}, {copy.pk: "unchecked"}, set())


@pytest.mark.parametrize(
    "change", [{"is_allowed": None}, {"decided_at": timezone.now() + timedelta(days=3650)}]
)
def test_an_original_to_an_agency_is_judged_by_its_decision(settings, tmp_path, change):
    office = world.Office(settings, tmp_path)
    copy, _ = world.sealed(office.provision(), office.official, ground="purpose")
    CopyLeaving.objects.create(
        copy=copy,
        way="medium",
        at=timezone.now(),
        by=office.official,
        recorded_at=timezone.now(),
        medium="usb",
    )
    assert judged() == ({copy.pk}, {}, set())
    CaseCopy.objects.update(**change)
    assert judged()[1] == {copy.pk: "undecided"}


def test_the_finding_comes_with_the_act_and_can_be_excepted(request_, covered, maker, manager):
    copy = made(request_, covered, maker)
    Redaction.objects.update(checked_at=timezone.now() + timedelta(hours=1))
    downloaded(copy, maker)
    assert Finding.objects.filter(rule__code=CODE, number=copy.number, closed_on=None).exists()
    rule, context = rules.get(CODE), Context(timezone.localdate(), "gangseo")
    wanted = exceptions.Grant(
        rule,
        (copy.number,),
        reason="확인 시각을 잘못 옮겨 적음",
        citation="표준 개인정보 보호지침 제46조",
        approver="구청장",
        document_number="안전-9",
        until_on=timezone.localdate() + timedelta(days=30),
    )
    exceptions.grant(wanted, by=manager)
    assert only_excepted(rule, rule.unmet_subjects(context), context).count() == 1
