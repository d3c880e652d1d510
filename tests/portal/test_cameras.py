"""The register's screens: list, columns, search, spreadsheet, bulk change, forms, history, map."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from cameras import outline
from cameras.enums import CameraState, InstallPurpose, LinkStatus
from cameras.models import Camera, Landmark, Site
from ledger.models import Entry
from portal import camera_columns
from portal.exports import neutral
from tests.accounts.factories import DepartmentFactory, InstitutionFactory, OfficerFactory
from tests.cameras.contracts import entrusted_now
from tests.cameras.factories import CameraFactory, SiteFactory

pytestmark = pytest.mark.django_db
SQUARE = [[126.80, 37.53], [126.88, 37.53], [126.88, 37.58], [126.80, 37.58], [126.80, 37.53]]


@pytest.fixture
def official(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    client.force_login(officer)
    return officer


def get(client, name, *args, **query):
    return client.get(reverse(f"cameras:{name}", args=args), query)


def numbers(answer) -> list[str]:
    return [camera.number for camera, _ in answer.context["rows"]]


def text(answer) -> str:
    return answer.content.decode()


# List


def test_an_empty_register_says_how_to_fill_it(client, official):
    assert "가져오기" in text(get(client, "list"))
    assert "대장에 카메라가 없습니다" in text(get(client, "list"))


def test_a_search_that_is_cut_off_says_so(client, official, monkeypatch):
    from cameras import listing

    for number in ("가-1", "가-2"):
        CameraFactory(site=SiteFactory(number=number, road_address="서울특별시 강서구 화곡로 1"))
    assert "먼저 등록된" not in text(get(client, "list", q="화곡로"))
    monkeypatch.setattr(listing, "SEARCH_SITES", 1)
    answer = get(client, "list", q="화곡로")
    assert "먼저 등록된 1곳의 카메라만" in text(answer)
    assert len(numbers(answer)) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "suspended"}, "suspended"),
        ({"install_purpose": "parking_management"}, "parking"),
        ({"dataset_purpose": "다목적"}, "multi"),
        ({"department": "none"}, "bare"),
        ({"link_status": "unknown"}, "bare"),
        ({"missing": "department"}, "bare"),
        ({"missing": "any"}, "bare"),
        ({"retention": "over"}, "long"),
        ({"retention": "short"}, "short"),
        ({"installed_until": "2010"}, "old"),
        ({"installed_from": "2025"}, "new"),
        ({"ptz": "yes"}, "ptz"),
        ({"lpr": "yes"}, "lpr"),
        ({"exempt": "yes"}, "exempt"),
        ({"device_kind": "cctv"}, "cctv"),
        ({"q": "가로공원로"}, "place"),
    ],
)
def test_each_filter_finds_its_cameras_and_no_other(client, official, query, found):
    cameras = {
        "suspended": CameraFactory(with_papers=True, state=CameraState.SUSPENDED),
        "parking": CameraFactory(with_papers=True, install_purpose=InstallPurpose.PARKING_MANAGEMENT),
        "multi": CameraFactory(with_papers=True, dataset_purpose="다목적"),
        "bare": CameraFactory(),
        "long": CameraFactory(with_papers=True, excepted=True),
        "short": CameraFactory(with_papers=True, retention_days=7),
        "old": CameraFactory(with_papers=True, installed_month="2009-03-01"),
        "new": CameraFactory(with_papers=True, installed_month="2026-01-01"),
        "ptz": CameraFactory(with_papers=True, has_ptz=True),
        "lpr": CameraFactory(with_papers=True, lpr_enabled=True),
        "exempt": CameraFactory(with_papers=True, exempt=True),
        "cctv": CameraFactory(with_papers=True, device_kind="cctv"),
        "place": CameraFactory(
            with_papers=True, site=SiteFactory(road_address="서울특별시 강서구 가로공원로 77")
        ),
    }
    assert numbers(get(client, "list", **query)) == [cameras[found].number]


def test_filters_by_department_contractor_and_institution_combine(client, official):
    department = DepartmentFactory()
    other = InstitutionFactory(name="서울특별시 양천구청")
    wanted = CameraFactory(site=SiteFactory(institution=other), installing_department=department)
    same = CameraFactory(installing_department=department)
    CameraFactory(site=SiteFactory(institution=other), installing_department=department)
    contractor = entrusted_now(wanted, same).contractor
    answer = get(client, "list", department=department.pk, contractor=contractor.pk, institution=other.pk)
    assert numbers(answer) == [wanted.number]
    assert "양천구청" in " ".join(answer.context["form"].in_words)


@pytest.mark.parametrize(
    "query",
    [
        {"state": "nonsense"},
        {"installed_from": "abc"},
        {"department": "999999"},
        {"page": "minus"},
        {"page": "99999999999999999999"},
        {"order": "password"},
        {"q": "\x00' OR 1=1 --"},
        {"q": "%_\\"},
    ],
)
def test_nonsense_in_the_address_is_no_server_error(client, official, query):
    CameraFactory()
    assert get(client, "list", **query).status_code == 200


def test_number_of_queries_does_not_grow_with_the_register(client, official, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    CameraFactory(with_papers=True)
    get(client, "list")
    with CaptureQueriesContext(
        connection,
    ) as few:
        get(client, "list")
    for _ in range(60):
        CameraFactory(with_papers=True)
    with django_assert_num_queries(len(few)):
        assert len(numbers(get(client, "list"))) == 50
    with django_assert_num_queries(len(few)):
        get(client, "list", page=2)


def test_numbers_sort_as_people_count_and_both_ways(client, official):
    site = SiteFactory()
    for ordinal in (1, 2, 10):
        CameraFactory(site=site, ordinal=ordinal)
    up = [f"{site.number}-{n}" for n in (1, 2, 10)]
    assert numbers(get(client, "list")) == up
    assert numbers(get(client, "list", order="-sort_key")) == up[::-1]


def test_the_choice_of_columns_is_remembered(client, official):
    camera = CameraFactory(recording_key="north-gate")
    assert "north-gate" not in text(get(client, "list"))
    answer = client.post(
        reverse("cameras:columns"), {"columns": ["recording_key", "hacked"], "query": "state=operating"}
    )
    assert answer.url == reverse("cameras:list") + "?state=operating"
    shown = get(client, "list")
    assert "north-gate" in text(shown)
    assert [heading.label for heading in shown.context["headings"]] == ["카메라 번호", "녹화 식별자"]
    client.post(reverse("cameras:columns"), {"reset": "1"})
    assert len(get(client, "list").context["headings"]) == 1 + len(camera_columns.DEFAULT)
    assert camera.number in text(get(client, "list"))


def test_no_address_outside_the_portal_can_be_redirected_to(client, official):
    answer = client.post(reverse("cameras:columns"), {"query": "//evil.example/?x=1\r\nSet-Cookie: a=b"})
    assert answer.url.startswith(reverse("cameras:list") + "?")


def test_suggestions_find_cameras_by_number_and_address(client, official):
    camera = CameraFactory(site=SiteFactory(road_address="서울특별시 강서구 공항대로 200"))
    CameraFactory()
    found = get(client, "suggest", q="공항대로").json()["results"]
    assert [result["number"] for result in found] == [camera.number]
    assert get(client, "suggest", q="").json() == {"results": []}


# Spreadsheet


def export(client, query="", **data):
    url = reverse("cameras:export") + (f"?{query}" if query else "")
    given = {"purpose": "inspection", "detail": "정기 점검", "format": "csv", "extent": "all", **data}
    return client.post(url, given)


def test_an_export_needs_a_purpose(client, official):
    CameraFactory()
    answer = export(client, purpose="")
    assert answer.status_code == 200
    assert "purpose" in answer.context["form"].errors
    assert "detail" in export(client, purpose="other", detail=" ").context["form"].errors
    assert not Entry.objects.filter(kind="portal.exported").exists()


def test_csv_has_bom_all_filtered_rows_and_neutral_formulas(client, official):
    CameraFactory(filming_direction='=HYPERLINK("http://evil.example")', filming_range="@SUM(A1)")
    CameraFactory(state=CameraState.SUSPENDED)
    answer = export(client, "state=operating")
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 1
    assert rows[0]["촬영방면정보"].startswith("'=HYPERLINK")
    assert rows[0]["촬영범위"] == "'@SUM(A1)"
    entry = Entry.objects.get(kind="portal.exported")
    assert entry.actor == f"officer:{official.pk}"
    assert json.loads(entry.payload)["rows"] == 1
    assert "정기 점검" not in entry.payload


def test_workbook_says_what_for_and_holds_text_not_formulas(client, official):
    CameraFactory(filming_direction="+cmd|' /C calc'!A0")
    answer = export(client, format="xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book["자료"]
    heads = [cell.value for cell in sheet[1]]
    cell = sheet[2][heads.index("촬영방면정보")]
    assert cell.value.startswith("+cmd")
    assert sheet.auto_filter.ref
    assert sheet.print_title_rows == "$1:$1"
    assert cell.data_type == "s"
    assert "점검·감사" in [row[1].value for row in book["출력 정보"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_every_start_of_a_formula_is_neutral(start):
    assert neutral(f"{start}1+1") == f"'{start}1+1"
    assert neutral("강서구 1-1") == "강서구 1-1"
    assert neutral(-3) == -3
    assert neutral(None) == ""


def test_dataset_export_is_a_file_that_imports_back(client, official, tmp_path):
    from cameras.register import import_file

    CameraFactory()
    answer = client.post(
        reverse("cameras:dataset"), {"purpose": "public_data", "detail": "", "format": "cp949"}
    )
    path = tmp_path / "back.csv"
    path.write_bytes(b"".join(answer.streaming_content))
    result = import_file(path, dry_run=True, skip_invalid=False, actor="system:test")
    assert (result.unchanged, result.created, result.updated, result.rejected) == (1, 0, 0, 0)


# Bulk change


def bulk_url(*cameras, **query) -> str:
    from urllib.parse import urlencode

    parts = [("ids", camera.pk) for camera in cameras] + list(query.items())
    return reverse("cameras:bulk") + "?" + urlencode(parts)


def test_bulk_change_previews_then_stores_with_reason_and_common_group(client, official):
    department = DepartmentFactory()
    first, second, third = CameraFactory(), CameraFactory(installing_department=department), CameraFactory()
    data = {
        "changed": ["installing_department"],
        "installing_department": department.pk,
        "reason": "부서 개편",
    }
    shown = client.post(bulk_url(first, second), {**data, "step": "preview"})
    preview = shown.context["preview"]["fields"][0]
    assert (preview.changed, preview.unchanged, preview.after) == (1, 1, department.name)
    assert Camera.objects.filter(installing_department=department).count() == 1
    answer = client.post(bulk_url(first, second), {**data, "step": "apply"})
    assert answer.status_code == 302
    first.refresh_from_db()
    third.refresh_from_db()
    assert first.installing_department == department
    assert third.installing_department is None
    record = first.history.first()
    assert (record.history_change_reason, record.history_user) == ("부서 개편", official)
    group = client.get(reverse("cameras:change_group", args=[record.change_group]))
    assert first.number in text(group)
    assert second.number not in text(group)


def test_bulk_change_of_all_that_meet_the_conditions(client, official):
    CameraFactory(link_status=LinkStatus.UNKNOWN)
    kept = CameraFactory(state=CameraState.SUSPENDED)
    data = {"changed": ["link_status"], "link_status": "linked", "reason": "연계 확인", "step": "apply"}
    client.post(bulk_url(extent="all", query="state=operating"), data)
    kept.refresh_from_db()
    assert kept.link_status == LinkStatus.UNKNOWN
    assert Camera.objects.filter(link_status=LinkStatus.LINKED).count() == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"changed": ["retention_days"], "retention_days": "10"}, "reason"),
        ({"reason": "사유"}, "changed"),
        ({"changed": ["retention_days"], "retention_days": "", "reason": "사유"}, "retention_days"),
        ({"changed": ["retention_days"], "retention_days": "0", "reason": "사유"}, "retention_days"),
        ({"changed": ["number"], "number": "1", "reason": "사유"}, "changed"),
    ],
)
def test_bulk_change_refuses_what_is_incomplete(client, official, data, field):
    camera = CameraFactory()
    answer = client.post(bulk_url(camera), {**data, "step": "apply"})
    assert field in answer.context["form"].errors
    camera.refresh_from_db()
    assert camera.retention_days == 30


def test_bulk_change_over_the_maximum_says_why_not(client, official):
    camera = CameraFactory()
    data = {"changed": ["retention_days"], "retention_days": "60", "reason": "연장", "step": "apply"}
    answer = client.post(bulk_url(camera), data)
    assert "최대 보관기간" in text(answer)
    camera.refresh_from_db()
    assert camera.retention_days == 30


def test_bulk_change_of_nothing_goes_back_to_the_list(client, official):
    answer = client.get(bulk_url() + "&ids=abc&ids=-1")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("cameras:list"))


# One camera, one place


def camera_data(camera, **changes) -> dict:
    data = {
        "install_purpose": "crime_prevention",
        "dataset_purpose": "생활방범",
        "pipa25_ground": "2",
        "place_kind": "open",
        "device_kind": "network",
        "retention_days": "30",
        "monitoring_scope": "unknown",
        "link_status": "unknown",
        "audio_disabled": "on",
        "filming_hours": "24시간",
        "filming_direction": camera.filming_direction if camera else "",
        "pixel_10k": "200",
        "installed_month": "2024-05",
        "phone": "02-2600-6114",
        "reference_on": "2026-05-18",
        "recording_key": camera.recording_key if camera else "",
        "reason": "현장 확인",
    }
    return {**data, **changes}


def test_a_change_needs_a_reason_and_shows_in_the_history_in_korean(client, official):
    camera = CameraFactory()
    url = reverse("cameras:edit", args=[camera.pk])
    assert "reason" in client.post(url, camera_data(camera, reason=" ")).context["form"].errors
    answer = client.post(url, camera_data(camera, retention_days="14", filming_hours="주간", state="removed"))
    assert answer.status_code == 302, answer.context["form"].errors
    history = get(client, "history", camera.pk)
    fields = {field.label: (field.before, field.after) for field in history.context["changes"][0].fields}
    # The state is not the form's to change, whatever is sent.
    assert fields == {"보관일수": ("30", "14"), "촬영시간": ("24시간", "주간")}
    assert history.context["changes"][0].by == str(official)
    assert "현장 확인" in text(history)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"retention_days": "31"}, "retention_days"),
        ({"retention_days": "0"}, "retention_days"),
        ({"retention_days": "많이"}, "retention_days"),
        ({"installed_month": "2020-13"}, "installed_month"),
        ({"place_kind": "nowhere"}, "place_kind"),
        ({"link_status": "linked", "link_exemption_reason": "security"}, "link_exemption_reason"),
        ({"audio_checked_on": "어제"}, "audio_checked_on"),
    ],
)
def test_the_register_refuses_with_a_reason_at_the_field(client, official, changes, field):
    camera = CameraFactory()
    answer = client.post(reverse("cameras:edit", args=[camera.pk]), camera_data(camera, **changes))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert "<title>오류: " in text(answer)
    assert camera.history.count() == 1


def test_a_place_and_its_cameras_are_entered_by_hand(client, official):
    institution = InstitutionFactory()
    site_data = {
        "institution": institution.pk,
        "number": "",
        "road_address": "서울특별시 강서구 양천로 1",
        "lot_address": "",
        "latitude": "37.56",
        "longitude": "126.83",
        "reason": "신규 설치",
    }
    answer = client.post(reverse("cameras:add"), site_data)
    site = Site.objects.get()
    assert answer.url == reverse("cameras:camera_add", args=[site.pk])
    assert site.has_own_number
    for _ in range(2):
        answer = client.post(
            answer.request["PATH_INFO"] if not answer.url else reverse("cameras:camera_add", args=[site.pk]),
            camera_data(None, many="1"),
        )
        assert answer.status_code == 302
    assert list(site.cameras.values_list("number", flat=True)) == [f"{site.number}-1", f"{site.number}-2"]
    assert set(site.cameras.values_list("state", flat=True)) == {CameraState.PLANNED}
    twice = client.post(reverse("cameras:add"), site_data)
    assert twice.context["form"].errors
    assert Site.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"latitude": "126.83", "longitude": "37.56"},
        {"latitude": "0", "longitude": "0"},
        {"latitude": "48.85", "longitude": "2.35"},
        {"latitude": "37.56", "longitude": ""},
        {"road_address": ""},
        {"latitude": "NaN"},
    ],
)
def test_impossible_places_are_refused(client, official, changes):
    data = {
        "institution": InstitutionFactory().pk,
        "number": "X1",
        "road_address": "서울특별시 강서구 양천로 1",
        "latitude": "37.56",
        "longitude": "126.83",
        "reason": "신규",
        **changes,
    }
    answer = client.post(reverse("cameras:add"), data)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Site.objects.exists()


def test_camera_page_shows_what_is_known_and_what_is_missing(client, official):
    camera = CameraFactory(filming_direction="<script>alert(1)</script>")
    sibling = CameraFactory(site=camera.site)
    answer = get(client, "page", camera.pk)
    assert sibling.number in text(answer)
    assert "<script>alert(1)" not in text(answer)
    assert any("설치부서" in sentence for sentence in answer.context["missing"])
    assert "제24조제1항" in text(answer)
    assert get(client, "site", camera.site_id).status_code == 200


def test_nothing_is_missing_of_a_planned_camera_that_no_rule_asks_yet(client, official):
    camera = CameraFactory(planned=True, filming_direction="", pixel_10k=None, installed_month=None)
    assert get(client, "page", camera.pk).context["missing"] == []
    assert numbers(get(client, "list", missing="any")) == []
    Camera.objects.update(state=CameraState.INSTALLED)
    said = " ".join(get(client, "page", camera.pk).context["missing"])
    for word in ("설치부서", "촬영범위", "설치연월", "녹음기능", "관제센터"):
        assert word in said
    assert numbers(get(client, "list", missing="any")) == [camera.number]


def test_the_column_of_contractors_names_all_of_today(client, official):
    first, second = CameraFactory(), CameraFactory()
    entrusted_now(first, name="가나유지")
    entrusted_now(name="다라저장", coverage="all")
    client.cookies[camera_columns.COOKIE] = "contractor"
    shown = text(get(client, "list"))
    assert "가나유지, 다라저장" in shown
    none_of = get(client, "list", contractor="none")
    assert numbers(none_of) == []
    rows = get(client, "page", second.pk)
    assert "다라저장 02-1 (유지보수)" in text(rows)


def test_an_agent_sees_the_camera_but_no_footage(client):
    client.force_login(OfficerFactory(role=Role.MONITORING_AGENT))
    camera = CameraFactory()
    answer = get(client, "page", camera.pk)
    assert answer.status_code == 200
    assert "일일 파기 확인" not in text(answer)
    assert get(client, "edit", camera.pk).status_code == 403
    assert client.get(bulk_url(camera)).status_code == 403


def test_history_takes_the_same_queries_for_one_and_for_many_changes(
    client, official, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    camera = CameraFactory(with_papers=True)
    get(client, "history", camera.pk)
    with CaptureQueriesContext(connection) as few:
        get(client, "history", camera.pk)
    for _ in range(12):
        camera.installing_department = DepartmentFactory()
        camera.save()
    with django_assert_num_queries(len(few)):
        answer = get(client, "history", camera.pk)
    assert len(answer.context["changes"]) == 13


# Map


def test_points_come_by_box_and_zoom_and_follow_the_filter(client, official):
    near = CameraFactory(site=SiteFactory(latitude=Decimal("37.55"), longitude=Decimal("126.85")))
    CameraFactory(
        site=SiteFactory(latitude=Decimal("37.56"), longitude=Decimal("126.86")), state=CameraState.SUSPENDED
    )
    CameraFactory(site=SiteFactory(latitude=Decimal("35.10"), longitude=Decimal("129.04")))
    seoul = {"bbox": "126.7,37.4,127.0,37.7", "zoom": "12"}
    assert get(client, "map_points", **seoul).json()["total"] == 2
    only = get(client, "map_points", **seoul, state="operating").json()
    assert [site["detail"] for site in only["sites"]] == [near.site.number]
    assert only["sites"][0]["url"] == reverse("cameras:site", args=[near.site_id])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"bbox": "1,2,3", "zoom": "5"},
        {"bbox": "a,b,c,d", "zoom": "5"},
        {"bbox": "1,2,3,4", "zoom": "x"},
        {"bbox": "nan,nan,nan,nan", "zoom": "5"},
        {"bbox": "5,5,1,1", "zoom": "5"},
    ],
)
def test_a_box_that_is_none_is_refused(client, official, query):
    assert get(client, "map_points", **query).status_code == 400


def geojson(coordinates, kind="Polygon", **more) -> bytes:
    return json.dumps({"type": kind, "coordinates": coordinates, **more}).encode()


def upload(client, content: bytes):
    file = SimpleUploadedFile("gangseo.geojson", content)
    return client.post(reverse("cameras:outline"), {"file": file})


def test_an_outline_is_reduced_to_its_polygons(client, official):
    feature = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": "<img src=x onerror=alert(1)>"},
                "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
            }
        ],
    }
    assert upload(client, json.dumps(feature).encode()).status_code == 302
    answer = get(client, "outline_file")
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"onerror" not in answer.content
    (feature,) = answer.json()["features"]
    assert (feature["properties"], feature["geometry"]["type"]) == (
        {"kind": "outline", "name": ""},
        "MultiPolygon",
    )
    client.logout()
    assert get(client, "outline_file").status_code == 302


def part(kind: str, name: str, geometry: str, coordinates) -> dict:
    return {
        "type": "Feature",
        "properties": {"kind": kind, "name": name, "colour": "red"},
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def base_map(*parts, **more) -> bytes:
    outlined = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    return json.dumps({"type": "FeatureCollection", "features": [outlined, *parts], **more}).encode()


def test_roads_and_neighbourhoods_keep_their_names_and_the_office_adds_its_place_names(client, official):
    Landmark.objects.create(name="우장산역", kind="station", latitude="37.55", longitude="126.85")
    Landmark.objects.create(name="07661", kind="postcode", latitude="37.55", longitude="126.85")
    sent = base_map(
        part("road", "화곡로", "LineString", SQUARE[:2]),
        part("dong", "화곡1동", "Polygon", [SQUARE]),
        sample=True,
    )
    assert upload(client, sent).status_code == 302
    for path in (reverse("cameras:outline_file"), reverse("website_map_outline")):
        kept = client.get(path).json()
        assert kept["sample"] is True
        assert [(each["properties"], each["geometry"]["type"]) for each in kept["features"]] == [
            ({"kind": "outline", "name": ""}, "MultiPolygon"),
            ({"kind": "road", "name": "화곡로"}, "MultiLineString"),
            ({"kind": "dong", "name": "화곡1동"}, "MultiPolygon"),
            ({"kind": "station", "name": "우장산역"}, "Point"),
        ]


def test_a_file_stored_before_there_were_names_is_still_drawn(client, official):
    default_storage.save(outline.STORED_AS, ContentFile(geojson([[SQUARE]], kind="MultiPolygon")))
    (feature,) = get(client, "outline_file").json()["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    "content",
    [
        base_map(part("road", "<b>", "LineString", SQUARE[:2])),
        base_map(part("road", "", "LineString", SQUARE[:2])),
        base_map(part("road", "가" * 31, "LineString", SQUARE[:2])),
        base_map(part("road", "화곡로", "Polygon", [SQUARE])),
        base_map(part("road", "화곡로", "LineString", SQUARE[:1])),
        base_map(part("road", "화곡로", "LineString", [[0, 0], [1, 1]])),
        base_map(part("road", "화곡로", "LineString", "x")),
        base_map(part("dong", "화곡동", "LineString", SQUARE[:2])),
        base_map(part("station", "역", "Point", SQUARE[0])),
        b'{"type": "FeatureCollection", "features": [7]}',
        b'{"type": "FeatureCollection", "features": [{"properties": {"kind": "road", "name": "a"}}]}',
        json.dumps(
            {"type": "FeatureCollection", "features": [part("road", "화곡로", "LineString", SQUARE[:2])]}
        ).encode(),
        b"",
        b"\xff\xfe\x00",
        b"<svg onload=alert(1)>",
        b"[]",
        b"null",
        b'{"type": "Polygon", "coordinates": [[[NaN, 1]]]}',
        b'{"type": "Polygon", "coordinates": [[[1' + b"0" * 400 + b", 1], [1, 1], [1, 2], [1, 1]]]}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        geojson([SQUARE], kind="LineString"),
        geojson([]),
        geojson([SQUARE[:3]]),
        geojson([SQUARE[:4]]),
        geojson([[[y, x] for x, y in SQUARE]]),
        geojson([[[x - 100, y] for x, y in SQUARE]]),
        geojson([[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]]),
        geojson([[SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]]),
        geojson([[["126.8", "37.5"]] * 5]),
        geojson([[[True, False]] * 5]),
        geojson([SQUARE], crs={"type": "name", "properties": {"name": "EPSG:5186"}}),
    ],
)
def test_what_is_no_outline_is_refused_in_words(client, official, content):
    answer = upload(client, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not outline.exists()


def test_an_outline_too_big_is_refused(client, official, monkeypatch):
    monkeypatch.setattr(outline, "MAX_BYTES", 200)
    assert "너무 큽니다" in text(upload(client, geojson([SQUARE]) + b" " * 200))


def test_the_outline_can_be_taken_away(client, official):
    upload(client, geojson([SQUARE]))
    client.post(reverse("cameras:outline"), {"remove": "1"})
    assert get(client, "outline_file").status_code == 404
