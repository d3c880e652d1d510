"""회의 자료: one file numbered through with bookmarks, a folder, a reading copy; and papers that stand in the way."""

import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from casework.attachments import keep_all
from committee import agenda, papers
from reports import packet
from reports.documents import committee_papers
from tests.accounts.factories import OfficerFactory
from tests.committee.factories import planned, recorded, seated

pytestmark = pytest.mark.django_db


def a_pdf(pages: int = 1, size: tuple[float, float] = (595, 842), password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(*size)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 400), "navy").save(out, "PNG")
    return out.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def officer():
    return OfficerFactory()


def test_one_file_is_numbered_through_bookmarked_and_stamped(officer):
    seated(officer)
    recorded(conditions="결과를 보고할 것")
    meeting = planned(by=officer)
    item = meeting.items.first()
    files = [
        upload("큰 도면.pdf", a_pdf(2, (1684, 1190))),
        upload("현장.png", a_picture()),
        upload("집계.csv", "항목,수\n가,1\n".encode()),
    ]
    agenda.add_papers(item, files, by=officer)
    content = packet.one_file(meeting, reader="김서연 위원")
    reader = PdfReader(io.BytesIO(content))
    total = len(reader.pages)
    texts = [page.extract_text() for page in reader.pages]
    for number, text in enumerate(texts, start=1):
        assert f"{number} / {total}" in text
        assert "열람용: 김서연 위원" in text
    sizes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in reader.pages}
    assert sizes == {(595, 842), (842, 595)}
    titles = [
        entry.title if not isinstance(entry, list) else [one.title for one in entry]
        for entry in reader.outline
    ]
    assert titles[:3] == ["안건과 차례", str(item), ["큰 도면.pdf", "현장.png", "집계.csv"]]
    assert "조건의 이행" in titles
    page_of = reader.get_destination_page_number(reader.outline[1])
    assert "계획을 심의한다." in texts[page_of]
    assert str(page_of + 1) in texts[0]
    assert "쪽으로 넣을 수 없는" in "".join(texts)


def test_a_packet_of_the_past_holds_nothing_that_came_later(officer):
    seated(officer)
    decided = recorded(conditions="결과를 보고할 것")
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(packet.one_file(decided.meeting))).pages
    )
    assert "조건의 이행" not in text, "its own condition is not told to the meeting that sets it"
    assert "올린 안건이 없습니다" not in text
    assert f"의결 {decided.number}" in text
    assert "에 만든 자료입니다" in text


def test_a_resolution_without_a_list_of_who_was_there_names_all_and_says_so(officer):
    seated(officer)
    decided = recorded()
    text = "".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(committee_papers.resolution_sheet(decided))).pages
    )
    assert "재적위원을 모두 적었습니다" in text
    assert "위원장" in text


def test_the_folder_holds_the_originals_with_their_digests(officer):
    meeting = planned(by=officer)
    original = a_pdf()
    agenda.add_papers(meeting.items.first(), [upload("계획.pdf", original)], by=officer)
    with zipfile.ZipFile(io.BytesIO(packet.folder(meeting))) as archive:
        assert archive.read("01_안건/01_계획.pdf") == original
        sums = archive.read("SHA256SUMS.txt").decode()
        for line in sums.splitlines():
            digest, _, name = line.partition("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        assert len(sums.splitlines()) == len(archive.namelist()) - 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (a_pdf(password="secret"), "암호가 걸려"),
        (a_pdf(900), "900쪽"),
        (b"%PDF-1.7 nothing", "쪽으로 만들 수 없는"),
    ],
)
def test_a_paper_that_gives_no_pages_is_refused_when_it_is_attached(officer, content, said):
    meeting = planned(by=officer)
    with pytest.raises(ValidationError, match=said):
        agenda.add_papers(meeting.items.first(), [upload("자료.pdf", content)], by=officer)
    assert not meeting.items.first().attachments.exists()


def test_a_paper_from_before_says_which_one_stands_in_the_way(officer):
    meeting = planned(by=officer)
    (old,) = keep_all([upload("옛 자료.pdf", a_pdf(password="secret"))], by=officer)
    meeting.items.first().attachments.add(old)
    with pytest.raises(papers.Unusable, match="암호가 걸려 있어"):
        packet.one_file(meeting)


def test_what_a_document_could_do_by_itself_is_left_behind(officer):
    writer = PdfWriter()
    writer.add_blank_page(300, 300)
    writer.add_uri(0, "https://example.org/", [0, 0, 100, 100])
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("example.org")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("program.txt", b"example.org")
    out = io.BytesIO()
    writer.write(out)
    made = papers.pages_in("자료.pdf", out.getvalue())
    reader = PdfReader(io.BytesIO(made.content))
    page = reader.pages[0]
    assert "/Annots" not in page
    assert not {"/Names", "/OpenAction", "/AA", "/AcroForm"} & set(reader.root_object)
    assert b"example.org" not in made.content


SECTION = '<hs:sec xmlns:hs="s" xmlns:hp="p"><hp:p><hp:run><hp:t>설치<hp:fwSpace/> 계획</hp:t></hp:run></hp:p></hs:sec>'


def a_hwpx(section: str | bytes = SECTION, manifest: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr("Contents/section0.xml", section)
        if manifest:
            archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def test_the_words_of_a_hwpx_are_set_as_pages():
    assert papers.pages_in("계획.hwpx", a_hwpx()).text == ("설치 계획",)
    paragraph = "<hp:p><hp:run><hp:t>{}</hp:t></hp:run></hp:p>"
    cells = "".join(f"<hp:tc>{paragraph.format(word)}</hp:tc>" for word in ("수신", "운영위원회"))
    table = f"<hp:p><hp:run><hp:tbl><hp:tr>{cells}</hp:tr></hp:tbl></hp:run></hp:p>{paragraph.format('끝.')}"
    section = SECTION.replace("<hp:p>", f"{table}<hp:p>", 1)
    assert papers.pages_in("계획.hwpx", a_hwpx(section)).text == ("수신 │ 운영위원회", "끝.", "설치 계획")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (a_hwpx(SECTION.replace("설치", "가" * 8_000_000)), "너무 복잡한"),
        (a_hwpx("<hs:sec>"), "쪽으로 만들 수 없는"),
        (a_hwpx(b"\x8f\x01", "<manifest><encryption-data/></manifest>"), "암호가 걸려"),
        (b"PK\x03\x04 no archive", "쪽으로 만들 수 없는"),
        (a_hwpx('<!DOCTYPE a [<!ENTITY b "c">]>' + SECTION), "쪽으로 만들 수 없는"),
        (
            a_hwpx(f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a>{SECTION}'.encode("utf-16")),
            "쪽으로 만들 수 없는",
        ),
    ],
    ids=["a bomb", "a broken one", "a locked one", "none", "with a DTD", "with one in UTF-16"],
)
def test_a_hwpx_that_gives_no_words_is_refused_in_a_sentence(content, said):
    """Also where it was attached before anybody looked into such files."""
    with pytest.raises(papers.Unusable, match=said):
        papers.pages_in("계획.hwpx", content)


def test_a_hwpx_that_would_stop_the_packet_is_refused_when_it_is_attached(officer):
    meeting = planned(by=officer)
    with pytest.raises(ValidationError, match=r"계획\.hwpx"):
        agenda.add_papers(meeting.items.first(), [upload("계획.hwpx", a_hwpx("<hs:sec>"))], by=officer)
    assert not meeting.items.first().attachments.exists()
