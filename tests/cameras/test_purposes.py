"""Which ground fits which purpose (ordinance art. 6, PIPA art. 25(1)): entered, imported, judged, and told."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from cameras import editing, policy, purposes
from cameras.bulk_change import bulk_change
from cameras.enums import InstallPurpose, Pipa25Ground
from cameras.importing import import_file
from cameras.models import Camera, OperationPolicy, PurposeMapping, Site
from cameras.purposes import Stated
from cameras.signs import making
from casework.refusals import Refused
from ordinance import loading
from ordinance.models import PurposeGround
from ordinance.purposes import fits
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory, as_csv, row
from tests.ordinance.duties import assess, open_findings, unmet

pytestmark = pytest.mark.django_db

BEFORE = dt.date(2023, 9, 14)
AFTER = dt.date(2023, 9, 15)
COUNTING = {
    "install_purpose": InstallPurpose.OTHER_PUBLIC,
    "purpose_detail": "공원 방문객 수",
    "pipa25_ground": Pipa25Ground.NOT_STORED,
    "retention_days": purposes.NOT_STORED_DAYS,
}
# By law.md §9: crime → 2; traffic enforcement → 4; traffic information → 5; facility, fire → 3; dumping → 1, 2 or 3;
# counting → 6. A law that specifically allows it (1) fits each.
RIGHT = {
    "crime_prevention": {1, 2},
    "illegal_dumping": {1, 2, 3},
    "parking_management": {1, 3},
    "traffic_information": {1, 5},
    "illegal_parking": {1, 4},
    "disaster_prevention": {1, 3},
    "other_public": {1, 3, 6},
}


@pytest.fixture
def officer():
    return OfficerFactory()


def test_the_table_is_the_one_of_the_law_page_and_knows_every_purpose():
    assert {purpose: set(items) for purpose, items in fits(AFTER).items()} == RIGHT
    assert set(RIGHT) == set(InstallPurpose.values)


def test_what_was_before_the_table_is_not_judged_by_it():
    camera = CameraFactory(pipa25_ground=Pipa25Ground.TRAFFIC_INFORMATION)
    assert unmet("purpose", on=BEFORE) == set()
    assert unmet("purpose", on=AFTER) == {camera.number}


def test_the_rule_and_the_form_find_the_same():
    """The conditions in SQL and the question about one statement have one table, and must not part."""
    for purpose in InstallPurpose.values:
        for ground in Pipa25Ground.values:
            for law, detail, days in (("", "", 30), ("도로법 제60조", "방문객 수", 1), ("", "방문객 수", 30)):
                CameraFactory(
                    install_purpose=purpose,
                    pipa25_ground=ground,
                    special_law_basis=law,
                    purpose_detail=detail,
                    retention_days=days,
                )
    table = fits()
    wrong = {
        camera.number
        for camera in Camera.objects.all()
        if purposes.faults(Stated.of({name: getattr(camera, name) for name in purposes.FIELDS}), table)
    }
    assert 0 < len(wrong) < Camera.objects.count()
    assert unmet("purpose") == wrong


def test_a_districts_own_rows_stand_instead_of_the_nations(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'profile = "gangseo"\n[[purpose_ground]]\npurpose = "illegal_dumping"\nitem = 3\n'
        'citation = "조례 제6조제2호"\neffective_on = 2024-01-01\n',
        encoding="utf-8",
    )
    loading.load(loading.read(own))
    assert set(fits(dt.date(2024, 1, 1))["illegal_dumping"]) == {3}
    assert set(fits(dt.date(2023, 12, 31))["illegal_dumping"]) == {1, 2, 3}
    assert set(fits(dt.date(2024, 1, 1), "mapo")["illegal_dumping"]) == {1, 2, 3}


def test_a_need_that_nobody_knows_is_refused_when_the_file_is_read(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'profile = "gangseo"\n[[purpose_ground]]\npurpose = "illegal_dumping"\nitem = 3\nneeds = ["love"]\n'
        'citation = "조례 제6조제2호"\neffective_on = 2024-01-01\n',
        encoding="utf-8",
    )
    with pytest.raises(loading.UnusableFile, match="love"):
        loading.load(loading.read(own))
    assert not PurposeGround.objects.filter(profile="gangseo").exists()


# -- entering ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"pipa25_ground": 5}, "pipa25_ground", "조례 제6조, 개인정보 보호법 제25조제1항) 맞는 설치 근거"),
        ({"pipa25_ground": 1}, "special_law_basis", "제25조제1항제1호"),
        ({"install_purpose": "other_public", "pipa25_ground": 3}, "purpose_detail", "제6조제7호"),
        ({**COUNTING, "retention_days": 30}, "retention_days", "제25조제1항제6호"),
        ({"dataset_purpose": "교통단속"}, "dataset_purpose", "생활방범, 다목적, 어린이보호, 차량방범, 기타"),
    ],
)
def test_what_does_not_fit_is_refused_with_provision_and_remedy(officer, values, field, words):
    camera = CameraFactory()
    with pytest.raises(ValidationError) as refused:
        editing.change_camera(camera, values, by=officer, reason="정정")
    assert words in refused.value.message_dict[field][0]
    camera.refresh_from_db()
    assert camera.pipa25_ground == Pipa25Ground.CRIME


def test_something_else_of_an_older_camera_can_be_put_right(officer):
    camera = CameraFactory(pipa25_ground=5)
    changed = editing.change_camera(
        camera, {"phone": "02-1", "retention_days": 15}, by=officer, reason="정정"
    )
    assert (changed.phone, changed.retention_days) == ("02-1", 15)


def test_many_at_once_are_refused_by_the_same_table(officer):
    CameraFactory.create_batch(2)
    fitting = CameraFactory(install_purpose="traffic_information", pipa25_ground=5)
    with pytest.raises(Refused, match="카메라 2대: 설치목적에 맞지 않는 설치 근거입니다"):
        bulk_change(Camera.objects.all(), {"pipa25_ground": 5}, by=officer, reason="정정")
    done = bulk_change(
        Camera.objects.exclude(pk=fitting.pk),
        {"install_purpose": "traffic_information", "pipa25_ground": 5, "dataset_purpose": "교통정보수집"},
        by=officer,
        reason="정정",
    )
    assert done.changed == 2
    with pytest.raises(Refused, match="카메라 3대: 설치목적은 ‘교통정보 수집’인데 설치목적구분 ‘생활방범’"):
        bulk_change(Camera.objects.all(), {"dataset_purpose": "생활방범"}, by=officer, reason="정정")
    bulk_change(Camera.objects.all(), {"dataset_purpose": "다목적"}, by=officer, reason="정정")


def test_a_period_cannot_be_given_to_what_stores_nothing(officer):
    CameraFactory(**COUNTING)
    CameraFactory()
    with pytest.raises(Refused, match="카메라 1대: 법 제25조제1항제6호"):
        bulk_change(Camera.objects.all(), {"retention_days": 20}, by=officer, reason="정정")


# -- importing --------------------------------------------------------------------------------------------------


def test_an_import_takes_what_the_office_has_and_says_what_will_not_fit(tmp_path):
    PurposeMapping.objects.filter(dataset_purpose="생활방범").update(pipa25_ground=4)
    path = as_csv(
        tmp_path / "a.csv",
        [row(), row(관리번호="202631500000000002", 설치목적구분="기타", 소재지도로명주소="공항대로 1")],
    )
    rehearsal = import_file(path, dry_run=True)
    result = import_file(path)
    assert (result.is_stored, result.rejected) == (True, 0)
    said = {notice.code: (notice.count, notice.message) for notice in result.warnings}
    assert said == {notice.code: (notice.count, notice.message) for notice in rehearsal.warnings}
    for code, name in (("purpose_fit", "생활방범"), ("purpose_detail", "기타")):
        count, message = said[code]
        assert count == 1
        assert f"‘{name}’ 1행" in message
    assess()
    assert open_findings("purpose") == set(Camera.objects.values_list("number", flat=True))


# -- nothing stored ---------------------------------------------------------------------------------------------


def test_what_stores_nothing_tells_of_no_period(officer):
    counting = CameraFactory(**COUNTING)
    CameraFactory(site=counting.site)
    told = policy.contents(OperationPolicy(texts={}))
    assert (told["by_retention"], told["not_stored"]) == ([{"value": 30, "cameras": 1}], 1)
    (sign,) = making.record(making.plan(Site.objects.all()).plans, size="A4", by=officer)
    details = {tuple(group["ordinals"]): group["detail"] for group in sign.contents["groups"]}
    assert details[(1,)] == "공원 방문객 수, 영상을 저장하지 않고 통계만 냄"
    assert "저장" not in details[(2,)]


def test_the_published_policy_differs_when_a_camera_stops_storing():
    camera = CameraFactory(install_purpose="other_public", purpose_detail="방문객 수", pipa25_ground=3)
    frozen = policy.contents(OperationPolicy(texts={}))
    assert not policy.has_other_figures(frozen, AFTER)
    Camera.objects.filter(pk=camera.pk).update(pipa25_ground=6, retention_days=1)
    assert policy.has_other_figures(frozen, AFTER)
