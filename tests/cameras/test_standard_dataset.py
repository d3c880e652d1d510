"""Reading the national dataset: layouts, encodings, unusable files, every error of every row."""

import csv
import io
import os
import re
import unicodedata
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cameras import dataset_files, dataset_notices
from cameras.dataset_columns import BULK_LAYOUT
from cameras.dataset_values import neutralise, restore
from cameras.standard_dataset import UnusableFile, read
from tests.cameras.factories import CLASSIC, as_csv, as_workbook, classic, row, rows
from tests.test_consistency import RANKS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
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


@pytest.mark.parametrize("column", [name for name in row() if name != "개방자치단체코드"])
def test_a_formula_in_a_workbook_is_no_value_of_any_column(tmp_path, column):
    """What a text column takes is published and printed on a sign."""
    bad = row(관리번호="2") | {column: "=B2&C2"}
    dataset = read(as_workbook(tmp_path / "a.xlsx", [row(), bad]))

    assert (3, column, "=B2&C2") in [(error.row, error.column, error.value) for error in dataset.errors]
    assert dataset.accepted == 1


@pytest.mark.parametrize("cell", ["#N/A", "#REF!"])
def test_what_became_of_a_formula_is_no_address(tmp_path, cell):
    [error] = read(as_workbook(tmp_path / "a.xlsx", [row() | {"소재지도로명주소": cell}])).errors
    assert (error.column, "오류값" in error.reason) == ("소재지도로명주소", True)


def test_dates_that_are_mere_figures_count_from_where_their_workbook_counts(tmp_path):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    cells = row() | {"설치연월": 42_490, "데이터기준일자": 42_490}
    for line in (list(cells), list(cells.values())):
        book.active.append(line)
    book.save(tmp_path / "mac.xlsx")

    [read_row] = read(tmp_path / "mac.xlsx").rows()

    assert (read_row.installed_month, read_row.reference_on) == (date(2020, 5, 1), date(2020, 5, 1))


def test_what_the_sheet_hides_or_joins_is_told(tmp_path):
    path = as_workbook(tmp_path / "a.xlsx", rows(4))
    book = load_workbook(path)
    sheet = book.active
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    sheet.row_dimensions[40].hidden = True  # empty
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("C2:C4")
    book.save(path)

    dataset = read(path)
    told = {notice.code: notice for notice in dataset_notices.of_file(dataset)}

    assert {code: notice.count for code, notice in told.items()} == {
        "hidden_rows": 2,
        "hidden_columns": 1,
        "merged_cells": 1,
    }
    assert list(row())[1] in told["hidden_columns"].message
    assert dataset_notices.of_file(read(as_workbook(tmp_path / "b.xlsx", rows(4)))) == []


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"카메라대수": "2대"}, "count", 2),
        ({"보관일수": "30 일"}, "retention_days", 30),
        ({"카메라화소수": "200만"}, "pixel_10k", 200),
        ({"카메라화소수": "200만 화소"}, "pixel_10k", 200),
        ({"관리기관전화번호": "15881234"}, "phone", "15881234"),
        ({"관리기관전화번호": "02-2600-1234"}, "phone", "02-2600-1234"),
        ({"소재지도로명주소": '="화곡로 1"'}, "road_address", "화곡로 1"),
    ],
)
def test_a_unit_or_a_quotation_says_nothing_else(tmp_path, cells, field, value):
    [read_row] = read(as_csv(tmp_path / "a.csv", [row(**cells)])).rows()
    assert getattr(read_row, field) == value


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
        ("picture.png", b"\x89PNG" + b"\0" * 300, "그림"),
        ("latin.csv", "관리기관명,".encode() + b"\xff\xfe\xfa,\n", "UTF-8도 CP949도 아님"),
        ("utf16.csv", b"\xff\xfe\x00\xd8\x00\xd8", "UTF-16"),
        ("utf32.csv", ",".join(BULK_LAYOUT).encode("utf-32"), "UTF-32"),
        ("bom.csv", b"\xef\xbb\xbf" + ",".join(BULK_LAYOUT).encode("cp949"), "BOM"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLS"),
        ("quotes.csv", (",".join(BULK_LAYOUT) + '\r\n"315').encode(), "따옴표"),
        ("huge.csv", (",".join(BULK_LAYOUT) + "\r\n" + "가" * 200_000).encode(), "너무 긴 칸"),
        ("broken.xlsx", b"PK\x03\x04 and no more", "손상된"),
        ("page.xls", b"\xef\xbb\xbf \r\n<!DOCTYPE html><table></table>", "HTML"),
        ("part.xls", "<meta charset=utf-8><table><tr><td>관리번호".encode("cp949"), "HTML"),
        (
            "2003.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "스프레드시트 2003",
        ),
        ("other.xml", b'<?xml version="1.0"?><response><item/></response>', "XML"),
        ("web.mht", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "MHTML"),
        ("api.json", b'[{"a": 1}]', "JSON"),
        ("biff.xls", b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 600, "XLS"),
        (
            "secret.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "암호",
        ),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.gz", b"\x1f\x8b\x08", "압축"),
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
    ({"카메라대수": "3곳"}, "카메라대수", "숫자가 아닙니다", "3"),
    ({"보관일수": "30개월"}, "보관일수", "숫자가 아닙니다", "30"),
    ({"관리기관전화번호": "226001234"}, "관리기관전화번호", "0이나 지역번호", "텍스트"),
    ({"관리기관전화번호": "1012345678"}, "관리기관전화번호", "0이나 지역번호", "텍스트"),
    ({"소재지도로명주소": "=B2"}, "소재지도로명주소", "수식", "값"),
    ({"카메라대수": "1,000"}, "카메라대수", "숫자가 아닙니다", "1000"),
    ({"카메라대수": "0"}, "카메라대수", "범위", ""),
    ({"카메라대수": "-2"}, "카메라대수", "범위(1~1,000)", "1에서 1,000"),
    ({"카메라대수": "99999"}, "카메라대수", "범위(1~1,000)", ""),
    ({"카메라대수": "99999999999999999999"}, "카메라대수", "범위(1~1,000)", ""),
    ({"카메라대수": "9" * 5_000}, "카메라대수", "범위(1~1,000)", ""),
    ({"카메라대수": "1E+20"}, "카메라대수", "범위(1~1,000)", ""),
    ({"카메라대수": "1.5"}, "카메라대수", "정수가 아닙니다", "소수점 없이"),
    ({"카메라대수": ""}, "카메라대수", "없습니다", ""),
    ({"카메라화소수": "2000000"}, "카메라화소수", "범위(1~100,000)", "만 화소"),
    ({"카메라화소수": "-200"}, "카메라화소수", "범위(1~100,000)", "만 화소"),
    ({"카메라화소수": "1.5"}, "카메라화소수", "정수가 아닙니다", "만 화소 단위의 정수로, 소수점 없이"),
    ({"보관일수": "31"}, "보관일수", "최대 보관기간 30일", "초과 사유"),
    ({"보관일수": "0"}, "보관일수", "알 수 없습니다", "모르는 보관일수"),
    ({"보관일수": "없음"}, "보관일수", "알 수 없습니다", ""),
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
    ({"관리번호": "2,02632E+17"}, "관리번호", "숫자 서식", "텍스트"),
    ({"관리번호": '="2.0263E+17"'}, "관리번호", "숫자 서식", "텍스트"),
    ({"관리번호": "202631500000000128.0"}, "관리번호", "뒷자리가 바뀌었을", "텍스트"),
    ({"관리번호": "202631500000000101.5"}, "관리번호", "어느 번호인지", "텍스트"),
    ({"관리번호": "=A2"}, "관리번호", "수식", "값"),
    ({"소재지도로명주소": "-", "소재지지번주소": "해당 없음"}, "소재지도로명주소", "주소가 없습니다", "지번"),
    ({"데이터기준일자": "18. 4. 1."}, "데이터기준일자", "읽을 수 없습니다", "2026-05-18"),
    ({"데이터기준일자": "4/1/2018"}, "데이터기준일자", "읽을 수 없습니다", ""),
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
    bad = row(설치목적구분="x", 카메라대수="3곳", 보관일수="90", 설치연월="202013")
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


@pytest.mark.parametrize(
    "month",
    [
        "201312",
        "2013-12",
        "2013-12-01",
        " 201312 ",
        "2013. 12.",
        "2013년 12월",
        "2013. 12. 5.",
        "2013/12",
        "41614",
        "2013-12\n",
    ],
)
def test_months_are_read_both_ways(tmp_path, month):
    [read_row] = read(as_csv(tmp_path / "a.csv", [row(설치연월=month)])).rows()
    assert read_row.installed_month == date(2013, 12, 1)


def read_one(tmp_path, **cells):
    [read_row] = read(as_csv(tmp_path / "a.csv", [row(**cells)])).rows()
    return read_row


@pytest.mark.parametrize(
    "cell",
    [
        '="202631500000000103"',
        "'202631500000000103",
        "’202631500000000103",
        "202631500000000103.0",
        "2026 3150 0000 000103",
        "20263150000000010３",
        "202,631,500,000,000,103",
        "\u200b202631500000000103\r\n",
        '= "202631500000000103"',
    ],
)
def test_a_number_that_a_spreadsheet_decorated_is_the_number(tmp_path, cell):
    assert read_one(tmp_path, 관리번호=cell).number == "202631500000000103"


@pytest.mark.parametrize("number", ["강서-001", "1.5", "L0a1b2", "제3호", "12 동"])
def test_other_names_of_sites_stay_as_they_are(tmp_path, number):
    assert read_one(tmp_path, 관리번호=number).number == number


def test_figures_telephones_codes_and_dates_are_unwrapped_too(tmp_path):
    cells = {
        "개방자치단체코드": '="3150000"',
        "카메라대수": "２",
        "카메라화소수": '="200"',
        "보관일수": "'30",
        "관리기관전화번호": '="02-2600-6114"',
        "WGS84위도": "'37.55091",
        "데이터기준일자": "2026. 5. 18.",
        "데이터갱신시점": "2026-05-19 오후 10:58:23",
        "설치목적구분": "생활 방범\n",
    }
    unwrapped, plainly = read_one(tmp_path, **cells), read_one(tmp_path)
    assert unwrapped == plainly
    assert read_one(tmp_path, 데이터기준일자="43191").reference_on == date(2018, 4, 1)


def test_what_cannot_be_seen_makes_no_other_address(tmp_path):
    unseen = "\u200b서울특별시\u00a0강서구  화곡로\u3164\u200d1\t"
    assert read_one(tmp_path, 소재지도로명주소=unseen).road_address == "서울특별시 강서구 화곡로 1"
    parts = unicodedata.normalize("NFD", "서울특별시 강서구청")
    assert read_one(tmp_path, 관리기관명=parts).institution == "서울특별시 강서구청"


def test_what_is_published_for_unknown_is_unknown(tmp_path):
    unknown = read_one(
        tmp_path, 카메라화소수="0", 설치연월="-", 소재지지번주소="없음", WGS84위도="-", WGS84경도="미상"
    )
    assert (unknown.pixel_10k, unknown.installed_month, unknown.lot_address) == (None, None, "")
    assert (unknown.latitude, unknown.longitude) == (None, None)


def test_a_period_that_is_not_known_is_asked_for(tmp_path):
    path = as_csv(
        tmp_path / "a.csv",
        [{**each, "보관일수": cell} for each, cell in zip(rows(3), ("", "0", "15"), strict=True)],
    )
    refused = read(path)
    assert (len(refused.errors), refused.unknown_periods, refused.accepted) == (2, 2, 1)
    filled = read(path, retention_if_unknown=30)
    assert [(each.retention_days, each.has_assumed_retention) for each in filled.rows()] == [
        (30, True),
        (30, True),
        (15, False),
    ]
    for days in (0, 31, -1):
        with pytest.raises(UnusableFile, match="1일부터 30일"):
            read(path, retention_if_unknown=days)


# Lines around the column names

HEADER, DATA = list(row()), list(row().values())


def as_lines(path, *lines, separator=","):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(lines)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("make", [as_lines, lambda path, *lines: as_sheets(path, 자료=lines)])
def test_titles_above_and_sums_below_are_passed_over(tmp_path, make):
    title = ["강서구 CCTV 현황(2026. 5. 18. 기준)"]
    units = ["", "", "", "", "", "", "(대)", "(만화소)", "", "(일)"]
    total = ["합 계", "", "", "", "", "", "2"]
    dataset = read(make(tmp_path / "a.csv", title, [], HEADER, units, DATA, total))

    assert [each.row for each in dataset.rows()] == [5]
    assert (dataset.errors, dataset.accepted, dataset.sums) == ([], 1, [6])
    assert [(code, at) for code, at, _ in dataset.header.notes] == [("header_row", 3), ("units_row", 4)]


def test_names_in_two_lines(tmp_path):
    split = HEADER.index("WGS84위도")
    upper = [*HEADER[:split], "위치", "", *HEADER[split + 2 :]]
    lower = [*[""] * split, "위도", "경도", *[""] * (len(HEADER) - split - 2)]
    assert [each.row for each in read(as_lines(tmp_path / "a.csv", upper, lower, DATA)).rows()] == [3]
    grouped = ["소재지" if name.startswith("소재지") else name for name in HEADER]
    below = [name.removeprefix("소재지") if name.startswith("소재지") else "" for name in HEADER]
    [read_row] = read(as_lines(tmp_path / "b.csv", grouped, below, DATA)).rows()
    assert read_row.road_address == DATA[HEADER.index("소재지도로명주소")]


def test_names_with_their_units(tmp_path):
    named = [f"{name}(대)" if name == "카메라대수" else name for name in HEADER]
    assert read(as_lines(tmp_path / "a.csv", named, DATA)).accepted == 1


def test_the_row_that_was_meant_to_be_the_names_is_complained_of(tmp_path):
    with pytest.raises(UnusableFile, match=r"3행\(열 이름\).*없는 열: 보관일수"):
        read(
            as_lines(
                tmp_path / "a.csv", ["현황"], ["2026"], [name for name in HEADER if name != "보관일수"], DATA
            )
        )


def test_a_wrong_row_is_no_sum_and_no_units(tmp_path):
    wrong = [cell if name != "카메라대수" else "두 대" for name, cell in row(관리번호="2").items()]
    summed = [
        cell if name != "관리기관명" else "합계" for name, cell in row(관리번호="", 카메라대수="x").items()
    ]
    assert {
        error.row for error in read(as_lines(tmp_path / "a.csv", HEADER, wrong, DATA, summed)).errors
    } == {2, 4}


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("line", [[], ["sep="]])
def test_other_separators(tmp_path, separator, line):
    path = as_lines(tmp_path / "a.csv", HEADER, DATA, DATA[:1], separator=separator)
    if line:
        path.write_text(f"sep={separator}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    dataset = read(path)
    assert (dataset.accepted, [error.row for error in dataset.errors]) == (1, [4 if line else 3])


def test_sep_and_a_comma(tmp_path):
    path = as_lines(tmp_path / "a.csv", HEADER, DATA)
    path.write_text("sep=,\r\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert (read(path).accepted, read(path).header.notes) == (1, ())


@pytest.mark.parametrize(("own", "other"), [("utf-8", "cp949"), ("cp949", "utf-8")])
def test_two_encodings_in_one_file_name_the_line(tmp_path, own, other):
    path = as_csv(tmp_path / "a.csv", rows(3), encoding=own)
    lines = path.read_bytes().split(b"\r\n")
    lines[2] = lines[2].decode(own).encode(other)
    path.write_bytes(b"\r\n".join(lines))
    with pytest.raises(UnusableFile, match="3행 부근"):
        read(path)


# Packages


def repacked(path, **names):
    """A workbook whose parts bear other names, or whose texts are changed."""
    source = as_workbook(path.with_suffix(".source"), [row()])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            name, content = entry.filename, old.read(entry).decode()
            for before, after in names.items():
                name, content = name.replace(before, after), content.replace(before, after)
            new.writestr(name, content)
    return path


def test_a_package_is_read_by_its_own_relations(tmp_path):
    path = repacked(tmp_path / "a.xlsx", **{"workbook.xml": "book22.xml", "sheet1.xml": "one.xml"})
    assert read(path).accepted == 1


def test_a_strict_workbook_is_named(tmp_path):
    strict = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/officeDocument/2006": "http://purl.oclc.org/ooxml/officeDocument",
    }
    with pytest.raises(UnusableFile, match="Strict"):
        read(repacked(tmp_path / "a.xlsx", **strict))


@pytest.mark.parametrize(
    ("names", "word"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "ODS"),
        ({"mimetype": "application/hwp+zip"}, "HWPX"),
        ({"Index/Document.iwa": "x"}, "Numbers"),
        ({"xl/workbook.bin": "x"}, "XLSB"),
        ({"자료.csv": "x"}, "압축을 풀어"),
    ],
)
def test_other_packages_are_named(tmp_path, names, word):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    with pytest.raises(UnusableFile, match=word):
        read(tmp_path / "a.xlsx")


def test_a_figure_in_a_workbook_that_lost_its_digits_is_no_number(tmp_path):
    lost = row() | {"관리번호": 202631500000000000}
    dataset = read(as_workbook(tmp_path / "a.xlsx", [lost, row() | {"관리번호": 12}]))
    assert [(error.row, error.column) for error in dataset.errors] == [(2, "관리번호")]
    assert [each.number for each in dataset.rows()] == ["12"]


# Uploads of several years, poles at one address


def test_older_uploads_of_a_place_are_told_and_left_out_when_asked(tmp_path):
    table = [
        row(관리번호="1", 데이터기준일자="2024-06-30"),
        row(관리번호="2", 데이터기준일자="2026-04-30"),
        row(관리번호="3", 데이터기준일자="2025-09-30"),
        row(관리번호="2", 데이터기준일자="2026-04-30", 카메라화소수="500"),
        # Another direction, purpose or place, the same day, or no day: nobody's older upload.
        row(관리번호="4", 데이터기준일자="2024-06-30", 촬영방면정보="후문"),
        row(관리번호="5", 데이터기준일자="2024-06-30", 설치목적구분="쓰레기단속"),
        row(관리번호="6", 데이터기준일자="2024-06-30", WGS84위도="37.56"),
        row(관리번호="7", 데이터기준일자="2026-04-30"),
        row(관리번호="8", 데이터기준일자=""),
    ]
    path = as_csv(tmp_path / "a.csv", table)
    told, newest = read(path), read(path, newest_only=True)
    assert set(told.uploads.superseded) == {2, 4}
    assert (told.accepted, told.sites, told.cameras) == (9, 8, 18)
    assert (newest.accepted, newest.sites, newest.cameras) == (7, 6, 14)
    assert [each.number for each in newest.rows()] == ["2", "2", "4", "5", "6", "7", "8"]
    assert sum(len(group) for group in newest.rows_by_site()) == 7


def test_poles_at_one_address_are_sites_in_any_order(tmp_path):
    table = [
        classic(촬영방면정보="정문"),
        classic(촬영방면정보="후문"),
        classic(촬영방면정보="후문", 카메라대수="1"),
        classic(촬영방면정보="정문", 카메라화소수="500"),
        classic(촬영방면정보="정문"),
    ]
    dataset = read(as_csv(tmp_path / "a.csv", table))
    assert [(error.row, error.column) for error in dataset.errors] == [(6, "소재지도로명주소")]
    assert (dataset.accepted, dataset.sites, dataset.cameras) == (4, 3, 7)
    numbers = {each.row: each.number for each in dataset.rows()}
    assert numbers[2] == numbers[5]
    assert len(set(numbers.values())) == 3
    backwards = read(as_csv(tmp_path / "b.csv", table[3::-1]))
    assert {each.number for each in backwards.rows()} == set(numbers.values())
    assert sorted(map(len, backwards.rows_by_site())) == [1, 1, 2]


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
    table = [*rows(2), row(카메라대수="3곳", 촬영방면정보="'=cmd()"), row(관리번호="9", 보관일수="x")]
    dataset = read(as_csv(tmp_path / "a.csv", table))

    assert dataset.write_rejected(tmp_path / "r.csv") == 2

    text = (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text)))
    assert [line["오류행번호"] for line in found] == ["4", "5"]
    assert "숫자가 아닙니다" in found[0]["오류내용"]
    (tmp_path / "r.csv").write_text(text.replace("3곳", "3").replace(",x,", ",20,"), encoding="utf-8")
    corrected = read(tmp_path / "r.csv")
    assert corrected.errors == []
    assert [line.filming_direction for line in corrected.rows()] == ["'=cmd()", "360도 전방면"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+82-2-1", "-", "@x", "\t=1", "\rx", "'=1", "''+", "'abc", "abc", "", "'", "-1", "ㄱ=1"]
)
def test_what_is_neutralised_comes_back_as_it_was(text):
    assert restore(neutralise(text)) == text
    assert not neutralise(text).startswith(("=", "+", "-", "@", "\t", "\r"))


# Workbooks are read by a process with limits


def a_workbook(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    f'relationships"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
}


def sheet_of(rows):
    return {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    }


def test_a_row_as_wide_as_a_sheet_may_be_does_not_fill_the_memory(tmp_path):
    """Each row names one cell in the last column: some bytes each that become 16,384 cells."""
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 6_001))
    with pytest.raises(UnusableFile, match=r"너무 커서|정해진 시간과 메모리"):
        read(a_workbook(tmp_path / "wide.xlsx", BOOK | sheet_of(rows)))


def test_elements_nested_without_end_are_a_refusal(tmp_path):
    with pytest.raises(UnusableFile, match=r"손상|정해진 시간|없는 열|이름|빈"):
        read(a_workbook(tmp_path / "deep.xlsx", BOOK | sheet_of("<a>" * 300_000 + "</a>" * 300_000)))


def test_a_reader_that_is_killed_is_a_clear_refusal(tmp_path, monkeypatch):
    killed = tmp_path / "killed.py"
    killed.write_text("import os\n\ndef decide(content, wanted):\n    os.kill(os.getpid(), 9)\n")
    monkeypatch.setattr(dataset_files, "PROGRAM", killed)
    with pytest.raises(UnusableFile, match="정해진 시간과 메모리"):
        read(a_workbook(tmp_path / "a.xlsx", BOOK | sheet_of("")))


def test_nothing_else_opens_a_workbook():
    """The one program that does runs in a process with limits."""
    folders = {Path(dataset_files.__file__).parents[1] / name for name in RANKS}
    opening = [
        path.name
        for folder in folders
        for path in folder.rglob("*.py")
        if re.search(r"\bload_workbook\b|\bread_excel\b", path.read_text())
    ]
    assert opening == ["workbook_reading.py"]
