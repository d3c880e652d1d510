"""The control centre's screens: what they show, how many queries they ask, how an agent goes through them."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from ordinance import assessment_run
from portal import calendar_feeds, home, officers
from records.models import DutyShift, Incident, ShiftHandover, StaffMember
from records.people import handover, visits
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.centre import a_visit, person, rota

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def official(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    client.force_login(officer)
    return officer


@pytest.fixture
def agent(client):
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    client.force_login(officer)
    return officer


def midnight() -> dt.datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def text(client, name, *args, query="", **options) -> str:
    answer = client.get(reverse(name, args=args) + query, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def stood(days: int, missing: int | None = None) -> None:
    """One agent a day, of 24 hours; the day `missing` days ahead lacks."""
    member = person()
    DutyShift.objects.bulk_create(
        DutyShift(staff=member, starts_at=midnight() + n * DAY, ends_at=midnight() + (n + 1) * DAY)
        for n in range(days)
        if n != missing
    )


def test_a_shift_without_an_agent_stands_on_the_first_page_five_days_ahead(client, official) -> None:
    stood(10, missing=5)
    assessment_run.assess()
    gap = midnight() + 5 * DAY
    said = f"{gap:%Y-%m-%d} 00:00~{gap + DAY:%m-%d} 00:00 관제요원 없음"
    assert said in text(client, "wagtailadmin_home")
    assert said in text(client, "duty:month", query=f"?month={gap:%Y-%m}")
    assert said in text(client, "duties:findings", query="?rule=duty_covered")


def test_of_the_days_before_the_first_shift_nobody_says_that_they_were_covered(client, official) -> None:
    member, first = person(), dt.datetime(2026, 3, 10, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    DutyShift.objects.bulk_create(
        DutyShift(staff=member, starts_at=first + n * DAY, ends_at=first + (n + 1) * DAY) for n in range(60)
    )

    def said(month: str) -> str:
        return text(client, "duty:month", query=f"?month={month}")

    assert "등록되기 전이어서 빈틈이 있었는지 알 수 없습니다" in said("2026-02")
    assert "첫 근무가 등록된 2026-03-10 00:00" in said("2026-03")
    assert "이 달의 근무에 빈틈이 없습니다" in said("2026-04")
    assert "사람이 모자란 시간" in said("2026-05")


@pytest.mark.parametrize(
    "name", ["duty:month", "staff:list", "incidents:list", "handover:list", "duty:swaps"]
)
def test_lists_ask_as_much_for_many_as_for_one(
    client, official, name, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    own, camera, now = rota(), CameraFactory(), timezone.now()

    def add(many: int) -> None:
        for number in range(many):
            member = person(rota=own, team=1)
            begin = midnight() - DAY * (number + many)
            DutyShift.objects.create(staff=member, starts_at=begin, ends_at=begin + 8 * HOUR)
            Incident.objects.create(number=f"{many}-{number}", noticed_at=now, camera=camera, kind="절도")
            ShiftHandover.objects.create(
                turn_at=begin, happened="x", equipment="x", given_by=official, given_at=now
            )

    add(1)
    text(client, name)
    with django_assert_max_num_queries(60) as first:
        text(client, name)
    add(12)
    with django_assert_num_queries(len(first)):
        text(client, name)


def test_an_agent_hands_over_and_the_next_one_accepts(client, agent) -> None:
    turn = timezone.now().replace(minute=0, second=0, microsecond=0)
    DutyShift.objects.create(staff=person(officer=agent), starts_at=turn - 8 * HOUR, ends_at=turn)
    following = OfficerFactory(role=Role.MONITORING_AGENT)
    DutyShift.objects.create(staff=person(officer=following), starts_at=turn, ends_at=turn + 8 * HOUR)
    assert "끝나지 않은 교대 1번" in text(client, "handover:list")
    page = client.get(reverse("handover:give"))
    ticked = [label for label, _ in page.context["form"].fields["ticked"].choices]
    assert len(ticked) == 5, "the checks that came with the system"
    sent = {"happened": "특이사항 없음", "equipment": "정상", "ticked": ticked[1:]}
    refused = client.post(reverse("handover:give"), sent)
    assert "표시하지 않은 점검 항목이 1개" in refused.content.decode()
    client.post(reverse("handover:give"), {**sent, "ticked": ticked})
    row = ShiftHandover.objects.get()
    client.force_login(following)
    client.post(reverse("handover:accept", args=[row.pk]), {"ticked": ticked})
    row.refresh_from_db()
    assert (row.turn_at, row.given_by, row.accepted_by) == (turn, agent, following)


def test_an_incident_of_the_future_comes_back_with_the_reason_and_what_was_typed(client, agent) -> None:
    later = timezone.localtime() + HOUR
    sent = {"kind": "화재", "noticed_at": f"{later:%Y-%m-%dT%H:%M:%S}", "result": "확인 중"}
    body = client.post(reverse("incidents:add"), sent).content.decode()
    assert "아직 오지 않은 시각" in body
    assert "확인 중" in body
    assert not Incident.objects.exists()


def test_a_list_of_staff_is_shown_before_it_is_stored(client, official) -> None:
    def sent(**more):
        csv = "사번,성명,구분\nA1,김하나,관제요원\nA2,이두리,경비원\n"
        return {"file": SimpleUploadedFile("명단.csv", csv.encode("cp949")), **more}

    url = reverse("staff:import")
    refused = client.post(url, sent())
    assert "잘못된 행 1" in refused.content.decode()
    assert "가져오기</button>" not in refused.content.decode()
    preview = client.post(url, sent(skip_invalid="on"))
    assert "새 행 1" in preview.content.decode()
    assert not StaffMember.objects.exists()
    kept = preview.context["form"].kept_files["file"]
    client.post(url, {"skip_invalid": "on", "step": "apply", "_kept:file": kept.token})
    assert StaffMember.objects.get().number == "A1"


def test_who_left_yesterday_cannot_log_in_today(client, official) -> None:
    account, member = OfficerFactory(role=Role.MONITORING_AGENT), None
    member = person(officer=account)
    sent = {"last_on": f"{timezone.localdate() - DAY:%Y-%m-%d}", "reason": "transferred"}
    client.post(reverse("staff:end", args=[member.pk]), sent)
    account.refresh_from_db()
    assert not account.is_active
    assert officers.end_of_staff_who_left() == 0


def test_the_own_shifts_are_in_the_calendar_and_no_others(client, agent) -> None:
    start = midnight() + DAY
    for staff, label in ((person(officer=agent), "주간"), (person(), "야간")):
        DutyShift.objects.create(staff=staff, starts_at=start, ends_at=start + 8 * HOUR, label=label)
    secret = calendar_feeds.make(agent, by=agent)
    body = client.get(reverse("calendar_feed", args=[secret])).content.decode()
    assert "SUMMARY:근무 주간" in body
    assert "야간" not in body


def test_a_handover_is_the_task_of_those_whose_shift_it_is_and_opens_for_nobody_else(client, agent) -> None:
    turn = timezone.now().replace(minute=0, second=0, microsecond=0)
    giver, taker = (OfficerFactory(role=Role.MONITORING_AGENT) for _ in range(2))
    DutyShift.objects.create(staff=person(officer=giver), starts_at=turn - 8 * HOUR, ends_at=turn)
    DutyShift.objects.create(staff=person(officer=taker), starts_at=turn, ends_at=turn + 8 * HOUR)
    official = OfficerFactory(role=Role.OFFICIAL)

    def have_it() -> list[bool]:
        found = [home.desk(each, timezone.now()).mine for each in (agent, giver, taker, official)]
        return ["records.handover_undone" in [item.code for item in mine] for mine in found]

    assert have_it() == [False, True, False, False]
    url = f"{reverse('handover:give')}?{urlencode({'turn': turn.isoformat()})}"
    page = client.get(url)
    assert "근무를 마치는 사람이 적습니다" in page.content.decode()
    assert "form" not in page.context
    client.force_login(giver)
    assert client.get(url).context["form"]
    row = handover.give(
        turn, happened="특이사항 없음", equipment="정상", ticked=handover.questions(), by=giver
    )
    assert have_it() == [False, False, True, False]
    client.force_login(agent)
    assert reverse("handover:accept", args=[row.pk]) not in text(client, "handover:page", row.pk)


def test_a_visit_waits_for_who_approves_it_and_is_not_admitted_by_the_main_button(client) -> None:
    official, manager = OfficerFactory(role=Role.OFFICIAL), OfficerFactory(role=Role.CCTV_MANAGER)
    visit = a_visit(by=official)
    client.force_login(official)
    page = text(client, "visits:page", visit.pk)
    assert "다음: 출입 승인하기" in page
    assert "승인 없이 들이기…" in page
    now = timezone.now()
    waits = home.desk(official, now)
    assert "records.visit" in [item.code for item in waits.waiting]
    mine = {item.code: item for item in home.desk(manager, now).mine}
    assert mine["records.visit"].href == reverse("visits:approve", args=[visit.pk])
    visits.approve(visit, escort=official, by=manager)
    assert "다음: 입실 기록하기" in text(client, "visits:page", visit.pk)
