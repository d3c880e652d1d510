"""The period of a consultation and its phases, to the second; what is frozen; extension and early close."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from cameras import projects
from cameras.consultation import drafting, notice, period, phase, publishing, result
from cameras.consultation.period import end_of
from cameras.consultation.phase import Phase, phase_of
from cameras.enums import ConsultationMethod
from cameras.models import Camera, ConsultationExtension, PublicConsultation
from ledger.models import Entry
from ordinance.models import Parameter
from tests.cameras.consultations import (
    LAST_ON,
    PUBLISHED_AT,
    hear_expert,
    make_draft,
    make_project,
    make_published,
    make_survey,
    publish_result,
    seoul,
    upload,
)
from tests.cameras.factories import CameraFactory

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
# From Monday, 2 November 2026, 10 o'clock.
OTHER_METHODS = [
    (ConsultationMethod.OPINION_HEARING, 14, dt.date(2026, 11, 16)),
    (ConsultationMethod.BRIEFING, 10, dt.date(2026, 11, 12)),
    (ConsultationMethod.SURVEY, 10, dt.date(2026, 11, 12)),
    (ConsultationMethod.OPINION_POLL, 10, dt.date(2026, 11, 12)),
]


def refused(draft: PublicConsultation, now: dt.datetime = PUBLISHED_AT) -> str:
    with pytest.raises(ValidationError) as error:
        publishing.publish(draft, by=draft.made_by, now=now)
    draft.refresh_from_db()
    assert draft.published_at is None
    assert not Entry.objects.filter(kind="cameras.consultation_published").exists()
    return " ".join(error.value.messages)


# -- the shortest period --------------------------------------------------------------------------------------


def test_twenty_days_begin_the_day_after_and_do_not_end_on_a_sunday():
    found = period.minimum(ConsultationMethod.ADMINISTRATIVE_NOTICE, PUBLISHED_AT)
    assert (found.days, found.last_on) == (20, LAST_ON)  # 22 November 2026 is a Sunday
    assert found.closes_at == seoul("2026-11-24T00:00:00")
    assert "행정절차법 제46조제3항" in found.citation
    assert any("일요일" in line for line in found.deadline.explain().splitlines())


def test_a_period_that_begins_at_midnight_counts_its_first_day():
    found = period.minimum(ConsultationMethod.ADMINISTRATIVE_NOTICE, seoul("2026-11-03T00:00:00"))
    assert found.last_on == dt.date(2026, 11, 23)  # 3rd to 22nd, a Sunday
    later = period.minimum(ConsultationMethod.ADMINISTRATIVE_NOTICE, seoul("2026-11-03T00:00:01"))
    assert later.last_on == dt.date(2026, 11, 23)
    found = period.minimum(ConsultationMethod.ADMINISTRATIVE_NOTICE, seoul("2026-11-04T00:00:00"))
    assert found.last_on == dt.date(2026, 11, 23)
    later = period.minimum(ConsultationMethod.ADMINISTRATIVE_NOTICE, seoul("2026-11-04T09:00:00"))
    assert later.last_on == dt.date(2026, 11, 24)


def test_one_day_too_short_is_refused_and_the_exact_day_is_not():
    draft = make_draft(closes_at=end_of(LAST_ON - dt.timedelta(days=1)))
    text = refused(draft)
    assert "20일" in text
    assert "2026-11-23" in text
    drafting.change(draft, closes_at=end_of(LAST_ON))
    assert publishing.publish(draft, by=draft.made_by, now=PUBLISHED_AT).published_at == PUBLISHED_AT


def test_publishing_later_than_planned_does_not_shorten_the_period():
    """The days count from when people are told, not from when the draft wanted to begin."""
    draft = make_draft()
    assert "마감일은 2026-11-25 이후" in refused(draft, PUBLISHED_AT + dt.timedelta(days=3))


def test_urgency_allows_ten_days_with_reason_and_approver_only():
    short = {"closes_at": end_of(dt.date(2026, 11, 12))}
    assert "20일" in refused(make_draft(**short))
    draft = make_draft(**short, urgency_reason="침수 위험")
    assert "승인자" in refused(draft)
    drafting.change(draft, urgency_approver="부구청장")
    published = publishing.publish(draft, by=draft.made_by, now=PUBLISHED_AT)
    assert published.notice["minimum"]["days"] == 10
    assert published.notice["minimum"]["is_urgent"]
    assert "부구청장" not in str(published.notice)


def test_urgency_shortens_no_other_method():
    draft = make_draft(
        method=ConsultationMethod.OPINION_HEARING, urgency_reason="급함", urgency_approver="부구청장"
    )
    assert "행정예고에만" in refused(draft)


@pytest.mark.parametrize(("method", "days", "last_on"), OTHER_METHODS)
def test_hearings_take_fourteen_days_the_others_ten_and_the_district_may_ask_for_more_or_less(
    method, days, last_on
):
    """Procedures Act art. 38; the ten days follow its art. 21(3) and are a setting."""
    found = period.minimum(method, PUBLISHED_AT)
    assert (found.days, found.last_on) == (days, last_on)
    Parameter.objects.create(
        code=period.PARAMETERS[method],
        profile="gangseo",
        value=7,
        effective_on=dt.date(2020, 1, 1),
        citation="내부 방침",
        mark="D",
    )
    assert period.minimum(method, PUBLISHED_AT).days == 7
    assert period.minimum(method, PUBLISHED_AT).last_on == dt.date(2026, 11, 9)


# -- phases ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-02T10:00:00", Phase.ANNOUNCED),
        ("2026-11-03T23:59:59", Phase.ANNOUNCED),
        ("2026-11-04T00:00:00", Phase.OPEN),
        ("2026-11-23T23:59:59", Phase.OPEN),
        ("2026-11-24T00:00:00", Phase.CLOSED),
    ],
)
def test_it_opens_and_closes_by_the_clock_in_seoul(at, expected):
    published = make_published(opens_at=seoul("2026-11-04T00:00:00"))
    now = seoul(at)
    assert phase_of(published, now) == expected
    for each in Phase:
        assert phase.in_phase(each, now).filter(pk=published.pk).exists() == (each == expected)
    # The same instants written in UTC.
    assert phase_of(published, now.astimezone(dt.UTC)) == expected


def test_days_left_are_days_of_seoul():
    published = make_published()
    assert phase.days_left(published, seoul("2026-11-23T00:00:00")) == 0
    assert phase.days_left(published, seoul("2026-11-22T23:59:59")) == 1
    assert phase.days_left(published, seoul("2026-11-24T00:00:00")) == -1


def test_midnight_is_said_as_the_end_of_its_day():
    assert period.end_text(end_of(LAST_ON)) == "2026-11-23(월) 24:00"
    assert period.last_day(end_of(LAST_ON)) == LAST_ON
    assert period.end_text(seoul("2026-11-23T18:00:00")) == "2026-11-23(월) 18:00"


# -- publishing -----------------------------------------------------------------------------------------------


def test_a_draft_says_everything_that_is_missing_at_once():
    draft = make_draft(make_project(cameras=0), text=" x", places="-", method=ConsultationMethod.BRIEFING)
    drafting.change(draft, places="구보")
    text = refused(draft)
    assert "카메라가 없습니다" in text
    assert "설명회의 장소와 일시" in text
    survey = make_draft(method=ConsultationMethod.SURVEY)
    assert "문항이 하나 이상" in refused(survey)


@pytest.mark.parametrize(
    ("method", "too_early", "in_time"),
    [
        (ConsultationMethod.OPINION_HEARING, "2026-11-16T18:00:00", "2026-11-17T10:00:00"),
        (ConsultationMethod.BRIEFING, "2026-11-12T18:00:00", "2026-11-13T10:00:00"),
    ],
)
def test_what_people_come_to_is_announced_its_days_before_it_is_held(method, too_early, in_time):
    draft = make_draft(method=method, event_at=seoul(too_early), event_place="주민센터")
    assert "일 전까지 알려야 합니다" in refused(draft)
    drafting.change(draft, event_at=seoul(in_time))
    assert publishing.publish(draft, by=draft.made_by, now=PUBLISHED_AT).published_at


def test_the_notice_is_frozen_with_cameras_places_and_purposes():
    draft = make_draft()
    drafting.attach(draft, [upload("설치 계획.pdf")], by=draft.made_by)
    published = publishing.publish(draft, by=draft.made_by, now=PUBLISHED_AT)
    before = PublicConsultation.objects.get(pk=published.pk).notice
    camera = Camera.objects.filter(project=published.project).first()
    Camera.objects.filter(project=published.project).update(install_purpose="illegal_dumping")
    camera.site.road_address = "다른 곳"
    camera.site.save()
    CameraFactory(project=published.project)
    again = PublicConsultation.objects.get(pk=published.pk)
    assert notice.of(again) == before
    assert before["cameras"] == 2
    assert before["sites"][0]["cameras"][0]["purpose"] == "방범"
    assert before["files"][0]["name"] == "설치 계획.pdf"
    line = Entry.objects.get(kind="cameras.consultation_published")
    assert line.content["sha256"] == notice.digest(before)
    assert line.subject == f"consultation:{published.number}"


def test_a_published_notice_takes_no_change_of_any_kind():
    published = make_published()
    for act in (
        lambda: drafting.change(published, title="다른 제목"),
        lambda: drafting.attach(published, [upload()], by=published.made_by),
        lambda: drafting.detach(published, 1),
        lambda: drafting.add_question(published, "또?"),
        lambda: drafting.remove_question(published, 1),
        lambda: drafting.discard(published),
        lambda: publishing.publish(published, by=published.made_by, now=PUBLISHED_AT),
    ):
        with pytest.raises(ValidationError, match="고칠 수 없습니다"):
            act()
    assert Entry.objects.filter(kind="cameras.consultation_published").count() == 1
    with pytest.raises(ValidationError):
        projects.add_cameras(
            published.project, Camera.objects.filter(pk=CameraFactory(planned=True).pk), by=published.made_by
        )


def test_cameras_of_exempt_facilities_stay_out_of_the_notice():
    project = make_project(cameras=1)
    secret = CameraFactory(project=project, is_sign_exempt=True)
    published = make_published(project=project)
    assert published.notice["cameras"] == 1
    assert secret.number not in str(published.notice)


def test_a_project_publishes_one_consultation_at_a_time():
    first = make_published()
    second = make_draft(first.project)
    with pytest.raises(ValidationError, match="결과를 아직 공고하지 않았습니다"):
        publishing.publish(second, by=second.made_by, now=PUBLISHED_AT)
    publish_result(first)
    again = drafting.change(
        second, opens_at=seoul("2026-12-01T09:00:00"), closes_at=end_of(dt.date(2027, 1, 5))
    )
    assert publishing.publish(again, by=again.made_by, now=seoul("2026-12-01T09:00:00"))


def test_numbers_run_within_a_year():
    project = make_project()
    first, second = make_draft(project), make_draft(project)
    year, _, number = first.number.partition("-")
    assert second.number == f"{year}-{int(number) + 1:03d}"
    drafting.discard(second)
    assert make_draft(project).number == f"{year}-{int(number) + 1:03d}"


def test_choices_of_a_question_are_checked():
    draft = make_draft(method=ConsultationMethod.SURVEY)
    for choices in (["하나"], ["같음", "같음"], [f"{n}" for n in range(21)], ["가" * 101, "나"]):
        with pytest.raises(ValidationError):
            drafting.add_question(draft, "?", choices=choices)
    assert not draft.questions.exists()
    assert make_survey().notice["questions"][0]["choices"] == ["찬성", "반대", "모름"]


# -- extension and early close --------------------------------------------------------------------------------


def test_an_extension_moves_the_end_and_keeps_the_notice():
    published = make_published()
    frozen = dict(published.notice)
    later = end_of(dt.date(2026, 11, 30))
    extended = publishing.extend(
        published, later, reason="게시판 공사", by=published.made_by, now=seoul("2026-11-23T23:59:59")
    )
    assert phase_of(extended, seoul("2026-11-30T23:59:59")) == Phase.OPEN
    assert phase_of(extended, seoul("2026-12-01T00:00:00")) == Phase.CLOSED
    assert extended.notice == frozen
    row = ConsultationExtension.objects.get()
    assert (row.closes_before, row.closes_after) == (end_of(LAST_ON), later)
    line = Entry.objects.get(kind="cameras.consultation_extended")
    assert "게시판" not in str(line.content)


def test_an_end_can_neither_be_moved_back_nor_after_it_passed():
    published = make_published()
    by = published.made_by
    with pytest.raises(ValidationError, match="늦은 날"):
        publishing.extend(published, end_of(LAST_ON), reason="x", by=by, now=PUBLISHED_AT)
    with pytest.raises(ValidationError, match="사유"):
        publishing.extend(published, end_of(dt.date(2026, 12, 1)), reason=" ", by=by, now=PUBLISHED_AT)
    with pytest.raises(ValidationError, match="끝나지 않은"):
        publishing.extend(
            published, end_of(dt.date(2026, 12, 1)), reason="x", by=by, now=seoul("2026-11-24T00:00:00")
        )
    with pytest.raises(ValidationError):
        publishing.extend(make_draft(), end_of(dt.date(2026, 12, 1)), reason="x", by=by, now=PUBLISHED_AT)
    assert not ConsultationExtension.objects.exists()


def test_an_early_close_needs_a_reason_and_says_whether_the_law_is_met():
    published = make_published()
    at = seoul("2026-11-10T09:00:00")
    with pytest.raises(ValidationError, match="사유"):
        publishing.close_early(published, reason="", by=published.made_by, now=at)
    assert publishing.is_shorter_than_minimum(published, at).days == 20
    closed = publishing.close_early(published, reason="계획 취소", by=published.made_by, now=at)
    assert phase_of(closed, at - SECOND) == Phase.OPEN
    assert phase_of(closed, at) == Phase.CLOSED
    assert Entry.objects.get(kind="cameras.consultation_closed").content["short_of_minimum"] is True
    with pytest.raises(ValidationError):
        publishing.close_early(closed, reason="또", by=published.made_by, now=at + SECOND)
    with pytest.raises(ValidationError):
        publishing.extend(closed, end_of(dt.date(2026, 12, 1)), reason="x", by=published.made_by, now=at)


def test_every_step_leaves_a_row_with_who_and_why():
    published = make_published()
    by, later = published.made_by, end_of(dt.date(2026, 11, 30))
    publishing.extend(published, later, reason="게시판 공사", by=by, now=PUBLISHED_AT)
    at = seoul("2026-11-25T09:00:00")
    closed = publishing.close_early(published, reason="의견이 모임", by=by, now=at)
    hear_expert(closed)
    result.publish(closed, "의견 없음", by=by, now=at + SECOND)
    result.correct(closed, "의견 1건", reason="빠뜨림", by=by, now=at + 2 * SECOND)
    moves = PublicConsultation.objects.get().moves.values_list("event", "to_state", "at", "by", "reason")
    assert list(moves) == [
        ("publish", "published", PUBLISHED_AT, by.pk, ""),
        ("extend", "published", PUBLISHED_AT, by.pk, "게시판 공사"),
        ("close", "closed", at, by.pk, "의견이 모임"),
        ("publish_result", "result", at + SECOND, by.pk, ""),
        ("correct", "result", at + 2 * SECOND, by.pk, "빠뜨림"),
    ]


def test_consultations_of_before_get_a_state_and_a_row_for_each_step():
    """The migration, on a row as an upgraded office has it: with who did it beside it."""
    published = make_published()
    by = published.made_by
    publishing.extend(
        published, end_of(dt.date(2026, 11, 30)), reason="게시판 공사", by=by, now=PUBLISHED_AT + SECOND
    )
    at = seoul("2026-11-25T09:00:00")
    row = publishing.close_early(published, reason="의견이 모임", by=by, now=at)
    row.moves.all().delete()
    row.state, row.published_by_id, row.closed_early_by_id = "draft", by.pk, None
    migration = importlib.import_module("cameras.migrations.0034_moves_of_public_consultation")
    for step in sorted(migration._steps(row), key=lambda step: step["at"]):
        migration._write_step(apps, row, **step)
    assert row.state == "closed"
    assert list(row.moves.values_list("event", "from_state", "on", "by", "reason")) == [
        ("publish", "draft", PUBLISHED_AT.date(), by.pk, ""),
        ("extend", "published", PUBLISHED_AT.date(), by.pk, "게시판 공사"),
        ("close", "published", dt.date(2026, 11, 25), None, "의견이 모임"),
    ]


def test_an_early_close_after_the_minimum_is_not_short():
    published = make_published(closes_at=end_of(dt.date(2026, 12, 20)))
    publishing.close_early(published, reason="충분", by=published.made_by, now=seoul("2026-11-24T00:00:00"))
    assert Entry.objects.get(kind="cameras.consultation_closed").content["short_of_minimum"] is False


def test_the_shortest_period_is_frozen_with_the_notice():
    start = seoul("2026-11-02T09:00:00")
    published = make_published(now=start, opens_at=start, closes_at=seoul("2026-12-10T00:00:00"))
    published.refresh_from_db()
    assert published.shortest_until == seoul("2026-11-24T00:00:00")
