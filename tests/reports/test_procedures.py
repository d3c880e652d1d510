"""Requests of citizens and what else the office did, told without a person, a case or a receipt number."""

import json
from datetime import date, timedelta

import pytest
import time_machine

from cameras.models import (
    ContractorTraining,
    EntrustmentContract,
    Landmark,
    PublicConsultation,
    Sign,
    SignCheck,
)
from ordinance.models import DueDate
from records.models import ViewingNotice
from records.viewing import notices
from reports.figures import for_period
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import make_published
from tests.cameras.contracts import entered
from tests.committee.factories import MeetingFactory, recorded
from tests.records import situations as requests
from tests.reports import situations
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db
NOW = seoul(2026, 10, 2, 9)


def test_requests_are_counted_by_channel_outcome_and_lateness(camera, manager):
    with time_machine.travel(seoul(2026, 7, 6, 10), tick=False):
        camera.history.update(history_date=seoul(2026, 7, 1))
        in_time = requests.told_about(camera, manager)
        late = requests.told_about(camera, manager)
        waiting = requests.received(camera)
    # Told a month later, as the office entered it.
    told_late(late, seoul(2026, 8, 20, 10))
    figures = for_period("2026Q3", now=NOW)
    told = {figure.code: figure.value for _, figure in figures.figures()}
    assert told["requests_received"] == 3
    assert (told["requests_decided"], told["requests_in_time"], told["requests_decided_late"]) == (2, 1, 1)
    assert told["requests_in_time_share"] == 50.0
    assert told["requests_overdue"] == 1
    assert told["requests_longest"] == timedelta(days=45).total_seconds()
    assert figures.table("requests_by_channel").total["requests"] == 3
    assert figures.table("requests_by_outcome").total["requests"] >= 2
    # Answering it later does not make it punctual.
    DueDate.objects.filter(subject_number=waiting.receipt_number).update(closed_at=seoul(2026, 10, 5))
    assert for_period("2026Q3", now=NOW + timedelta(days=30)).value("requests_overdue") == 1
    frozen = json.dumps(figures.to_json(), ensure_ascii=False)
    for request in (in_time, late, waiting):
        assert request.receipt_number not in frozen


def told_late(request, at):
    DueDate.objects.filter(subject_number=request.receipt_number).update(closed_at=at)
    ViewingNotice.objects.filter(request=request).update(at=at, on=at.date())


def test_a_notice_that_is_written_down_later_changes_no_past_quarter(camera, manager):
    """Received on 10 September, due ten days later; told on the 16th, as somebody writes in November."""
    with time_machine.travel(seoul(2026, 9, 10, 10), tick=False):
        camera.history.update(history_date=seoul(2026, 7, 1))
        request = requests.confirmed(camera, manager)
    with time_machine.travel(seoul(2026, 9, 16, 10), tick=False):
        requests.decided(request, manager)
    assert for_period("2026Q3", now=NOW).value("requests_overdue") == 1
    with time_machine.travel(seoul(2026, 11, 29, 10), tick=False):
        notices.notify(
            request,
            requests.viewing_letter(on=date(2026, 9, 16), wish="그 뒤에 오겠다고 전화로 말함"),
            by=manager,
        )
        soon = seoul(2026, 11, 29, 11)
        again, now = for_period("2026Q3", now=soon), for_period("2026Q4", now=soon)
    assert (again.value("requests_overdue"), again.value("requests_decided")) == (1, 0)
    codes = ("decided", "in_time", "decided_late", "written_late", "overdue", "in_time_share")
    assert [now.value(f"requests_{code}") for code in codes] == [1, 0, 0, 1, 0, 0.0]
    (line,) = now.table("requests_written_later").rows
    assert (line["told_on"], line["written_on"], line["days"], line["requests"]) == (
        "2026-09-16",
        "2026-11-29",
        74,
        1,
    )
    assert line["judged"] == "기한 뒤에 기록"


def test_what_is_on_record_of_a_time_before_the_register_is_counted():
    """The minutes of a meeting carry their own date."""
    with time_machine.travel(seoul(2026, 11, 29, 10), tick=False):
        empty = for_period("2026Q3")
        assert (empty.value("meetings"), empty.value("resolutions")) == (None, None)
        assert "알 수 없습니다" in empty.table("resolutions").without_rows
        recorded(MeetingFactory(on=date(2026, 9, 20)), conditions="다음 회의에 결과를 보고할 것")
        figures = for_period("2026Q3")
    codes = ("meetings", "resolutions", "resolutions_conditional")
    assert [figures.value(code) for code in codes] == [1, 1, 1]
    assert figures.value("prior_asked") is None
    notes = next(section.notes for section in figures.sections if section.code == "committee")
    assert "뒤에 이 분기의 날짜로 등록한" in notes[0]


def test_a_consultation_that_was_closed_early_waits_for_its_result():
    situations.cameras(1, at=seoul(2026, 6, 1))
    made = make_published()
    PublicConsultation.objects.filter(pk=made.pk).update(
        published_at=seoul(2026, 9, 1), opens_at=seoul(2026, 9, 1), closes_at=seoul(2026, 12, 20)
    )
    assert for_period("2026Q3", now=NOW).value("consultations_without_result") == 0
    PublicConsultation.objects.update(closed_early_at=seoul(2026, 9, 27))
    assert for_period("2026Q3", now=NOW).value("consultations_without_result") == 1


def test_signs_and_contractors_are_told(camera):
    told = for_period("2026Q3", now=NOW)
    assert (told.value("signs_hanging"), told.value("contracts")) == (None, None)
    hanging = {"site": camera.site, "digest": "x", "made_on": date(2026, 1, 1), "put_up_on": date(2026, 7, 2)}
    sign = Sign.objects.create(version=2, **hanging)
    Sign.objects.create(version=1, retired_on=date(2026, 7, 2), **hanging)
    for outcome in ("read", "by_hand", "refused"):
        check = SignCheck.objects.create(site=camera.site, sign=sign, outcome=outcome)
        SignCheck.objects.filter(pk=check.pk).update(checked_at=seoul(2026, 9, 1))
    by = OfficerFactory()
    contract = entered(
        by, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), signed_on=date(2025, 12, 1)
    )
    assert for_period("2026Q3", now=NOW).value("contracts") is None, "it was entered later"
    EntrustmentContract.history.update(history_date=seoul(2026, 1, 1))
    facts = {"contract": contract, "on": date(2026, 8, 1), "recorded_by": by}
    ContractorTraining.objects.create(subject="보안", attendees=3, **facts)
    told = for_period("2026Q3", now=NOW)
    codes = (
        "signs_hanging",
        "signs_put_up",
        "signs_seen",
        "sign_checks_failed",
        "contracts",
        "contractor_trainings",
    )
    # The training was written down after the quarter.
    assert [told.value(code) for code in codes] == [1, 2, 1, 1, 1, 0]
    ContractorTraining.objects.update(recorded_at=seoul(2026, 8, 2))
    assert for_period("2026Q3", now=NOW).value("contractor_trainings") == 1


def test_what_no_chapter_counts_is_named_with_its_number(camera):
    Landmark.objects.create(name="발산역", kind="station", latitude=37, longitude=126)
    figures = for_period("2026Q3", now=NOW)
    rows = figures.table("uncounted").rows
    kinds = {
        kind.rpartition(" ")[0]: kind.rpartition(" ")[2] for row in rows for kind in row["kinds"].split(", ")
    }
    assert kinds["찾기용 지명"] == "1"
    assert sum(row["entries"] for row in rows) == sum(int(count.replace(",", "")) for count in kinds.values())
    # What a chapter reads is counted there, and what lies empty is nothing.
    assert not {"카메라", "설치장소", "삭제 유예", "열람등 청구"} & kinds.keys()
