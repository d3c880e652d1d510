"""Lists of staff, duty and incidents from other systems: every error at once, nothing stored by halves."""

import io
import json
from datetime import date, datetime, timedelta
from importlib import import_module

import openpyxl
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from casework import persons
from ledger import append
from ledger.models import Entry
from records.models import DutyShift, Incident, StaffMember
from records.people import duty, incidents, staff
from records.tabular import SEOUL, CellRefused, UnusableFile, instant
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory

pytestmark = pytest.mark.django_db

STAFF = (
    "계정,사번,성명,구분,소속,시작일,종료일,주소\n"
    "kim,A1,김하나,관제요원,두리시스템,2026-01-01,,서울특별시 강서구 화곡로 302\n"
    "lee,A2,이두리,파견경찰,강서경찰서,2026-03-01,2026-12-31,\n"
)


@pytest.fixture
def write(tmp_path):
    def write_file(text: str, encoding: str = "utf-8", name: str = "표.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write_file


@pytest.fixture
def people(write):
    staff.import_file(write(STAFF))


def reasons(result) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in result.errors]


def run(name: str, *args: object) -> tuple[int, dict]:
    out = io.StringIO()
    code = 0
    try:
        call_command(name, *map(str, args), "--json", stdout=out, stderr=io.StringIO())
    except SystemExit as stopped:
        code = stopped.code
    return code, json.loads(out.getvalue().splitlines()[-1])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_staff_come_with_name_and_address_sealed(write, encoding) -> None:
    officer = OfficerFactory(username="kim")
    code, answer = run("import_staff", write(STAFF, encoding))
    assert code == 0
    assert (answer["created"], answer["rejected"], answer["stored"]) == (2, 0, True)
    kim = StaffMember.objects.get(number="A1")
    assert (kim.name, kim.address, kim.officer) == ("김하나", "서울특별시 강서구 화곡로 302", officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, address FROM records_staffmember")
        assert "김하나" not in str(cursor.fetchall())
    entry = Entry.objects.get(kind="records.staff_imported")
    assert entry.sequence == answer["ledger_entry"]
    assert "김하나" not in str(entry.payload)


def test_the_same_list_again_changes_nothing_and_a_changed_one_changes_its_rows(write, people) -> None:
    again = staff.import_file(write(STAFF))
    assert (again.created, again.updated, again.unchanged, again.is_stored) == (0, 0, 2, False)
    assert Entry.objects.filter(kind="records.staff_imported").count() == 1
    moved = staff.import_file(write("사번,성명,구분,주소\nA1,김하나,관제요원,서울특별시 강서구 공항대로 1\n"))
    assert (moved.updated, moved.created) == (1, 0)
    kim = StaffMember.objects.get(number="A1")
    assert (kim.address, kim.account) == ("서울특별시 강서구 공항대로 1", "kim"), (
        "a column that lacks is left alone"
    )


def test_nobody_brings_the_own_account_into_another_persons_row(write, people) -> None:
    OfficerFactory(username="kim")
    me = OfficerFactory(username="me")
    mine = "사번,성명,구분,계정\nA2,이두리,파견경찰,me\n"
    refused = staff.import_file(write(mine), by=me)
    assert reasons(refused) == [(2, "계정")]
    assert "다른 사람이" in refused.errors[0].reason
    assert not StaffMember.objects.filter(officer=me).exists()
    assert staff.import_file(write(mine), by=OfficerFactory()).updated == 1
    # What changes nothing is no matter of anybody.
    assert staff.import_file(write(mine), by=me).unchanged == 1


def test_a_rehearsal_says_the_same_and_stores_nothing(write) -> None:
    code, answer = run("import_staff", write(STAFF), "--dry-run")
    assert (code, answer["created"], answer["stored"]) == (0, 2, False)
    assert not StaffMember.objects.exists()
    assert not Entry.objects.filter(kind="records.staff_imported").exists()


def test_every_error_of_a_staff_list_is_told_at_once_and_nothing_is_stored(write) -> None:
    wrong = write(
        "사번,성명,구분,계정,시작일,종료일\n"
        ",김하나,관제요원,a,,\n"
        "B1,이두리,경비원,b,2026-02-30,\n"
        "B2,박세나,공무원,c,2026-05-01,2026-04-01\n"
        "B2,박세나,공무원,d,,\n"
        "B3,최네오,공무원,e,2026-01-01,2026-06-30\n"
        "B4,정다섯,공무원,e,2026-06-30,\n"
        "B5,한여섯,공무원,f,,\n"
    )
    code, answer = run("import_staff", wrong)
    assert code == 2
    assert {(error["row"], error["column"]) for error in answer["errors"]} == {
        (2, "사번"), (3, "구분"), (3, "시작일"), (4, "종료일"), (5, "사번"), (7, "계정"),
    }  # fmt: skip
    assert all(error["reason"] for error in answer["errors"])
    assert not StaffMember.objects.exists()
    code, answer = run("import_staff", wrong, "--skip-invalid")
    assert code == 0
    assert set(StaffMember.objects.values_list("number", flat=True)) == {"B3", "B5"}


def test_a_file_without_its_columns_is_refused_with_their_names(write) -> None:
    with pytest.raises(UnusableFile, match="구분"):
        staff.import_file(write("사번,성명\nA1,김하나\n"))
    with pytest.raises(UnusableFile, match="빈 파일"):
        staff.import_file(write(""))
    code, answer = run("import_staff", write("x\n1\n"))
    assert code == 2
    assert "열 이름" in answer["error"]


def test_a_workbook_is_read_like_a_text(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["인력 명단"])
    book.active.append(["성명", "사번", "구분", "시작일"])
    book.active.append(["김하나", 1001, "관제요원", date(2026, 1, 1)])
    book.save(tmp_path / "명단.xlsx")
    assert staff.import_file(tmp_path / "명단.xlsx").created == 1
    assert str(StaffMember.objects.get(number="1001").starts_on) == "2026-01-01"


def test_shifts_come_in_seoul_time_or_with_their_offset(write, people) -> None:
    text = (
        "종료,시작,사번\n2026-10-01 15:00,2026-10-01 07:00,A1\n2026-10-01T14:00:00Z,2026-10-01T06:00:00Z,A1\n"
    )
    result = duty.import_file(write(text))
    assert (result.created, result.errors) == (2, []), "one shift begins where the other ends"
    first, second = DutyShift.objects.order_by("starts_at")
    assert first.ends_at == second.starts_at == datetime(2026, 10, 1, 15, tzinfo=SEOUL)
    again = duty.import_file(write(text))
    assert (again.created, again.unchanged, again.is_stored) == (0, 2, False)


def test_wrong_shifts_are_all_told(write, people) -> None:
    duty.import_file(write("사번,시작,종료\nA2,2026-10-02 07:00,2026-10-02 15:00\n"))
    result = duty.import_file(
        write(
            "사번,시작,종료\n"
            "A1,2026-10-01 07:00,2026-10-01 15:00\n"
            "A1,2026-10-01 14:59,2026-10-01 23:00\n"
            "A1,2026-10-03 15:00,2026-10-03 07:00\n"
            "없음,2026-10-01 07:00,2026-10-01 15:00\n"
            "A2,2026-10-02 06:00,2026-10-02 08:00\n"
            "A1,2026-10-04 07:00,2026-11-04 15:00\n"
            "A1,내일,2026-10-05 15:00\n"
        )
    )
    assert reasons(result) == [(3, "시작"), (4, "종료"), (5, "사번"), (6, "시작"), (7, "종료"), (8, "시작")]
    assert "2행" in result.errors[0].reason
    assert "2026-10-02 07:00" in result.errors[3].reason
    assert DutyShift.objects.count() == 1


def test_incidents_name_their_camera_and_who_saw_them(write, people) -> None:
    camera, other = CameraFactory(recording_key="cam-7"), CameraFactory()
    text = (
        "사건번호,인지시각,카메라,종류,사번,통보기관,통보시각\n"
        f"S-1,2026-10-01 03:10:00,{camera.number},폭행,A1,112,2026-10-01 03:11:00\n"
        f"S-1,2026-10-01 03:20:00,{other.number},폭행,A1,112,2026-10-01 03:21:00\n"
        "S-2,2026-10-01 04:00:00,cam-7,화재,,119,\n"
        "S-3,2026-10-01 05:00:00,,기타,,,\n"
    )
    result = incidents.import_file(write(text))
    assert (result.created, result.errors) == (4, [])
    assert Incident.objects.get(number="S-2").camera == camera
    assert Incident.objects.get(number="S-1", camera=camera).staff.number == "A1"
    assert incidents.import_file(write(text)).unchanged == 4
    told = incidents.import_file(write(text.replace("119,", "119,2026-10-01 04:02:00")))
    assert (told.updated, told.unchanged) == (1, 3)
    versions = Incident.objects.get(number="S-2").history.order_by("history_id")
    assert [version.told_at is None for version in versions] == [True, False], "what stood before stays"


def test_wrong_incidents_are_all_told(write, people) -> None:
    camera = CameraFactory()
    CameraFactory(site=camera.site, ordinal=2)
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    result = incidents.import_file(
        write(
            "사건번호,인지시각,카메라,사번,통보시각\n"
            f"S-1,{tomorrow},{camera.number},A1,\n"
            f"S-2,2026-10-01 03:10,없는카메라,A1,\n"
            f"S-3,2026-10-01 03:10,{camera.number},Z9,2026-10-01 03:00\n"
            f"S-4,2026-10-01 03:10,{camera.site.number},,\n"
            f",2026-10-01 03:10,,,\n"
            f"S-5,2026-10-01 03:10,{camera.number},,\n"
            f"S-5,2026-10-01 03:10,{camera.number},,\n"
        )
    )
    assert reasons(result) == [
        (2, "인지시각"), (3, "카메라"), (4, "사번"), (4, "통보시각"), (5, "카메라"), (6, "사건번호"), (8, "사건번호"),
    ]  # fmt: skip
    assert not Incident.objects.exists()


def test_persons_go_when_their_days_are_over_and_an_old_list_does_not_bring_them_back(write) -> None:
    old = "사번,성명,구분,시작일,종료일,주소\nC1,옛사람,공무원,2019-01-01,2020-12-31,서울특별시 강서구 화곡로 1\n"
    staff.import_file(write(old + "C2,새사람,공무원,2026-01-01,,\n"))
    assert persons.entry("staff").count_due(timezone.now()) == 1
    assert persons.erase_due(timezone.now())["staff"] == 1
    gone = StaffMember.objects.get(number="C1")
    assert (gone.name, gone.address) == ("", "")
    assert StaffMember.objects.get(number="C2").name == "새사람"
    assert staff.import_file(write(old)).unchanged == 1
    assert StaffMember.objects.get(number="C1").name == ""


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-10-01 09:00", "2026-10-01T09:00:00+09:00"),
        ("2026-10-01T00:00:00Z", "2026-10-01T09:00:00+09:00"),
        ("2026. 10. 1. 오후 3:05", "2026-10-01T15:05:00+09:00"),
        ("2026/10/01 15:05:07.25", "2026-10-01T15:05:07.250000+09:00"),
        ("2026-10-01", "2026-10-01T00:00:00+09:00"),
    ],
)
def test_times_as_offices_write_them(cell, expected) -> None:
    assert instant(cell).astimezone(SEOUL).isoformat() == expected


@pytest.mark.parametrize("cell", ["", "어제", "2026-13-01", "2026-10-01 25:00", "1970-01-01 00:00"])
def test_what_is_no_time_is_refused(cell) -> None:
    with pytest.raises(CellRefused):
        instant(cell)


# -- who was on the list when


def test_the_list_remembers_since_when_it_says_what_it_says(write):
    staff.import_file(write(STAFF))
    staff.import_file(write(STAFF.replace("2026-12-31", "2026-10-31"), name="다음.csv"))
    versions = StaffMember.history.filter(number="A2").order_by("history_id")
    assert [version.ends_on for version in versions] == [date(2026, 12, 31), date(2026, 10, 31)]
    assert not {"name", "address"} & {field.name for field in StaffMember.history.model._meta.get_fields()}


def test_persons_from_before_are_known_since_the_ledger_says_so():
    StaffMember.objects.bulk_create(
        [StaffMember(number=number, kind="official") for number in ("A1", "A2", "A3")]
    )
    entered = append.record("records.staff_entered", actor="officer:1", subject="staff:A1", payload={})
    imported = append.record("records.staff_imported", actor="officer:1", subject="staff", payload={})
    import_module("records.migrations.0045_staff_history").begin_history(apps, None)
    since = dict(StaffMember.history.values_list("number", "history_date"))
    assert since == {"A1": entered.at, "A2": imported.at, "A3": imported.at}
