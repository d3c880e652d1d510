"""Looking into PDF files as an archive, a screen reader and a printer would."""

import io
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pypdf
from PIL import Image
from pypdf.generic import IndirectObject

PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
STANDARD_TYPES = {
    "/Document", "/Part", "/Art", "/Sect", "/Div", "/BlockQuote", "/Caption", "/NonStruct", "/P", "/H1", "/H2", "/H3",
    "/H4", "/H5", "/H6", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD", "/THead", "/TBody", "/TFoot",
    "/Span", "/Link", "/Figure",
}  # fmt: skip


def read(source: Path | bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(source) if isinstance(source, bytes) else source)


def xmp(reader: pypdf.PdfReader) -> ElementTree.Element:
    return ElementTree.fromstring(reader.root_object["/Metadata"].get_object().get_data())


def structure(reader: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    """Every structure element below the root, depth first."""
    found, todo = [], [reader.root_object["/StructTreeRoot"]]
    while todo:
        element = todo.pop().get_object()
        if not isinstance(element, pypdf.generic.DictionaryObject):
            continue
        if element.get("/S"):
            found.append(element)
        kids = element.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        todo.extend(kid for kid in kids if not isinstance(kid, int))
    return found


def assert_archivable(reader: pypdf.PdfReader) -> None:
    """The parts of PDF/A-3a that can be seen without a validator."""
    root = reader.root_object
    identification = [element.attrib for element in xmp(reader).iter() if f"{PDFAID}part" in element.attrib]
    assert identification[0][f"{PDFAID}part"] == "3"
    assert identification[0][f"{PDFAID}conformance"] == "A"
    assert root["/Lang"] == "ko"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert reader.metadata.title
    assert reader.metadata.author
    assert reader.metadata["/Keywords"]
    assert "/JavaScript" not in root.get("/Names", {})
    assert reader.trailer["/ID"]
    assert not reader.is_encrypted
    assert_fonts_embedded(reader)


def assert_fonts_embedded(reader: pypdf.PdfReader) -> None:
    names = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            names.add(font["/BaseFont"])
            assert font["/Subtype"] == "/Type0", font["/BaseFont"]
            assert "/ToUnicode" in font
            (descendant,) = font["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys(), font["/BaseFont"]
    assert any("Nanum" in name or "Noto" in name for name in names)


def assert_tagged(reader: pypdf.PdfReader) -> None:
    elements = structure(reader)
    assert {element["/S"] for element in elements} <= STANDARD_TYPES
    assert_everything_stands_somewhere(reader)
    headers = [element for element in elements if element["/S"] == "/TH"]
    assert headers
    assert {element["/A"]["/Scope"] for element in headers} <= {"/Column", "/Row"}
    assert any(element["/A"]["/Scope"] == "/Column" for element in headers)
    for element in elements:
        if element["/S"] == "/Figure":
            assert element["/Alt"]
        assert "/ID" not in element


def assert_everything_stands_somewhere(reader: pypdf.PdfReader) -> None:
    """Each marked piece of a page belongs to an element of the document, or is an artifact."""
    elements = {element.indirect_reference.idnum for element in structure(reader)}
    owners = reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for number, page in enumerate(reader.pages):
        content = page.get_contents().get_data()
        marked = {int(mcid) for mcid in re.findall(rb"/MCID (\d+)", content)}
        listed = list(owners[2 * number + 1].get_object())
        owned = {place: owner for place, owner in enumerate(listed) if isinstance(owner, IndirectObject)}
        assert owned.keys() == marked
        assert {owner.idnum for owner in owned.values()} <= elements


def page_images(path: Path, folder: Path, dpi: int = 50) -> list[np.ndarray]:
    """Each page as a grey picture, 0 black to 255 white."""
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", str(path), str(folder / path.stem)],
        check=True,
        capture_output=True,
    )
    return [np.asarray(Image.open(page)) for page in sorted(folder.glob(f"{path.stem}-*.pgm"))]


def assert_well_printed(path: Path, folder: Path, *, margin_mm: float = 8) -> None:
    """No page is blank, and nothing is cut off at the edge of the paper."""
    dpi = 50
    pages = page_images(path, folder, dpi)
    assert pages
    edge = int(margin_mm / 25.4 * dpi)
    for number, page in enumerate(pages, start=1):
        ink = page < 200
        body = ink[int(page.shape[0] * 0.09) : int(page.shape[0] * 0.9)]
        assert body.sum() > 40, f"page {number} of {path.name} is blank"
        frame = ink.copy()
        frame[edge:-edge, edge:-edge] = False
        assert not frame.any(), f"page {number} of {path.name} has ink in its margin"


def text(path: Path) -> list[str]:
    """What a person can copy from each page."""
    found = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True)
    return found.stdout.decode().split("\f")[:-1]


def words(content: bytes) -> str:
    """All its text, in the order of its pages."""
    return "\n".join(page.extract_text() for page in read(content).pages)
