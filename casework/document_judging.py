"""The program that looks into an attached document (`casework.confined` runs it; never imported).

The office never opens an attachment itself; the person who gets it does. So the question is whether the file is what its
ending says, and whether it carries what such a file has no business to carry: macros, programs, archives, or a few bytes
that unpack to gigabytes. Reasons are words; `casework.attachments` makes sentences of them.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Of a package: how its parts are called. Its contents must not lie about being another kind.
PACKAGES = {
    "docx": ("word/",),
    "xlsx": ("xl/",),
    "pptx": ("ppt/",),
    "hwpx": ("Contents/",),
}
# Of a compound file: the streams that such a document has.
STREAMS = {
    "doc": ("WordDocument",),
    "xls": ("Workbook", "Book"),
    "ppt": ("PowerPoint Document",),
    "hwp": ("HwpSummaryInformation",),
}
PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_HWP = b"HWP Document File"

MOST_PARTS = 5_000
MOST_RATIO = 200
RATIO_APPLIES_FROM = 32 << 20
MOST_NESTED = 2
MOST_OBJECTS = 300_000

# What packages of documents are packed with; other ways unpack slowly or without bound, and nothing of the office uses them.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What a document's part may not begin with; pictures are compressed by gzip in .emz and .wmz.
ALIEN = (
    b"MZ",
    b"\x7fELF",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xfd7zXZ",
    b"BZh91AY&SY",
    b"MSCF",
    b"#!/",
)
COMPRESSED_PICTURES = (".emz", ".wmz", ".svgz")
PROGRAMS = (
    ".exe",
    ".dll",
    ".scr",
    ".bat",
    ".cmd",
    ".com",
    ".js",
    ".vbs",
    ".ps1",
    ".hta",
    ".lnk",
    ".jar",
    ".msi",
)

_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|script|body|iframe)\b", re.I)
# What does something by itself where the reader lets it; names may be written with #-codes, and stand in packed objects.
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|RichMedia|SubmitForm|ImportData)(?![A-Za-z0-9])")
_OPENS_AN_ADDRESS = re.compile(rb"/OpenAction\s*<<[^>]{0,500}/URI\b")
_NAME_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED = re.compile(rb"/ObjStm\b[^\0]{0,2000}?stream\r?\n")
# What is fetched from elsewhere when the document is opened: a template brings macros along, a picture tells who reads it.
_FETCHED = ("attachedtemplate", "oleobject", "frame", "subdocument", "image", "audio", "video", "media")
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
_PACKED_OBJECTS = re.compile(rb"/N\s+(\d{1,12})\b")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)\b", re.I)


class Refused(Exception):
    """`reason` is a word; `inside` names the part that is meant."""

    def __init__(self, reason: str, inside: str = "") -> None:
        self.answer = {"reason": reason, "inside": inside[-100:]}


def decide(content: bytes, wanted: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    ending = wanted["ending"]
    try:
        if ending == "pdf":
            look_into_pdf(content, wanted["unpacked_bytes"])
        elif ending in PACKAGES:
            look_into_package(content, ending, depth=1, budget=Budget(wanted["unpacked_bytes"]))
        else:
            look_into_compound(content, ending)
    except Refused as refusal:
        return refusal.answer, []
    return {"reason": "", "inside": ""}, []


def look_into_pdf(content: bytes, unpacked_bytes: int) -> None:
    if not content.startswith(PDF) or _HTML.search(content, 0, 4096):
        raise Refused("other_kind")
    # A file of two kinds: readers of archives look at the end, readers of PDF at the beginning.
    if b"PK\x05\x06" in content[-66_000:]:
        raise Refused("inside", "ZIP")
    objects = 0
    for _ in _OBJECT.finditer(content):
        objects += 1
        if objects > MOST_OBJECTS:
            raise Refused("too_complex")
    packed = sum(int(found[1]) for found in _PACKED_OBJECTS.finditer(content)) if b"/ObjStm" in content else 0
    if objects + packed > MOST_OBJECTS:
        raise Refused("too_complex")
    budget = Budget(unpacked_bytes)
    for text in (content, *_packed_objects(content, budget)):
        _refuse_active(text)


def _refuse_active(text: bytes) -> None:
    plain = _NAME_CODE.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text
    if found := _ACTIVE.search(plain) or _OPENS_AN_ADDRESS.search(plain):
        raise Refused("active", found[0][:20].decode("ascii", "replace"))


def _packed_objects(content: bytes, budget: "Budget") -> Iterator[bytes]:
    """Objects that are packed together, as most programs write them today."""
    for found in _PACKED.finditer(content):
        end = content.find(b"endstream", found.end())
        try:
            text = zlib.decompressobj().decompress(content[found.end() : end], budget.left + 1)
        except zlib.error:
            continue  # otherwise packed, or nothing: readers do not find objects in it either
        budget.take(len(text))
        yield text


@dataclass
class Budget:
    """How much may still be unpacked, in bytes, of a document and of whatever lies within it."""

    left: int

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Refused("bomb")


def look_into_package(content: bytes, ending: str, *, depth: int, budget: Budget) -> None:
    if depth > MOST_NESTED:
        raise Refused("nested")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Refused("encrypted")
        if any(entry.compress_type not in METHODS for entry in entries):
            raise Refused("damaged")
        unpacked = sum(entry.file_size for entry in entries)
        is_bomb = unpacked > RATIO_APPLIES_FROM and unpacked > MOST_RATIO * len(content)
        if len(entries) > MOST_PARTS or is_bomb:
            raise Refused("bomb")
        budget.take(unpacked)
        names = [entry.filename for entry in entries]
        if not any(name.startswith(PACKAGES[ending]) for name in names) or not _says_so(
            archive, ending, names
        ):
            raise Refused("other_kind")
        for entry in entries:
            _look_into_part(archive, entry, depth, budget)


def _says_so(archive: zipfile.ZipFile, ending: str, names: list[str]) -> bool:
    """Packages of Office list their contents, those of Hangul name themselves. Macros stand in the list."""
    if ending == "hwpx":
        return "mimetype" in names and b"hwp" in archive.read("mimetype")[:200]
    if "[Content_Types].xml" not in names:
        return False
    if b"macroenabled" in archive.read("[Content_Types].xml").lower():
        raise Refused("macro", "[Content_Types].xml")
    return True


def _look_into_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int, budget: Budget) -> None:
    """All of it is unpacked once, in portions: sizes that lie are found out, and so is a broken part."""
    name = entry.filename.lower()
    if name.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in name:
        raise Refused("macro", entry.filename)
    if name.endswith(PROGRAMS):
        raise Refused("inside", entry.filename)
    with archive.open(entry) as part:
        beginning = part.read(4096)
        if beginning.startswith((ZIP, OLE)):
            _look_into_embedded(beginning + part.read(), entry.filename, depth, budget)
            return
        if beginning.startswith(ALIEN) and not name.endswith(COMPRESSED_PICTURES):
            raise Refused("inside", entry.filename)
        # In UTF-16 each letter has a zero beside it.
        if name.endswith((".xml", ".rels", ".hpf")) and _DOCTYPE.search(beginning.replace(b"\0", b"")):
            raise Refused("too_complex", entry.filename)
        if name.endswith(".rels"):
            _refuse_remote(beginning + part.read(), entry.filename)
        while part.read(1 << 20):
            pass


def _refuse_remote(relations: bytes, name: str) -> None:
    """As the programs read it: prefixes, references to characters and encodings hide nothing."""
    from defusedxml.ElementTree import fromstring

    for found in fromstring(relations, forbid_dtd=True).iter():
        is_fetched = found.get("Type", "").rpartition("/")[2].lower() in _FETCHED
        if is_fetched and found.get("TargetMode", "").lower() == "external":
            raise Refused("remote", name)


def _look_into_embedded(content: bytes, name: str, depth: int, budget: Budget) -> None:
    """A chart brings its table along: an Office document within one is looked into the same way."""
    if content.startswith(OLE):
        _refuse_what_runs(content, name)
        return
    ending = name.rpartition(".")[2].lower()
    if ending not in PACKAGES:
        raise Refused("inside", name)
    look_into_package(content, ending, depth=depth + 1, budget=budget)


def look_into_compound(content: bytes, ending: str) -> None:
    if ending == "hwp" and content.startswith(OLD_HWP):
        return
    if not content.startswith(OLE) or not any(_has_stream(content, name) for name in STREAMS[ending]):
        raise Refused("other_kind")
    _refuse_what_runs(content, "")


def _refuse_what_runs(content: bytes, name: str) -> None:
    if _has_stream(content, "_VBA_PROJECT"):
        raise Refused("macro", name)
    if _has_stream(content, "\x01Ole10Native"):
        raise Refused("inside", name)


def _has_stream(content: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in content
