"""The public dataset: its layout, what it never holds, and that a flood does not make it anew."""

import csv
import hashlib
import io
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site as WebSite

from cameras import exporting
from cameras.dataset_columns import BULK_LAYOUT
from cameras.enums import CameraState
from cameras.models import Camera
from ledger import append, seal
from tests.website.situations import make_place
from website import dataset
from website.models import SiteTexts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_files() -> None:
    shutil.rmtree(Path(settings.DATA_DIR) / "dataset", ignore_errors=True)


def bytes_of(client: Client, code: str) -> bytes:
    answer = client.get(f"/dataset/{code}/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows(client: Client, code: str = "csv", encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(bytes_of(client, code).decode(encoding))))


@pytest.mark.parametrize(("code", "encoding"), [("csv", "utf-8-sig"), ("csv-cp949", "cp949")])
def test_the_layout_is_the_standards(client: Client, code: str, encoding: str) -> None:
    make_place("A", "서울특별시 강서구 화곡로 1", cameras=2)
    found = rows(client, code, encoding)
    assert tuple(found[0]) == BULK_LAYOUT
    assert (found[0]["관리번호"], found[0]["카메라대수"]) == ("A", "2")
    if code == "csv":
        assert bytes_of(client, code).startswith(b"\xef\xbb\xbf")


def test_the_workbook_opens_with_the_same_rows(client: Client) -> None:
    from python_calamine import CalamineWorkbook

    make_place("A", "화곡로 1")
    book = CalamineWorkbook.from_filelike(io.BytesIO(bytes_of(client, "xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    assert tuple(sheet[0]) == BULK_LAYOUT
    assert sheet[1][1] == "A"


def test_exempt_planned_and_removed_cameras_are_left_out(client: Client) -> None:
    make_place("A", "화곡로 1")
    make_place("B", "화곡로 2", is_sign_exempt=True)
    make_place("C", "화곡로 3", state=CameraState.PLANNED)
    make_place("D", "화곡로 4", state=CameraState.REMOVED)
    assert [row["관리번호"] for row in rows(client)] == ["A"]


def test_a_camera_that_becomes_exempt_is_gone_from_the_very_next_file(client: Client) -> None:
    make_place("A", "화곡로 1")
    make_place("B", "화곡로 2")
    assert len(rows(client)) == 2
    camera = Camera.objects.get(number="B-1")
    camera.is_sign_exempt = True
    camera.save()
    assert [row["관리번호"] for row in rows(client)] == ["A"]


def test_other_changes_wait_for_an_hour_and_a_flood_writes_one_file(client: Client, monkeypatch) -> None:
    written = []
    export = exporting.export_file
    monkeypatch.setattr(exporting, "export_file", lambda *args: written.append(args) or export(*args))
    make_place("A", "화곡로 1")
    for _ in range(5):
        rows(client)
    make_place("B", "화곡로 2")
    assert [row["관리번호"] for row in rows(client)] == ["A"]
    assert len(written) == 1
    later = timezone.now() + timedelta(hours=2)
    assert dataset.current(dataset.FORMATS["csv"], later).facts.sites == 2
    assert len(written) == 2
    assert dataset.refresh() == len(dataset.FORMATS) - 1  # the formats that nobody has asked for


def test_a_reader_who_has_it_gets_nothing_again(client: Client) -> None:
    make_place("A", "화곡로 1")
    first = client.get("/dataset/csv/")
    b"".join(first.streaming_content)
    by_tag = client.get("/dataset/csv/", headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get("/dataset/csv/", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_while_the_first_file_is_made_others_are_told_to_come_back(client: Client) -> None:
    make_place("A", "화곡로 1")
    with dataset._lock(dataset.FORMATS["csv"], is_patient=False):
        answer = client.get("/dataset/csv/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "파일을 만들고 있습니다" in answer.content.decode()


def test_what_cp949_cannot_hold_is_said_plainly(client: Client) -> None:
    make_place("A", "화곡로 1 😀")
    answer = client.get("/dataset/csv-cp949/")
    assert answer.status_code == 503
    assert "CSV (UTF-8)" in answer.content.decode()
    assert len(rows(client)) == 1


def test_the_page_tells_columns_licence_and_date(client: Client) -> None:
    make_place("A", "화곡로 1", reference_on="2026-05-18")
    assert "처음 내려받을 때" in client.get("/dataset/").content.decode()
    rows(client)
    page = client.get("/dataset/").content.decode()
    for told in (*BULK_LAYOUT, "출처를 밝혀", "2026-05-18", "설치장소 1곳"):
        assert told in page


@pytest.mark.parametrize("path", ["/dataset/exe/", "/dataset/csv/?x=1%00", "/dataset/no-such/"])
def test_nonsense_breaks_nothing(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {200, 404}
    if answer.streaming:
        b"".join(answer.streaming_content)
    assert client.post("/dataset/csv/").status_code == 405


def test_no_recorder_appears_in_any_file(client: Client) -> None:
    make_place("A", "화곡로 1")
    Camera.objects.update(recording_key="secret-recorder-path")
    for code in ("csv", "csv-cp949"):
        assert b"secret-recorder-path" not in bytes_of(client, code)


# -- for programs


def test_geojson_holds_the_same_rows_without_empty_columns(client: Client) -> None:
    make_place("A", "화곡로 1", cameras=2)
    make_place("X", "비밀로 1", is_sign_exempt=True)
    found = json.loads(bytes_of(client, "geojson"))
    (feature,) = found["features"]
    (row,) = rows(client)
    told = feature["properties"]
    assert {name: str(value) for name, value in told.items()} == {
        name: value for name, value in row.items() if value and not name.startswith("WGS84")
    }
    assert feature["geometry"]["coordinates"] == [float(row["WGS84경도"]), float(row["WGS84위도"])]


def test_the_description_tells_files_digests_and_the_licence_only_when_it_was_set(client: Client) -> None:
    make_place("A", "화곡로 1")
    content = bytes_of(client, "csv")
    described = client.get("/dataset/catalog.jsonld").json()
    by_type = {each["dct:title"]: each for each in described["dcat:distribution"]}
    digest = hashlib.sha256(content).hexdigest()
    assert by_type["CSV (UTF-8)"]["spdx:checksum"]["spdx:checksumValue"] == digest
    assert digest in client.get("/dataset/").content.decode()
    assert "dct:license" not in by_type["CSV (UTF-8)"]
    texts = SiteTexts.for_site(WebSite.objects.get(is_default_site=True))
    texts.dataset_licence_type = "kogl-1"
    texts.save()
    described = client.get("/dataset/catalog.jsonld").json()
    assert all("kogl.or.kr" in each["dct:license"] for each in described["dcat:distribution"])
    assert "제1유형" in client.get("/dataset/").content.decode()


def test_a_file_says_which_state_of_the_ledger_it_was_made_from(client: Client) -> None:
    make_place("A", "화곡로 1")
    with transaction.atomic():
        append.record("portal.exported", actor="system:test", subject="list:x", payload={"rows": 1})
    head = seal.seal()
    assert head is not None
    bytes_of(client, "csv")
    assert head.root in client.get("/dataset/").content.decode()
    distributions = client.get("/dataset/catalog.jsonld").json()["dcat:distribution"]
    described = next(each for each in distributions if each["dct:title"] == "CSV (UTF-8)")
    assert described["dct:provenance"]["rdfs:label"] == f"ledger size {head.size}, root {head.root}"


def test_places_are_asked_for_and_never_an_exempt_one(client: Client, django_assert_num_queries) -> None:
    make_place("A", "화곡로 1", cameras=2)
    make_place("X", "비밀로 1", is_sign_exempt=True)
    answer = client.get("/dataset/sites.json").json()
    assert (answer["count"], answer["sites"][0]["number"], len(answer["sites"][0]["cameras"])) == (1, "A", 2)
    assert client.get("/dataset/sites.json?near=35.1,129.0").json()["count"] == 0
    assert client.get("/dataset/sites.json?page=999&near=37.555,126.853&within=5000").json()["count"] == 1
    for wrong in ("near=x", "purpose=everything", "near=1,2&within=0"):
        assert client.get(f"/dataset/sites.json?{wrong}").status_code == 400
    with CaptureQueriesContext(connection) as few:
        client.get("/dataset/sites.json")
    for number in range(20):
        make_place(f"B-{number}", f"공항대로 {number}")
    with django_assert_num_queries(len(few)):
        client.get("/dataset/sites.json")
