"""What a file is that is no dataset we read: its name for people, and how to save it as one we do read.

Told by content: an ending proves nothing, and offices get web pages and old workbooks that are called .xls.
"""

import io
import re
import zipfile

SAVE_AS = "엑셀에서 열어 ‘다른 이름으로 저장’ → ‘Excel 통합 문서(*.xlsx)’ 또는 ‘CSV UTF-8’로 저장해 주세요."
_UNPACK = "압축을 풀어 CSV나 XLSX를 주세요."

OLE = b"\xd0\xcf\x11\xe0"
# The first bytes; of an OLE file the streams tell more.
_SIGNS = {
    b"%PDF": "PDF 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"\x89PNG": "그림 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"\xff\xd8\xff": "그림 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"GIF8": "그림 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"II*\x00": "그림 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"MM\x00*": "그림 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"MZ": "실행 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"\x7fELF": "실행 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"\x1f\x8b": f"압축 파일(GZIP)입니다. {_UNPACK}",
    b"7z\xbc\xaf": f"압축 파일(7z)입니다. {_UNPACK}",
    b"Rar!": f"압축 파일(RAR)입니다. {_UNPACK}",
    b"BZh": f"압축 파일(BZIP2)입니다. {_UNPACK}",
    b"\xfd7zXZ": f"압축 파일(XZ)입니다. {_UNPACK}",
    b"{\\rtf": "서식 있는 글(RTF) 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"SQLite format 3": "데이터베이스(SQLite) 파일입니다. 표준데이터 CSV나 XLSX를 주세요.",
    b"HWP Document File": "한글(HWP) 문서입니다. 표를 엑셀에 옮겨 XLSX나 CSV로 저장해 주세요.",
}
# Workbooks of before 1997, without a container.
_OLD_SHEETS = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
_XLS = f"옛 엑셀(XLS) 파일입니다. {SAVE_AS}"
_STREAMS = (
    ("EncryptedPackage", "암호가 걸린 엑셀 파일입니다. 암호를 풀고 다시 저장해 주세요."),
    ("HwpSummaryInformation", "한글(HWP) 문서입니다. 표를 엑셀에 옮겨 XLSX나 CSV로 저장해 주세요."),
    ("WordDocument", "워드(DOC) 문서입니다. 표를 엑셀에 옮겨 XLSX나 CSV로 저장해 주세요."),
    ("PowerPoint Document", "파워포인트(PPT) 파일입니다. 표준데이터 CSV나 XLSX를 주세요."),
)
_TEXTS = (
    (re.compile(r"mime-version:|.{0,2000}content-type: *multipart/related", re.I | re.S),
     f"웹 보관 파일(MHTML)을 엑셀 이름으로 저장한 것입니다. {SAVE_AS}"),
    (re.compile(r"<\?xml.{0,2000}(?:urn:schemas-microsoft-com:office:spreadsheet|mso-application)|<(?:\w+:)?workbook\b", re.I | re.S),
     f"XML 스프레드시트 2003 파일입니다. {SAVE_AS}"),
    (re.compile(r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|style|div)\b", re.I | re.S),
     f"웹 페이지(HTML)를 엑셀 이름으로 저장한 파일입니다. {SAVE_AS}"),
    (re.compile(r"<\?xml|<[A-Za-z가-힣_][^<>\n]*>"), f"XML 파일입니다. 표준데이터 CSV나 XLSX를 주세요. {SAVE_AS}"),
    (re.compile(r"[\[{]\s*[\[{\"]"), "JSON 파일입니다. 표준데이터 CSV나 XLSX를 주세요."),
)  # fmt: skip
_PACKAGES = (
    ("xl/workbook.bin", f"바이너리 엑셀(XLSB) 파일입니다. {SAVE_AS}"),
    ("word/", "워드(DOCX) 문서이고 엑셀 파일이 아닙니다. 표를 엑셀에 옮겨 XLSX나 CSV로 저장해 주세요."),
    ("ppt/", "파워포인트(PPTX) 파일이고 엑셀 파일이 아닙니다. 표준데이터 CSV나 XLSX를 주세요."),
    ("Index/", "애플 넘버스(Numbers) 파일입니다. 넘버스의 ‘내보내기’에서 Excel(XLSX) 또는 CSV를 골라 저장해 주세요."),
    ("Index.zip", "애플 넘버스(Numbers) 파일입니다. 넘버스의 ‘내보내기’에서 Excel(XLSX) 또는 CSV를 골라 저장해 주세요."),
)  # fmt: skip
_MIMETYPES = (
    ("opendocument.spreadsheet", f"오픈도큐먼트(ODS) 파일입니다. {SAVE_AS}"),
    ("opendocument", "오픈도큐먼트 문서이고 엑셀 파일이 아닙니다. 표준데이터 CSV나 XLSX를 주세요."),
    ("hwp", "한글(HWPX) 문서입니다. 표를 엑셀에 옮겨 XLSX나 CSV로 저장해 주세요."),
)
STRICT = (
    "‘Strict Open XML’ 형식으로 저장한 엑셀 파일입니다. 엑셀의 ‘다른 이름으로 저장’에서 "
    "‘Excel 통합 문서(*.xlsx)’를 골라 다시 저장해 주세요."
)
_STRICT_NAMESPACE = b"http://purl.oclc.org/ooxml/"
_TARGET = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"\b(Type|Target)\s*=\s*[\"']([^\"']*)")
_LONGEST_PART = 1 << 20


def problem(data: bytes) -> str:
    """What kind of foreign file these bytes begin, ready to be shown; "" where they may be text or a workbook."""
    if data.startswith(OLE):
        return next((reason for name, reason in _STREAMS if name.encode("utf-16-le") in data), _XLS)
    if data.startswith(_OLD_SHEETS):
        return _XLS
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "그림 파일입니다. 표준데이터 CSV나 XLSX를 주세요."
    return next((reason for sign, reason in _SIGNS.items() if data.startswith(sign)), "")


def problem_of_text(text: str) -> str:
    """The same for the beginning of a file of text."""
    text = text.lstrip("\ufeff \t\r\n")
    return next((reason for pattern, reason in _TEXTS if pattern.match(text)), "")


def problem_of_package(archive: zipfile.ZipFile) -> str:
    """The same for a zip file that holds no workbook."""
    names = archive.namelist()
    if "mimetype" in names:
        kind = _beginning(archive, "mimetype").decode("latin-1")
        if reason := next((reason for word, reason in _MIMETYPES if word in kind), ""):
            return reason
    for beginning, reason in _PACKAGES:
        if any(name.startswith(beginning) for name in names):
            return reason
    if any(name.lower().endswith((".csv", ".xlsx", ".xls", ".txt")) for name in names):
        return f"압축 파일(ZIP)입니다. 엑셀(XLSX) 파일이 아닙니다. {_UNPACK}"
    return "엑셀(XLSX) 파일이 아닙니다. XLSX 또는 CSV 파일을 주세요."


def main_part(archive: zipfile.ZipFile) -> str:
    """Where a package of Office keeps its workbook, by its own relations; "" where it has none."""
    names = set(archive.namelist())
    if "_rels/.rels" in names:
        for relation in _TARGET.findall(_beginning(archive, "_rels/.rels")):
            values = {name: value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(relation)}
            target = values.get(b"Target", "").lstrip("/").removeprefix("./")
            if values.get(b"Type", "").endswith("/officeDocument") and target in names:
                return "" if target.endswith(".bin") or target.startswith(("word/", "ppt/")) else target
    return "xl/workbook.xml" if "xl/workbook.xml" in names else ""


def is_strict(archive: zipfile.ZipFile, part: str) -> bool:
    return _STRICT_NAMESPACE in _beginning(archive, part)[:4096]


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(_LONGEST_PART)


def problem_of_zip(data: bytes) -> str:
    """What is wrong with a zip file as a workbook; "" where it is one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = main_part(archive)
        if not part:
            return problem_of_package(archive)
        return STRICT if is_strict(archive, part) else ""
