"""다달의 점검: made when the month is over, asked, explained, judged by another one, signed, frozen; missing is found."""

import datetime as dt
import io
import os
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from accounts.longrun import RunState
from accounts.roles import Role
from casework.refusals import Refused
from ledger.models import Entry
from ordinance import due, rules
from ordinance.models import Parameter
from records import tasks
from records.access_log import arrivals, duties, judging, keeping, monthly, reviewing, timing
from records.models import (
    AccessEvent,
    AccessFinding,
    AccessImport,
    AccessLogFile,
    AccessReview,
    Judgement,
    StaffMember,
)
from records.tabular import SEOUL, UnusableFile
from reports.documents import access_review
from tests.accounts.factories import OfficerFactory
from tests.ordinance.duties import covered, today, unmet

pytestmark = pytest.mark.django_db

MONTH = dt.date(2026, 9, 1)
HEADER = "번호,시각,계정,행위,카메라,대상시작,대상종료,접속지,사건번호,내용\n"


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER)


@pytest.fixture
def auditor():
    return OfficerFactory(role=Role.AUDITOR)


def log_file(begun_at: datetime = datetime(2026, 9, 2, tzinfo=SEOUL)) -> AccessLogFile:
    return AccessLogFile.objects.create(
        name="log", sha256="0" * 64, map="standard", begun_at=begun_at, finished_at=begun_at
    )


def playbacks(account: str, count: int = 3, *, file: AccessLogFile | None = None, day: int = 14) -> None:
    """Stored pictures, looked at for no case."""
    file = file or AccessLogFile.objects.first() or log_file()
    start = datetime(2026, 9, day, 15, tzinfo=SEOUL)
    AccessEvent.objects.bulk_create(
        AccessEvent(
            at=start + n * timedelta(minutes=1), digest=hash((account, day, n)), number=f"{account}{n}a",
            account=account, act="playback", camera="X-1", file=file, line=n,
            target_from=start - timedelta(hours=2), target_until=start - timedelta(hours=1),
        )
        for n in range(count)
    )  # fmt: skip


def made(month: dt.date = MONTH) -> AccessReview:
    monthly.run_here(monthly.ask(month))
    return AccessReview.objects.get(month=month)


def agent(account: str = "kim", **more) -> StaffMember:
    return StaffMember.objects.create(
        number=account, name=account, kind="monitoring_staff", account=account, **more
    )


def judged(review: AccessReview, by, judgement=Judgement.PROPER) -> None:
    for finding in review.findings.filter(judgement=""):
        judging.judge(finding, judgement=judgement, words="확인함", by=by)


# -- making -----------------------------------------------------------------------------------------------------


def test_a_month_that_is_not_over_is_refused():
    with pytest.raises(Refused, match="아직 끝나지 않은 달"):
        monthly.ask(today().replace(day=1))
    with pytest.raises(Refused, match="첫날"):
        monthly.ask(dt.date(2026, 9, 2))
    assert not AccessReview.objects.exists()


def test_what_nothing_explains_is_asked_with_its_rows_of_the_person_concerned():
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    agent(officer=officer)
    playbacks("kim", 3)
    review = made()
    finding = review.findings.get(rule="look_without_case")
    assert (finding.number, finding.account, finding.officer) == ("2026-09-0001", "kim", officer)
    assert set(finding.events) == set(AccessEvent.objects.values_list("pk", flat=True))
    assert review.state == RunState.SUCCEEDED
    assert review.figures["rows"] == 3
    assert review.figures["acts"] == [{"act": "playback", "rows": 3, "explained": 0}]
    assert [day["rows"] for day in review.figures["days"]] == [3]


def test_made_again_it_keeps_what_was_said_and_judged_and_drops_what_is_no_question_any_more(manager):
    agent("kim")
    agent("lee")
    playbacks("kim", 3)
    playbacks("lee", 3, day=15)
    review = made()
    kim, lee = (review.findings.get(account=name, rule="look_without_case") for name in ("kim", "lee"))
    judging.judge(kim, judgement=Judgement.DOUBTFUL, words="기억나지 않음", by=manager)
    AccessEvent.objects.filter(account="lee").delete()
    playbacks("kim", 3, day=20)
    review = made()
    again = review.findings.get(pk=kim.pk)
    assert (again.number, again.judgement, again.judged_words) == (kim.number, "doubtful", "기억나지 않음")
    assert not review.findings.filter(account="lee").exists()
    new = review.findings.filter(rule="look_without_case").exclude(pk=kim.pk).get()
    assert int(new.number[-4:]) > int(lee.number[-4:])


def test_the_worker_makes_it_on_the_first_working_day_and_makes_up_for_a_missed_one(time_machine):
    log_file(datetime(2026, 9, 30, tzinfo=SEOUL))
    # 1 October 2026 is a Thursday; 1 November a Sunday, so 2 November.
    assert timing.made_on(MONTH) == dt.date(2026, 10, 1)
    assert timing.made_on(dt.date(2026, 10, 1)) == dt.date(2026, 11, 2)
    time_machine.move_to(datetime(2026, 11, 1, 6, tzinfo=SEOUL), tick=False)
    tasks.review_access_months()
    assert [each.month for each in AccessReview.objects.all()] == [MONTH]
    time_machine.move_to(datetime(2026, 11, 2, 6, tzinfo=SEOUL), tick=False)
    tasks.review_access_months()
    tasks.review_access_months()
    assert [each.month.month for each in AccessReview.objects.order_by("month")] == [9, 10]


# -- explaining and judging -------------------------------------------------------------------------------------


@pytest.fixture
def asked():
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    agent(officer=officer)
    playbacks("kim", 3)
    return made().findings.get(), officer


def test_the_person_explains_and_nobody_else_does(asked, manager):
    finding, officer = asked
    other = OfficerFactory(role=Role.MONITORING_AGENT)
    with pytest.raises(Refused, match="다른 사람에 관한"):
        judging.explain(finding, words="제가 대신", by=other)
    with pytest.raises(Refused, match="스스로 소명합니다"):
        judging.explain(finding, words="들은 말", source="면담", by=manager)
    judging.explain(finding, words="112 전화로 찾음", by=officer)
    finding.refresh_from_db()
    assert (finding.explanation, finding.explained_by) == ("112 전화로 찾음", officer)
    line = Entry.objects.get(kind=judging.EXPLAINED)
    assert "112" not in line.payload
    assert "explanation_sha256" in line.payload
    assert [
        item.officer_id for item in due.collect(timezone.now()) if item.code == "records.access_explain"
    ] == []


def test_who_has_no_account_is_heard_and_it_is_written_down_how(manager):
    agent()
    playbacks("kim", 3)
    finding = made().findings.get()
    with pytest.raises(Refused, match="어떻게 말했는지"):
        judging.explain(finding, words="실종자를 찾음", by=manager)
    judging.explain(finding, words="실종자를 찾음", source="10월 2일 면담", by=manager)
    finding.refresh_from_db()
    assert finding.explanation == "실종자를 찾음\n(10월 2일 면담)"


def test_nobody_judges_what_is_about_himself_even_if_it_became_known_later(manager, auditor):
    staff = agent()
    playbacks("kim", 3)
    finding = made().findings.get()
    StaffMember.objects.filter(pk=staff.pk).update(officer=manager)
    with pytest.raises(Refused, match="스스로 판정할 수 없습니다"):
        judging.judge(finding, judgement=Judgement.PROPER, words="괜찮음", by=manager)
    assert AccessFinding.objects.get().judgement == ""


def test_the_auditor_judges_only_what_is_about_a_manager(manager, auditor, asked):
    finding, _ = asked
    with pytest.raises(Refused, match="판정하는 사람에 관한"):
        judging.judge(finding, judgement=Judgement.PROPER, words="괜찮음", by=auditor)
    finding.officer = manager
    finding.save()
    judging.judge(finding, judgement=Judgement.DOUBTFUL, words="기록 없음", by=auditor)
    assert AccessFinding.objects.get().judged_by == auditor


def test_a_judgement_needs_words_unless_an_explanation_was_found_proper(asked, manager):
    finding, officer = asked
    for judgement in Judgement.values:
        with pytest.raises(Refused, match="까닭을 적습니다"):
            judging.judge(finding, judgement=judgement, words=" ", by=manager)
    judging.explain(finding, words="사건 S-1", by=officer)
    judging.judge(finding, judgement=Judgement.PROPER, words="", by=manager)


def test_how_often_a_rule_asked_for_nothing(manager):
    agent()
    for day in (3, 5, 7):
        playbacks("kim", 3, day=day)
    findings = list(made().findings.filter(rule="look_without_case"))
    assert len(findings) == 3
    for finding, judgement in zip(findings, ("proper", "improper", "proper"), strict=True):
        judging.judge(finding, judgement=judgement, words="확인함", by=manager)
    rate = {each.code: each for each in judging.rates()}
    assert (rate["look_without_case"].judged, rate["look_without_case"].percent) == (3, 67)
    assert (rate["night_zoom"].judged, rate["night_zoom"].percent) == (0, None)


# -- signing ----------------------------------------------------------------------------------------------------


def test_it_is_signed_when_all_is_judged_and_frozen_from_then_on(asked, manager):
    finding, officer = asked
    review = finding.review
    with pytest.raises(Refused, match="판정하지 않은 것이 1건"):
        monthly.sign(review, opinion="", by=manager)
    judging.judge(finding, judgement=Judgement.IMPROPER, words="사적인 열람", by=manager)
    signed = monthly.sign(review, opinion="권한을 줄임", by=manager)
    assert signed.frozen_at is not None
    assert f'"sha256":"{signed.digest}"' in Entry.objects.get(kind=monthly.SIGNED).payload.replace(" ", "")
    before = monthly.contents(signed)
    assert "사적인 열람" not in str(before)
    assert officer.get_full_name() not in str(before)
    for act in (
        lambda: judging.judge(finding, judgement=Judgement.PROPER, words="다시", by=manager),
        lambda: judging.explain(finding, words="늦은 소명", by=officer),
    ):
        with pytest.raises(Refused, match="서명한 점검의 결과는 고칠 수 없습니다"):
            act()
    with pytest.raises(Refused, match="다시 만들 수 없습니다"):
        monthly.ask(MONTH)
    # The measure comes after it.
    judging.measure(finding, words="징계 요구 감사과-12", by=manager)
    with pytest.raises(Refused, match="이미 적었습니다"):
        judging.measure(finding, words="또", by=manager)


def test_where_the_manager_appears_two_persons_sign(manager, auditor):
    agent("boss", officer=manager)
    playbacks("boss", 3)
    review = made()
    judged(review, auditor)
    signed = monthly.sign(review, opinion="", by=manager)
    assert signed.frozen_at is None
    with pytest.raises(Refused, match="다른 사람이 함께 서명"):
        monthly.countersign(review, by=manager)
    done = monthly.countersign(review, by=auditor)
    assert done.frozen_at is not None
    assert done.digest
    assert len(done.contents["signatures"]) == 2


# -- the rules --------------------------------------------------------------------------------------------------


def test_a_missing_or_unsigned_review_is_found(manager, time_machine):
    time_machine.move_to(datetime(2026, 10, 1, 12, tzinfo=SEOUL), tick=False)
    assert covered("access_reviewed") == set()
    log_file()
    assert covered("access_reviewed") == set(), "the first month is not due yet"
    apart = rules.get("access_reviewed").exclusion.rows(rules.Context.today())
    assert apart.count() == 1
    # Made on 1 October; 20 days later is Wednesday, 21 October.
    assert timing.due_on(MONTH) == dt.date(2026, 10, 21)
    assert [duties.review_fault(dt.date(2026, 10, day)) for day in (1, 2, 30)] == ["", "none", "none"]
    assert unmet("access_reviewed", on=dt.date(2026, 10, 2)) == {"gangseo"}
    agent()
    playbacks("kim")
    review = made()
    assert [duties.review_fault(dt.date(2026, 10, day)) for day in (2, 21, 22)] == ["", "", "unsigned"]
    judged(review, manager)
    monthly.sign(review, opinion="", by=manager)
    assert duties.review_fault(dt.date(2026, 10, 22)) == ""
    assert covered("access_reviewed") == {"gangseo"}
    # The next month is owed from 3 November on.
    assert duties.review_fault(dt.date(2026, 11, 2)) == ""
    assert duties.review_fault(dt.date(2026, 11, 3)) == "none"


def test_a_month_without_a_log_is_no_review(manager, time_machine):
    time_machine.move_to(datetime(2026, 10, 5, 12, tzinfo=SEOUL), tick=False)
    log_file()
    review = made()
    assert review.figures["not_known"] == [reviewing.NO_LOG]
    with pytest.raises(Refused, match="접속기록이 없어"):
        monthly.sign(review, opinion="", by=manager)
    assert [duties.review_fault(dt.date(2026, 10, day)) for day in (21, 22)] == ["", "no_log"]
    with pytest.raises(SystemExit) as stopped:
        call_command("review_access", "--month", "2026-09", stderr=io.StringIO())
    assert stopped.value.code == 1
    page = access_review._context(review)
    assert (page["share"], page["counted"]["rows"]) == ("–", "접속기록 없음")
    # The log came in late: the month is made anew.
    agent()
    playbacks("kim")
    review = made()
    judged(review, manager)
    assert monthly.sign(review, opinion="", by=manager).frozen_at
    assert duties.review_fault(dt.date(2026, 10, 22)) == ""


def test_where_no_log_ever_came_in_a_month_without_a_look_is_signed_and_stays_so(manager, settings):
    settings.ACCESS_LOG_FOLDER = "where logs are awaited"
    review = made()
    with pytest.raises(Refused, match="접속기록이 없어"):
        monthly.sign(review, opinion="", by=manager)
    settings.ACCESS_LOG_FOLDER = None
    assert monthly.sign(review, opinion="", by=manager).frozen_at
    log_file(timezone.now())
    settings.ACCESS_LOG_FOLDER = "where logs are awaited from now on"
    assert monthly.has_seen(AccessReview.objects.get()), "a later log says nothing of the months before"


def test_what_was_asked_and_not_followed_up_is_found(manager, time_machine):
    time_machine.move_to(datetime(2026, 10, 1, 12, tzinfo=SEOUL), tick=False)
    agent()
    playbacks("kim", 3)
    assert covered("look_explained") == set()
    finding = made().findings.get()
    assert covered("look_explained") == set(), "asked, and still in time"
    assert [duties.finding_fault(dt.date(2026, 10, day)) for day in (21, 22)] == ["", "unjudged"]
    judging.judge(finding, judgement=Judgement.IMPROPER, words="사적인 열람", by=manager)
    # Judged on the 1st: a measure within 20 days, by the 21st.
    assert [duties.finding_fault(dt.date(2026, 10, day)) for day in (21, 22)] == ["", "measure"]
    assert unmet("look_explained", on=dt.date(2026, 10, 22)) == {"gangseo"}
    judging.measure(finding, words="징계 요구", by=manager)
    assert duties.finding_fault(dt.date(2026, 10, 22)) == ""
    assert covered("look_explained") == {"gangseo"}


# -- what comes in ----------------------------------------------------------------------------------------------


def log_bytes(*rows: str) -> bytes:
    return (HEADER + "\n".join(rows) + "\n").encode("cp949")


ROW = "1,2026-09-14 15:00:00,kim,실시간,X-1,,,10.0.0.1,,"


def test_an_upload_lies_sealed_until_it_is_read_and_a_second_one_is_recognised(manager):
    upload = SimpleUploadedFile("감사.csv", log_bytes(ROW, "2,언젠가,kim,실시간,X-1,,,,,"))
    run = arrivals.receive(upload, name="감사.csv", map_name="standard", by=manager)
    with run.file.open("rb") as file:
        assert b"kim" not in file.read()
    stored = run.file.path
    arrivals.run_here(run)
    run.refresh_from_db()
    assert (run.state, run.result["created"], run.result["rejected"]) == ("succeeded", 1, 1)
    assert run.log.errors[0]["reason"]
    assert not run.file
    assert not os.path.exists(stored)
    again = arrivals.receive(
        SimpleUploadedFile("사본.csv", log_bytes(ROW, "2,언젠가,kim,실시간,X-1,,,,,")),
        name="사본.csv", map_name="standard", by=manager,
    )  # fmt: skip
    arrivals.run_here(again)
    again.refresh_from_db()
    assert (again.result["created"], again.result["known"], again.log) == (0, 1, run.log)
    assert AccessEvent.objects.count() == 1


def test_a_file_that_is_no_log_is_told_in_the_row_and_goes(manager):
    run = arrivals.receive(SimpleUploadedFile("a.csv", b"x"), name="a.csv", map_name="standard", by=manager)
    arrivals.run_here(run)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.error
    assert not run.file


def test_the_watched_folder_is_read_once_and_what_is_being_written_is_left(tmp_path, settings):
    settings.ACCESS_LOG_FOLDER = tmp_path

    def put(name: str, content: bytes, minutes: int) -> None:
        (tmp_path / name).write_bytes(content)
        at = timezone.now().timestamp() - 60 * minutes
        os.utime(tmp_path / name, (at, at))

    put("어제.csv", log_bytes(ROW), 30)
    put("쓰는중.csv", log_bytes(ROW.replace("1,", "7,", 1)), 2)
    (tmp_path / "다른이름.csv").symlink_to(tmp_path / "쓰는중.csv")
    assert [run.name for run in arrivals.watch()] == ["어제.csv"]
    assert arrivals.watch() == []
    assert AccessEvent.objects.count() == 1
    # It grew: another file by size and time, of which the known row is not stored again.
    put("어제.csv", log_bytes(ROW, ROW.replace("1,", "2,", 1).replace("15:00", "15:01")), 20)
    (run,) = arrivals.watch()
    assert (run.result["created"], run.result["known"]) == (1, 1)
    assert AccessImport.objects.count() == 2


def test_a_folder_that_is_gone_is_told(tmp_path, settings):
    settings.ACCESS_LOG_FOLDER = tmp_path / "없음"
    with pytest.raises(UnusableFile, match="열리지 않습니다"):
        arrivals.watch()
    assert "records.access_folder" in {item.code for item in due.collect(timezone.now())}


# -- how long the rows stay -------------------------------------------------------------------------------------


def test_rows_of_a_reviewed_month_go_after_their_years_and_what_was_asked_about_stays(asked, manager):
    finding, _ = asked
    file = AccessLogFile.objects.first()
    AccessEvent.objects.create(
        at=datetime(2026, 9, 20, 12, tzinfo=SEOUL), digest=1, account="kim", act="login", file=file, line=99
    )
    kept = set(finding.events)
    assert kept
    long_after = datetime(2028, 10, 2, tzinfo=SEOUL)
    assert keeping.thin(long_after) == 0, "a month that nobody has signed stays, however old"
    judged(finding.review, manager)
    monthly.sign(finding.review, opinion="", by=manager)
    assert keeping.years(MONTH) == 2, "the longer of the law's two periods"
    assert keeping.thin(datetime(2028, 9, 30, tzinfo=SEOUL)) == 0
    others = AccessEvent.objects.exclude(pk__in=kept).count()
    assert keeping.thin(long_after) == others
    assert set(AccessEvent.objects.values_list("pk", flat=True)) == kept
    assert f'"rows":{others}' in Entry.objects.get(kind=keeping.THINNED).payload.replace(" ", "")
    assert keeping.thin(long_after) == 0


@pytest.mark.parametrize(("value", "years"), [(5, 5), (1, 2)])
def test_the_office_keeps_them_longer_and_never_shorter_than_the_law_says(value, years):
    Parameter.objects.create(
        profile="gangseo",
        code="access_log_years_large",
        value=value,
        effective_on=MONTH,
        citation="내부 결정",
        mark="D",
    )
    assert keeping.years(MONTH) == years
