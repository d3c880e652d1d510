"""What an attached document may be: looked into by a process with limits, refused with the reason."""

import io
import os
import struct
import zipfile
import zlib
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from casework import attachments, document_judging, judging

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = b"<Types><Override ContentType='application/xml'/></Types>"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def package(folder="word", **parts):
    """A document of Office with these further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(f"{folder}/document.xml", "<document/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def macro_enabled():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", "<Types><Override ContentType='x.macroEnabled.main+xml'/></Types>"
        )
        archive.writestr("word/document.xml", "<document/>")
    return out.getvalue()


def hwpx(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr("Contents/section0.xml", "<section/>")
        archive.writestr("Scripts/headerScripts", "var Documents;")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def streams(*names):
    return OLE + b"\0" * 504 + b"".join(name.encode("utf-16-le") + b"\0" * 64 for name in names)


def plain_zip(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def nested(depth):
    inner = package()
    for _ in range(depth):
        inner = package(**{"word/embeddings/inner.docx": inner})
    return inner


def objects(count):
    return b"%PDF-1.7\n" + b"1 0 obj 0 endobj\n" * count + b"%%EOF"


def test_what_lies_within_counts_like_the_document_itself():
    """Many small tables that each unpack to what one may: together they are a bomb."""
    inner = package(**{"word__a.xml": b" " * 50_000})
    outer = package(**{f"word__embeddings__{number}.docx": inner for number in range(5)})
    budget = document_judging.Budget(left=200_000)
    with pytest.raises(document_judging.Refused, check=lambda error: error.answer["reason"] == "bomb"):
        document_judging.look_into_package(outer, "docx", depth=1, budget=budget)
    document_judging.look_into_package(outer, "docx", depth=1, budget=document_judging.Budget(10_000_000))


def check(name, content):
    attachments.check_all([SimpleUploadedFile(name, content)])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF"),
        ("many.pdf", objects(1_000)),
        ("a.docx", package()),
        ("a.xlsx", package("xl")),
        ("a.pptx", package("ppt")),
        ("chart.docx", nested(1)),
        ("picture.docx", package(**{"word/media/image1.emz": b"\x1f\x8b\x08 a picture"})),
        ("a.hwpx", hwpx()),
        ("a.hwp", streams("FileHeader", "HwpSummaryInformation")),
        ("old.hwp", b"HWP Document File V3.00"),
        ("a.doc", streams("WordDocument")),
        ("a.xls", streams("Workbook")),
    ],
)
def test_ordinary_documents_are_taken(name, content):
    check(name, content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("page.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "내용이 PDF 파일이 아닙니다"),
        ("both.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>", "내용이 PDF 파일이 아닙니다"),
        ("tail.pdf", b"%PDF-1.7\n%%EOF\n" + plain_zip(a="x"), "다른 파일"),
        ("a.docx", plain_zip(readme="x"), "내용이 DOCX 파일이 아닙니다"),
        ("a.docx", package("xl"), "내용이 DOCX 파일이 아닙니다"),
        ("a.hwpx", package(), "내용이 HWPX 파일이 아닙니다"),
        ("a.doc", streams("Workbook"), "내용이 DOC 파일이 아닙니다"),
        ("installer.doc", streams("Property"), "내용이 DOC 파일이 아닙니다"),
        ("a.docx", package(**{"word/vbaProject.bin": b"x"}), "매크로"),
        ("a.docx", macro_enabled(), "매크로"),
        ("a.xls", streams("Workbook", "_VBA_PROJECT_CUR"), "매크로"),
        ("a.docx", package(**{"word/embeddings/o.bin": streams("\x01Ole10Native")}), "다른 파일"),
        ("a.docx", package(**{"word/embeddings/o.bin": streams("_VBA_PROJECT")}), "매크로"),
        ("a.docx", package(**{"word/media/a.zip": plain_zip(x="y")}), "a.zip"),
        ("a.docx", package(**{"word/media/image1.png": plain_zip(x="y")}), "image1.png"),
        ("a.docx", package(**{"word/media/run.bin": b"MZ\x90\x00"}), "run.bin"),
        ("a.docx", package(**{"word/media/run.js": b"x"}), "run.js"),
        ("a.hwpx", hwpx(BinData__image1=b"7z\xbc\xaf\x27\x1c"), "다른 파일"),
        ("a.docx", nested(2), "여러 겹"),
        ("a.docx", package(**{"word/x.xml": b"<!DOCTYPE lolz [<!ENTITY lol 'lol'>]><a/>"}), "복잡"),
        ("a.pdf", objects(400_000), "복잡"),
        ("packed.pdf", b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/N 1000000>>\nendobj", "복잡"),
    ],
)
def test_what_is_not_taken_says_why(name, content, reason):
    with pytest.raises(ValidationError, match=reason):
        check(name, content)


def test_a_sheet_of_ten_gigabytes_is_not_unpacked():
    """10 MB that unpack to 10 GB: the sizes in the directory are enough."""
    content = package("xl", **{"xl/worksheets/sheet1.xml": b"\0" * (40 << 20)})
    with pytest.raises(ValidationError, match="지나치게 커지는"):
        check("bomb.xlsx", content)
    # The same with a directory that says that it is small: unpacking finds it out.
    real = struct.pack("<L", 40 << 20)
    with pytest.raises(ValidationError, match="손상"):
        check("liar.xlsx", content.replace(real, struct.pack("<L", 1_000)))


def packed_objects(text):
    body = zlib.compress(text)
    return b"%%PDF-1.7\n1 0 obj\n<</Type/ObjStm/N 1/Length %d>>\nstream\n" % len(body) + body + b"\nendstream"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj",
        b"%PDF-1.7\n1 0 obj\n<</S/J#61vaScript>>\nendobj",
        b"%PDF-1.7\n1 0 obj\n<</S /Launch /F (cmd.exe)>>\nendobj",
        b"%PDF-1.7\n1 0 obj\n<</OpenAction << /S /URI /URI (http://x) >> >>\nendobj",
        packed_objects(b"1 0 <</S/JavaScript/JS(x)>>"),
    ],
)
def test_a_pdf_that_acts_by_itself_is_refused_with_the_reason(content):
    with pytest.raises(ValidationError, match="스스로 동작하는 것"):
        check("a.pdf", content)


def test_an_ordinary_link_and_packed_objects_are_no_reason():
    check("a.pdf", b"%PDF-1.7\n1 0 obj\n<</A<</S/URI/URI(http://x)>>>>\nendobj\n/JavaScripted")
    check("a.pdf", packed_objects(b"1 0 <</Type/Catalog>>"))


def test_a_template_that_is_fetched_from_elsewhere_is_refused():
    relation = (
        b'<Relationships><Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://x/t.dotm" '
        b'TargetMode="External"/></Relationships>'
    )
    with pytest.raises(ValidationError, match="밖에서 다른 파일을"):
        check("a.docx", package(**{"word/_rels/settings.xml.rels": relation}))
    hidden = relation.replace(b"<Relationship ", b"<x:Relationship ").replace(
        b"<Relationships>", b'<Relationships xmlns:x="urn:x">'
    )
    coded = relation.replace(b"attachedTemplate", b"&#97;ttachedTemplate")
    other = b'<?xml version="1.0" encoding="UTF-16"?>'.decode() + relation.decode()
    picture = relation.replace(b"attachedTemplate", b"image")
    for written in (hidden, coded, other.encode("utf-16"), picture):
        with pytest.raises(ValidationError, match="밖에서 다른 파일을"):
            check("a.docx", package(**{"word/_rels/settings.xml.rels": written}))
    link = relation.replace(b"attachedTemplate", b"hyperlink")
    check("a.docx", package(**{"word/_rels/settings.xml.rels": link}))


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_is_packed_otherwise_than_documents_are_is_not_unpacked(method):
    """A few kilobytes kept the lane for its ten seconds, and so everybody's files away."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", b"\0" * 100_000, compress_type=method)
    with pytest.raises(ValidationError, match="확인할 수 없는"):
        check("a.docx", out.getvalue())


def test_a_strangers_document_may_unpack_to_less_and_waits_for_strangers_only(tmp_path, monkeypatch):
    import fcntl

    # Little enough for the ratio, too much for the bytes.
    large = package(word__a=os.urandom(1 << 20), **{f"word__{n}": bytes(21 << 20) for n in range(5)})
    upload = SimpleUploadedFile("a.docx", large)
    check("a.docx", large)
    with pytest.raises(ValidationError, match="지나치게 커지는"):
        attachments.check_all([upload], is_public=True)
    monkeypatch.setattr(judging, "PUBLIC", replace(judging.PUBLIC, turn_within_seconds=0.0))
    with (tmp_path / judging.PUBLIC.lock_file).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ValidationError, match="1분 뒤"):
            attachments.check_all([SimpleUploadedFile("a.pdf", b"%PDF-1.7")], is_public=True)
        check("a.pdf", b"%PDF-1.7")


def test_a_judge_that_is_killed_is_a_clear_refusal(monkeypatch, tmp_path):
    killed = tmp_path / "killed.py"
    killed.write_text("import os\n\ndef decide(content, wanted):\n    os.kill(os.getpid(), 9)\n")
    monkeypatch.setattr(attachments, "PROGRAM", killed)
    with pytest.raises(ValidationError, match="구조가 지나치게 복잡"):
        check("a.pdf", b"%PDF-1.7")


def test_when_too_many_are_looked_at_one_is_told_to_try_again(monkeypatch, tmp_path):
    import fcntl

    monkeypatch.setattr(judging, "PAGES", replace(judging.PAGES, turn_within_seconds=0.0))
    with (tmp_path / judging.PAGES.lock_file).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ValidationError, match="1분 뒤"):
            check("a.pdf", b"%PDF-1.7")
    check("a.pdf", b"%PDF-1.7")


@pytest.mark.django_db
def test_a_form_that_checks_and_keeps_judges_once(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    judged = []
    real = judging.judge
    monkeypatch.setattr(judging, "judge", lambda *given: judged.append(1) or real(*given))
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    attachments.check_all([upload])
    [kept] = attachments.keep_all([upload], by=None)
    assert len(judged) == 1
    assert attachments.content_of(kept) == b"%PDF-1.7"
