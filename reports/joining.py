"""Several PDFs of ours as one, which stays what each of them is: archivable, titled, in Korean, and tagged.

The first lends everything that is said of a file once; of the others come the pages and what their tags say of them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def join(paths: Sequence[Path], target: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    first, *others = (PdfReader(str(path)) for path in paths)
    writer = PdfWriter(clone_from=first)
    try:
        identity: Any = first.trailer["/ID"]
        writer._ID = identity
        for other in others:
            start = len(writer.pages)
            writer.append(other, import_outline=False)
            _take_tags(writer, other, start)
        writer.compress_identical_objects()
        writer.write(str(target))
    finally:
        writer.close()


def _take_tags(writer: Any, other: Any, start: int) -> None:
    """Hang the tags of the pages from `start` on into the document's tree; each page knows its own by number."""
    from pypdf.generic import NameObject, NumberObject

    tree = writer.root_object["/StructTreeRoot"]
    taken = other.root_object["/StructTreeRoot"].clone(writer)
    document = tree["/K"][0].get_object()
    for kid in taken["/K"][0].get_object()["/K"]:
        kid.get_object()[NameObject("/P")] = document.indirect_reference
        document["/K"].append(kid)
    owners = taken["/ParentTree"]["/Nums"][1::2][: len(other.pages)]
    for number, owned in enumerate(owners, start=start):
        tree["/ParentTree"]["/Nums"].extend([NumberObject(number), owned])
        writer.pages[number][NameObject("/StructParents")] = NumberObject(number)
