"""The chapter on the vault, covered footage, copies and looks: what was done, of how many, without a case number."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from footage.models import Hold, VaultFile
from records.access import looks
from records.access.gates import Wish
from records.copies import leaving
from records.look_enums import LookStep
from records.models import Redaction
from reports.figures import for_period
from reports.period import Period
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.records import copies as world
from tests.records.looks import SESSION, official

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path):
    return world.Office(settings, tmp_path)


@pytest.fixture
def request_(office):
    return office.request(
        OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))
    )


def counted(**more):
    now = timezone.now() + timedelta(seconds=1)
    return for_period(Period.containing(timezone.localdate(now)), now=now, **more)


def told(figures):
    return {figure.code: figure.value for _, figure in figures.figures()}


def test_before_anything_was_recorded_nothing_is_said_to_be_zero(db):
    figures = for_period("2020Q1", now=timezone.now())
    codes = ("vault_hours", "copies_made", "redactions_checked", "redactions_sure")
    assert [told(figures)[code] for code in codes] == [None] * 4
    for table in ("copies_by_source", "redactions_by_doubt", "looks_by_matter"):
        assert "알 수 없습니다" in figures.table(table).without_rows


def test_copies_are_counted_by_recipient_and_source_as_made_and_as_left(office, request_):
    copy, _ = world.sealed(request_, office.official)
    world.made(office.provision(), office.official, ground="purpose")
    leaving.open_download(copy, by=office.official)
    figures = counted()
    # Opened is not taken: nobody downloaded it yet.
    assert (told(figures)["copies_made"], told(figures)["copies_left"]) == (2, 0)
    copy.leaving.__class__.objects.update(at=timezone.now())
    figures = counted()
    assert (told(figures)["copies_made"], told(figures)["copies_left"]) == (2, 1)
    rows = {
        row["key"]: (row["made"], row["left"], row["withdrawn"])
        for row in figures.table("copies_by_source").rows
    }
    assert rows == {"citizen:original": (1, 1, 0), "body:original": (1, 0, 0)}
    frozen = json.dumps(figures.to_json(), ensure_ascii=False)
    assert request_.receipt_number not in frozen
    assert copy.number not in frozen


def test_the_vault_is_counted_as_it_was_at_the_end(office, request_):
    figures = counted()
    assert (told(figures)["vault_files"], told(figures)["vault_cases"]) == (1, 1)
    assert told(figures)["vault_hours"] == world.CLIP_SECONDS
    Hold.objects.update(released_at=timezone.now())
    office.end()
    assert told(counted())["vault_files"] == 0
    # What was made of an original is not the same moment twice.
    assert told(figures)["vault_files"] == 1


def test_redactions_with_and_without_doubt_add_up_to_all_that_were_checked(office, request_):
    (hold,), (kept,) = Hold.objects.all(), VaultFile.objects.all()
    maker, checker = official(), official()
    for doubts in (0, 0, 3):
        Redaction.objects.create(
            case_kind="viewing", case_key=request_.pk, case_number=request_.receipt_number, camera=office.camera, hold=hold,
            from_at=office.from_at, until_at=office.until, state="checked", maker=maker, checker=checker,
            checked_at=timezone.now(), doubts=doubts, created_by=maker, created_at=timezone.now(), result=kept,
        )  # fmt: skip
    values = told(counted())
    assert (values["redactions_checked"], values["redactions_doubtful"], values["redactions_sure"]) == (
        3,
        1,
        2,
    )
    assert values["doubts_looked_at"] == 3
    (row,) = counted().table("redactions_by_doubt").rows
    assert (row["key"], row["checked"], row["doubtful"], row["sure"], row["doubts"]) == (
        "viewing",
        3,
        1,
        2,
        3,
    )


def test_looks_are_told_by_kind_of_matter_and_reason(office, request_):
    case = world.case_of(request_)
    ranges = tuple((one, one.asked_from, one.asked_until) for one in case.ranges())
    for step in (LookStep.PREPARE, LookStep.PREPARE):
        looks.open_looks(Wish(official(), case, step, "확인", ranges), session_key=SESSION)
    (row,) = counted().table("looks_by_matter").rows
    assert (row["key"], row["prepare"], row["search"], row["all"]) == ("viewing", 2, 0, 2)
