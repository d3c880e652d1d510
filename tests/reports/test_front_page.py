"""What page one says is counted, in the order of gravity, and true when nothing is there."""

from datetime import date

import pytest

from accounts.longrun import RunState
from committee.models import AgendaItem
from ordinance import rules
from ordinance.models import AssessedRule, Assessment, Finding, FindingCare
from reports import gravity
from reports.documents import front_page
from reports.documents.promises import promises, thaw
from reports.figures import for_period
from reports.tabulation import Column, Figure, Figures, Section, Table
from tests.committee.factories import planned
from tests.reports import situations
from tests.reports.situations import seoul

NOW = seoul(2026, 10, 2, 9)
ON = date(2026, 9, 29)


NOTHING_WAITS = front_page.Waiting()


def figures(values, *, duties=(), is_interim=False, at=NOW):
    """Figures of these codes; what gravity knows as a shortfall is one, and all belong to the quarter."""
    found = [
        Figure(code, f"항목 {code}", value, is_flow=True, is_shortfall=code in gravity.FIGURES)
        for code, value in values.items()
    ]
    columns = [Column("label", "의무")]
    table = Table("duties", "", columns, [dict(row) for row in duties], "")
    section = Section("s", "장", "", figures=found, tables=[table])
    return Figures("2026Q3", "", "", "", at.isoformat(), is_interim, "", "", [section])


def said(counted, *, matters=(), earlier=(), is_assessed=True, waiting=NOTHING_WAITS):
    told = promises(counted, earlier)
    said = front_page.sentences(counted, matters, told, is_assessed=is_assessed, waiting=waiting)
    return [text for _, text in said]


def test_the_gravest_comes_first_with_what_it_is_a_part_of():
    asked, kept, wrong, worse, overdue = said(
        figures(
            {
                "unrecognised": 4_000,
                "proofs_due": 192_635,
                "proofs_right": 5,
                "proofs_missing": 189_370,
                "destroyed_files": 12,
                "kept_unlawfully": 3,
                "requests_overdue": 1,
                "sweeps_refused": None,
            }
        )
    )
    assert kept == "아래 약속 5가지 가운데 지켜졌다고 확인된 것이 없습니다."
    assert wrong == (
        "0이어야 하는 수치 5가지 가운데 4가지가 0이 아닙니다. 무거운 것부터 항목 kept_unlawfully 3 / 12, 항목 requests_overdue 1, "
        "항목 proofs_missing 189,370 / 192,635 외 1가지. 1가지는 기록하거나 확인하지 않아 알 수 없습니다."
    )
    assert (
        asked
        == "지켜지지 않은 사항의 원인과 재발 방지를 심의하고, 알 수 없는 1가지를 기록하고 확인할 계획을 요구하여 주시기 바랍니다."
    )
    assert worse == "앞 분기의 기록이 없어 나빠졌는지 알 수 없습니다."
    assert (
        overdue
        == "보관기간을 넘겨 남아 있다가 파기된 파일 3개, 열람등 청구 1건. 사본의 반환·파기 확인: 기록이 없어 알 수 없음."
    )


def test_what_is_kept_is_a_promise_with_its_numbers():
    counted = {"destroyed_files": 12, "kept_unlawfully": 0, "footage_vanished_held": 0, "holds_in_force": 2}
    counted |= {"holds_released": 0, "requests_decided": 0, "requests_overdue": 0, "requests_in_time": 0}
    asked, kept, wrong, *_ = said(figures(counted))
    assert kept == (
        "아래 약속 5가지 가운데 2가지: 기간이 끝난 영상을 법이 정한 때에 파기, 누군가 권리를 가진 영상을 보존."
    )
    assert wrong == "0이어야 하는 수치 3가지 가운데 센 3가지는 모두 0입니다."
    assert asked == "이 보고와 관련하여 따로 요청하는 사항이 없습니다."


def test_nothing_of_nothing_is_not_counted_as_in_order():
    """An empty register has no camera that records sound: nobody kept anything by it."""
    empty = {"cameras": 0, "cameras_audio_on": 0}
    assert said(figures(empty))[2] == "0이어야 하는 수치 가운데 셀 것이 있는 것이 없습니다."
    assert (
        said(figures(empty | {"cameras": 3}))[2] == "0이어야 하는 수치 1가지 가운데 센 1가지는 모두 0입니다."
    )


def test_unknown_is_neither_kept_nor_wrong_and_asks_for_something():
    asked, kept, wrong, *_ = said(
        figures({"kept_unlawfully": None, "destroyed_files": None}), is_assessed=False
    )
    assert "지켜졌다고 확인된 것이 없습니다" in kept
    assert wrong == "1가지는 기록하거나 확인하지 않아 알 수 없습니다."
    assert (
        asked
        == "알 수 없는 1가지를 기록하고 확인할 계획을 요구하고, 조례 점검의 실시를 요구하여 주시기 바랍니다."
    )


def test_worse_is_a_greater_share_not_a_greater_number():
    """3 of 100 after 2 of 10 is better; 1 more of an unknown whole is worse; what was not counted is not compared."""
    counted = figures(
        {"kept_unlawfully": 3, "destroyed_files": 100, "requests_overdue": 2, "sweeps_failed": 1}
    )
    before = {"kept_unlawfully": 2, "destroyed_files": 10, "requests_overdue": 1}
    for _, figure in counted.figures():
        figure.previous = before.get(figure.code)
    assert said(counted)[3] == (
        "앞 분기와 견줄 수 있는 2가지 가운데 1가지: 항목 requests_overdue 2 (앞 분기 1). 1가지는 견줄 수 없습니다."
    )
    # Of a quarter that runs a number says nothing beside a whole quarter's.
    counted.is_interim = True
    assert (
        said(counted)[3]
        == "앞 분기와 견줄 수 있는 1가지 가운데 나빠진 것이 없습니다. 2가지는 견줄 수 없습니다."
    )


def test_what_waits_for_the_committee_and_what_is_overdue_is_said():
    waiting = front_page.Waiting([(date(2026, 10, 20), ["가", "나", "다", "라"])], findings=2, conditions=1)
    none = {"requests_overdue": 0, "copies_overdue": 0, "kept_unlawfully": 0}
    asked, *_, overdue = said(figures(none), waiting=waiting)
    assert asked == (
        "2026. 10. 20. 회의의 심의 안건 4건: 가, 나, 다 외 1건. 조치 기한이 지난 2건의 보고를 요구하여 주시기 바랍니다."
    )
    assert overdue == "미이행 사항의 조치 2건, 의결 조건 1건."
    assert said(figures(none))[-1] == "기한을 넘긴 것으로 기록된 것이 없습니다."


@pytest.mark.django_db
def test_the_report_names_the_item_under_which_it_is_heard():
    counted = figures({})
    assert front_page.item_of(counted) is None
    meeting = planned(date(2026, 10, 20))
    AgendaItem.objects.filter(meeting=meeting, position=2).update(kind="report", report_period="2026Q3")
    found = front_page.item_of(counted)
    assert (found.meeting, found.position) == (meeting, 2)
    assert front_page._to_decide(date(2026, 10, 1)) == [
        (date(2026, 10, 20), ["제1호 방범용 CCTV 통합관리 계획"])
    ]


def words(counted):
    return {one.label: one.now.word for one in promises(counted, [])}


def test_zero_of_zero_is_not_kept_and_a_held_file_that_is_gone_is_said():
    nothing = words(figures({"destroyed_files": 0, "kept_unlawfully": 0, "looks": 0, "looks_with_matter": 0}))
    assert nothing["기간이 끝난 영상을 법이 정한 때에 파기"] == "해당 없음"
    assert nothing["사건이 있을 때만 영상을 재생"] == "해당 없음"
    assert nothing["주민의 열람등 청구를 기한 안에 통지"] == "알 수 없음"
    gone = words(figures({"footage_vanished_held": 3, "holds_in_force": 1, "holds_released": 0}))
    assert gone["누군가 권리를 가진 영상을 보존"] == "3개 사라짐"


def test_the_times_before_stand_beside_it_as_they_were_frozen_the_oldest_first():
    before = figures({"destroyed_files": 10, "kept_unlawfully": 1})
    old = figures({"destroyed_files": 7})
    (destroyed, *_) = promises(figures({"destroyed_files": 4, "kept_unlawfully": 0}), [before, old, None])
    assert [str(one) for one in destroyed.before] == ["보고 없음", "알 수 없음", "9/10"]
    assert (str(destroyed.now), destroyed.trend) == ("4/4", "▲")
    assert thaw(destroyed.frozen()) == destroyed


@pytest.mark.django_db
def test_every_figure_that_should_be_zero_and_every_weighed_rule_is_known():
    counted = for_period("2026Q3", now=NOW)
    codes = {figure.code for _, figure in counted.figures()}
    asked = {figure.code for _, figure in counted.figures() if figure.is_shortfall}
    assert asked == set(gravity.FIGURES)
    assert {whole for whole in gravity.FIGURES.values() if whole} <= codes
    assert set(gravity.RULES) <= {rule.code for rule in rules.all_rules()}
    # Of a quarter that is over today's register is no matter of page one.
    flows = {figure.code for _, figure in counted.figures() if figure.is_flow}
    assert {one.figure.code for one in gravity.weighed(counted)} <= asked & flows


def finding(rule, number, **values):
    given = {"opened_on": ON, "evidence": "", **values}
    return Finding.objects.create(rule=rule, number=number, **given)


def care(one, at, **values):
    return FindingCare.objects.create(finding=one, changed_at=at, **values)


@pytest.fixture
def assessed(db):
    Assessment.objects.create(
        on=ON, state=RunState.SUCCEEDED, finished_at=seoul(2026, 9, 29, 3), started_at=seoul(2026, 9, 29, 2)
    )
    return {
        code: AssessedRule.objects.get_or_create(
            code=code,
            defaults={"article": 9, "place": "조례 제9조", "title": f"의무 {code}", "subject_kind": "camera"},
        )[0]
        for code in ("sign", "footage_overdue", "centre_link")
    }


def test_the_gravest_duty_comes_before_the_most_frequent(assessed):
    for number in range(5):
        finding(assessed["sign"], f"C-{number}")
    finding(assessed["footage_overdue"], "C-9")
    counted = figures({}, duties=[{"key": "sign", "subjects": 7}])
    reach = front_page.reach_of(counted)
    found = front_page.gravest(counted, reach)
    assert [(one.count, one.subjects) for one in found] == [(1, None), (5, 7)]


def test_what_is_written_of_one_case_stands_for_that_one(assessed):
    made = [finding(assessed["sign"], f"C-{number}") for number in range(452)]
    with_care = care(
        made[0],
        seoul(2026, 9, 30),
        owner=situations.officer(),
        due_on=date(2026, 9, 1),
        note="한 대만 점검함",
    )
    counted = figures({})
    reach = front_page.reach_of(counted)
    (matter,) = front_page.gravest(counted, reach)
    # What was written after the quarter does not belong to it.
    assert (matter.owner, matter.due, matter.measure, matter.unsettled) == ("지정하지 않음", "", "", 452)
    with_care.history.update(history_date=seoul(2026, 9, 30))
    (matter,) = front_page.gravest(counted, front_page.reach_of(counted))
    assert matter.owner == f"{situations.officer()} (452건 가운데 1건만)"
    assert matter.due == "2026. 9. 1. (1건 지남) (452건 가운데 1건만)"
    assert matter.measure == "한 대만 점검함 (452건 가운데 1건만)"
    assert (matter.unsettled, matter.overdue) == (451, 1)
    waiting = front_page.waiting(reach)
    asked = said(counted, matters=[matter], waiting=waiting)[0]
    assert "조치 기한이 지난 1건" in asked
    assert "조치나 기한이 적히지 않은 451건" in asked


def test_a_quarter_s_page_one_does_not_change_when_a_finding_is_closed_later(assessed):
    one = finding(assessed["sign"], "C-1")
    finding(assessed["centre_link"], "C-1", opened_on=date(2026, 10, 1))
    counted = figures({})
    reach = front_page.reach_of(counted)
    before = front_page.gravest(counted, reach)
    Finding.objects.filter(pk=one.pk).update(closed_on=date(2026, 10, 2), closing="met")
    assert front_page.gravest(counted, reach) == before
    assert [matter.count for matter in before] == [1]


@pytest.mark.django_db
def test_before_any_assessment_nothing_is_known():
    counted = figures({})
    reach = front_page.reach_of(counted)
    assert (front_page.gravest(counted, reach), front_page.is_assessed(reach)) == ([], False)
