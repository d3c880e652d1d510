"""Looking into PDF files as an archive, a screen reader and a printer would."""

import io
import itertools
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


def assert_tagged(reader: pypdf.PdfReader, *, has_tables: bool = True) -> None:
    elements = structure(reader)
    assert {element["/S"] for element in elements} <= STANDARD_TYPES
    assert_everything_stands_somewhere(reader)
    headers = [element for element in elements if element["/S"] == "/TH"]
    assert bool(headers) == has_tables
    assert {element["/A"]["/Scope"] for element in headers} <= {"/Column", "/Row"}
    assert not has_tables or any(element["/A"]["/Scope"] == "/Column" for element in headers)
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


# ---------------------------------------------------------------- PDF/UA-1 (ISO 14289-1), what can be seen of it

PDFUAID = "{http://www.aiim.org/pdfua/ns/id/}"
_PAINTS = {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"Tj", b"TJ", b"'", b'"', b"Do", b"sh", b"INLINE IMAGE"}  # fmt: skip
_INSIDE = {"/TR": {"/Table", "/THead", "/TBody", "/TFoot"}, "/TH": {"/TR"}, "/TD": {"/TR"}, "/LI": {"/L"}, "/LBody": {"/LI"}, "/Lbl": {"/LI"}}  # fmt: skip


def assert_accessible(reader: pypdf.PdfReader, *, has_tables: bool = True) -> None:
    """The rules of PDF/UA-1 that a machine can see (Matterhorn protocol), one after the other."""
    root = reader.root_object
    assert [element.text for element in xmp(reader).iter(f"{PDFUAID}part")] == ["1"]
    titles = list(xmp(reader).iter("{http://purl.org/dc/elements/1.1/}title"))
    assert "".join(titles[0].itertext()).strip() == reader.metadata.title.strip()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "ko"
    assert root["/MarkInfo"]["/Marked"]
    assert not root["/MarkInfo"].get("/Suspects", False)
    assert "/AcroForm" not in root
    assert_tagged(reader, has_tables=has_tables)
    assert_nothing_is_painted_unmarked(reader)
    assert_headings_skip_no_level(reader)
    assert_elements_stand_in_their_parents(reader)
    assert_annotations_are_told(reader)
    assert_tables_are_regular(reader)
    for name, files in reader.attachments.items():
        assert name
        assert files
    for item in root.get("/AF", ()):
        assert {"/F", "/UF", "/Desc"} <= item.get_object().keys()


def assert_nothing_is_painted_unmarked(reader: pypdf.PdfReader) -> None:
    """Every piece of ink belongs to an element or is an artifact; neither stands within the other."""
    for page in reader.pages:
        kinds = []
        for operands, operator in page.get_contents().operations:
            if operator in (b"BMC", b"BDC"):
                is_artifact = operands[0] == "/Artifact"
                assert not kinds or kinds[-1] == is_artifact
                kinds.append(is_artifact)
            elif operator == b"EMC":
                kinds.pop()
            elif operator in _PAINTS:
                assert kinds, f"{operator!r} paints outside of what is marked"
        assert not kinds


def assert_headings_skip_no_level(reader: pypdf.PdfReader) -> None:
    levels = [
        int(element["/S"][2:]) for element in in_order(reader) if re.fullmatch(r"/H[1-6]", element["/S"])
    ]
    assert levels
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels


def in_order(reader: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    """The elements as they are read."""
    found = []

    def walk(element: object) -> None:
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            for kid in element:
                walk(kid)
        elif isinstance(element, pypdf.generic.DictionaryObject):
            if "/S" in element:
                found.append(element)
            if element.get("/Type") in ("/StructElem", "/StructTreeRoot"):
                walk(element.get("/K", []))

    walk(reader.root_object["/StructTreeRoot"])
    return found


def assert_elements_stand_in_their_parents(reader: pypdf.PdfReader) -> None:
    for element in structure(reader):
        if element["/S"] in _INSIDE:
            parent = element["/P"].get_object()
            assert parent["/S"] in _INSIDE[element["/S"]], (element["/S"], parent["/S"])


def assert_annotations_are_told(reader: pypdf.PdfReader) -> None:
    """Links say where they lead, and are found from the tree; pages with them are walked in its order."""
    numbers = root_numbers(reader)
    for page in reader.pages:
        notes = [note.get_object() for note in page.get("/Annots", [])]
        if notes:
            assert page["/Tabs"] == "/S"
        for note in notes:
            if note["/Subtype"] == "/Link":
                assert note["/Contents"].strip()
                assert numbers[note["/StructParent"]].get_object()["/S"] == "/Link"


def root_numbers(reader: pypdf.PdfReader) -> dict[int, object]:
    listed = reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    return dict(zip(map(int, listed[::2]), listed[1::2], strict=True))


def assert_tables_are_regular(reader: pypdf.PdfReader) -> None:
    """Each row has as many columns as the others, spans counted."""
    for table in structure(reader):
        if table["/S"] != "/Table":
            continue
        widths = set()
        for part in table["/K"]:
            part = part.get_object()
            rows = part["/K"] if part["/S"] != "/TR" else [part]
            for row in rows:
                cells = [cell.get_object() for cell in row.get_object()["/K"]]
                widths.add(sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in cells))
        assert len(widths) == 1, widths
