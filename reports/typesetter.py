"""Turns one HTML file into one PDF/A-3a file, in a process of its own: `python -m reports.typesetter`.

WeasyPrint needs a few hundred megabytes and does not promise to be safe in threads; a process of its own gives the
memory back, can be killed by a cancel, and lets volumes be rendered side by side. A Celery prefork worker may not
fork a pool, so the process is started, not forked. It does not load Django: it starts in under half a second.

One job comes as a line of JSON on standard input, one answer leaves as a line of JSON on standard output:

    {"html": path, "pdf": path, "created": ISO, "attachments": [{path, name, description, relationship}]}
    {"pages": 12, "bytes": …, "peak_kib": …, "seconds": …, "messages": […]} or {"error": "…"}
"""

import gc
import hashlib
import json
import logging
import resource
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reports import fonts, tagging, typography
from reports.typography import WORD_JOINER

VARIANT = "pdf/a-3a"
# A template that says `<meta name="accessible" content="PDF/UA-1">` is one whose PDFs our tests look at (pdf_checks). An
# archive wants the schema of that claim described (ISO 19005-3, 6.6.2.3).
ACCESSIBLE = "PDF/UA-1"
_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_END = b"</rdf:RDF>"
# A table of some thousand cells makes millions of long-lived objects; looking at them all again and again for garbage
# costs a quarter of the time.
GARBAGE_THRESHOLDS = (50_000, 20, 20)


class _Messages(logging.Handler):
    """What WeasyPrint complained about: a rule it does not know, an image without a description."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def typeset(job: Mapping[str, Any]) -> dict[str, Any]:
    """Render one job and write its file."""
    started = time.monotonic()
    messages = _Messages()
    logging.getLogger("weasyprint").handlers = [messages]
    source = Path(job["html"]).read_text("utf-8")
    created = datetime.fromisoformat(job["created"])
    document = read(source).render(pdf_variant=VARIANT)
    document.metadata.created = document.metadata.modified = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if document.metadata.custom.get("accessible") == ACCESSIBLE:
        _claim(document.metadata)
    attachments = [_attachment(item, created) for item in job.get("attachments", ())]
    document.write_pdf(
        job["pdf"],
        finisher=finish,
        pdf_variant=VARIANT,
        # The same content has the same identifier: a copy can be compared byte by byte.
        pdf_identifier=hashlib.sha256(source.encode()).hexdigest()[:32].encode(),
        attachments=attachments,
    )
    return {
        "pages": len(document.pages),
        "bytes": Path(job["pdf"]).stat().st_size,
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "seconds": round(time.monotonic() - started, 3),
        "messages": messages.texts,
    }


def _claim(metadata: Any) -> None:
    """Say in the metadata that the file is accessible, within the one RDF block that XMP allows."""
    generate = metadata.generate_rdf_metadata

    def with_claim(*args: Any) -> bytes:
        before, end, after = generate(*args).rpartition(_END)
        return before + _CLAIM + end + after

    metadata.generate_rdf_metadata = with_claim


def read(source: str) -> Any:
    """The parsed document with its text set. Only here is text changed: see `typography`."""
    import weasyprint

    html = weasyprint.HTML(string=source, url_fetcher=_no_requests())
    typography.set_text(html.etree_element)
    return html


def _no_requests() -> Any:
    """Documents bring everything along: nothing is fetched, from the disk or from the network.

    An address that stands in one nevertheless is a message, not the end of the document.
    """
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=())


def _attachment(item: Mapping[str, str], created: datetime) -> Any:
    import weasyprint

    return weasyprint.Attachment(
        file_obj=Path(item["path"]).open("rb"),
        name=item["name"],
        description=item["description"],
        relationship=item["relationship"],
        created=created.astimezone(UTC),
        modified=created.astimezone(UTC),
    )


def finish(document: Any, pdf: Any) -> None:
    """Mend what WeasyPrint 70 leaves open for an archive: tags, and each attachment associated once."""
    tagging.mend(document, pdf)
    _clean_titles(pdf.objects)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def _clean_titles(objects: Iterable[Any]) -> None:
    """Word joiners keep words whole on the page; in a list of bookmarks they would only spoil the search."""
    for item in objects:
        if isinstance(item, dict) and "Title" in item and WORD_JOINER in item["Title"].string:
            item["Title"] = type(item["Title"])(item["Title"].string.replace(WORD_JOINER, ""))


def main() -> int:
    """Answer jobs until standard input ends."""
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    import weasyprint  # noqa: F401 - loaded while the parent still counts its figures

    fonts.load()
    for line in sys.stdin:
        try:
            answer = typeset(json.loads(line))
        except MemoryError:
            answer = {"error": "메모리가 부족합니다."}
        except (
            BaseException
        ) as error:  # WeasyPrint has failures that are no Exception; each is of its document only
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
