"""Official documents: marks of items, the end, and that PDF and HWPX say the same."""

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from dataclasses import replace

import hwpx as library
import pytest

from reports import hwpx, official, official_pdf
from reports.official import Approval, Document, Item, Kind, Table
from tests.reports import pdf_checks

CREATED = dt.datetime(2026, 11, 29, 3, tzinfo=dt.UTC)
DOCUMENT = Document(
    organisation="서울특별시 강서구",
    subject="개인영상정보 열람 청구에 대한 통지",
    receiver="김한빛 귀하",
    items=(
        Item("2026. 11. 20. 접수한 청구(260101-ABCDEF)에 답합니다."),
        Item("결정은 다음과 같습니다.", (Item("열람", (Item("첫째"), Item("둘째"))), Item("정정·삭제"))),
    ),
    sender="서울특별시 강서구청장",
    form="개인정보 처리 방법에 관한 고시 별지 제9호서식",
    form_title="개인정보 (■ 열람 □ 거절) 통지서",
    tables=(
        Table((("요구 내용", "열람\n정정·삭제"), ("열람 일시와 장소", "2026. 12. 1. 14:00, 관제센터"))),
        Table(
            (("S-1-1", "<b>허용</b> & 가림"),), ("카메라", "결정"), "카메라와 구간별 결정", note="모두 1구간"
        ),
    ),
    closing=(Item("이의신청: 30일"), Item("분쟁조정: 1833-6972")),
    enclosures=("목록", "안내문"),
    annexes=(Table((("1", "어린이보호"),), ("번호", "목적"), "붙임 1. 목록"),),
    approvals=(Approval("주무관", "박담당", "기안", "11/28"), Approval("과장", "이과장", "전결", "11/29")),
    number="스마트도시과-12",
    on="2026. 11. 29.",
    department="스마트도시과",
    phone="02-2600-0000",
    disclosure="비공개",
    disclosure_ground="제9조제1항제6호",
)


@pytest.fixture(scope="module")
def made():
    return hwpx.of_document(DOCUMENT, created=CREATED), official_pdf.render(DOCUMENT, created=CREATED)


def squeezed(text):
    return re.sub(r"[\s\u2060]", "", text)


def test_both_files_say_the_same_words(made):
    paper = squeezed(library.HwpxDocument.open(made[0]).text.plain())
    printed = squeezed(re.sub(r"\d+ / \d+", "", pdf_checks.words(made[1])))
    for block in official.blocks(DOCUMENT):
        for words in block.strings:
            assert squeezed(words) in paper, words
    assert Counter(printed) == Counter(paper) == Counter(squeezed(official.words(DOCUMENT)))


def test_the_pdf_is_archivable_and_tagged(made):
    reader = pdf_checks.read(made[1])
    pdf_checks.assert_archivable(reader)
    pdf_checks.assert_tagged(reader)
    pdf_checks.assert_fonts_embedded(reader)


def test_the_word_processors_own_checks_pass(made):
    report = library.validate_editor_open_safety(made[0])
    assert report.reopen_ok
    assert not report.blocking_package_errors
    assert report.document_validation_error is None
    assert not report.validate_document.issues
    assert [issue for issue in report.validate_package.issues if issue.level != "warning"] == []


def test_nobody_else_is_named_in_the_file_and_the_same_words_give_the_same_bytes(made):
    assert hwpx.of_document(DOCUMENT, created=CREATED) == made[0]
    with zipfile.ZipFile(io.BytesIO(made[0])) as parts:
        about = parts.read("Contents/content.hpf").decode()
    assert "synthetic" not in about
    assert "서울특별시 강서구" in about


def test_marks_follow_the_manual():
    lines = [block.text for block in official.blocks(DOCUMENT) if block.kind == Kind.ITEM]
    assert [line.split(" ")[0] for line in lines] == ["1.", "2.", "가.", "1)", "2)", "나.", "1.", "2."]
    alone = replace(
        DOCUMENT, items=(Item("하나"),), tables=(), closing=(), enclosures=(), form="", form_title=""
    )
    assert [block.text for block in official.blocks(alone) if block.kind == Kind.ITEM] == ["하나  끝."]
    assert [official._mark(level, 0) for level in range(6)] == ["1.", "가.", "1)", "가)", "(1)", "(가)"]
    assert [official._mark(1, n) for n in (12, 13, 14, 15)] == ["파.", "하.", "거.", "너."]


def test_the_end_stands_after_the_last_word_or_below_the_table():
    def end(**changes):
        found = official.blocks(replace(DOCUMENT, **changes))
        return next(block for block in found if block.text.endswith(official.END))

    assert end().text == "2. 안내문 1부.  끝."
    assert end(enclosures=("목록",)).text == "붙임  목록 1부.  끝."
    assert end(enclosures=()).text == "2. 분쟁조정: 1833-6972  끝."
    assert end(enclosures=(), closing=()).text == "끝."


def test_a_kept_document_comes_back_as_it_was():
    assert Document.from_json(DOCUMENT.to_json()) == DOCUMENT


def test_a_document_that_is_not_approved_here_has_boxes_to_sign():
    box = next(
        block for block in official.blocks(replace(DOCUMENT, approvals=())) if block.kind == Kind.APPROVAL
    )
    assert box.headings == ("결재", "담당", "팀장", "과장", "국장")
    assert {cell for row in box.rows for cell in row[1:]} == {"", ".   ."}
