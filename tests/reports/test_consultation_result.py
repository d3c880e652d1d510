"""What the committee reads of a consultation: whose choice, which answer, what was corrected, as paper and workbook."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from cameras.consultation import answers, result
from cameras.consultation.opinions import Answer
from reports.documents import consultation_result
from tests.cameras.consultations import PUBLISHED_AT, SEOUL, make_opinion, make_survey, publish_result
from tests.reports import pdf_checks
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db
GROUP = "설치 위치를 다시 살피겠습니다."


@pytest.fixture
def published():
    held = make_survey()
    choice, several, _ = held.questions.order_by("position")
    made = [
        make_opinion(
            held,
            f"=의견 글 {number}",
            answers={choice.pk: Answer((number % 2,)), several.pk: Answer((0, 1))},
            at=PUBLISHED_AT + dt.timedelta(hours=number),
        )
        for number in range(1, 5)
    ]
    by = held.made_by
    answers.answer(held, [one.pk for one in made[:3]], decision="noted", text=GROUP, by=by)
    answers.answer(held, [made[3].pk], decision="accepted", text="반영하였습니다.", by=by)
    done = publish_result(held)
    result.correct(done, "찬성은 2명입니다.", reason="집계 오기", by=by)
    return done


def test_the_paper(published, tmp_path):
    path = tmp_path / "result.pdf"
    path.write_bytes(consultation_result.pdf_of(published, seoul(2026, 12, 1)))
    pdf_checks.assert_archivable(pdf_checks.read(path))
    pdf_checks.assert_well_printed(path, tmp_path)
    text = " ".join("".join(pdf_checks.text(path)).split())
    assert text.count(GROUP) == 1
    assert "함께 처리 1: 참고 의견 1~3번" in text
    assert text.count("(함께 처리 1)") == 3
    assert text.count("찬성하십니까? 반대") == 2
    assert "어디가 좋습니까? 골목, 공원" in text
    assert "정정 1호" in text
    assert "집계 오기" in text
    assert "2026. 11. 2. 11:00" in text
    assert "결재" in text
    assert text.endswith("끝.") or " 끝. " in text


def test_the_workbook(published):
    book = load_workbook(io.BytesIO(consultation_result.xlsx_of(published)))
    sheet = book["의견"]
    heads = [cell.value for cell in sheet[1]]
    row = {head: sheet.cell(2, column) for column, head in enumerate(heads, start=1)}
    local = (PUBLISHED_AT + dt.timedelta(hours=1)).astimezone(SEOUL).replace(tzinfo=None)
    assert row["접수"].value == local
    # Somebody's words, unchanged, in a cell that does not run.
    assert (row["의견"].value, row["의견"].data_type) == ("=의견 글 1", "s")
    assert row["고른 답"].value == "찬성하십니까?: 반대\n어디가 좋습니까?: 골목, 공원"
    assert sheet.auto_filter.ref == "A1:H5"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book.properties.title == f"의견수렴 결과 {published.number}"
    assert "정정 1호 (집계 오기)" in [cell.value for cell in book["개요"]["A"]]
