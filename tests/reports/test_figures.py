import json
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction

from cameras.enums import CameraState
from cameras.models import Camera
from footage.models import DailyProof, Storage
from ledger import append
from ordinance import articles, assessment_run
from reports.documents import summary
from reports.documents.promises import promises
from reports.figures import coverage, for_period
from reports.tabulation import NOT_LOOKED_AT, UNKNOWN_ROWS
from tests.cameras.factories import LONGER
from tests.reports import situations
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db

NOW = seoul(2026, 10, 2, 9)


def row(figures, table, key):
    return next(row for row in figures.table(table).rows if row["key"] == key)


def test_an_empty_district_has_a_report_of_zeroes_and_unknowns():
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("footage_files") is None
    # Without a storage, or a register, nothing was recorded: that is not zero.
    for code in (
        "cameras",
        "destroyed_files",
        "added",
        "proofs_due",
        "duties_unmet",
        "confirmations",
        "holds_placed",
        "requests_received",
        "meetings",
        "opinions_received",
    ):
        found = next(figure for _, figure in figures.figures() if figure.code == code)
        assert (found.value, found.absent) == (None, "기록 없음"), code
    assert figures.value("worst_lateness") is None
    assert figures.value("on_time_share") is None
    assert figures.value("unrecognised") is None
    assert figures.table("by_purpose").rows == []
    assert not figures.is_interim
    assert figures.district == "서울특별시 강서구"


def test_register_by_purpose_department_age_and_state():
    situations.cameras(50)
    situations.camera("OLD", installed_month=date(2016, 10, 1), retention_days=7)
    situations.camera("NEW", installed_month=date(2026, 9, 1), audio_checked_on=None)
    situations.camera("GONE", state=CameraState.REMOVED, removed_on=date(2026, 9, 9))
    situations.camera("UNKNOWN", installed_month=None, installing_department=None)
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("cameras") == 53
    assert figures.value("cameras_removed") == 1
    assert figures.value("cameras_audio_unchecked") == 1
    assert sum(r["cameras"] for r in figures.table("by_purpose").rows) == 53
    assert figures.table("by_purpose").total["cameras"] == 53
    assert row(figures, "by_department", "설치부서 미등록")["cameras"] == 1
    assert row(figures, "by_age", "unknown")["cameras"] == 1
    assert sum(r["cameras"] for r in figures.table("by_age").rows) == 53
    assert row(figures, "by_state", "removed")["cameras"] == 1
    assert row(figures, "by_retention", "7")["cameras"] == 1


@pytest.mark.parametrize(
    ("installed", "key"),
    [
        (date(2026, 10, 1), "0"),
        (date(2025, 11, 1), "0"),
        (date(2025, 10, 1), "1"),
        (date(2016, 10, 1), "10"),
        (date(2016, 11, 1), "7"),
        (date(2026, 11, 1), "later"),
    ],
)
def test_age_is_counted_in_whole_years_of_months(installed, key):
    situations.camera("A", installed_month=installed)
    assert row(for_period("2026Q3", now=NOW), "by_age", key)["cameras"] == 1


def test_retention_beyond_the_maximum():
    situations.camera("A", retention_days=60, **LONGER)
    situations.camera("B", retention_days=31)
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("cameras_beyond_maximum") == 2
    assert figures.value("cameras_beyond_without_reason") == 1
    assert row(figures, "by_retention", "31")["verdict"] == "최대 기간 초과"


def test_changes_are_counted_from_history_by_seoul_instants():
    before = situations.camera("BEFORE")
    before.history.update(history_date=seoul(2026, 6, 30, 23, 59, 59))
    inside = situations.camera("INSIDE", installed_month=date(2026, 8, 1))
    inside.history.update(history_date=seoul(2026, 7, 1))
    after = situations.camera("AFTER")
    after.history.update(history_date=seoul(2026, 10, 1))
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("cameras_at_start") == 1
    assert figures.value("added") == 1
    assert figures.value("added_new") == 1
    assert figures.value("cameras_at_end") == 2


def test_changed_moved_and_removed():
    changed, moved, removed, late = (situations.camera(name) for name in ("C", "M", "R", "L"))
    for one in (changed, moved, removed, late):
        one.history.update(history_date=seoul(2026, 6, 1))
        one.site.history.update(history_date=seoul(2026, 6, 1))
    changed.retention_days = 14
    changed._history_date = seoul(2026, 7, 2)
    changed.save()
    changed.retention_days = 15
    changed._history_date = seoul(2026, 7, 3)
    changed.save()
    moved.site.road_address = "서울특별시 강서구 공항대로 1"
    moved.site._history_date = seoul(2026, 9, 30, 23, 59)
    moved.site.save()
    removed.state, removed.removed_on = CameraState.REMOVED, date(2026, 8, 1)
    removed._history_date = seoul(2026, 8, 1, 12)
    removed.save()
    late.retention_days = 3
    late._history_date = seoul(2026, 10, 1)
    late.save()
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("added") == 0
    assert figures.value("removed") == 1
    assert (figures.value("moved_sites"), figures.value("moved")) == (1, 1)
    assert figures.value("changed") == 2
    assert row(figures, "camera_fields", "retention_days") == {
        "key": "retention_days",
        "label": "보관일수",
        "things": 1,
        "times": 2,
    }
    assert {r["key"] for r in figures.table("camera_fields").rows} == {
        "retention_days",
        "state",
        "removed_on",
    }


def test_destruction_counts_what_was_unlinked_in_the_quarter():
    situations.sweep(seoul(2026, 6, 30, 23, 59), destroyed=7, size=70)
    situations.sweep(seoul(2026, 7, 1), destroyed=5, size=50)
    situations.sweep(seoul(2026, 9, 30, 23, 59), destroyed=3, size=30, on_time=1, lateness=500_000.0)
    situations.sweep(seoul(2026, 10, 1), destroyed=11, size=110)
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("destroyed_files") == 8
    assert figures.value("destroyed_bytes") == 80
    assert figures.value("destroyed_late") == 2
    assert figures.value("on_time_share") == 75.0
    assert figures.value("worst_lateness") == 500_000.0
    assert figures.value("beyond_margin") == 2
    assert (figures.value("kept_unlawfully"), figures.value("kept_unlawfully_hours")) == (2, 1_000_000.0)
    assert [r["files"] for r in figures.table("destruction_by_month").rows] == [5, 0, 3]
    assert len(figures.table("late_sweeps").rows) == 1
    previous = {figure.code: figure.previous for _, figure in figures.figures()}
    assert previous["destroyed_files"] == 7
    assert previous["cameras"] is None


def test_a_file_is_kept_unlawfully_once_whatever_kept_it():
    """Two causes, one file; a block from before says it by cause."""
    made = situations.sweep(seoul(2026, 8, 1), destroyed=1, size=1, on_time=0, lateness=90_000)
    block = made.blocks.get()
    causes = {"sweep": [1, 1, 1], "storage": [1, 1, 1], "hold": [1, 1, 1]}
    block.outcome |= {"beyond": causes, "unlawful": 1}
    block.save()
    assert for_period("2026Q3", now=NOW).value("kept_unlawfully") == 1
    del block.outcome["unlawful"]
    block.save()
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("kept_unlawfully") == 2
    section = next(section for section in figures.sections if section.code == "destruction")
    assert "마지막 까닭이 끝난 때부터" in section.notes[0]


def test_footage_that_is_gone_without_our_act_is_told_from_the_ledger():
    def told(code):
        return for_period("2026Q3", now=NOW).value(code)

    situations.storage()
    assert (told("footage_vanished"), told("footage_vanished_held")) == (None, None)
    Storage.objects.update(compared_since=seoul(2026, 9, 1))
    assert (told("footage_vanished"), told("footage_vanished_held")) == (0, 0)
    for at, files, held in ((seoul(2026, 9, 2), 5, 3), (seoul(2026, 10, 1), 9, 9)):
        with time_machine.travel(at), transaction.atomic():
            payload = {"storage": "본관", "files": files, "held": held, "cameras": 1}
            append.record("footage.vanished", actor="system:test", subject="storage:1", payload=payload)
    assert (told("footage_vanished"), told("footage_vanished_held")) == (5, 3)


def test_looks_that_changed_and_late_ones_are_counted():
    one, two = situations.cameras(2, at=seoul(2026, 9, 20, 10))
    situations.proofs([one, two], date(2026, 9, 29), 1)
    DailyProof.objects.filter(camera=one).update(
        proved_at=seoul(2026, 9, 29, 23, 40), looks=[{"result": "not_seen"}]
    )
    figures = for_period("2026Q3", now=NOW)
    assert (figures.value("proofs_next_day"), figures.value("proofs_again")) == (1, 1)


def test_what_stands_for_empty_tables_depends_on_whether_anybody_looked():
    """Nothing recorded, nothing looked at, and looked at with nothing found are three things."""
    nothing = for_period("2026Q3", now=NOW)
    for code in (
        "destruction_by_month",
        "late_sweeps",
        "proof_causes",
        "requests_by_channel",
        "camera_fields",
    ):
        assert (
            nothing.table(code).without_rows
            == "이 기간의 기록이 없어 이 표에 적을 것이 있었는지 알 수 없습니다."
        ), code
    assert "확인하지 않아" in nothing.table("unclaimed_folders").without_rows
    situations.cameras(1, at=seoul(2026, 6, 1))
    situations.storage()
    situations.sweep(seoul(2026, 9, 1))
    looked = for_period("2026Q3", now=NOW)
    assert looked.table("late_sweeps").without_rows == "1분을 넘겨 늦게 파기한 실행이 없습니다."
    assert looked.table("unclaimed_folders").without_rows == "미등록 폴더가 없습니다."
    assert looked.table("requests_by_channel").without_rows == "분기 중 접수한 열람등 청구가 없습니다."


def test_a_month_that_nobody_recorded_has_no_zeroes_and_a_running_one_says_up_to_when():
    situations.sweep(seoul(2026, 8, 10), destroyed=5, size=50)
    Storage.objects.update(created_at=seoul(2026, 8, 10))
    rows = for_period("2026Q3", now=seoul(2026, 9, 20, 9)).table("destruction_by_month").rows
    assert [row["files"] for row in rows] == [None, 5, 0]
    assert [row["label"] for row in rows] == ["2026-07", "2026-08", "2026-09 (20일까지)"]
    situations.cameras(1, at=seoul(2026, 8, 20))
    rows = for_period("2026Q3", now=seoul(2026, 9, 20, 9)).table("proofs_by_month").rows
    # The day that is running is not proved yet: what is counted ends with the day before.
    assert [(row["label"], row["due"]) for row in rows] == [
        ("2026-07", 0),
        ("2026-08", 11),
        ("2026-09 (19일까지)", 19),
    ]


def test_a_single_late_file_among_many_is_not_rounded_away():
    situations.sweep(seoul(2026, 8, 1), destroyed=1_000_000, size=1, on_time=999_999, lateness=61)
    assert for_period("2026Q3", now=NOW).value("on_time_share") == 99.9999


def test_what_no_sweep_has_looked_for_is_not_in_order():
    first, second = situations.storage(), situations.storage("녹화서버2")
    Storage.objects.update(created_at=seoul(2026, 7, 15))
    codes = ("destroyed_late", "kept_unlawfully", "beyond_margin", "destroyed_unknown")

    def told():
        found = for_period("2026Q3", now=NOW)
        kept = next(one for one in promises(found, []) if "파기" in one.label)
        return {found.value(code) for code in codes}, kept.now.word, found.table("kept_beyond").without_rows

    unknown = ({None}, "알 수 없음", UNKNOWN_ROWS[NOT_LOOKED_AT])
    assert told() == unknown
    assert "알 수 없습니다" in summary._late(summary._Teller(for_period("2026Q3", now=NOW)))
    situations.sweep(seoul(2026, 7, 1))
    assert told() == unknown, "before the storage was there"
    situations.sweep(seoul(2026, 8, 1), storage=first)
    assert told() == unknown, "the other storage is still unswept"
    situations.sweep(seoul(2026, 8, 2), storage=second, is_dry_run=True)
    situations.sweep(seoul(2026, 8, 3), storage=second, state="failed")
    assert told() == unknown
    situations.sweep(seoul(2026, 8, 4), storage=second)
    assert told() == ({0}, "해당 없음", "보관기간이 끝나고 1분을 넘겨 남아 있던 파일이 없습니다.")


def test_failed_and_refused_sweeps():
    situations.sweep(seoul(2026, 7, 31), state="failed", errors=5, error="권한 없음 5건")
    situations.sweep(seoul(2026, 8, 1), state="failed", errors=2, error="권한 없음 2건")
    situations.sweep(seoul(2026, 8, 2), state="failed", is_refused=True, error="시계")
    situations.sweep(seoul(2026, 8, 3), is_dry_run=True, state="failed", errors=1)
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("sweeps_failed") == 2
    # One line per cause, with how often.
    assert [(r["runs"], r["errors"]) for r in figures.table("troubled_sweeps").rows] == [(1, 0), (2, 7)]
    assert figures.value("sweeps_refused") == 1
    assert [r["reason"] for r in figures.table("troubled_sweeps").rows] == ["시계", "권한 없음 …건"]


def test_proofs_that_are_missing_are_counted():
    first, second, third = situations.cameras(3, at=seoul(2026, 9, 20, 10))
    situations.proofs([first, second], date(2026, 9, 29), 2, wrong=1)
    third.state, third.removed_on = CameraState.REMOVED, date(2026, 9, 25)
    third._history_date = seoul(2026, 9, 25, 11)
    third.save()
    figures = for_period("2026Q3", now=NOW)
    # Two cameras from 21 to 30 September, one from 21 to 25: it was operating when the 25th began.
    assert figures.value("proofs_due") == 2 * 10 + 5
    assert figures.value("proofs_right") == 2
    assert figures.value("proofs_wrong") == 2
    assert figures.value("proofs_unseen") == 0
    assert figures.value("proofs_missing") == 21
    (cause,) = figures.table("proof_causes").rows
    assert (cause["result"], cause["cameras"], cause["days"]) == ("부적정", 1, 2)
    (group,) = figures.table("expected_and_found").rows
    assert (group["label"], group["cameras"], group["wrong"]) == ("30일", 2, 1)


def test_what_could_not_be_seen_is_neither_right_nor_wrong_nor_missing():
    seen, unseen = situations.cameras(2, at=seoul(2026, 9, 28, 10))
    suspended = situations.camera("S", state=CameraState.SUSPENDED)
    situations.proofs([seen, unseen, suspended], date(2026, 9, 29), 1)
    situations.proofs([seen], date(2026, 9, 30), 1)
    DailyProof.objects.filter(camera=unseen).update(result="not_seen", reason="영상을 찾지 못함")
    DailyProof.objects.filter(camera=suspended).update(result="not_in_order")
    figures = for_period("2026Q3", now=NOW)
    names = ("due", "right", "wrong", "unseen", "missing")
    assert [figures.value(f"proofs_{name}") for name in names] == [4, 2, 0, 1, 1]
    # A camera that was not operating had not to be proved; what was found of it is told apart.
    assert (figures.value("proofs_other"), figures.value("proofs_other_wrong")) == (1, 1)
    assert row(figures, "proofs_by_month", "2026-09")["share"] == 50.0


def test_before_any_scan_nothing_is_known_of_the_disks():
    situations.cameras(2)
    figures = for_period("2026Q3", now=NOW)
    for code in ("footage_files", "footage_bytes", "footage_silent", "unclaimed_files", "unclaimed_bytes"):
        found = next(figure for _, figure in figures.figures() if figure.code == code)
        assert (found.value, found.absent) == (None, "확인하지 않음"), code


def test_holds_are_told_by_ground_and_never_by_case():
    one = situations.camera("A", at=seoul(2026, 4, 1))
    situations.hold(one, seoul(2026, 5, 1), reason="오래된 사건")
    situations.hold(one, seoul(2026, 8, 1), reason="새 사건")
    situations.hold(one, seoul(2026, 8, 2), released_at=seoul(2026, 9, 1), release_reason="내사 끝")
    situations.hold(one, seoul(2026, 11, 2), reason="나중")
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("holds_in_force") == 2
    assert figures.value("holds_placed") == 2
    assert figures.value("holds_released") == 1
    (ground,) = figures.table("holds_by_ground").rows
    assert (ground["label"], ground["in_force"], ground["placed"], ground["released"]) == (
        "조례 제24조제1항제3호",
        2,
        2,
        1,
    )
    frozen = json.dumps(figures.to_json(), ensure_ascii=False)
    for secret in ("오래된 사건", "새 사건", "2026-열람-17", "내사 끝"):
        assert secret not in frozen


def test_unclaimed_and_unrecognised():
    situations.folder("모르는-폴더", seoul(2026, 9, 1))
    situations.folder("decided", seoul(2026, 9, 1), decision="destroy", reason="시험 영상")
    situations.sweep(seoul(2026, 9, 1), unrecognised=9)
    situations.sweep(
        seoul(2026, 9, 2),
        unrecognised=4,
        report={"reasons": {"unrecognised": {"symlink": 4}}, "examples": {"unrecognised:symlink": ["a/b"]}},
    )
    figures = for_period("2026Q3", now=NOW)
    assert figures.value("unclaimed_open") == 1
    assert figures.value("unrecognised") == 4
    assert [r["folder"] for r in figures.table("unclaimed_folders").rows] == ["모르는-폴더", "decided"]
    assert figures.table("unrecognised_reasons").rows == [
        {"key": "symlink", "label": "심볼릭 링크", "count": 4, "example": "a/b"}
    ]


def test_interim_reaches_to_now():
    situations.sweep(seoul(2026, 8, 1), destroyed=5, size=5)
    situations.sweep(seoul(2026, 8, 20), destroyed=9, size=9)
    figures = for_period("2026Q3", now=seoul(2026, 8, 10))
    assert figures.is_interim
    assert figures.value("destroyed_files") == 5


def test_every_table_and_figure_says_where_it_comes_from():
    situations.district(30)
    figures = for_period("2026Q3", now=NOW)
    for section in figures.sections:
        assert section.source, section.code
        assert section.article, section.code
    for _, table in figures.tables():
        assert table.source, table.code
        assert table.article, table.code
        assert table.rows or table.empty
        keys = [row["key"] for row in table.rows]
        assert len(keys) == len(set(keys)), table.code
        for one in table.rows:
            assert {column.code for column in table.columns} <= one.keys()
    codes = [figure.code for _, figure in figures.figures()]
    assert len(codes) == len(set(codes))


def test_what_is_told_of_each_article_follows_from_the_chapters():
    numbers = set(articles.current(on=NOW.date()).values_list("number", flat=True))
    assert numbers == set(range(1, 32))
    figures = for_period("2026Q3", now=NOW)
    assert row(figures, "by_article", "16")["state"] == "다루지 않음"
    assert row(figures, "by_article", "22")["state"] == "다룸"
    assert row(figures, "by_article", "29")["chapters"]
    with time_machine.travel(seoul(2026, 9, 29, 2)):
        assessment_run.assess()
    figures = for_period("2026Q3", now=NOW)
    places = {section.code: f"{place}장" for place, section in enumerate(figures.sections, start=1)}
    # Each article of which the duties' table prints a line is told, and the line is named.
    printed = {str(one["article"]) for one in figures.table("duties").rows}
    for number in numbers:
        told = row(figures, "by_article", str(number))
        if f"제{number}조" in printed:
            assert (told["state"], places["duties"] in str(told["chapters"])) == ("다룸", True), number
            assert told["what"], number
    assert "24시간 빈틈없는 근무" in row(figures, "by_article", "16")["what"]
    silent = [one["key"] for one in figures.table("by_article").rows if one["state"] == "다루지 않음"]
    assert (silent, figures.value("articles_silent")) == (["15"], 1)
    assert row(figures, "by_article", "1")["state"] == "수치 없음"


def test_a_figure_that_is_told_apart_needs_no_other_to_be_understood():
    situations.cameras(2)
    for _, figure in for_period("2026Q3", now=NOW).figures():
        assert not figure.label.startswith(("그중", "그 가운데", "그 파일")), figure.label


def test_whom_a_duty_does_not_judge_is_a_line_with_its_reason():
    situations.cameras(3)
    Camera.objects.update(has_ptz=True)
    with time_machine.travel(seoul(2026, 9, 29, 2)):
        assessment_run.assess()
    told = row(for_period("2026Q3", now=NOW), "duties_not_judged", "ptz_reason")
    assert (told["count"], "돌렸는지 알 수 없" in told["reason"]) == (3, True)
    assert row(for_period("2026Q3", now=NOW), "duties", "ptz_reason")["met"] == 0


def test_citations_are_read_with_their_laws():
    assert coverage.cited("조례 제10조, 제17조부터 제19조까지, 법 제23조, 제24조; 조례 제7조·제8조") == {
        7, 8, 10, 17, 18, 19,
    }  # fmt: skip
    assert coverage.cited("표준 개인정보 보호지침 제46조") == set()


def test_duties_are_those_of_the_last_assessment_of_the_quarter():
    situations.cameras(3)
    assert "점검이 없어" in next(
        section.lead for section in for_period("2026Q3", now=NOW).sections if section.code == "duties"
    )
    with time_machine.travel(seoul(2026, 9, 29, 2)):
        assessment_run.assess()
    with time_machine.travel(seoul(2026, 10, 1, 2)):
        situations.cameras(2, prefix="later")
        assessment_run.assess()
    figures = for_period("2026Q3", now=NOW)
    assert row(figures, "duties", "sign") == {
        "key": "sign",
        "article": "제9조",
        "label": "안내판",
        "subjects": 3,
        "met": 0,
        "unmet": 3,
        "excepted": 0,
        "not_applicable": 0,
    }
    assert row(figures, "duties", "necessity_review")["article"] == "표준 개인정보 보호지침 제48조"
    assert row(figures, "duties", "resolution")["not_applicable"] == 3
    not_judged = row(figures, "duties_not_judged", "resolution")
    assert not_judged["count"] == 3
    assert "제28조는 설치마다 의결하라고 하지 않으며" in not_judged["reason"]
    assert figures.value("duties_unmet") == sum(one["unmet"] for one in figures.table("duties").rows)
    assert figures.value("duties_opened") == figures.value("duties_unmet")
    assert figures.value("duties_closed") == 0


def test_the_earlier_report_is_what_this_one_compares_with():
    situations.cameras(3)
    earlier = for_period("2026Q2", now=NOW)
    situations.cameras(2, prefix="more")
    figures = for_period("2026Q3", now=NOW, earlier=earlier)
    previous = {figure.code: figure.previous for _, figure in figures.figures()}
    assert previous["cameras"] == 3
    assert figures.value("cameras") == 5


def test_queries_do_not_grow_with_the_register(django_assert_max_num_queries):
    situations.district(20)
    with django_assert_max_num_queries(260) as captured:
        for_period("2026Q3", now=NOW)
    few = len(captured.captured_queries)
    situations.cameras(60, prefix="more", at=seoul(2026, 8, 1))
    with django_assert_max_num_queries(few):
        for_period("2026Q3", now=NOW + timedelta(seconds=1))
