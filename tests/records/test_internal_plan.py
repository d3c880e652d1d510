"""내부 관리계획 (Safety Standard art. 4): written by one, approved by another, frozen, checked each year, found when missing."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import next_steps
from casework.refusals import Refused
from ledger.models import Entry
from ordinance import due, parameters
from ordinance.models import Parameter
from records.internal_plan import checking, contents, writing
from records.models import InternalPlan, ItemResult
from reports.documents import internal_plan as document
from tests.accounts.factories import OfficerFactory
from tests.ordinance.duties import assess, covered, open_findings, today, unmet
from tests.reports import pdf_checks

pytestmark = pytest.mark.django_db


@pytest.fixture
def official():
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER)


def approved(official, manager, *, on: dt.date | None = None, why: str = "처음 정함") -> InternalPlan:
    plan = writing.draft() or writing.begin(by=official)
    writing.ask(plan, why=why, by=official)
    return writing.approve(plan, effective_on=on or today(), document_number="안전관리과-7", by=manager)


def all_in_order(plan: InternalPlan) -> dict[str, tuple[str, str]]:
    return {row["code"]: (ItemResult.IN_ORDER, "") for row in plan.contents}


# -- what it is made of -----------------------------------------------------------------------------------------


def test_the_shipped_contents_are_as_many_as_the_notice_counts_and_say_that_they_were_not_compared(official):
    plan = writing.begin(by=official)
    standing = contents.standing(plan, today())
    assert standing["listed"] == standing["asked"] == 18
    assert (standing["asked_mark"], standing["mark"]) == ("원문 확인", "원문 확인 필요")
    assert "대조하지 않았습니다" in standing["note"]
    writing.compare(plan, source="고시 제2026-9호 제4조제1항", by=official)
    plan.refresh_from_db()
    assert contents.standing(plan, today())["mark"] == "원문 확인"
    # Other words of a text leave the comparison; another title ends it.
    writing.write(plan, "risk", title="위험의 분석과 관리", text="해마다 한다.", by=official)
    assert InternalPlan.objects.get().compared_with
    writing.write(plan, "risk", title="위험", text="해마다 한다.", by=official)
    assert not InternalPlan.objects.get().compared_with


def test_each_content_has_a_text_with_the_figures_of_the_day_and_facts_with_their_source(official):
    plan = writing.begin(by=official)
    rows = {row["code"]: row for row in contents.written(plan, today())}
    months = parameters.value("training_months").value
    assert f"{months}개월마다" in rows["training"]["text"]
    assert not [row["code"] for row in rows.values() if "{" in row["text"] or not row["facts"]]
    for row in rows.values():
        for fact in row["facts"]:
            assert fact["source"] or fact["value"] == contents.NOTHING_KNOWN
    # What no table knows is not made up.
    assert rows["malware"]["facts"][0]["value"] == contents.NOTHING_KNOWN
    said = {fact["label"]: fact for fact in rows["access"]["facts"]}
    assert said["두 번째 인증"]["value"] == "대상 1명 중 0명 등록"
    assert said["두 번째 인증"]["is_in_order"] is False


def test_a_figure_that_nobody_knows_is_refused_at_its_field(official):
    plan = writing.begin(by=official)
    with pytest.raises(Refused, match=r"모르는 자리입니다: \{교육 횟수\}"):
        writing.write(plan, "training", title="교육", text="해마다 {교육 횟수}회", by=official)


# -- from draft to approval -------------------------------------------------------------------------------------


def test_nobody_approves_a_version_in_which_he_had_a_part(official, manager):
    plan = writing.begin(by=official)
    with pytest.raises(Refused, match="아직 승인을 요청하지 않은"):
        writing.approve(plan, effective_on=today(), document_number="안전관리과-1", by=manager)
    writing.write(plan, "malware", title="악성프로그램 등의 방지", text="날마다 갱신한다.", by=manager)
    writing.ask(plan, why="처음 정함", by=official)
    for one in (official, manager):
        with pytest.raises(Refused, match="다른 사람이 승인해야"):
            writing.approve(plan, effective_on=today(), document_number="안전관리과-1", by=one)
    other = OfficerFactory(role=Role.CCTV_MANAGER)
    yesterday = today() - dt.timedelta(days=1)
    with pytest.raises(Refused, match="오늘보다 앞설 수 없습니다"):
        writing.approve(plan, effective_on=yesterday, document_number="안전관리과-1", by=other)
    made = writing.approve(plan, effective_on=today(), document_number="안전관리과-1", by=other)
    line = Entry.objects.get(kind=writing.APPROVED)
    assert f'"sha256":"{made.digest}"' in line.payload.replace(" ", "")


def test_the_only_manager_who_wrote_approves_what_somebody_else_starts_over(official, manager, client):
    plan = writing.begin(by=official)
    shipped = plan.contents
    writing.write(plan, "risk", title="위험", text="관리책임자의 글", by=manager)
    writing.ask(plan, why="처음 정함", by=official)
    client.force_login(official)
    assert (
        reverse("internal_plan:start_over") in client.get(reverse("internal_plan:overview")).content.decode()
    )
    client.post(reverse("internal_plan:start_over"))
    plan.refresh_from_db()
    assert (plan.contents, plan.writers, plan.asked_at, plan.why) == (shipped, [official.pk], None, "")
    first = approved(official, manager)
    with pytest.raises(Refused, match="승인한 판은 고칠 수 없습니다"):
        writing.start_over(first, by=official)
    following = writing.begin(by=official)
    writing.leave_out(following, "risk", by=official)
    assert writing.start_over(following, by=manager).contents == first.contents
    writing.write(following, "risk", title="위험", text="해마다 한다.", by=official)
    writing.ask(following, why="고침", by=official)
    with pytest.raises(Refused, match="다른 사람이 승인해야"):
        writing.approve(following, effective_on=today(), document_number="안전관리과-8", by=manager)


def test_what_was_approved_stays_as_it_was(official, manager):
    plan = approved(official, manager)
    before, paper = writing.shown(plan, today()), document.pdf_of(plan)
    with pytest.raises(Refused, match="승인한 판은 고칠 수 없습니다"):
        writing.write(plan, "risk", title="위험", text="달라진 글", by=official)
    OfficerFactory(role=Role.OFFICIAL)
    plan.refresh_from_db()
    assert writing.shown(plan, today()) == before
    assert document.pdf_of(plan) == paper
    assert official.get_full_name() not in str(before)
    assert manager.get_full_name() not in str(before)


def test_a_change_after_asking_has_to_be_asked_for_again_and_can_be_sent_back(official, manager):
    plan = writing.begin(by=official)
    writing.ask(plan, why="처음 정함", by=official)
    writing.write(plan, "risk", title="위험의 분석과 관리", text="해마다 한다.", by=official)
    with pytest.raises(Refused, match="아직 승인을 요청하지 않은"):
        writing.send_back(plan, why="", by=manager)
    writing.ask(plan, why="처음 정함", by=official)
    with pytest.raises(Refused, match="무엇을 고쳐야"):
        writing.send_back(plan, why=" ", by=manager)
    writing.send_back(plan, why="취약점 점검의 주기를 적으십시오.", by=manager)
    plan.refresh_from_db()
    step = next_steps.of(plan, timezone.now())
    assert (step.verb, step.may_wait) == ("승인 요청하기", False)
    assert "취약점 점검의 주기" in step.note


def test_the_next_version_says_why_and_what_is_different(official, manager):
    approved(official, manager)
    plan = writing.begin(by=official)
    with pytest.raises(Refused, match="이미 작성하고 있습니다"):
        writing.begin(by=official)
    with pytest.raises(Refused, match="달라진 것이 없습니다"):
        writing.ask(plan, why="고침", by=official)
    writing.write(plan, "risk", title="위험의 분석과 관리", text="반기마다 분석한다.", by=official)
    writing.write(plan, "", title="영상정보의 열람", text="열람한 까닭을 적는다.", by=official)
    writing.leave_out(plan, "disaster", by=official)
    with pytest.raises(Refused, match="제정하거나 변경하는 사유"):
        writing.ask(plan, why=" ", by=official)
    made = approved(official, manager, why="위험 분석을 반기마다 하기로 함")
    said = {row["what"]: row for row in made.frozen["changes"]}
    assert set(said) == {"변경", "추가", "삭제"}
    assert said["변경"]["after"].endswith("반기마다 분석한다.")
    assert "해마다 한 번" in said["변경"]["before"]
    assert said["추가"]["title"] == "영상정보의 열람"
    assert made.frozen["why"] == "위험 분석을 반기마다 하기로 함"
    assert (made.version, made.frozen["standing"]["listed"]) == (2, 18)


def test_a_content_without_words_is_not_asked_for(official):
    plan = writing.begin(by=official)
    writing.write(plan, "risk", title="위험", text=" ", by=official)
    with pytest.raises(Refused, match="본문이 비어 있습니다: 위험"):
        writing.ask(plan, why="처음 정함", by=official)


def test_a_version_for_a_later_day_waits_for_it(official, manager):
    first = approved(official, manager)
    plan = writing.begin(by=official)
    writing.write(plan, "risk", title="위험의 분석과 관리", text="반기마다 한다.", by=official)
    later = today() + dt.timedelta(days=10)
    second = approved(official, manager, on=later)
    assert (writing.in_force(today()), writing.in_force(later)) == (first, second)


# -- the yearly check -------------------------------------------------------------------------------------------


def test_the_check_takes_every_content_and_is_frozen(official, manager):
    plan = approved(official, manager)
    found = all_in_order(plan)
    with pytest.raises(Refused, match="결과를 고르십시오: 취약점의 점검"):
        checking.check(plan, {**found, "weaknesses": ("", "")}, opinion="", by=manager)
    with pytest.raises(Refused, match="내용과 조치를 적습니다"):
        checking.check(plan, {**found, "weaknesses": (ItemResult.NOT_IN_ORDER, " ")}, opinion="", by=manager)
    found["weaknesses"] = (ItemResult.NOT_IN_ORDER, "12월에 점검한다.")
    made = checking.check(plan, found, opinion="대체로 지킴", by=manager)
    row = next(row for row in made.contents["contents"] if row["code"] == "weaknesses")
    assert (row["result_label"], row["words"]) == ("부적정", "12월에 점검한다.")
    assert row["facts"]
    assert manager.get_full_name() not in str(made.contents)
    line = Entry.objects.get(kind=checking.CHECKED)
    assert made.digest in line.payload
    assert '"not_in_order":1' in line.payload.replace(" ", "")


def test_a_former_version_is_not_checked(official, manager):
    first = approved(official, manager)
    plan = writing.begin(by=official)
    writing.write(plan, "risk", title="위험의 분석과 관리", text="반기마다 한다.", by=official)
    approved(official, manager)
    with pytest.raises(Refused, match="시행 중인 판이 아닙니다"):
        checking.check(first, all_in_order(first), opinion="", by=manager)


def test_it_is_a_finding_until_somebody_approves_and_again_when_a_year_goes_without_a_check(
    official, manager, time_machine
):
    assert covered("internal_plan") == {"gangseo"}
    assess()
    assert open_findings("internal_plan") == {"gangseo"}
    plan = approved(official, manager)
    assert open_findings("internal_plan") == set()
    last_day = checking.due_on(today())
    assert last_day is not None
    assert unmet("internal_plan", on=last_day) == set()
    assert unmet("internal_plan", on=last_day + dt.timedelta(days=1)) == {"gangseo"}
    time_machine.move_to(
        timezone.make_aware(dt.datetime.combine(last_day, dt.time(9))) + dt.timedelta(days=1)
    )
    assess()
    assert open_findings("internal_plan") == {"gangseo"}
    checking.check(plan, all_in_order(plan), opinion="", by=manager)
    assert open_findings("internal_plan") == set()


# -- who has to act ---------------------------------------------------------------------------------------------


def said(now=None):
    return {item.code: item for item in due.collect(now or timezone.now()) if item.kind == "내부 관리계획"}


def test_whoever_must_act_finds_it_among_what_is_to_do(official, manager):
    item = said()["records.internal_plan"]
    assert item.url_name == "internal_plan:overview"
    plan = writing.begin(by=official)
    assert set(said()) == {"records.internal_plan_draft"}
    writing.ask(plan, why="처음 정함", by=official)
    item = said()["records.internal_plan_draft"]
    assert (item.verb, item.needs) == ("승인하기", ("records.approve_internalplan",))
    assert official.pk in item.not_by
    plan = approved(official, manager)
    assert said() == {}
    ahead = timezone.make_aware(dt.datetime.combine(checking.due_on(today()), dt.time(9)))
    assert set(said(ahead - dt.timedelta(days=31))) == set()
    assert said(ahead - dt.timedelta(days=30))["records.internal_plan_check"].severity == "due"
    assert said(ahead + dt.timedelta(days=1))["records.internal_plan_check"].severity == "overdue"


# -- screens and papers -----------------------------------------------------------------------------------------


def test_the_way_through_the_portal(client, official, manager):
    home = reverse("internal_plan:overview")
    client.force_login(official)
    client.post(reverse("internal_plan:begin"))
    page = client.get(home).content.decode()
    assert "원문 확인 필요" in page
    assert "1. 개인정보 보호 조직의 구성과 운영" in page
    page = client.get(reverse("internal_plan:content", args=["malware"])).content.decode()
    assert contents.NOTHING_KNOWN in page
    client.post(
        reverse("internal_plan:content", args=["malware"]),
        {"title": "악성프로그램 등의 방지", "text": "날마다 갱신한다."},
    )
    client.post(reverse("internal_plan:add"), {"title": "그 밖의 사항", "text": "따로 정한다."})
    assert (
        "고시가 나열하는 내용은 18가지이고 이 판에는 19가지가 있습니다." in client.get(home).content.decode()
    )
    client.post(reverse("internal_plan:leave_out", args=["own-1"]))
    client.post(reverse("internal_plan:ask"), {"why": "처음 정함"})
    assert client.get(reverse("internal_plan:approve")).status_code == 403
    client.force_login(manager)
    assert "승인하기" in client.get(home).content.decode()
    answer = client.post(
        reverse("internal_plan:approve"), {"effective_on": today(), "document_number": "안전관리과-7"}
    )
    assert answer.url == home
    plan = InternalPlan.objects.get()
    page = client.get(reverse("internal_plan:version", args=[1])).content.decode()
    assert plan.digest in page
    given = {f"result-{row['code']}": "in_order" for row in plan.contents}
    answer = client.post(reverse("internal_plan:check"), given | {"result-risk": "not_in_order"})
    assert "내용과 조치를 적습니다" in answer.content.decode()
    answer = client.post(
        reverse("internal_plan:check"), given | {"result-risk": "not_in_order", "words-risk": "올해 한다."}
    )
    page = client.get(answer.url).content.decode()
    assert "부적정" in page
    assert "올해 한다." in page


def test_the_papers_are_accessible_and_say_how_far_the_list_may_be_trusted(client, official, manager):
    plan = writing.begin(by=official)
    draft = pdf_checks.words(document.pdf_of(plan))
    assert "승인 전" in draft
    assert "원문 확인 필요" in draft
    plan = approved(official, manager)
    paper = document.pdf_of(plan)
    pdf_checks.assert_accessible(pdf_checks.read(paper))
    made = checking.check(plan, all_in_order(plan), opinion="대체로 지킴", by=manager)
    pdf_checks.assert_accessible(pdf_checks.read(document.check_pdf_of(made)))
    client.force_login(manager)
    for name, args in (("document", [1]), ("check_document", [made.pk])):
        assert client.get(reverse(f"internal_plan:{name}", args=args)).status_code == 200
    assert Entry.objects.of_kind("reports.paper_handed_out").count() == 2


def test_a_figure_that_the_district_sets_is_taken(official, manager):
    approved(official, manager)
    Parameter.objects.create(
        profile="gangseo",
        code="internal_plan_check_months",
        value=6,
        effective_on=today(),
        citation="내부 결정",
        mark="D",
    )
    assert checking.due_on(today()) < today() + dt.timedelta(days=190)
