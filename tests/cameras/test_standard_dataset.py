"""Reading the national dataset: layouts, encodings, unusable files, every error of every row."""

import csv
import io
import os
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from cameras.dataset_columns import BULK_LAYOUT
from cameras.dataset_values import neutralise, restore
from cameras.standard_dataset import UnusableFile, read
from tests.cameras.factories import CLASSIC, as_csv, as_workbook, classic, row, rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_encodings_are_told_apart(tmp_path, encoding):
    path = as_csv(tmp_path / "a.csv", [row(소재지도로명주소="서울특별시 강서구 뷁로 1")], encoding=encoding)

    [read_row] = read(path).rows()

    assert read_row.road_address == "서울특별시 강서구 뷁로 1"
    assert read_row.latitude == Decimal("37.55091")
    assert read_row.installed_month == date(2020, 5, 1)
    assert read_row.dataset_updated_at == datetime.fromisoformat("2026-05-19T22:58:23+09:00")


def test_the_classic_layout_and_local_names_of_columns(tmp_path):
    old = {
        {"설치연월": "설치년월", "위도": "WGS84위도", "경도": "WGS84경도"}.get(name, name): cell
        for name, cell in classic().items()
    }
    path = as_csv(tmp_path / "a.csv", [{"번호": "1", **old}])

    [read_row] = read(path).rows()

    assert read_row.installed_month == date(2020, 5, 1)
    assert read_row.is_numberless
    assert "local_government_code" not in read(path).fields


def test_columns_in_any_order_with_the_portals_own_two(tmp_path):
    backwards = tuple(reversed((*CLASSIC, "제공기관코드", "제공기관명")))
    path = as_csv(
        tmp_path / "a.csv",
        [{**classic(), "제공기관코드": "3150000", "제공기관명": "강서구"}],
        columns=backwards,
    )

    [read_row] = read(path).rows()

    assert (read_row.provider_code, read_row.count) == ("3150000", 2)


def test_a_workbook_with_figures_and_dates_as_a_spreadsheet_stores_them(tmp_path):
    cells = row() | {
        "카메라대수": 2,
        "보관일수": 30.0,
        "설치연월": date(2013, 12, 1),
        "WGS84위도": 37.55091,
    }
    dataset = read(as_workbook(tmp_path / "a.csv", [cells]))

    [read_row] = dataset.rows()

    assert (read_row.count, read_row.retention_days, read_row.installed_month) == (2, 30, date(2013, 12, 1))
    assert read_row.latitude == Decimal("37.55091")


def test_a_formula_in_a_workbook_is_text_and_no_figure(tmp_path):
    good = row() | {"촬영방면정보": "=1+1"}
    bad = row(관리번호="2") | {"카메라대수": "=1+1"}
    dataset = read(as_workbook(tmp_path / "a.xlsx", [good, bad]))

    assert [read_row.filming_direction for read_row in dataset.rows()] == ["=1+1"]
    assert [(error.row, error.column, error.value) for error in dataset.errors] == [(3, "카메라대수", "=1+1")]


def as_sheets(path, **sheets):
    book = Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def test_a_workbook_of_several_sheets(tmp_path):
    """A note or an empty form beside the data is passed over; data on two sheets is never half read."""
    header, first, second = list(row()), list(row().values()), list(row(관리번호="2").values())
    note = [["CCTV 현황 작성 요령"], ["관리번호", "18자리"]]

    noted = as_sheets(tmp_path / "a.xlsx", 안내=note, 양식=[header], 자료=[[], header, first])
    assert [(each.row, each.count) for each in read(noted).rows()] == [(3, 2)]
    form = as_sheets(tmp_path / "b.xlsx", 안내=note, 양식=[header])
    assert list(read(form).rows()) == []
    double = as_sheets(tmp_path / "c.xlsx", 화곡동=[header, first], 안내=note, 등촌동=[header, second])
    with pytest.raises(UnusableFile, match="여러 시트에 있습니다: ‘화곡동’, ‘등촌동’"):
        read(double)
    none = as_sheets(tmp_path / "d.xlsx", 안내=note, 목록=[["a", "b"], [1, 2]])
    with pytest.raises(UnusableFile, match="작성요령"):
        read(none)


def test_commas_and_lines_within_cells_and_blank_rows(tmp_path):
    path = as_csv(
        tmp_path / "a.csv", [row(촬영방면정보='정문, "후문"\n방면'), row(관리번호="2", 카메라대수="x")]
    )
    lines = path.read_bytes().decode().split("\r\n")
    path.write_text("\r\n".join([lines[0], "", ",,,,", *lines[1:]]), encoding="utf-8", newline="")

    dataset = read(path)

    assert next(dataset.rows()).filming_direction == '정문, "후문"\n방면'
    assert [error.row for error in dataset.errors] == [5]


# Files that are none


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.csv", b"", "빈 파일"),
        ("blank.csv", b"\xef\xbb\xbf\r\n,,\r\n", "빈 파일"),
        ("few.csv", ",".join(BULK_LAYOUT[:5]).encode(), "없는 열: 설치목적구분, 카메라대수"),
        ("noise.csv", bytes(range(256)) * 50, "글자를 읽을 수 없습니다"),
        ("picture.png", b"\x89PNG" + b"\0" * 300, "글자 파일이 아닙니다"),
        ("latin.csv", "관리기관명,".encode() + b"\xff\xfe\xfa,\n", "UTF-8도 CP949도 아님"),
        ("utf16.csv", ",".join(BULK_LAYOUT).encode("utf-16"), "UTF-16"),
        ("bom.csv", b"\xef\xbb\xbf" + ",".join(BULK_LAYOUT).encode("cp949"), "BOM"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLS"),
        ("semicolons.csv", ";".join(BULK_LAYOUT).encode(), "쌍반점"),
        ("tabs.csv", "\t".join(BULK_LAYOUT).encode(), "탭"),
        ("quotes.csv", (",".join(BULK_LAYOUT) + '\r\n"315').encode(), "따옴표"),
        ("huge.csv", (",".join(BULK_LAYOUT) + "\r\n" + "가" * 200_000).encode(), "너무 긴 칸"),
        ("broken.xlsx", b"PK\x03\x04 and no more", "손상된"),
        ("page.html", b"<html><body>no table</body></html>", "알 수 없는 열"),
    ],
)
def test_unusable_files_say_what_to_do(tmp_path, name, content, word):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(UnusableFile, match=word):
        read(path)


def test_folders_missing_and_unreadable_files(tmp_path):
    with pytest.raises(UnusableFile, match="폴더"):
        read(tmp_path)
    with pytest.raises(UnusableFile, match="파일이 없습니다"):
        read(tmp_path / "none.csv")
    with pytest.raises(UnusableFile, match="읽을 수 없습니다"):
        read("a\0b")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnusableFile, match="보통 파일"):
        read(tmp_path / "pipe")


@pytest.mark.parametrize("tag", ["si", "x:si"])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/other.xml"])
def test_millions_of_strings_without_a_cell_are_not_read(tmp_path, tag, part):
    """1.5 MB of them took a minute and 440 MB; no ratio of sizes gave them away."""
    path = tmp_path / "strings.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook><sheets/></workbook>")
        archive.writestr(part, "<sst>" + f"<{tag}><t/></{tag}>" * 200_000 + "</sst>")
    with pytest.raises(UnusableFile, match="글자 목록"):
        read(path)


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (80 << 20))

    with pytest.raises(UnusableFile, match="압축을 풀면"):
        read(path)


def test_an_archive_that_is_no_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "x")
    with pytest.raises(UnusableFile, match="엑셀"):
        read(path)


@pytest.mark.parametrize("missing", CLASSIC)
def test_each_missing_column_is_named(tmp_path, missing):
    cells = {name: cell for name, cell in classic().items() if name != missing}
    shown = {"위도": "WGS84위도", "경도": "WGS84경도"}.get(missing, missing)

    with pytest.raises(UnusableFile, match=f"없는 열: {shown}"):
        read(as_csv(tmp_path / "a.csv", [cells]))


def test_unknown_and_double_columns_are_named_together(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join([*BULK_LAYOUT, "위도", "비고"]) + "\n", encoding="utf-8")

    with pytest.raises(UnusableFile, match=r"알 수 없는 열: ‘비고’ / 두 번 나오는 열: WGS84위도, 위도"):
        read(path)


def test_empty_columns_at_the_end_are_no_columns(tmp_path):
    path = as_csv(tmp_path / "a.csv", rows(2))
    path.write_bytes(path.read_bytes().replace(b"\r\n", b",,\r\n"))

    assert read(path).accepted == 2


# Rows

BAD_CELLS = [
    ({"관리기관명": " "}, "관리기관명", "값이 없습니다", ""),
    ({"소재지도로명주소": ""}, "소재지도로명주소", "주소가 없습니다", "지번"),
    ({"설치목적구분": "생활 방법"}, "설치목적구분", "알 수 없는", "‘생활방범’"),
    ({"설치목적구분": ""}, "설치목적구분", "없습니다", "생활방범"),
    ({"카메라대수": "3대"}, "카메라대수", "숫자가 아닙니다", "3"),
    ({"카메라대수": "1,000"}, "카메라대수", "숫자가 아닙니다", "1000"),
    ({"카메라대수": "0"}, "카메라대수", "범위", ""),
    ({"카메라대수": "-2"}, "카메라대수", "범위(1~1,000)", "1에서 1,000"),
    ({"카메라대수": "99999"}, "카메라대수", "범위(1~1,000)", ""),
    ({"카메라대수": "99999999999999999999"}, "카메라대수", "범위(1~1,000)", ""),
    ({"카메라대수": "9" * 5_000}, "카메라대수", "범위(1~1,000)", ""),
    ({"카메라대수": "1E+20"}, "카메라대수", "범위(1~1,000)", ""),
    ({"카메라대수": "1.5"}, "카메라대수", "정수가 아닙니다", "소수점 없이"),
    ({"카메라대수": "１２"}, "카메라대수", "숫자가 아닙니다", "반각으로 적으세요. 예: 12"),
    ({"카메라대수": ""}, "카메라대수", "없습니다", ""),
    ({"카메라화소수": "200만"}, "카메라화소수", "숫자가 아닙니다", "200"),
    ({"카메라화소수": "2000000"}, "카메라화소수", "범위(1~100,000)", "만 화소"),
    ({"카메라화소수": "-200"}, "카메라화소수", "범위(1~100,000)", "만 화소"),
    ({"카메라화소수": "1.5"}, "카메라화소수", "정수가 아닙니다", "만 화소 단위의 정수로, 소수점 없이"),
    ({"보관일수": "31"}, "보관일수", "최대 보관기간 30일", "초과 사유"),
    ({"보관일수": "0"}, "보관일수", "1보다", ""),
    ({"보관일수": "-30"}, "보관일수", "범위(1일부터", ""),
    ({"보관일수": "9" * 5_000}, "보관일수", "최대 보관기간 30일", "30 이하"),
    ({"보관일수": ""}, "보관일수", "없습니다", ""),
    ({"보관일수": "한달"}, "보관일수", "숫자가 아닙니다", ""),
    ({"설치연월": "202013"}, "설치연월", "없는 연월", ""),
    ({"설치연월": "202000"}, "설치연월", "없는 연월", ""),
    ({"설치연월": "2013.12"}, "설치연월", "읽을 수 없습니다", "2013-12"),
    ({"설치연월": "1850-01"}, "설치연월", "오래된", ""),
    ({"설치연월": "2099-01"}, "설치연월", "오지 않은", ""),
    ({"WGS84위도": "0", "WGS84경도": "0"}, "WGS84위도", "0,0", ""),
    ({"WGS84위도": "126.84953", "WGS84경도": "37.55091"}, "WGS84위도", "서로 바뀌었습니다", "바꾸어"),
    ({"WGS84위도": "35.6812", "WGS84경도": "139.7671"}, "WGS84위도", "밖의 좌표", ""),
    ({"WGS84위도": "33.5902", "WGS84경도": "130.4017"}, "WGS84위도", "밖의 좌표", ""),
    ({"WGS84위도": "-37.55091"}, "WGS84위도", "밖의 좌표", "33~38.7"),
    ({"WGS84위도": "450123.4", "WGS84경도": "187654.3"}, "WGS84위도", "도 단위의 좌표가 아닙니다", "TM"),
    ({"WGS84위도": "37도"}, "WGS84위도", "숫자가 아닙니다", ""),
    ({"WGS84위도": "NaN"}, "WGS84위도", "숫자가 아닙니다", ""),
    ({"WGS84경도": ""}, "WGS84경도", "하나만", ""),
    ({"데이터기준일자": "2026-02-30"}, "데이터기준일자", "없는 날짜", ""),
    ({"데이터기준일자": "어제"}, "데이터기준일자", "읽을 수 없습니다", ""),
    ({"데이터갱신시점": "2026-05-19 25:00:00"}, "데이터갱신시점", "없는 시각", ""),
    ({"촬영방면정보": "가" * 501}, "촬영방면정보", "너무 깁니다", "500"),
    ({"관리기관전화번호": "1" * 41}, "관리기관전화번호", "너무 깁니다", ""),
    ({"촬영방면정보": "정문\0후문"}, "촬영방면정보", "제어 문자", ""),
    ({"관리번호": "2.0263E+17"}, "관리번호", "숫자 서식", "텍스트"),
]


@pytest.mark.parametrize(("cells", "column", "reason", "hint"), BAD_CELLS)
def test_each_wrong_cell_is_told_with_row_column_value_and_hint(tmp_path, cells, column, reason, hint):
    dataset = read(as_csv(tmp_path / "a.csv", [row(관리번호="1"), row(**cells)]))

    [error] = dataset.errors

    assert (error.row, error.column) == (3, column)
    assert reason in error.reason
    assert hint in error.hint
    assert dataset.accepted == 1
    if column in cells and "WGS84" not in column and "제어" not in reason:
        assert error.value.strip() == cells[column].strip()[:200]


def test_all_errors_of_all_rows_at_once(tmp_path):
    bad = row(설치목적구분="x", 카메라대수="3대", 보관일수="90", 설치연월="202013")
    dataset = read(as_csv(tmp_path / "a.csv", [bad, *rows(2), bad]))

    assert [(error.row, error.column) for error in dataset.errors] == [
        (number, column)
        for number in (2, 5)
        for column in ("설치목적구분", "카메라대수", "보관일수", "설치연월")
    ]
    assert dataset.rejected_rows == {2, 5}


def test_an_unreadable_cell_hides_no_error_across_the_columns(tmp_path):
    bad = row(
        카메라대수="두 대",
        보관일수="99",
        WGS84위도="0",
        WGS84경도="0",
        소재지도로명주소="",
        소재지지번주소="",
    )
    dataset = read(as_csv(tmp_path / "a.csv", [bad]))

    assert [(error.column, error.value) for error in dataset.errors] == [
        ("소재지도로명주소", ""),
        ("카메라대수", "두 대"),
        ("보관일수", "99"),
        ("WGS84위도", "0, 0"),
    ]


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        ({"설치목적구분": "x", "WGS84위도": ""}, ["설치목적구분", "WGS84위도"]),
        ({"보관일수": "x", "WGS84위도": "126.8", "WGS84경도": "37.5"}, ["보관일수", "WGS84위도"]),
        ({"카메라화소수": "오백", "보관일수": "99"}, ["카메라화소수", "보관일수"]),
        ({"관리번호": "2.0E+17", "소재지도로명주소": ""}, ["관리번호", "소재지도로명주소"]),
        # What needs the cell that could not be read says nothing.
        ({"WGS84위도": "x", "WGS84경도": ""}, ["WGS84위도"]),
        ({"소재지도로명주소": "가" * 301, "소재지지번주소": ""}, ["소재지도로명주소"]),
        # Beside the good row before it.
        ({"관리번호": "1", "카메라대수": "x"}, ["관리번호", "카메라대수"]),
        ({"관리번호": "1", "설치연월": "x", "WGS84위도": "37.6"}, ["관리번호", "설치연월"]),
        ({"관리번호": "1", "설치연월": "x", "카메라대수": "1000"}, ["카메라대수", "설치연월"]),
        ({"관리번호": "1", "카메라화소수": "x"}, ["카메라화소수"]),
    ],
)
def test_every_check_is_made_on_the_cells_that_could_be_read(tmp_path, cells, columns):
    dataset = read(as_csv(tmp_path / "a.csv", [row(관리번호="1"), row(**cells)]))

    assert [error.column for error in dataset.errors] == columns
    assert (dataset.accepted, dataset.cameras, dataset.sites) == (1, 2, 1)


def test_a_short_row_tells_its_other_errors_too(tmp_path):
    path = as_csv(tmp_path / "a.csv", [row(보관일수="99", 소재지도로명주소="")])
    lines = path.read_bytes().decode().split("\r\n")
    path.write_text("\r\n".join([lines[0], lines[1].rsplit(",", 4)[0]]), encoding="utf-8", newline="")

    assert [error.column for error in read(path).errors] == ["소재지도로명주소", "보관일수", "데이터기준일자"]


@pytest.mark.parametrize("month", ["201312", "2013-12", "2013-12-01", " 201312 "])
def test_months_are_read_both_ways(tmp_path, month):
    [read_row] = read(as_csv(tmp_path / "a.csv", [row(설치연월=month)])).rows()
    assert read_row.installed_month == date(2013, 12, 1)


def test_short_and_long_rows(tmp_path):
    path = as_csv(tmp_path / "a.csv", rows(4))
    lines = path.read_bytes().decode().split("\r\n")
    lines[1] = lines[1].rsplit(",", 2)[0]
    lines[2] += ",and more"
    lines[3] += ",,"
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")

    dataset = read(path)

    assert [(error.row, error.column) for error in dataset.errors] == [
        (2, "데이터갱신시점"),
        (3, "최종수정시점"),
    ]
    assert "모자랍니다" in dataset.errors[0].reason
    assert dataset.accepted == 2


def test_equal_rows_and_a_number_in_two_places(tmp_path):
    table = [
        row(),
        row(카메라화소수="400"),  # another kind of camera at the same site
        row(촬영방면정보="다른 방면"),  # equal in what tells rows apart
        row(관리번호="", 카메라대수="1"),
        row(관리번호="", 카메라대수="1"),
        row(카메라화소수="500", 소재지도로명주소="서울특별시 강서구 화곡로 2"),
        row(카메라화소수="500", WGS84위도="37.56"),
        row(카메라화소수="500", 관리기관명="서울특별시 양천구청"),
    ]
    dataset = read(as_csv(tmp_path / "a.csv", table))

    assert [(error.row, error.column) for error in dataset.errors] == [
        (4, "관리번호"),
        (6, "소재지도로명주소"),
        (7, "관리번호"),
        (8, "관리번호"),
        (9, "관리번호"),
    ]
    assert "2행과 같은 행" in dataset.errors[0].reason
    assert (dataset.sites, dataset.cameras) == (2, 5)


def test_a_wrong_row_does_not_make_its_correction_a_double(tmp_path):
    dataset = read(as_csv(tmp_path / "a.csv", [row(보관일수="300"), row()]))
    assert dataset.rejected_rows == {2}


def test_rejected_rows_come_back_importable(tmp_path):
    table = [*rows(2), row(카메라대수="3대", 촬영방면정보="=cmd()"), row(관리번호="9", 보관일수="x")]
    dataset = read(as_csv(tmp_path / "a.csv", table))

    assert dataset.write_rejected(tmp_path / "r.csv") == 2

    text = (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text)))
    assert [line["오류행번호"] for line in found] == ["4", "5"]
    assert "숫자가 아닙니다" in found[0]["오류내용"]
    (tmp_path / "r.csv").write_text(text.replace("3대", "3").replace(",x,", ",20,"), encoding="utf-8")
    corrected = read(tmp_path / "r.csv")
    assert corrected.errors == []
    assert [line.filming_direction for line in corrected.rows()] == ["=cmd()", "360도 전방면"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+82-2-1", "-", "@x", "\t=1", "\rx", "'=1", "''+", "'abc", "abc", "", "'", "-1", "ㄱ=1"]
)
def test_what_is_neutralised_comes_back_as_it_was(text):
    assert restore(neutralise(text)) == text
    assert not neutralise(text).startswith(("=", "+", "-", "@", "\t", "\r"))
