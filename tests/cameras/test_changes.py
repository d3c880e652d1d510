"""Bulk changes, history in words, the rules of one camera, map clusters, imports in the worker."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.longrun import RunState
from cameras import editing, map_clusters, tasks
from cameras.enums import CameraState, LinkExemptionReason, LinkStatus
from cameras.models import Camera, ImportRun, Site
from cameras.register import bulk_change, changes
from casework import field_history
from casework.refusals import Refused
from footage import policy
from ordinance import rules
from ordinance.parameters import active_profile
from ordinance.rules import Context
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.factories import LONGER, CameraFactory, SiteFactory, as_csv, row, rows
from tests.ordinance.duties import assess, today

pytestmark = pytest.mark.django_db


def test_a_bulk_change_keeps_who_why_and_which_act():
    officer, department = OfficerFactory(), DepartmentFactory(name="도로과")
    same = CameraFactory(installing_department=department, retention_days=7)
    cameras = [CameraFactory(removed_on=None) for _ in range(3)]

    done = bulk_change(
        Camera.objects.all(),
        {"installing_department": department, "retention_days": 7},
        by=officer,
        reason="  조직 개편 ",
    )

    assert (done.changed, done.unchanged) == (3, 1)
    assert same.history.count() == 1
    for camera in cameras:
        camera.refresh_from_db()
        assert (camera.installing_department, camera.retention_days) == (department, 7)
        newest = camera.history.first()
        assert (newest.history_user, newest.history_change_reason, newest.change_group) == (
            officer,
            "조직 개편",
            done.group,
        )
        told = {change.field: (change.label, change.before, change.after) for change in changes(newest)}
        assert told == {
            "installing_department": ("설치부서", "(없음)", str(department)),
            "retention_days": ("보관일수", "30", "7"),
        }


def test_a_bulk_change_of_thousands_is_a_few_statements():
    site = SiteFactory()
    counts = []
    for size in (1, 60):
        for _ in range(size):
            CameraFactory(site=site)
        # Then each change finds the same: open findings that stay open.
        assess()
        with CaptureQueriesContext(connection) as queries:
            bulk_change(Camera.objects.all(), {"filming_hours": f"{size}시간"}, by=None, reason="점검")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, "바꿀 항목"),
        ({"number": "x"}, "일괄 변경할 수 없는"),
        ({"retention_days": 31}, "최대 보관기간"),
        ({"retention_days": 0}, "1"),
        ({"retention_days": "한달"}, "정수"),
        ({"device_kind": "flying"}, "flying"),
        ({"link_exemption_reason": LinkExemptionReason.SECURITY}, "미연계"),
    ],
)
def test_a_bulk_change_that_cannot_be_changes_nothing(values, word):
    camera = CameraFactory()
    with pytest.raises(Refused, match=word):
        bulk_change(Camera.objects.all(), values, by=None, reason="점검")
    assert camera.history.count() == 1


def test_a_bulk_change_needs_a_reason():
    with pytest.raises(Refused, match="사유"):
        bulk_change(Camera.objects.all(), {"has_ptz": True}, by=None, reason="  ")


def test_a_law_allows_more_and_cannot_be_taken_away_while_used():
    camera = CameraFactory()
    longer = {"retention_days": 60, **LONGER}
    bulk_change(Camera.objects.all(), longer, by=None, reason="법령")
    camera.refresh_from_db()
    assert camera.retention_days == 60
    with pytest.raises(Refused, match="최대 보관기간"):
        bulk_change(
            Camera.objects.all(),
            {**dict.fromkeys(LONGER, ""), "retention_until_on": None},
            by=None,
            reason="x",
        )


@pytest.mark.parametrize("name", list(LONGER))
def test_a_ground_that_lacks_something_is_no_ground(name):
    camera = CameraFactory()
    empty = None if name == "retention_until_on" else ""
    changes = {"retention_days": 365, **LONGER, name: empty}
    with pytest.raises(Refused):
        bulk_change(Camera.objects.all(), changes, by=None, reason="편의상")
    with pytest.raises(ValidationError):
        editing.change_camera(camera, changes, by=OfficerFactory(), reason="편의상")
    with pytest.raises(IntegrityError), transaction.atomic():
        Camera.objects.update(**{**LONGER, name: empty})


@pytest.mark.parametrize(
    "words", ["편의상", "수사 협조 요청", "조례 제24조제1항제2호", "제24조", "개인정보 보호법"]
)
def test_only_an_article_of_another_law_is_a_ground(words):
    camera = CameraFactory()
    changes = {"retention_days": 60, **LONGER, "retention_law": words}
    with pytest.raises(Refused, match="법령"):
        bulk_change(Camera.objects.all(), changes, by=None, reason="x")
    with pytest.raises(ValidationError, match="법령"):
        editing.change_camera(camera, changes, by=OfficerFactory(), reason="x")


def test_when_the_ground_is_over_the_duty_is_unmet_and_footage_is_not_shortened():
    camera = CameraFactory(excepted=True)
    context = Context(today(), active_profile())
    rule = rules.get("retention_limit")
    assert not rule.unmet(rule.subjects(context), context).exists()
    Camera.objects.update(retention_until_on=today() - timedelta(days=1))
    assert rule.unmet(rule.subjects(context), context).get() == camera
    assert policy.over_maximum() == 1


def test_words_from_before_count_for_nothing():
    CameraFactory(retention_exception="수사 협조 요청 구역 (제24조제1항제2호)")
    Camera.objects.update(retention_days=60)
    assert policy.over_maximum() == 1


def test_linking_takes_its_consequences_along():
    exempt = CameraFactory(
        link_status=LinkStatus.NOT_LINKED, link_exemption_reason=LinkExemptionReason.SECURITY
    )
    bulk_change(Camera.objects.all(), {"link_status": LinkStatus.LINKED}, by=None, reason="연계")
    exempt.refresh_from_db()
    assert (exempt.link_status, exempt.link_exemption_reason) == (LinkStatus.LINKED, "")


def test_nobody_is_freed_from_the_sign_without_ground_document_and_approver():
    camera, officer = CameraFactory(), OfficerFactory()
    whole = {
        "is_sign_exempt": True,
        "sign_exemption_ground": "military",
        "sign_exemption_document": "안전관리과-31",
        "sign_exemption_approver": "안전관리과장",
    }

    def change(**values):
        bulk_change(Camera.objects.all(), values, by=officer, reason="군부대 협의")
        camera.refresh_from_db()

    for name in list(whole):
        with pytest.raises(Refused, match="안내판"):
            change(**{key: value for key, value in whole.items() if key != name})
    with pytest.raises(Refused, match="함께"):
        change(**{**whole, "sign_exemption_document": " "})
    change(**whole)
    camera.full_clean()
    with pytest.raises(Refused, match="함께"):
        change(sign_exemption_approver="")
    change(sign_exemption_approver="스마트도시과장")
    change(is_sign_exempt=False)
    assert (camera.is_sign_exempt, camera.sign_exemption_ground) == (False, "")
    camera.is_sign_exempt = True
    with pytest.raises(ValidationError, match="제24조제4항"):
        camera.full_clean()


def test_the_state_is_changed_by_acts_only():
    camera = CameraFactory()
    with pytest.raises(Refused, match="일괄 변경할 수 없는"):
        bulk_change(Camera.objects.all(), {"state": CameraState.REMOVED}, by=None, reason="철거")
    with pytest.raises(TypeError, match="acts only"):
        editing.change_camera(camera, {"state": CameraState.SUSPENDED}, by=None, reason="고장")
    camera.refresh_from_db()
    assert camera.state == CameraState.OPERATING


def test_history_in_words():
    camera = CameraFactory(with_papers=True)
    camera.has_ptz = True
    camera.state = CameraState.SUSPENDED
    camera.installed_month = date(2021, 7, 1)
    camera.pixel_10k = None
    camera.save()
    camera.site.latitude = Decimal("37.56")
    camera.site.save()

    told = {change.label: (change.before, change.after) for change in changes(camera.history.first())}
    assert told == {
        "회전·확대 기능": ("아니요", "예"),
        "상태": ("운영", "중지"),
        "설치연월": ("2024-05", "2021-07"),
        "카메라화소수 (만 화소)": ("200", "(없음)"),
    }
    place = changes(camera.site.history.first())
    assert [(change.label, change.before, change.after) for change in place] == [
        ("WGS84위도", "37.55091", "37.56")
    ]
    pages = field_history.page_of_changes(list(field_history.entries(camera)))
    assert len(pages[0][1]) == 4
    assert "카메라 번호" in {change.label for change in pages[1][1]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"retention_days": 31}, "retention_days"),
        ({"number": "other-1"}, "number"),
        ({"recording_key": "taken"}, "recording_key"),
        ({"state": CameraState.REMOVED}, "removed_on"),
        ({"removed_on": date(2026, 1, 1)}, "removed_on"),
        ({"link_exemption_reason": LinkExemptionReason.SECURITY}, "link_exemption_reason"),
    ],
)
def test_the_rules_of_a_camera(values, field):
    CameraFactory(recording_key="taken", removed=True)
    camera = CameraFactory()
    camera.full_clean()
    for name, value in values.items():
        setattr(camera, name, value)
    with pytest.raises(ValidationError) as refused:
        camera.full_clean()
    assert field in refused.value.message_dict


@pytest.mark.parametrize(
    "values",
    [
        {"road_address": ""},
        {"latitude": None},
        {"latitude": Decimal(0), "longitude": Decimal(0)},
        {"number": " 1"},
    ],
)
def test_the_rules_of_a_site(values):
    site = SiteFactory()
    site.full_clean()
    for name, value in values.items():
        setattr(site, name, value)
    with pytest.raises(ValidationError):
        site.full_clean()


# Map


def test_few_places_one_by_one_and_many_in_clusters(monkeypatch):
    monkeypatch.setattr(map_clusters, "FEW_PLACES", 3)
    for step in range(5):
        site = SiteFactory(latitude=Decimal("37.5") + Decimal(step) / 10_000)
        CameraFactory(site=site)
        CameraFactory(site=site, removed=True)
    SiteFactory(latitude=None, longitude=None)
    far = CameraFactory(site=SiteFactory(latitude=Decimal("35.1"), longitude=Decimal("129.0"))).site
    korea, seoul = map_clusters.Box.parse("124,33,132,39"), map_clusters.Box.parse("126,37,127,38")

    found = map_clusters.clusters(Site.objects.all(), korea, 7)
    assert [(cluster.count, cluster.cameras, cluster.label) for cluster in found.clusters] == [
        (5, 5, "화곡로")
    ]
    assert (found.total, [place.number for place in found.sites]) == (6, [far.number]), "alone is no cluster"
    Site.objects.exclude(pk=far.pk).update(lot_address="서울특별시 강서구 화곡동 1")
    assert map_clusters.clusters(Site.objects.all(), korea, 7).clusters[0].label == "화곡동"
    near = map_clusters.clusters(Site.objects.filter(pk=far.pk), korea, 7)
    assert [(place.number, place.cameras) for place in near.sites] == [(far.number, 1)]
    assert map_clusters.clusters(Site.objects.all(), seoul, 18).total == 5
    box = map_clusters.bounds(Site.objects.all())
    assert str(box) == "126.849530,35.100000,129.000000,37.500400"
    assert map_clusters.bounds(Site.objects.none()) is None
    drawn = map_clusters.answer(
        Site.objects.filter(pk=far.pk), korea, 99, lambda place: {"title": place.address}
    )
    assert drawn["sites"][0]["title"] == far.address


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "nan,1,2,3", "2,1,1,3", "1,2,inf,4", "1,2,3,4,5"])
def test_what_is_no_box(text):
    with pytest.raises(ValueError, match="bbox"):
        map_clusters.Box.parse(text)


# The worker


def a_run(tmp_path, table, **options):
    content = as_csv(tmp_path / "in.csv", table).read_bytes()
    run = ImportRun(file_name="표준데이터.csv", requested_by=OfficerFactory(), **options)
    run.file.save("in.csv", ContentFile(content), save=False)
    run.save()
    return run


def test_an_import_in_the_worker(tmp_path):
    run = a_run(tmp_path, [*rows(2), row(카메라대수="세 대")], is_dry_run=False, skip_invalid=True)

    tasks.run_import(run.pk)
    tasks.run_import(run.pk)  # sent twice: the row knows that it is done

    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert (run.result["created"], run.result["rejected"]) == (2, 1)
    assert "세 대" in Path(run.rejected_file.path).read_text(encoding="utf-8-sig")
    newest = Camera.history.first()
    assert newest.history_user == run.requested_by
    assert newest.history_change_reason == "표준데이터 가져오기: 표준데이터.csv"


def test_an_unusable_file_fails_its_run_with_the_message(tmp_path):
    run = a_run(tmp_path, [row()])
    run.file.save("x.csv", ContentFile(b"no,thing\n1,2\n"))
    tasks.run_here(run)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "알 수 없는 열" in run.error


def test_a_cancel_stores_nothing(tmp_path, monkeypatch):
    run = a_run(tmp_path, rows(3), is_dry_run=False)

    def beat(done, total=None, step=""):
        if step == "대장에 저장":
            ImportRun.objects.filter(pk=run.pk).update(cancel_requested=True)
            run._beaten_at = float("-inf")
        ImportRun.beat(run, done, total, step)

    monkeypatch.setattr(run, "beat", beat)
    tasks.run_here(run)

    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert not Site.objects.exists()


def test_an_import_whose_worker_died_starts_again(tmp_path, monkeypatch, django_capture_on_commit_callbacks):
    run = a_run(tmp_path, rows(1), is_dry_run=False)
    ImportRun.objects.update(state=RunState.RUNNING, heartbeat_at="2026-01-01T00:00:00Z")
    sent = []
    monkeypatch.setattr(tasks.run_import, "apply_async", lambda args: sent.extend(args))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.resume_imports()
    assert sent == [run.pk]
    tasks.run_import(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
