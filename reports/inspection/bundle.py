"""Making the inspector's bundle: tables, ledger, lists of destroyed files, issued papers, an index; hashed, listed, signed.

Nothing that is made stays in memory: tables are written row by row, files are copied block by block. The ledger is exported
after the tables, so that each row's entry is in it; what was entered meanwhile stands in no table, and the list says up to
which entry the tables go. Making one is a line of the ledger, with the purpose where names are in it.
"""

import datetime as dt
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from ledger import append, files, heads, keys
from ledger import bundle as ledger_bundle
from ledger import seal as sealer
from ledger.canonical import instant_text
from ledger.models import Entry
from reports import sealing
from reports.documents import official_ledger
from reports.files import FileUnavailable, download_name, open_report, open_volume
from reports.inspection import destroyed, index, names, sections, verify_inspection
from reports.inspection.listed import Listed
from reports.inspection.tables import Link, Span
from reports.models import IssuedReport

MADE = "reports.inspection_bundled"
LONGEST = dt.timedelta(days=366 * 5)
MAX_PURPOSE = 300
CHECKER = sealing.INSPECTION_CHECKER_NAME


class UnusableSpan(ValueError):
    """No bundle can be made of these days; the message says why."""


@dataclass
class Made:
    files: list[Listed] = field(default_factory=list)
    # Papers that could not be put in, in words.
    absent: list[str] = field(default_factory=list)
    manifest_sha256: str = ""
    key_id: str = ""
    entries: int = 0

    @property
    def rows(self) -> int:
        return sum(file.rows or 0 for file in self.files)


def make(from_on: dt.date, until_on: dt.date, output: Path, *, actor: str, names_for: str = "") -> Made:
    """The bundle of these days, both included. With `names_for`, the purpose, persons are named."""
    span = _span(from_on, until_on)
    purpose = names_for.strip()[:MAX_PURPOSE]
    ledgers = _official_ledgers(span, actor) if purpose else {}
    with files.replacing(output) as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            made = _Writer(archive, span).write(ledgers, has_names=bool(purpose))
        _enter(made, span, purpose, actor)
    return made


def _span(from_on: dt.date, until_on: dt.date) -> Span:
    if until_on < from_on:
        raise UnusableSpan("끝 날이 시작 날보다 앞섭니다.")
    if from_on > timezone.localdate():
        raise UnusableSpan("아직 오지 않은 날의 묶음은 만들 수 없습니다.")
    if until_on - from_on > LONGEST:
        raise UnusableSpan("한 번에 다섯 해까지 만들 수 있습니다.")
    return Span(from_on, until_on, Entry.objects.last_sequence())


def _official_ledgers(span: Span, actor: str) -> dict[str, official_ledger.Made]:
    """By path; each is a line of the ledger of its own. Names of recipients and requesters are in them."""
    return {
        f"names/{name.value}{ending}": official_ledger.make(
            name, span.from_on, span.until_on, ending, actor=actor
        )
        for name in official_ledger.Name
        for ending in (".csv", ".pdf")
    }


def _enter(made: Made, span: Span, purpose: str, actor: str) -> None:
    with transaction.atomic():
        append.record(
            MADE,
            actor=actor,
            subject="inspection",
            payload={
                "from": span.from_on.isoformat(),
                "until": span.until_on.isoformat(),
                "files": len(made.files),
                "rows": made.rows,
                "manifest_sha256": made.manifest_sha256,
                "with_names": bool(purpose),
                "purpose": purpose,
            },
        )


class _Hashed:
    """Writes through, and knows what went."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self.bytes = 0
        self.closed = False

    def write(self, block: bytes) -> int:
        self._digest.update(block)
        self.bytes += len(block)
        self._target.write(block)
        return len(block)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    # What io.TextIOWrapper asks of a file.
    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def flush(self) -> None:
        return None


def _member(path: str, packing: int) -> zipfile.ZipInfo:
    """When and how it was made stands in the signed list, not in what a ZIP says of a member."""
    info = zipfile.ZipInfo(path, verify_inspection.MADE_AT)
    info.compress_type, info.external_attr = packing, verify_inspection.MODE
    return info


class _Writer:
    def __init__(self, archive: zipfile.ZipFile, span: Span) -> None:
        self.archive = archive
        self.span = span
        self.made = Made()
        self.at = timezone.now()

    def write(self, ledgers: dict[str, official_ledger.Made], *, has_names: bool) -> Made:
        for table in sections.TABLES:
            with self._file(table.path, table.title, table.article, table.note, link=table.link) as (
                target,
                done,
            ):
                done(table.write(self.span, target))
        self._destroyed()
        self._papers()
        if has_names:
            self._names(ledgers)
        self._ledger()
        self._index(has_names=has_names)
        self._sign()
        return self.made

    def _destroyed(self) -> None:
        with self._file(
            destroyed.SWEEPS, destroyed.TITLE, "제24조제2항", destroyed.NOTE, link=destroyed.LINK
        ) as (target, done):
            done(destroyed.write_sweeps(self.span, target))
        for month in destroyed.months(self.span):
            with self._file(
                destroyed.blocks_path(month),
                f"{destroyed.BLOCKS_TITLE} {month.from_on:%Y-%m}",
                "제24조제2항",
                destroyed.BLOCKS_NOTE,
                is_manifests=True,
            ) as (target, done):
                done(destroyed.write_blocks(month, target))

    def _papers(self) -> None:
        """The reports that were issued in the span, as they were frozen."""
        issued = IssuedReport.objects.filter(
            issued_at__gte=self.span.start, issued_at__lt=self.span.end, ledger_entry__isnull=False
        )
        for report in issued.order_by("issued_at", "pk"):
            self._paper(report, None, partial(open_report, report))
            for volume in report.volumes:
                self._paper(report, volume["number"], partial(open_volume, report, volume["number"]))

    def _paper(self, report: IssuedReport, number: int | None, opens: Callable[[], BinaryIO]) -> None:
        name = download_name(report, number)
        title = f"{report.period} 위원회 보고서 제{report.version}판" + (
            f" 부록 {number}권" if number else ""
        )
        try:
            source = opens()
        except FileUnavailable as error:
            self.made.absent.append(f"{title}: {error}")
            return
        with (
            source,
            self._file(f"reports/{name}", title, "제28조", "발행한 파일 그대로", is_packed=True) as (
                target,
                _,
            ),
        ):
            shutil.copyfileobj(source, target, 1 << 20)

    def _names(self, ledgers: dict[str, official_ledger.Made]) -> None:
        path, title = names.OFFICERS
        with self._file(path, title, "", "다른 표의 ‘officer:번호’가 누구인지") as (target, done):
            done(names.write_officers(target))
        path, title = names.REQUESTERS
        with self._file(path, title, "제22조", "파기한 인적사항은 없습니다.") as (target, done):
            done(names.write_requesters(self.span, target))
        for path, ledger in ledgers.items():
            title = official_ledger.TITLES[official_ledger.Name(Path(path).stem)]
            with self._file(path, title, "제21조, 제22조", "이 기간의 대장") as (target, done):
                target.write(ledger.content)
                if path.endswith(".csv"):
                    done(ledger.rows)

    def _ledger(self) -> None:
        """After everything that its entries stand behind."""
        head = sealer.seal()
        with tempfile.TemporaryDirectory(prefix="inspection-") as folder:
            exported = Path(folder) / "ledger"
            self.made.entries, _ = ledger_bundle.export(exported)
            with (
                exported.open("rb") as source,
                self._file(
                    verify_inspection.LEDGER,
                    "업무 원장",
                    "조례 전체",
                    "처음부터 모두. 성명이 없습니다.",
                    is_packed=True,
                ) as (target, _),
            ):
                shutil.copyfileobj(source, target, 1 << 20)
        with self._file(verify_inspection.HEAD, "원장의 봉인", "", "서명된 것") as (target, _):
            target.write((json.dumps(heads.as_data(head), ensure_ascii=False, indent=1) + "\n").encode())

    def _index(self, *, has_names: bool) -> None:
        with self._file(CHECKER, "검사기", "", "누리집에서 받은 것과 같은지 먼저 대조하십시오.") as (
            target,
            _,
        ):
            target.write(sealing.program(CHECKER))
        contents = index.Contents(
            self.span, self.at, list(self.made.files), self.made.absent, self.made.entries, has_names
        )
        for name, content in (("index.html", index.page(contents)), ("index.pdf", index.paper(contents))):
            with self._file(name, "차례", "", "") as (target, _):
                target.write(content)

    def _sign(self) -> None:
        period = {
            "from": self.span.from_on.isoformat(),
            "until": self.span.until_on.isoformat(),
            "start": instant_text(self.span.start),
            "end": instant_text(self.span.end),
            "entries": self.span.entries,
        }
        listing = {
            "format": verify_inspection.FORMAT,
            "made_at": instant_text(self.at),
            "period": period,
            "absent": self.made.absent,
            "files": [file.as_json() for file in self.made.files],
        }
        content = (json.dumps(listing, ensure_ascii=False, indent=1) + "\n").encode()
        key = keys.signing_key()
        signature = {
            "public_key": key.public.hex(),
            "signature": key.private.sign(verify_inspection.signed_text(content)).hex(),
        }
        self.archive.writestr(_member(verify_inspection.MANIFEST, zipfile.ZIP_DEFLATED), content)
        text = json.dumps(signature, indent=1) + "\n"
        self.archive.writestr(_member(verify_inspection.SIGNATURE, zipfile.ZIP_DEFLATED), text)
        self.made.manifest_sha256, self.made.key_id = hashlib.sha256(content).hexdigest(), key.id

    @contextmanager
    def _file(
        self,
        path: str,
        title: str,
        article: str,
        note: str,
        *,
        link: Link | None = None,
        is_manifests: bool = False,
        is_packed: bool = False,
    ) -> Iterator[tuple[Any, Callable[[int], None]]]:
        """A file of the bundle to write to, and a word for how many rows it has. `is_packed`: it is compressed already."""
        info = _member(path, zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED)
        rows: list[int] = []
        with self.archive.open(info, "w", force_zip64=True) as member:
            target = _Hashed(member)
            yield target, rows.append
        self.made.files.append(
            Listed(
                path,
                title,
                article,
                note,
                target.bytes,
                target.sha256,
                rows[0] if rows else None,
                link,
                is_manifests,
            )
        )
