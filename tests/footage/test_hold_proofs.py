"""A hold is as it was placed, and released by somebody: `verify_ledger` finds what an edit made of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from footage import holds
from footage.models import Hold
from ledger import commitments
from ledger.models import Entry
from ledger.verify import verify
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, released

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def hold():
    return holds.place(
        CameraFactory(),
        NOW - timedelta(days=2),
        NOW,
        reason="김철수 열람 청구",
        by=OfficerFactory(),
        case_reference="V-1",
    )


def test_the_line_proves_the_row_and_tells_nothing_of_its_text(hold):
    entry = Entry.objects.of_kind("footage.hold_placed").get()
    assert "김철수" not in entry.payload
    assert len(entry.content["content_digest"]) == 64
    assert hold.salt not in entry.payload
    released(hold, "종결")
    result = verify()
    assert (result.ok, result.checks["holds"]["checked"]) == (True, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"from_at": NOW - timedelta(days=1)},
        {"until_at": NOW - timedelta(days=1)},
        {"reason": "다른 사유"},
        {"article": "x"},
        {"case_reference": "V-2"},
        {"released_at": NOW},
        {"salt": ""},
        {"salt": "0" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_hold_is_found(hold, change):
    Hold.objects.filter(pk=hold.pk).update(**change)
    result = verify()
    assert not result.ok
    assert f"삭제 유예 {hold.pk}번" in result.reason


def test_a_hold_of_another_camera_is_found(hold):
    Hold.objects.filter(pk=hold.pk).update(camera=CameraFactory())
    assert not verify().ok


def test_a_deleted_hold_is_found(hold):
    sequence = Entry.objects.of_kind("footage.hold_placed").get().sequence
    hold.delete()
    assert verify().first_bad == sequence


@pytest.mark.parametrize(
    "change", [{"released_at": None}, {"release_reason": "다른 사유"}, {"released_by": None}], ids=str
)
def test_an_edited_release_is_found(hold, change):
    released(hold, "종결")
    Hold.objects.filter(pk=hold.pk).update(**change)
    assert not verify().ok


def test_holds_from_before_there_were_digests_are_in_order(monkeypatch):
    """Their lines have no digest; what can be said of them is that they are there, and how they ended."""
    monkeypatch.setattr("footage.hold_proofs.as_placed", lambda hold: None)
    camera = CameraFactory()
    hold = holds.place(camera, NOW - timedelta(days=2), NOW, reason="x", by=None)
    Hold.objects.filter(pk=hold.pk).update(salt="")
    monkeypatch.undo()
    assert verify().ok
    hold.refresh_from_db()
    holds.release(hold, reason="y", by=None)
    assert verify().ok
    Hold.objects.filter(pk=hold.pk).update(release_reason="z")
    assert not verify().ok


def test_a_digest_needs_its_salt():
    salt = commitments.new_salt()
    assert commitments.of_facts(salt, {"a": 1}) == commitments.of_facts(salt, {"a": 1})
    assert commitments.of_facts(salt, {"a": 1}) != commitments.of_facts(commitments.new_salt(), {"a": 1})
    with pytest.raises(ValueError, match="salt"):
        commitments.of_facts("", {"a": 1})
