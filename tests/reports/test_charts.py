"""Labels beside bars: whole as long as they fit, cut with a mark where they do not."""

import pytest

from reports import charts
from reports.tabulation import NOT_RECORDED, Column, Table


def drawn(label: str) -> str:
    columns = [Column("label", "설치목적"), Column("count", "카메라 수", "count")]
    table = Table("t", "", columns, [{"label": label, "count": 3}], "", "", chart="count")
    return charts.bar_chart(table)


@pytest.mark.parametrize("label", ["방범", "그 밖의 공익(시설물관리 등)", "Frigate recorder 2 (north)"])
def test_a_label_that_fits_is_whole(label):
    assert f">{label}</text>" in drawn(label)


def test_a_longer_one_is_cut_and_told_whole_in_the_description():
    label = "주민이 함께 쓰는 골목길과 공원의 방범"
    told = drawn(label)
    assert ">주민이 함께 쓰는 골목길과 공…</text>" in told
    assert label in told


def test_what_was_not_recorded_has_no_bar_and_is_no_nought():
    columns = [Column("month", "월"), Column("files", "파일", "count", absent=NOT_RECORDED)]
    rows = [
        {"month": "2026-10", "files": None},
        {"month": "2026-11", "files": 0},
        {"month": "2026-12", "files": 5},
    ]
    told = charts.bar_chart(Table("t", "", columns, rows, "", "", chart="files"))
    assert "2026-10 기록 없음, 2026-11 0, 2026-12 5" in told
    assert charts.bar_chart(Table("t", "", columns, rows[:2], "", "", chart="files")) == ""
