"""Import and export: what a file means for the register, twice the same, out and in again."""

import csv
import inspect
import io
import json
import os
import traceback
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.models import Institution
from cameras import lifecycle
from cameras.enums import CameraState, InstallPurpose, LinkStatus, Pipa25Ground
from cameras.models import Camera, LifecycleAct, PurposeMapping, Site
from cameras.register import UnusableTarget, export_file, import_file
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import LONGER, CameraFactory, SiteFactory, as_csv, classic, row, rows

pytestmark = pytest.mark.django_db

NUMBER = row()["관리번호"]


def load(tmp_path, *table, **options):
    return import_file(as_csv(tmp_path / "in.csv", list(table)), **options)


def figures(result):
    return result.created, result.updated, result.unchanged, result.rejected


def history_count():
    return Camera.history.count(), Site.history.count()


def test_a_row_becomes_a_site_with_operating_cameras(tmp_path):
    officer = OfficerFactory()
    result = load(tmp_path, row(카메라대수="3"), actor=f"officer:{officer.pk}")

    assert (figures(result), result.sites, result.cameras) == ((1, 0, 0, 0), 1, 3)
    site = Site.objects.get()
    assert (site.number, site.institution.name, site.has_own_number) == (NUMBER, "서울특별시 강서구청", False)
    assert (site.latitude, site.longitude) == (Decimal("37.55091"), Decimal("126.84953"))
    cameras = list(Camera.objects.in_order())
    assert [camera.number for camera in cameras] == [f"{NUMBER}-{n}" for n in (1, 2, 3)]
    for camera in cameras:
        assert camera.state == CameraState.OPERATING
        assert camera.recording_key == camera.number
        assert (camera.install_purpose, camera.pipa25_ground) == (
            InstallPurpose.CRIME_PREVENTION,
            Pipa25Ground.CRIME,
        )
        assert (camera.reference_on, camera.installed_month) == (date(2026, 5, 18), date(2020, 5, 1))
        entry = camera.history.get()
        assert entry.history_type == "+"
        assert entry.history_user == officer
        assert "in.csv" in entry.history_change_reason
        assert entry.change_group == site.history.get().change_group


def test_an_import_leaves_one_line_in_the_ledger(tmp_path):
    result = load(tmp_path, row(), actor="command:import_cameras")

    entry = Entry.objects.get(kind="cameras.imported")
    payload = json.loads(entry.payload)
    assert entry.sequence == result.ledger_entry
    assert payload["file_sha256"] == result.digest
    assert (payload["created"], payload["cameras"]) == (1, 2)
    assert entry.actor == "command:import_cameras"


def test_the_same_file_again_changes_nothing(tmp_path):
    table = [*rows(3), row(관리번호=""), row(관리번호="", 설치연월="201312"), row(카메라화소수="400"), row()]
    load(tmp_path, *table)
    before = history_count()

    result = load(tmp_path, *reversed(table))

    assert figures(result) == (0, 0, 7, 0)
    assert history_count() == before


def test_a_dry_run_tells_the_same_and_stores_nothing(tmp_path):
    load(tmp_path, *rows(2))
    table = [
        row(관리번호=rows(1)[0]["관리번호"], 소재지도로명주소="옮긴 곳 1"),
        *rows(3)[1:],
        row(관리기관명="새 기관", 관리번호="x"),
    ]
    before = history_count(), Camera.objects.count(), Entry.objects.count(), Institution.objects.count()

    rehearsal = load(tmp_path, *table, dry_run=True)

    assert (
        history_count(),
        Camera.objects.count(),
        Entry.objects.count(),
        Institution.objects.count(),
    ) == before
    assert not rehearsal.is_stored
    real = load(tmp_path, *table)
    assert figures(rehearsal) == figures(real) == (2, 1, 1, 0)
    assert rehearsal.figures() == real.figures()


def test_all_or_nothing_unless_the_wrong_rows_are_left_out(tmp_path):
    table = [*rows(2), row(카메라대수="세 대")]

    refused = load(tmp_path, *table)
    assert (figures(refused), refused.is_refused) == ((0, 0, 0, 1), True)
    assert not Site.objects.exists()

    accepted = load(tmp_path, *table, skip_invalid=True)
    assert (figures(accepted), accepted.sites, accepted.cameras) == ((2, 0, 0, 1), 2, 4)
    assert Site.objects.count() == 2


def test_a_site_with_different_cameras_is_several_rows(tmp_path):
    load(tmp_path, row(), row(설치목적구분="쓰레기단속", 카메라대수="1"), row(보관일수="7", 카메라대수="1"))

    assert Site.objects.count() == 1
    assert list(Camera.objects.in_order().values_list("ordinal", "dataset_purpose", "retention_days")) == [
        (1, "생활방범", 30),
        (2, "생활방범", 30),
        (3, "쓰레기단속", 30),
        (4, "생활방범", 7),
    ]
    assert Camera.objects.get(ordinal=3).install_purpose == InstallPurpose.ILLEGAL_DUMPING


def test_fewer_cameras_remove_the_highest_numbers_and_more_bring_them_back(tmp_path):
    load(tmp_path, row(카메라대수="12"))

    result = load(tmp_path, row(카메라대수="9"))
    assert figures(result) == (0, 1, 0, 0)
    removed = Camera.objects.filter(state=CameraState.REMOVED).in_order()
    assert [camera.ordinal for camera in removed] == [10, 11, 12]
    assert all(camera.removed_on and camera.recording_key == camera.number for camera in removed)
    assert removed[0].history.first().history_type == "~"

    result = load(tmp_path, row(카메라대수="13"))
    assert (result.cameras_added, figures(result)) == (4, (0, 1, 0, 0))
    assert Camera.objects.operating().count() == 13
    assert not Camera.objects.filter(removed_on__isnull=False).exists()


def test_who_leaves_or_comes_back_by_a_file_does_so_by_an_act_that_listeners_hear_of(tmp_path, monkeypatch):
    heard = []
    monkeypatch.setattr(lifecycle, "_listeners", {"test": heard.append})
    load(tmp_path, row(카메라대수="3"))
    assert not LifecycleAct.objects.exists()
    import_file(as_csv(tmp_path / "less.csv", [row(카메라대수="1")]), dry_run=True)
    assert not LifecycleAct.objects.exists()
    load(tmp_path, row(카메라대수="1"))
    removed = Camera.objects.filter(state=CameraState.REMOVED).in_order()
    act = LifecycleAct.objects.get()
    assert (act.event, act.on) == ("remove", removed[0].removed_on)
    assert act.reason.startswith("표준데이터 가져오기")
    assert [list(removal.cameras) for removal in heard] == [[camera.pk for camera in removed]]
    assert {(move.from_state, move.to_state) for move in act.moves.all()} == {("operating", "removed")}
    entry = Entry.objects.get(kind="cameras.lifecycle")
    assert entry.content["numbers"] == [camera.number for camera in removed]
    load(tmp_path, row(카메라대수="3"))
    back = LifecycleAct.objects.exclude(pk=act.pk).get()
    assert (back.event, back.moves.count()) == ("revive", 2)
    assert {(move.from_state, move.to_state) for move in back.moves.all()} == {("removed", "operating")}


def test_a_changed_period_is_the_same_cameras(tmp_path):
    load(tmp_path, row(카메라대수="2"))
    keys = set(Camera.objects.values_list("pk", flat=True))

    result = load(tmp_path, row(카메라대수="2", 보관일수="15", 촬영방면정보="교차로"))

    assert figures(result) == (0, 1, 0, 0)
    assert set(Camera.objects.values_list("pk", flat=True)) == keys
    assert set(Camera.objects.values_list("retention_days", "filming_direction")) == {(15, "교차로")}


def test_a_changed_purpose_takes_the_mapping_but_nothing_else_does(tmp_path):
    load(tmp_path, row())
    Camera.objects.filter(ordinal=1).update(
        install_purpose=InstallPurpose.DISASTER_PREVENTION,
        pipa25_ground=Pipa25Ground.LAW_ALLOWS,
        has_ptz=True,
    )
    PurposeMapping.objects.filter(dataset_purpose="기타").update(pipa25_ground=Pipa25Ground.LAW_ALLOWS)

    load(tmp_path, row(촬영방면정보="교차로"))
    camera = Camera.objects.get(ordinal=1)
    assert camera.install_purpose == InstallPurpose.DISASTER_PREVENTION
    assert camera.has_ptz

    load(tmp_path, row(설치목적구분="기타"))
    camera.refresh_from_db()
    assert (camera.install_purpose, camera.pipa25_ground) == (
        InstallPurpose.OTHER_PUBLIC,
        Pipa25Ground.LAW_ALLOWS,
    )
    assert camera.has_ptz


def test_sites_that_a_file_lacks_and_cameras_that_it_does_not_list_stay(tmp_path):
    load(tmp_path, *rows(3))
    site = Site.objects.get(number=rows(1)[0]["관리번호"])
    planned = CameraFactory(site=site, planned=True)
    exempt = CameraFactory(site=site, exempt=True)
    before = history_count()

    result = load(tmp_path, rows(1)[0])

    assert figures(result) == (0, 0, 1, 0)
    assert history_count() == before
    load(tmp_path, {**rows(1)[0], "카메라대수": "1"})
    for camera in (planned, exempt):
        state = camera.state
        camera.refresh_from_db()
        assert camera.state == state
    load(tmp_path, {**rows(1)[0], "카메라대수": "4"})
    assert site.cameras.filter(state=CameraState.OPERATING, is_sign_exempt=False).count() == 4
    assert Camera.objects.filter(number=f"{site.number}-5", state=CameraState.OPERATING).exists()


def test_a_site_that_moved(tmp_path):
    load(tmp_path, row(), row(보관일수="7"))

    result = load(
        tmp_path,
        row(소재지도로명주소="서울특별시 강서구 공항대로 1"),
        row(보관일수="7", 소재지도로명주소="서울특별시 강서구 공항대로 1"),
    )

    assert figures(result) == (0, 2, 0, 0)
    assert Site.objects.get().road_address == "서울특별시 강서구 공항대로 1"
    assert Site.history.count() == 2


def test_rows_without_a_number_are_found_again(tmp_path):
    load(tmp_path, classic(), classic(설치목적구분="다목적"), classic(카메라화소수="400"))
    assert Site.objects.count() == 2
    assert all(site.has_own_number for site in Site.objects.all())

    result = load(
        tmp_path, classic(카메라대수="5"), classic(설치목적구분="다목적"), classic(카메라화소수="400")
    )

    assert figures(result) == (0, 1, 2, 0)
    assert Site.objects.count() == 2
    assert Camera.objects.count() == 9


def test_a_classic_file_finds_the_sites_of_a_numbered_one(tmp_path):
    load(tmp_path, row(), row(설치목적구분="다목적", 카메라대수="1"), *rows(3)[1:])
    before = history_count()

    result = load(tmp_path, classic(), classic(설치목적구분="다목적", 카메라대수="1"))
    assert figures(result) == (0, 0, 2, 0)
    assert history_count() == before

    # Each row speaks only of the cameras of its purpose and month.
    result = load(tmp_path, classic(카메라대수="3"))
    assert figures(result) == (0, 1, 0, 0)
    assert sorted(Camera.objects.filter(site__number=NUMBER).values_list("number", "dataset_purpose")) == [
        (f"{NUMBER}-1", "생활방범"),
        (f"{NUMBER}-2", "생활방범"),
        (f"{NUMBER}-3", "다목적"),
        (f"{NUMBER}-4", "생활방범"),
    ]
    assert Camera.objects.get(number=f"{NUMBER}-1").local_government_code == "3150000"


def test_what_the_dataset_does_not_carry_stays(tmp_path):
    load(tmp_path, row())
    camera = CameraFactory(
        site=Site.objects.get(), with_papers=True, analytics="배회 감지", special_law_basis="어린이식생활법"
    )
    load(tmp_path, row(카메라대수="3", 촬영방면정보="새 방면"))

    camera.refresh_from_db()
    assert camera.filming_direction == "새 방면"
    assert (camera.analytics, camera.link_status) == ("배회 감지", LinkStatus.LINKED)


def test_a_longer_period_only_under_a_law_on_record(tmp_path):
    assert load(tmp_path, row(보관일수="60")).rejected == 1
    load(tmp_path, row(카메라대수="1"))
    Camera.objects.update(retention_days=60, **LONGER)

    assert figures(load(tmp_path, row(카메라대수="1", 보관일수="60"))) == (0, 0, 1, 0)
    assert figures(load(tmp_path, classic(카메라대수="1", 보관일수="60"))) == (0, 0, 1, 0)
    assert load(tmp_path, row(카메라대수="1", 보관일수="61")).rejected == 1
    # An exception that may be meant is not called an error; one that cannot be is.
    for days, columns in (("60", ["카메라화소수"]), ("61", ["카메라화소수", "보관일수"])):
        errors = load(tmp_path, row(카메라화소수="x", 보관일수=days)).errors
        assert [error.column for error in errors] == columns


def test_a_number_that_serves_another_camera_as_recording_key(tmp_path):
    CameraFactory(recording_key=f"{NUMBER}-2")

    result = load(tmp_path, row(카메라대수="2"))
    assert result.rejected == 1
    assert "녹화 식별자" in result.errors[0].reason
    errors = load(tmp_path, row(카메라대수="2", 설치연월="x")).errors
    assert [error.column for error in errors] == ["관리번호", "설치연월"]


def test_a_clash_of_a_number_that_the_file_has_no_column_for(tmp_path):
    load(tmp_path, classic())
    number = Site.objects.get().number
    Camera.objects.all().delete()
    CameraFactory(recording_key=f"{number}-2")

    errors = load(tmp_path, classic(보관일수="99")).errors

    assert [error.column for error in errors] == ["관리번호", "보관일수"]


def test_a_number_unused_by_other_cameras_is_free(tmp_path):
    CameraFactory(recording_key=f"{NUMBER}-2")
    assert load(tmp_path, row(카메라대수="1")).created == 1


# Files as they are published


def codes(result):
    return {notice.code: notice.count for notice in result.warnings}


def test_yearly_uploads_are_told_and_the_newest_alone_is_taken_when_asked(tmp_path):
    table = [
        {**each, "관리번호": f"{year}{number}", "데이터기준일자": f"{year}-04-30"}
        for number, each in enumerate(rows(3))
        for year in (2024, 2026, 2025)
    ]
    told = load(tmp_path, *table, dry_run=True)
    assert (codes(told)["older_uploads"], told.sites, told.cameras, told.left_out) == (6, 9, 18, 0)
    result = load(tmp_path, *table, newest_only=True)
    assert (figures(result), result.left_out, result.as_json()["left_out"]) == ((3, 0, 0, 0), 6, 6)
    assert set(Site.objects.values_list("number", flat=True)) == {"20260", "20261", "20262"}
    assert json.loads(Entry.objects.get(kind="cameras.imported").payload)["left_out"] == 6
    again = load(tmp_path, *table, newest_only=True)
    assert figures(again) == (0, 0, 3, 0)
    # Next year's numbers are new as well: told, since nobody can know.
    later = load(
        tmp_path, *({**each, "관리번호": f"2027{n}"} for n, each in enumerate(rows(3))), dry_run=True
    )
    assert codes(later) == {"known_places": 3}


def test_new_institutions_are_named_beside_those_they_resemble(tmp_path):
    first = load(tmp_path, row(), row(관리번호="2", 관리기관명="서울특별시 강서구"))
    assert codes(first) == {"new_institutions": 2}
    assert codes(load(tmp_path, row())) == {}
    rehearsal = load(tmp_path, row(관리번호="3", 관리기관명="강서구"), dry_run=True)
    assert "‘강서구’(‘서울특별시 강서구" in rehearsal.warnings[0].message
    # What only looks different is no other institution.
    assert codes(load(tmp_path, row(관리기관명="서울특별시\u200b  강서구청"))) == {}
    assert Institution.objects.filter(name__contains="강서").count() == 2


def test_the_right_file_after_a_decorated_one_makes_no_second_site(tmp_path):
    load(tmp_path, row(관리번호=f'="{NUMBER}"', 소재지도로명주소="서울특별시  강서구\u200b 화곡로 302"))
    result = load(tmp_path, row(소재지도로명주소="서울특별시 강서구 화곡로 302"))
    assert figures(result) == (0, 0, 1, 0)


def test_a_site_stored_with_double_blanks_is_found_by_a_row_without_a_number(tmp_path):
    load(tmp_path, row())
    site = Site.objects.get()
    site.road_address = site.road_address.replace(" ", "  ")
    site.save()
    before = history_count()
    for same in (row(), classic()):
        assert figures(load(tmp_path, same)) == (0, 0, 1, 0)
    assert history_count() == before


def test_an_unknown_period_is_filled_in_but_never_overwrites_a_known_one(tmp_path):
    load(tmp_path, row(보관일수="15"))
    table = [row(보관일수=""), row(관리번호="2", 보관일수="0")]
    refused = load(tmp_path, *table)
    assert (refused.rejected, codes(refused)) == (2, {"retention_unknown": 2})
    result = load(tmp_path, *table, retention_if_unknown=30)
    assert figures(result) == (1, 0, 1, 0)
    assert set(Camera.objects.values_list("site__number", "retention_days")) == {(NUMBER, 15), ("2", 30)}
    reason = Camera.history.filter(site__number="2").first().history_change_reason
    assert "보관일수를 모르는 2행에 30일" in reason
    assert json.loads(Entry.objects.filter(kind="cameras.imported").last().payload)["retention_assumed"] == 30


GATE, BACK = classic(촬영방면정보="정문"), classic(촬영방면정보="후문", 카메라대수="1")


def test_poles_at_one_address_are_found_again(tmp_path):
    assert figures(load(tmp_path, GATE, BACK)) == (2, 0, 0, 0)
    assert (Site.objects.count(), Camera.objects.count()) == (2, 3)
    before = history_count()
    assert figures(load(tmp_path, BACK, GATE)) == (0, 0, 2, 0)
    assert history_count() == before
    more = load(tmp_path, GATE, {**BACK, "카메라대수": "2"}, classic(촬영방면정보="옥상"))
    assert figures(more) == (1, 1, 1, 0)
    # One alone again: it is the one of its direction, and the others stay.
    assert figures(load(tmp_path, {**BACK, "카메라대수": "2"})) == (0, 0, 1, 0)
    assert Site.objects.count() == 3


@pytest.mark.parametrize("numbers", [(NUMBER, "2"), ("", "")])
def test_poles_join_the_sites_that_stand_there(tmp_path, numbers):
    """Of an office's own numbers, or one that was alone at first."""
    standing = [
        row(관리번호=number, 촬영방면정보=way) for number, way in zip(numbers, ("정문", "후문"), strict=True)
    ]
    load(tmp_path, *standing[: 2 if numbers[0] else 1])
    result = load(tmp_path, classic(촬영방면정보="후문"), classic(촬영방면정보="정문"))
    assert (Site.objects.count(), Camera.objects.count(), result.cameras_removed) == (2, 4, 0)
    first = (
        Camera.objects.filter(site__number=NUMBER)
        if numbers[0]
        else Camera.objects.filter(pk__lte=Camera.objects.first().pk)
    )
    assert set(first.values_list("filming_direction", flat=True)) == {"정문"}


def test_cameras_of_one_pole_with_several_directions_are_shared_out(tmp_path):
    load(tmp_path, row())
    Camera.objects.filter(ordinal=2).update(filming_direction="후문")
    one, two = classic(카메라대수="1"), classic(카메라대수="1", 촬영방면정보="후문")
    result = load(tmp_path, one, two)
    assert (Site.objects.count(), result.cameras_removed, result.cameras_added) == (1, 0, 0)


# Rejected rows


def states():
    cameras = Camera.objects.in_order().values_list("ordinal", "state", "pixel_10k", "retention_days")
    return [(ordinal, pixels, days) for ordinal, state, pixels, days in cameras if state == "operating"]


STANDING = [(1, 200, 30), (2, 200, 30), (3, 500, 30)]


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        ({}, {"카메라화소수": "오백"}, STANDING),
        ({"카메라대수": "1"}, {"카메라화소수": "오백"}, STANDING),
        ({"카메라대수": "3"}, {"카메라화소수": "오백"}, [*STANDING, (4, 200, 30)]),
        ({"카메라대수": "3"}, {"카메라화소수": "500", "보관일수": "99"}, [*STANDING, (4, 200, 30)]),
        ({"카메라대수": "3"}, {"카메라화소수": "500", "카메라대수": "x"}, [*STANDING, (4, 200, 30)]),
        (
            {"보관일수": "15"},
            {"카메라화소수": "오백"},
            [(1, 200, 15), (2, 200, 15), (3, 500, 30)],
        ),
        # Wrong only beside the other row.
        ({}, {"카메라화소수": "500", "소재지도로명주소": "서울특별시 강서구 화곡로 2"}, STANDING),
        # A number that cannot be read, at this place.
        ({"카메라대수": "1"}, {"카메라화소수": "500", "관리번호": "2.0E+17"}, STANDING),
    ],
)
def test_a_rejected_row_of_a_site_removes_none_of_its_cameras(tmp_path, good, bad, expected):
    load(tmp_path, row(), row(카메라화소수="500", 카메라대수="1"))
    assert states() == STANDING

    for _ in range(2):
        result = load(tmp_path, row(**good), row(**{"카메라대수": "1"} | bad), skip_invalid=True)

        assert (result.rejected, result.cameras_removed) == (1, 0)
        assert states() == expected
    assert not Camera.objects.filter(state=CameraState.REMOVED).exists()


def test_the_rejected_row_may_come_first_or_be_another_site_s(tmp_path):
    load(tmp_path, row(), row(카메라화소수="500", 카메라대수="1"), *rows(3)[1:])

    load(tmp_path, row(카메라화소수="오백"), row(카메라대수="1"), skip_invalid=True)
    assert not Camera.objects.filter(state=CameraState.REMOVED).exists()

    # All rows of this site were accepted: fewer cameras are removed as ever.
    result = load(tmp_path, row(카메라대수="1"), {**rows(3)[1], "카메라대수": "x"}, skip_invalid=True)
    assert (result.rejected, result.cameras_removed) == (1, 2)


@pytest.mark.parametrize(
    "bad",
    [
        {"카메라화소수": "오백"},
        {"카메라화소수": "500", "WGS84위도": "0", "WGS84경도": "0"},
        {"카메라화소수": "500", "설치연월": "202013"},
        {"카메라화소수": "500", "설치목적구분": "x"},
        {"카메라화소수": "500", "소재지도로명주소": "", "소재지지번주소": ""},
    ],
)
@pytest.mark.parametrize("number", ["", NUMBER])
def test_a_rejected_row_without_a_number_protects_the_site_it_may_mean(tmp_path, bad, number):
    """Whether the register knows the place by our own number or by the office's."""
    load(tmp_path, row(관리번호=number), row(관리번호=number, 카메라화소수="500", 카메라대수="1"))

    wrong = row(관리번호="", **{"카메라대수": "1"} | bad)
    result = load(tmp_path, row(관리번호="", 카메라대수="1"), wrong, skip_invalid=True)

    assert (result.rejected, result.cameras_removed) == (1, 0)
    assert states() == STANDING
    result = load(tmp_path, row(관리번호="", 카메라대수="1"))
    assert result.cameras_removed == 2


def test_a_number_borne_by_a_rejected_row_alone_is_not_taken_by_a_row_without_one(tmp_path):
    load(tmp_path, row())

    table = [row(보관일수="99"), row(관리번호="", 카메라대수="1")]
    result = load(tmp_path, *table, skip_invalid=True)

    assert (result.created, result.cameras_removed) == (1, 0)
    assert Camera.objects.filter(site__number=NUMBER).operating().count() == 2


# Export


def exported(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_export_adds_cameras_up_and_leaves_out_who_is_not_listed(tmp_path):
    load(tmp_path, row(카메라대수="3"), row(보관일수="7", 카메라대수="1"))
    site = Site.objects.get()
    for trait in ("planned", "removed", "exempt"):
        CameraFactory(site=site, **{trait: True})
    Camera.objects.filter(ordinal=1).update(state=CameraState.SUSPENDED)

    result = export_file(tmp_path / "out.csv")

    assert (result.rows, result.sites, result.cameras) == (2, 1, 4)
    assert exported(tmp_path / "out.csv") == [
        row(카메라대수="3"),
        row(보관일수="7", 카메라대수="1"),
    ]
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("name", "encoding"), [("o.csv", "utf-8-sig"), ("o.csv", "cp949"), ("o.xlsx", "utf-8-sig")]
)
def test_what_was_exported_imports_back_without_a_change(tmp_path, name, encoding):
    load(
        tmp_path,
        row(촬영방면정보="'=HYPERLINK(1)", 관리기관전화번호="+82-2-1", 관리기관명="@기관"),
        row(
            관리번호="",
            촬영방면정보="-",
            소재지지번주소="'=인용",
            카메라화소수="",
            설치연월="",
            WGS84위도="",
            WGS84경도="",
        ),
        row(관리번호="'=1+1", 촬영방면정보="\t탭\n줄", 데이터기준일자="", 데이터갱신시점=""),
    )
    site = Site.objects.get(number="=1+1")
    CameraFactory(site=site, filming_direction="'따옴표", phone="-", retention_days=7)
    before = history_count()

    export_file(tmp_path / name, encoding)
    result = import_file(tmp_path / name)

    assert figures(result) == (0, 0, 4, 0)
    assert history_count() == before
    if name.endswith(".csv"):
        text = (tmp_path / name).read_bytes().decode(encoding)
        for cells in csv.reader(io.StringIO(text)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_cameras_of_one_row_with_different_texts_survive_the_way_out_and_in(tmp_path):
    load(tmp_path, row(카메라대수="3"))
    for ordinal, text in enumerate(("정문", "후문", "정문"), start=1):
        Camera.objects.filter(ordinal=ordinal).update(
            filming_direction=text, reference_on=date(2026, 5, ordinal)
        )
    before = history_count()

    export_file(tmp_path / "out.csv")

    assert exported(tmp_path / "out.csv")[0]["촬영방면정보"] == "정문, 후문"
    assert exported(tmp_path / "out.csv")[0]["데이터기준일자"] == "2026-05-03"
    assert figures(import_file(tmp_path / "out.csv")) == (0, 0, 1, 0)
    assert history_count() == before


def test_export_as_of_today(tmp_path):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    load(tmp_path, row())
    export_file(tmp_path / "out.csv", as_of_today=True)
    assert exported(tmp_path / "out.csv")[0]["데이터기준일자"] == str(
        datetime.now(ZoneInfo("Asia/Seoul")).date()
    )


def test_cp949_names_what_it_lacks_and_keeps_the_old_file(tmp_path):
    load(tmp_path, row(촬영방면정보="정문 🎥"))
    (tmp_path / "out.csv").write_text("old")

    with pytest.raises(UnusableTarget, match=r"2행 ‘촬영방면정보’의 글자 ‘🎥’\(U\+1F3A5\)"):
        export_file(tmp_path / "out.csv", "cp949")

    assert (tmp_path / "out.csv").read_text() == "old"


@pytest.mark.parametrize("where", ["", "none/out.csv"])
def test_targets_that_cannot_be_written(tmp_path, where):
    with pytest.raises(UnusableTarget):
        export_file(tmp_path / where)


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_link_is_followed_and_a_pipe_stays_a_pipe(tmp_path, name):
    load(tmp_path, row())
    (tmp_path / "link").symlink_to(tmp_path / name)
    assert export_file(tmp_path / "link").rows == 1
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / name).is_file()
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert export_file(tmp_path / "pipe").rows == 1
    assert os.read(reader, 10_000).decode("utf-8-sig").count("\r\n") == 2
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_a_refused_export_leaves_no_query_behind(tmp_path):
    """Its cursor outlived the command's connection: a traceback after the message."""
    load(
        tmp_path,
        row(촬영방면정보="정문 🎥"),
        row(관리번호="2", 소재지도로명주소="서울특별시 강서구 화곡로 2"),
    )
    with pytest.raises(UnusableTarget) as refused:
        export_file(tmp_path / "out.csv", "cp949")
    frames = [frame for frame, _ in traceback.walk_tb(refused.value.__traceback__)]
    rows = [value for frame in frames for value in frame.f_locals.values() if inspect.isgenerator(value)]
    assert rows
    assert {inspect.getgeneratorstate(each) for each in rows} == {inspect.GEN_CLOSED}


def test_an_empty_register_exports_its_columns(tmp_path):
    assert export_file(tmp_path / "out.csv").rows == 0
    assert len((tmp_path / "out.csv").read_bytes().decode("utf-8-sig").split(",")) == 18


# Commands


def run(capsys, *arguments):
    status = 0
    try:
        call_command(*map(str, arguments))
    except SystemExit as stop:
        status = stop.code
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_commands(tmp_path, capsys):
    path = as_csv(tmp_path / "in.csv", [*rows(2), row(카메라대수="세 대")], encoding="cp949")

    status, out, err = run(capsys, "import_cameras", path, "--json")
    found = json.loads(out.splitlines()[-1])
    assert status == 2
    assert (found["created"], found["rejected"]) == (0, 1)
    assert found["errors"][0].keys() == {"row", "column", "value", "reason", "hint"}
    assert "4행 [카메라대수] ‘세 대’" in err

    status, out, _ = run(
        capsys, "import_cameras", path, "--skip-invalid", "--json", "--rejected", tmp_path / "bad.csv"
    )
    assert status == 0
    assert json.loads(out.splitlines()[-1])["created"] == 2
    assert "세 대" in (tmp_path / "bad.csv").read_text(encoding="utf-8-sig")

    status, out, _ = run(capsys, "export_cameras", tmp_path / "out.csv", "--encoding", "cp949", "--json")
    assert (status, json.loads(out)["cameras"]) == (0, 4)
    status, out, err = run(capsys, "import_cameras", tmp_path / "none.csv", "--json")
    assert status == 2
    assert "파일이 없습니다" in json.loads(out)["error"]
    assert "파일이 없습니다" in err
    assert run(capsys, "export_cameras", tmp_path / "no" / "out.csv")[0] == 2


def test_rejected_rows_never_cost_the_file_or_go_unsaid(tmp_path, capsys):
    """Whether they can be written is looked at first: what was stored would otherwise end as if nothing had been."""
    path = as_csv(tmp_path / "in.csv", [row(), row(관리번호="2", 카메라대수="세 대")])
    before = path.read_bytes()
    for place, word in (
        (path, "덮어쓸 수 없습니다"),
        (tmp_path, "폴더입니다"),
        (tmp_path / "none" / "bad.csv", "폴더가 없습니다"),
    ):
        status, out, err = run(
            capsys, "import_cameras", path, "--skip-invalid", "--rejected", place, "--json"
        )
        assert (status, word in err, word in json.loads(out)["error"]) == (2, True, True)
    assert path.read_bytes() == before
    assert not Site.objects.exists()


@pytest.mark.parametrize(("option", "status"), [("--skip-invalid", 1), ("--dry-run", 2)])
def test_a_full_disk_for_rejected_rows_is_told_beside_what_was_done(tmp_path, capsys, option, status):
    path = as_csv(tmp_path / "in.csv", [row(), row(관리번호="2", 카메라대수="세 대")])
    found, out, err = run(capsys, "import_cameras", path, option, "--rejected", "/dev/full", "--json")
    answer = json.loads(out.splitlines()[-1])
    assert (found, answer["stored"], answer["rejected"]) == (status, status == 1, 1)
    assert "오류 행 파일을 쓸 수 없습니다" in answer["error"]
    assert "세 대" in err


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
@pytest.mark.parametrize("option", [(), ("--dry-run",), ("--skip-invalid",)])
def test_the_export_of_an_empty_register_imports_back(tmp_path, capsys, name, option):
    assert run(capsys, "export_cameras", tmp_path / name)[0] == 0

    status, out, err = run(capsys, "import_cameras", tmp_path / name, "--json", *option)

    found = json.loads(out.splitlines()[-1])
    assert status == 0
    assert {name: found[name] for name in ("created", "updated", "unchanged", "rejected")} == {
        "created": 0,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
    }
    assert (found["sites"], found["cameras"], found["errors"]) == (0, 0, [])
    assert "자료 행이 없습니다" in err
    assert not Site.objects.exists()


def test_a_file_of_columns_alone_leaves_the_register_alone(tmp_path):
    load(tmp_path, row())
    before = history_count()
    path = tmp_path / "header.csv"
    path.write_text(",".join(row()) + "\r\n,,\r\n", encoding="utf-8")

    assert figures(import_file(path)) == (0, 0, 0, 0)
    assert history_count() == before
    assert Camera.objects.operating().count() == 2


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n \r\n"])
def test_a_file_of_nothing_is_unusable(tmp_path, capsys, content):
    (tmp_path / "none.csv").write_bytes(content)
    status, _, err = run(capsys, "import_cameras", tmp_path / "none.csv")
    assert (status, "빈 파일" in err) == (2, True)


def test_a_first_load_leaves_all_indexes_behind(tmp_path, monkeypatch):
    from django.db import connection

    def indexes():
        with connection.cursor() as cursor:
            return {
                name
                for table in ("cameras_camera", "cameras_site")
                for name in connection.introspection.get_constraints(cursor, table)
            }

    before = indexes()
    monkeypatch.setattr("cameras.importing.FIRST_LOAD", 2)
    load(tmp_path, *rows(3))
    assert indexes() == before
    assert "camera_list" in before
    assert Camera.objects.count() == 6


def test_a_name_of_any_bytes(tmp_path):
    path = tmp_path / os.fsdecode(b"\xb0\xad\n.csv")
    as_csv(path, rows(1))
    assert import_file(path).created == 1
    assert Camera.history.first().history_change_reason == "표준데이터 가져오기: \ufffd\ufffd\ufffd.csv"


def test_the_number_of_queries_does_not_grow_with_the_rows(tmp_path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    load(tmp_path, *rows(1))
    counts = []
    for number in (2, 60):
        with CaptureQueriesContext(connection) as queries:
            load(tmp_path, *[{**line, "관리번호": f"{number}-{at}"} for at, line in enumerate(rows(number))])
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_site_made_by_hand_is_known_by_its_place(tmp_path):
    site = SiteFactory(road_address=row()["소재지도로명주소"])
    CameraFactory(site=site, installed_month=date(2020, 5, 1))

    result = load(tmp_path, classic(카메라대수="1"))

    assert figures(result)[0] == 0
    assert Site.objects.count() == 1
