"""서류, 설치 사업, 첨부: what counts, what stops counting, what is refused."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cameras import lifecycle, paper_contents, papers, projects
from cameras.consultation import period
from cameras.enums import CameraState, LifecycleEvent, LinkStatus, MonitoringScope, PaperKind
from cameras.models import Camera, InstallationProject, Paper, PaperCamera
from casework import attachments
from casework.models import Attachment
from ledger.models import Entry
from ordinance.periods import SEOUL
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.factories import CameraFactory, SiteFactory
from tests.cameras.life import (
    BUILDER,
    CHECKLIST,
    CONSULTATION,
    CONTENTS,
    FILED_ON,
    PDF_BYTES,
    ProjectFactory,
    fleet,
    join,
    only_rules,
    rule,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return OfficerFactory()


def filed(kind, *cameras, by, on=FILED_ON, project=None, contents=None, **more) -> Paper:
    return papers.file(
        kind,
        on=on,
        document_number="안전관리과-100",
        cameras=None if project else fleet(*cameras),
        project=project,
        contents=CONTENTS[kind] if contents is None else contents,
        by=by,
        **more,
    )


# Papers


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_kind_can_be_filed_counts_and_is_in_the_ledger(officer, kind):
    cameras = CameraFactory.create_batch(2)
    kept = attachments.keep(upload(), by=officer)
    paper = filed(kind, *cameras, by=officer, attachments=[kept])
    assert set(papers.cameras_of(paper)) == set(cameras)
    assert [found.counts for found in papers.papers_of(cameras[0])] == [True]
    entry = Entry.objects.get(kind="cameras.paper_filed")
    assert kept.sha256 in entry.payload
    assert paper_contents.in_words(kind, paper.contents)


def test_kinds_and_contents_cover_each_other():
    assert set(paper_contents.KINDS) == set(PaperKind.values) == {kind.value for kind in CONTENTS}


@pytest.mark.parametrize(
    ("kind", "contents", "field"),
    [
        ("installation_checklist", {**CHECKLIST, "integrated": "no"}, "integrated"),
        ("installation_checklist", {**CHECKLIST, "integrated": ""}, "integrated"),
        ("installation_checklist", {**CHECKLIST, "integrated": "exempt"}, "exempt_law"),
        ("builder_registration", {**BUILDER, "builder_registration": ""}, "builder_registration"),
        ("builder_registration", {**BUILDER, "builder_checked_on": "2026-05-01"}, "builder_checked_on"),
        ("builder_registration", {**BUILDER, "builder_checked_on": "어제"}, "builder_checked_on"),
        ("builder_registration", {"registered_builder": "exempt"}, "exempt_law"),
        ("prior_consultation", {"requesting_department": "공원녹지과", "reply": "decline"}, "reply"),
        ("prior_consultation", {"requesting_department": "공원녹지과", "reply": "conditions"}, "conditions"),
        ("public_consultation", {**CONSULTATION, "until_on": "2026-02-20"}, "until_on"),
        ("public_consultation", {**CONSULTATION, "until_on": "2026-01-20"}, "until_on"),
        ("public_consultation", {**CONSULTATION, "until_on": "2026-03-20"}, "until_on"),
        ("public_consultation", {**CONSULTATION, "opinions": "-1"}, "opinions"),
        (
            "public_consultation",
            {**CONSULTATION, "until_on": "2026-02-08", "urgency_reason": "범죄"},
            "until_on",
        ),
        *(
            ("consultation_exemption", {**CONTENTS["consultation_exemption"], name: ""}, name)
            for name in ("approver", "near", "same_purpose")
        ),
        ("public_consultation", {**CONSULTATION, "announced": ""}, "announced"),
        ("public_consultation", {**CONSULTATION, "experts": ""}, "experts"),
        # Twenty days end on Saturday, 21 February 2026: the period ends on Monday.
        ("public_consultation", {**CONSULTATION, "until_on": "2026-02-21"}, "until_on"),
        (
            "public_consultation",
            {**CONSULTATION, "from_on": "2025-11-30", "until_on": "2025-12-20"},
            "until_on",
        ),
        (
            "public_consultation",
            {**CONSULTATION, "method": "survey", "urgency_reason": "급함"},
            "urgency_reason",
        ),
        ("resolution", {"meeting": "제1차", "outcome": "failed"}, "outcome"),
        ("monitoring_scope", {"scope": "unknown"}, "scope"),
        ("monitoring_scope", {"scope": "live", "operating_hours": "09-18시"}, "after_hours_purpose"),
        ("necessity_review", {"result": "keep", "opinion": "가" * 3000}, "opinion"),
    ],
)
def test_contents_that_prove_nothing_are_refused_at_their_field(officer, kind, contents, field):
    camera = CameraFactory()
    with pytest.raises(ValidationError) as caught:
        filed(kind, camera, by=officer, contents=contents)
    assert field in caught.value.message_dict
    assert not Paper.objects.exists()
    assert not Entry.objects.filter(kind="cameras.paper_filed").exists()


def test_a_short_notice_needs_urgency_and_says_which_law(officer):
    ten_days = {**CONSULTATION, "until_on": "2026-02-11"}
    with pytest.raises(ValidationError, match="행정절차법 제46조제3항"):
        filed("public_consultation", CameraFactory(), by=officer, contents=ten_days)
    urgent = {**ten_days, "urgency_reason": "잇따른 범죄"}
    filed("public_consultation", CameraFactory(), by=officer, contents=urgent)


@pytest.mark.parametrize(
    ("method", "last_on", "citation"),
    [
        ("opinion_hearing", "2026-02-19", "행정절차법 제38조"),
        ("briefing", "2026-02-12", "행정절차법 제21조제3항"),
        ("survey", "2026-02-12", "행정절차법 제21조제3항"),
        ("opinion_poll", "2026-02-12", "행정절차법 제21조제3항"),
    ],
)
def test_hearings_take_fourteen_days_and_other_ways_ten(officer, method, last_on, citation):
    contents = {**CONSULTATION, "method": method, "from_on": "2026-02-02"}
    day_before = (date.fromisoformat(last_on) - timedelta(days=1)).isoformat()
    with pytest.raises(ValidationError, match=citation):
        filed(
            "public_consultation", CameraFactory(), by=officer, contents={**contents, "until_on": day_before}
        )
    filed("public_consultation", CameraFactory(), by=officer, contents={**contents, "until_on": last_on})


def test_a_paper_counts_its_notice_as_the_consultation_does(officer):
    """From 30 November 2026: the twentieth day is Sunday, 20 December."""
    found = period.minimum("administrative_notice", datetime(2026, 11, 30, 9, tzinfo=SEOUL))
    assert found.last_on == date(2026, 12, 21)
    given = {"method": "administrative_notice", "from_on": "2026-11-30"}
    check = paper_contents.KINDS["public_consultation"].check
    assert "until_on" in check({**given, "until_on": "2026-12-20"}, date(2027, 1, 4))
    assert not check({**given, "until_on": "2026-12-21"}, date(2027, 1, 4))


@pytest.mark.parametrize(
    "change",
    [
        {"on": timezone.localdate() + timedelta(days=1)},
        {"on": date(1900, 1, 1)},
        {"contents": {**CONTENTS["necessity_review"], "is_admin": "yes"}},
    ],
)
def test_dates_to_come_and_strange_contents_are_refused(officer, change):
    with pytest.raises(ValidationError):
        filed("necessity_review", CameraFactory(), by=officer, **change)
    assert not Paper.objects.exists()


def test_no_paper_for_removed_cameras_or_for_none(officer):
    with pytest.raises(ValidationError, match="철거"):
        filed("necessity_review", CameraFactory(removed=True), CameraFactory(), by=officer)
    with pytest.raises(ValidationError, match="카메라가 없습니다"):
        filed("necessity_review", by=officer)
    with pytest.raises(ValidationError, match="문서번호"):
        papers.file(
            "necessity_review",
            on=FILED_ON,
            document_number=" ",
            cameras=fleet(CameraFactory()),
            contents=CONTENTS["necessity_review"],
            by=officer,
        )


def test_a_withdrawn_paper_stops_counting_but_stays(officer):
    camera = CameraFactory()
    paper = filed("necessity_review", camera, by=officer)
    with pytest.raises(ValidationError, match="사유"):
        papers.withdraw(paper, reason=" ", by=officer)
    papers.withdraw(paper, reason="다른 카메라의 문서", by=officer)
    assert [found.counts for found in papers.papers_of(camera)] == [False]
    assert Entry.objects.filter(kind="cameras.paper_withdrawn").count() == 1
    with pytest.raises(ValidationError, match="이미 취소"):
        papers.withdraw(paper, reason="다시", by=officer)


def test_papers_stop_counting_when_a_camera_moves(officer):
    camera = CameraFactory()
    paper = filed("installation_checklist", camera, by=officer)
    with only_rules():
        lifecycle.act(
            LifecycleEvent.RELOCATE,
            fleet(camera),
            on=date(2026, 6, 1),
            by=officer,
            reason="도로 확장",
            changes={"site": SiteFactory()},
        )
    camera.refresh_from_db()
    assert not papers.cameras_of(paper).exists()
    assert [found.counts for found in papers.papers_of(camera)] == [False]
    filed("installation_checklist", camera, by=officer)
    assert sorted(found.counts for found in papers.papers_of(camera)) == [False, True]


def test_a_projects_paper_counts_for_its_cameras_only_while_they_belong_to_it(officer):
    project = ProjectFactory()
    inside, outside = CameraFactory(planned=True), CameraFactory(planned=True)
    join(project, inside)
    paper = filed("public_consultation", by=officer, project=project)
    assert set(papers.cameras_of(paper)) == {inside}
    assert not PaperCamera.objects.exists()
    inside.refresh_from_db()
    assert [found.counts for found in papers.papers_of(inside)] == [True]
    assert not papers.papers_of(outside).exists()


def test_an_audio_check_writes_the_cameras_and_its_withdrawal_takes_it_back(officer):
    camera = CameraFactory(audio_disabled=False)
    first = filed("audio_check", camera, by=officer, on=date(2026, 1, 5))
    second = filed("audio_check", camera, by=officer, on=date(2026, 2, 5))
    camera.refresh_from_db()
    assert (camera.audio_disabled, camera.audio_checked_on) == (True, date(2026, 2, 5))
    late = filed("audio_check", camera, by=officer, on=date(2025, 2, 5))
    camera.refresh_from_db()
    assert camera.audio_checked_on == date(2026, 2, 5)
    for paper, expected in ((late, date(2026, 2, 5)), (second, date(2026, 1, 5)), (first, None)):
        papers.withdraw(paper, reason="잘못 등록", by=officer)
        camera.refresh_from_db()
        assert camera.audio_checked_on == expected
    assert camera.audio_checked_by is None
    assert camera.history.first().history_change_reason.endswith("취소")


def test_scope_and_exemption_write_the_cameras_and_are_taken_back(officer):
    camera = CameraFactory(link_status=LinkStatus.LINKED)
    hours = {"scope": "excluded", "operating_hours": "09-18시", "after_hours_purpose": "방범"}
    scope = filed("monitoring_scope", camera, by=officer, contents=hours)
    exemption = filed("link_exemption", camera, by=officer)
    camera.refresh_from_db()
    assert (camera.monitoring_scope, camera.after_hours_purpose) == (MonitoringScope.EXCLUDED, "방범")
    assert (camera.link_status, camera.link_exemption_reason) == (LinkStatus.NOT_LINKED, "inefficient")
    camera.full_clean()
    papers.withdraw(scope, reason="잘못", by=officer)
    papers.withdraw(exemption, reason="잘못", by=officer)
    camera.refresh_from_db()
    assert (camera.monitoring_scope, camera.link_exemption_reason) == (MonitoringScope.UNKNOWN, "")
    camera.full_clean()


@pytest.mark.parametrize("order", ["newest first", "oldest first"])
def test_withdrawing_one_of_two_papers_leaves_what_the_other_says(officer, order):
    camera = CameraFactory(link_status=LinkStatus.LINKED)
    night = {"scope": "excluded", "operating_hours": "09-18시", "after_hours_purpose": "방범"}
    younger, older = date(2026, 5, 2), date(2026, 3, 2)
    made = {}
    for on in (younger, older) if order == "newest first" else (older, younger):
        scope = night if on == younger else {"scope": "live"}
        reason = "security" if on == younger else "inefficient"
        exemption = {**CONTENTS["link_exemption"], "reason": reason}
        made[on] = (
            _numbered("monitoring_scope", on, camera, officer, scope),
            _numbered("link_exemption", on, camera, officer, exemption),
        )
    camera.refresh_from_db()
    assert (camera.monitoring_scope, camera.link_exemption_reason) == ("excluded", "security")
    for paper in made[younger]:
        papers.withdraw(paper, reason="잘못 등록", by=officer)
    camera.refresh_from_db()
    assert (camera.monitoring_scope, camera.operating_hours, camera.after_hours_purpose) == ("live", "", "")
    assert camera.monitoring_document == "문서-2026-03-02"
    assert (camera.link_exemption_reason, camera.link_exemption_document) == (
        "inefficient",
        "문서-2026-03-02",
    )
    camera.full_clean()
    for paper in made[older]:
        papers.withdraw(paper, reason="잘못 등록", by=officer)
    camera.refresh_from_db()
    assert (camera.monitoring_scope, camera.link_exemption_reason) == (MonitoringScope.UNKNOWN, "")


def _numbered(kind, on, camera, officer, contents) -> Paper:
    return papers.file(
        kind,
        on=on,
        document_number=f"문서-{on}",
        cameras=fleet(camera),
        project=None,
        contents=contents,
        by=officer,
    )


def test_filing_for_many_takes_as_many_statements_as_for_one(officer):
    counts = []
    for size in (1, 30):
        cameras = CameraFactory.create_batch(size)
        with only_rules(), CaptureQueriesContext(connection) as queries:
            filed("audio_check", *cameras, by=officer)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_preview_says_how_many_become_complete(officer):
    ready, lacking_more, has_it = CameraFactory.create_batch(3)
    CameraFactory(removed=True)
    papered = Q(pk__in=PaperCamera.objects.filter(paper__kind="necessity_review").values("camera"))
    made = (
        rule("necessity_review", unmet=lambda rows, context: rows.exclude(papered), title="필요성 검토"),
        rule("sign", unmet=lambda rows, context: rows.filter(pk=lacking_more.pk)),
    )
    filed("necessity_review", has_it, by=officer)
    with only_rules(*made):
        found = papers.preview("necessity_review", Camera.objects.all())
    assert (found.cameras, found.removed, found.lacking, found.becoming_complete) == (3, 1, 2, 1)
    assert list(found.still_lacking) == [("안내판의 설치", 1)]
    assert ready.pk


# Projects


def test_numbers_of_projects_run_through_the_year(officer):
    department = DepartmentFactory()
    made = [projects.open_project("사업", installing_department=department, by=officer) for _ in range(2)]
    year = timezone.localdate().year
    assert [project.number for project in made] == [f"{year}-001", f"{year}-002"]
    assert made[0].history.get().history_user == officer


def test_no_camera_joins_or_leaves_once_somebody_was_asked(officer):
    project = ProjectFactory()
    first, second = CameraFactory(planned=True), CameraFactory(planned=True)
    join(project, first)
    filed("public_consultation", by=officer, project=project)
    with pytest.raises(ValidationError, match="이미 협의"):
        join(project, second)
    with pytest.raises(ValidationError, match="이미 협의"):
        projects.take_out_cameras(project, fleet(first), by=officer, reason="빼기")
    second.refresh_from_db()
    assert second.project is None


def test_only_planned_cameras_of_no_other_project_join(officer):
    project, other = ProjectFactory(), ProjectFactory()
    standing, taken = CameraFactory(), CameraFactory(planned=True)
    join(other, taken)
    with pytest.raises(ValidationError, match="‘계획’ 상태가 아닌"):
        join(project, standing)
    with pytest.raises(ValidationError, match="다른 사업"):
        join(project, taken)
    join(other, taken)
    taken.refresh_from_db()
    assert taken.project == other
    assert taken.history.count() == 2


def test_a_project_with_cameras_under_way_is_not_closed_and_a_closed_one_takes_nothing(officer):
    project = ProjectFactory()
    camera = CameraFactory(planned=True)
    join(project, camera)
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="마치지 않은"):
        projects.close_project(project, on=today, by=officer, reason="준공")
    Camera.objects.filter(pk=camera.pk).update(state=CameraState.OPERATING)
    with pytest.raises(ValidationError, match="뒤일 수 없습니다"):
        projects.close_project(project, on=today + timedelta(days=1), by=officer, reason="준공")
    projects.close_project(project, on=today, by=officer, reason="준공")
    with pytest.raises(ValidationError, match="종료한 사업"):
        join(project, CameraFactory(planned=True))
    with pytest.raises(ValidationError, match="종료한 사업"):
        projects.change_project(InstallationProject.objects.get(), {"title": "x"}, by=officer, reason="고침")


# Attachments


def test_a_kept_file_is_as_it_was_under_a_name_of_ours(officer):
    kept = attachments.keep(upload("../../etc/계획서.pdf"), by=officer)
    assert kept.name == "계획서.pdf"
    assert "계획서" not in kept.file.name
    assert attachments.content_of(kept) == PDF_BYTES
    assert kept.size == len(PDF_BYTES)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.exe", b"MZ\x90"),
        ("plan.pdf", b"MZ\x90 a program"),
        ("plan.pdf", b"<html><script>alert(1)</script>"),
        ("plan.html", b"<script>"),
        ("plan.svg", b"<svg onload='x'>"),
        ("plan.txt", b"\x7fELF\x02\x01\x01\x00\x00"),
        ("plan.png", b"\xff\xd8\xff\xe0"),
        ("plan.docx", b"PK\x05\x06"),
        ("plan", PDF_BYTES),
        (".pdf", PDF_BYTES),
        ("plan.pdf", b""),
        ("plan.pdf\u202efdp.exe", b"MZ"),
    ],
)
def test_what_is_not_what_it_says_is_refused(officer, name, content):
    with pytest.raises(ValidationError):
        attachments.keep(upload(name, content), by=officer)
    assert not Attachment.objects.exists()


def test_too_big_and_too_many_are_refused(officer, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_BYTES", 20)
    with pytest.raises(ValidationError, match="너무 큰 파일"):
        attachments.keep(upload(), by=officer)
    liar = upload()
    liar.size = 3
    with pytest.raises(ValidationError, match="너무 큰 파일"):
        attachments.keep(liar, by=officer)
    with pytest.raises(ValidationError, match="10개까지"):
        attachments.keep_all([upload(content=b"%PDF-1")] * 11, by=officer)
    with pytest.raises(ValidationError):
        attachments.keep_all([upload(content=b"%PDF-1"), upload("x.exe")], by=officer)
    assert not Attachment.objects.exists()


def test_names_are_cleaned(officer):
    long = attachments.safe_name("가" * 400 + ".pdf")
    assert len(long) <= attachments.MAX_NAME
    assert long.endswith(".pdf")
    assert attachments.safe_name("C:\\문서\\a\u202eb\x00.pdf") == "ab.pdf"


def test_texts_of_korean_programs_are_texts(officer):
    attachments.keep(upload("명단.csv", "번호,주소\n1,화곡로".encode("cp949")), by=officer)
    attachments.keep(upload("명단.txt", "번호".encode("utf-16")), by=officer)
