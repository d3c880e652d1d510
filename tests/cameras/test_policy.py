"""The operation and management policy: generated, complete, frozen when published."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Department, Institution, Officer, ResponsibleDesignation
from accounts.roles import Role
from cameras import policy
from cameras.enums import CameraState
from cameras.models import Camera
from ledger.models import Entry
from tests.website.situations import make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Officer:
    institution = Institution.objects.get_or_create(name="서울특별시 강서구청")[0]
    department = Department.objects.create(institution=institution, name="안전관리과", phone="02-1")
    ResponsibleDesignation.objects.create(
        department=department, manager_post="안전관리과장", from_on=dt.date(2023, 5, 10)
    )
    return Officer.objects.create_user("kim", department=department, position="팀장")


def publish(officer: Officer) -> policy.OperationPolicy:
    return policy.publish(policy.draft(), by=officer, effective_on=timezone.localdate())


def test_the_shipped_draft_has_every_content_of_the_decree() -> None:
    draft = policy.contents(policy.draft())
    assert [section["citation"][:12] for section in draft["sections"]] == ["시행령 제25조제1항제"] * 8


def test_contents_count_what_films_and_exempt_facilities_without_their_place(officer: Officer) -> None:
    make_place("A", "화곡로 1", cameras=2)
    make_place("B", "화곡로 2", state=CameraState.SUSPENDED)
    make_place("C", "화곡로 3", state=CameraState.REMOVED)
    make_place("D", "화곡로 4", is_sign_exempt=True)
    draft = policy.contents(policy.draft())
    assert (draft["total_cameras"], draft["total_sites"], draft["exempt_cameras"]) == (4, 3, 1)
    assert [place["site"] for place in draft["places"]] == ["A", "B"]


def test_a_published_version_does_not_follow_the_register(officer: Officer) -> None:
    make_place("A", "화곡로 1", cameras=2)
    first = publish(officer)
    Camera.objects.filter(number="A-2").update(state=CameraState.REMOVED)
    assert policy.contents(first)["total_cameras"] == 2
    second = publish(officer)
    assert (first.version, second.version) == (1, 2)
    assert "카메라가 2대에서 1대로 바뀌었습니다." in second.changes


def test_places_tell_the_range_of_each_group_and_cameras_what_they_serve_after_hours(
    officer: Officer,
) -> None:
    site = make_place("A", "화곡로 1", cameras=3, filming_range="반경 30m")
    Camera.objects.filter(number="A-3").update(
        filming_direction="학교 정문", operating_hours="08-20시", after_hours_purpose="방범"
    )
    told = policy.contents(policy.draft())
    assert {(place["range"], place["cameras"]) for place in told["places"]} == {
        ("360도 전방면, 반경 30m", 2),
        ("학교 정문, 반경 30m", 1),
    }
    assert told["after_hours"] == [{"value": "방범", "hours": "08-20시", "cameras": 1}]
    assert site.number == "A"
    frozen = publish(officer).contents
    assert not policy.has_other_figures(frozen, timezone.localdate())
    Camera.objects.update(after_hours_purpose="")
    assert policy.has_other_figures(frozen, timezone.localdate())


def test_the_post_of_the_manager_is_told_and_nothing_is_published_without_it(officer: Officer) -> None:
    assert policy.contents(policy.draft())["responsible"]["post"] == "안전관리과장"
    ResponsibleDesignation.objects.update(manager_post="")
    with pytest.raises(ValidationError, match="직위"):
        publish(officer)


def test_nobody_is_said_to_reach_footage_by_an_account_of_this_system(officer: Officer) -> None:
    officer.groups.add(Group.objects.get(name=Role.AUDITOR.label))
    told = policy.contents(policy.draft())
    assert told["access_holders"] == []
    assert "모두 기록됩니다" in told["footage_access"]


def test_no_text_that_we_ship_promises_what_does_not_happen() -> None:
    texts = " ".join(policy.draft().texts.values())
    for promise in ("복구할 수 없", "따로 보관"):
        assert promise not in texts
    assert "덮어쓰" in texts


def test_a_version_from_before_is_read_without_what_it_did_not_tell(officer: Officer) -> None:
    version = publish(officer)
    for name in (*policy._UNTOLD, "places"):
        version.contents.pop(name, None)
    version.contents["places"] = [{"site": "A", "address": "화곡로 1", "purpose": "방범", "cameras": 1}]
    version.contents["responsible"] = {"department": "안전관리과", "phone": "02-1"}
    read = policy.contents(version)
    assert (read["retention_counting"], read["places"][0]["range"], read["responsible"]["post"]) == (
        "",
        "",
        "",
    )
    assert policy.has_other_figures(version.contents, timezone.localdate())


def test_a_shipped_wording_that_nobody_touched_gives_way_to_todays(officer: Officer) -> None:
    migration = importlib.import_module("cameras.migrations.0024_policy_says_what_happens")
    before, after = migration.REPLACED["retention"]
    draft = policy.draft()
    policy.save_texts(draft, {"retention": before, "number": "우리 구가 고친 글"})
    version = publish(officer)
    following = policy.draft()
    assert (following.texts["retention"], following.texts["number"]) == (after, "우리 구가 고친 글")
    following.texts = version.texts
    following.save()
    migration.reword_drafts(apps, None)
    following.refresh_from_db()
    version.refresh_from_db()
    assert (following.texts["retention"], following.texts["number"]) == (after, "우리 구가 고친 글")
    assert version.texts["retention"] == before


def test_publishing_writes_one_ledger_line_with_the_digest(officer: Officer) -> None:
    make_place("A", "화곡로 1")
    version = publish(officer)
    line = Entry.objects.get(kind=policy.KIND_PUBLISHED)
    assert version.digest in line.payload
    assert line.subject == "operation_policy:1"


def test_what_is_missing_keeps_the_draft_from_being_published(officer: Officer) -> None:
    draft = policy.draft()
    policy.save_texts(draft, {"viewing": "  "})
    with pytest.raises(ValidationError, match="비어"):
        policy.publish(draft, by=officer, effective_on=timezone.localdate())
    ResponsibleDesignation.objects.all().delete()
    policy.save_texts(draft, {"viewing": "방문"})
    with pytest.raises(ValidationError, match="전담부서"):
        policy.publish(draft, by=officer, effective_on=timezone.localdate())
    assert not Entry.objects.filter(kind=policy.KIND_PUBLISHED).exists()


def test_a_published_version_can_neither_change_nor_be_published_again(officer: Officer) -> None:
    version = publish(officer)
    with pytest.raises(ValidationError, match="이미 공고"):
        policy.publish(version, by=officer, effective_on=timezone.localdate())
    with pytest.raises(ValidationError, match="고칠 수 없습니다"):
        policy.save_texts(version, {"viewing": "다른 말"})


def test_a_version_for_a_later_day_waits_for_its_day(officer: Officer) -> None:
    today = publish(officer)
    later = policy.publish(
        policy.draft(), by=officer, effective_on=timezone.localdate() + dt.timedelta(days=7)
    )
    assert later.version == 2
    assert policy.current() == today


def test_a_past_day_is_refused(officer: Officer) -> None:
    with pytest.raises(ValidationError, match="오늘보다"):
        policy.publish(policy.draft(), by=officer, effective_on=timezone.localdate() - dt.timedelta(days=1))


def test_an_unknown_section_is_refused() -> None:
    with pytest.raises(ValidationError, match="없는 항목"):
        policy.save_texts(policy.draft(), {"nonsense": "x"})


def test_the_draft_begins_with_the_last_published_wording(officer: Officer) -> None:
    draft = policy.draft()
    policy.save_texts(draft, {"viewing": "2층 열람실"})
    publish(officer)
    assert policy.draft().texts["viewing"] == "2층 열람실"
