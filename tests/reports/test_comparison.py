from reports import comparison
from reports.tabulation import Column, Figure, Figures, Section, Table


def figures(value=5, rows=(), *, is_interim=False, label="등록 카메라", kind="count"):
    table = Table(
        "t", "설치목적별", [Column("label", "목적"), Column("n", "카메라 수", "count")], list(rows), "출처"
    )
    section = Section("s", "현황", "", [Figure("f", label, value, kind)], [table])
    return Figures(
        "2026Q3",
        "2026년 3분기",
        "2026-07-01",
        "2026-09-30",
        "2026-10-02T00:00:00+00:00",
        is_interim,
        "강서구",
        "위원회",
        [section],
    )


def differences(before, after):
    """Without the sentences that tell the cause."""
    return [said for said in comparison.changes(before, after) if said not in causes(before, after)]


def causes(before, after):
    return list(comparison._causes(before, after))


def test_equal_figures_have_no_changes():
    row = {"key": "a", "label": "방범", "n": 3}
    assert comparison.changes(figures(5, [row]), figures(5, [dict(row)])) == []


def test_a_changed_figure_is_said_in_words():
    assert differences(figures(3_265), figures(3_268)) == ["현황 · 등록 카메라: 3,265 → 3,268 (+3)"]
    assert differences(figures(None), figures(0)) == ["현황 · 등록 카메라: 기록 없음 → 0"]


def test_a_change_names_its_cause_first():
    assert "센 때가 달라" in comparison.changes(figures(1), figures(2))[0]
    first, second = figures(1, is_interim=True), figures(2, is_interim=True)
    assert "기준 시각이 바뀌었습니다" in comparison.changes(first, second)[0]
    counted_otherwise = Figures.from_json({**figures(1).to_json(), "method": 1})
    assert any(
        "세는 방법이 바뀌었습니다" in said for said in comparison.changes(counted_otherwise, figures(2))
    )


def test_rows_added_removed_and_changed():
    before = figures(5, [{"key": "a", "label": "방범", "n": 3}, {"key": "b", "label": "주차", "n": 2}])
    after = figures(5, [{"key": "a", "label": "방범", "n": 4}, {"key": "c", "label": "재난", "n": 1}])
    assert differences(before, after) == [
        "설치목적별 · 방범 · 카메라 수: 3 → 4 (+1)",
        "설치목적별 표에 ‘재난’ 줄이 더해졌습니다 (카메라 수 1).",
        "설치목적별 표에서 ‘주차’ 줄이 빠졌습니다.",
    ]


def test_interim_becoming_final_is_said():
    assert comparison.changes(figures(is_interim=True), figures()) == [
        "중간 보고에서 기간 전체의 보고로 바뀌었습니다."
    ]


def test_a_flood_of_changes_is_cut_with_its_number():
    rows = [{"key": str(n), "label": str(n), "n": n} for n in range(500)]
    found = comparison.changes(figures(5, []), figures(5, rows))
    assert len(found) == comparison.LONGEST + 1
    assert "421곳" in found[-1]


def test_figures_survive_freezing():
    frozen = figures(7, [{"key": "a", "label": "방범", "n": 3}])
    assert Figures.from_json(frozen.to_json()) == frozen
