"""A paper of the committee made into pages of A4, in a process of its own (started by `committee.papers`, never imported).

Pages of any size are fitted onto A4, upright or across. What a document could do by itself (scripts, forms, links,
enclosures) is left behind: only what is drawn on its pages is taken.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

A4 = (595.276, 841.89)
MARGIN = 36.0
PICTURES = ("png", "jpg", "jpeg")
# Room at the foot for the stamp.
FOOT = 40.0
LONGEST_TEXT = 2_000_000
LARGEST_PART = 20_000_000
MOST_SECTIONS = 200
MANIFEST = "META-INF/manifest.xml"


def decide(content: bytes, wanted: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    ending = wanted["ending"]
    if ending == "hwpx":
        return words_of_hwpx(content), []
    if ending in PICTURES:
        content = picture_as_pdf(content)
    return pages_of_pdf(content, wanted["most_pages"], is_counted_only=wanted["is_counted_only"])


def pages_of_pdf(
    content: bytes, most_pages: int, *, is_counted_only: bool
) -> tuple[dict[str, Any], list[bytes]]:
    from pypdf import PdfReader, PdfWriter, Transformation
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        # An owner's password alone does not keep anybody from reading.
        if reader.is_encrypted and not reader.decrypt(""):
            return {"reason": "password"}, []
        count = len(reader.pages)
    except (PyPdfError, NotImplementedError):  # the latter: a way to encrypt that pypdf does not know
        return {"reason": "password" if b"/Encrypt" in content else "damaged"}, []
    if count == 0:
        return {"reason": "damaged"}, []
    if count > most_pages:
        return {"reason": "too_many", "pages": count}, []
    if is_counted_only:
        return {"reason": "", "pages": count}, []
    writer = PdfWriter()
    for page in reader.pages:
        box = page.cropbox
        wide_box, high_box = float(box.width), float(box.height)
        if wide_box < 1 or high_box < 1:
            return {"reason": "damaged"}, []
        turn = page.rotation % 360
        width, height = (high_box, wide_box) if turn in (90, 270) else (wide_box, high_box)
        shift = {90: (0.0, wide_box), 180: (wide_box, high_box), 270: (high_box, 0.0)}.get(turn, (0.0, 0.0))
        upright = (
            Transformation().translate(-float(box.left), -float(box.bottom)).rotate(-turn).translate(*shift)
        )
        wide, high = A4 if height >= width else (A4[1], A4[0])
        scale = min((wide - 2 * MARGIN) / width, (high - MARGIN - FOOT) / height)
        left = (wide - width * scale) / 2
        bottom = FOOT + (high - MARGIN - FOOT - height * scale) / 2
        placed = upright.scale(scale).translate(left, bottom)
        sheet = writer.add_blank_page(wide, high)
        if "/Annots" in page:
            del page["/Annots"]
        sheet.merge_transformed_page(page, placed, over=True, expand=False)
    out = io.BytesIO()
    writer.write(out)
    return {"reason": "", "pages": count}, [out.getvalue()]


def picture_as_pdf(content: bytes) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((2480, 3508))
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=200)
    return out.getvalue()


class TooLarge(ValueError):
    """A part that unpacks to more than anybody would read."""


def words_of_hwpx(content: bytes) -> dict[str, Any]:
    """Whatever cannot be read is told by the process around this one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if is_locked(archive):
            return {"reason": "password"}
        try:
            return {"reason": "", "pages": 0, "text": text_of_hwpx(archive)}
        except TooLarge:
            return {"reason": "too_large"}


def is_locked(archive: zipfile.ZipFile) -> bool:
    """Of a document with a password the list of its parts says how each is encrypted."""
    if MANIFEST not in archive.namelist():
        return False
    with archive.open(MANIFEST) as part:
        return b"encryption-data" in part.read(LONGEST_TEXT)


def text_of_hwpx(archive: zipfile.ZipFile) -> list[str]:
    """The words of each paragraph and of each row of a table; pictures are left out."""
    from defusedxml.ElementTree import fromstring

    found: list[str] = []
    names = sorted(
        (name for name in archive.namelist() if re.fullmatch(r"Contents/section\d+\.xml", name)),
        key=lambda name: int(re.sub(r"\D", "", name)),
    )
    for name in names[:MOST_SECTIONS]:
        with archive.open(name) as part:
            text = part.read(LARGEST_PART + 1)
        if len(text) > LARGEST_PART:
            raise TooLarge(name)
        found += lines_of(fromstring(text, forbid_dtd=True))
        if sum(map(len, found)) > LONGEST_TEXT:
            break
    return found


def lines_of(node: Any) -> Iterator[str]:
    """Each paragraph a line, each row of a table a line with its cells side by side."""
    for child in node:
        if child.tag.endswith("}tr"):
            cells = (" ".join(lines_of(cell)) for cell in child)
            if row := " │ ".join(filter(None, cells)):
                yield row
            continue
        if child.tag.endswith("}p") and (words := words_of(child)).strip():
            yield words
        yield from lines_of(child)


def words_of(paragraph: Any) -> str:
    """Its own words, without those of a table that hangs in it."""
    return "".join(
        "".join(node.itertext())
        for run in paragraph
        if run.tag.endswith("}run")
        for node in run
        if node.tag.endswith("}t")
    )
