"""발송 대장: numbers, frozen words, and the files as they were sent.

A letter gets its number and its words in one transaction: 부서-연번, in each department and year without a gap, since
nothing that has one is deleted; what is not sent after all keeps its line with the reason. Files are made of the frozen
words alone, so that they are the same before and after; when it is sent they are kept, and the ledger has their digests.
"""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.designations import responsible_on
from accounts.models import Department, Officer
from casework import acts, persons, portions
from casework.acts import File
from casework.numbers_of_year import next_ordinal
from casework.refusals import Refusal, outside, refuse_if, unwritten
from committee.models import Term
from ledger import append
from ordinance import parameters
from ordinance.unchecked import cite
from records.models import ViewingRequest
from reports import hwpx, letterhead, official_pdf
from reports.letters import templates
from reports.letters.kinds import Kind, Matter
from reports.models import OutgoingDocument, SendingWay
from reports.official import Approval, Disclosure, Document, Item

NUMBERED, SENT, VOIDED, OPENED, ERASED = (
    "reports.document_numbered",
    "reports.document_sent",
    "reports.document_voided",
    "reports.document_opened",
    "reports.document_words_erased",
)
ARTICLE = cite("행정업무의 운영 및 혁신에 관한 규정 제11조")
CODE, DAYS = "letter", "letter_person_days"
ERASED_AT_ONCE = 100
# Nobody sends a letter without saying how it left.
WITH_PROOF = frozenset({SendingWay.POST, SendingWay.SYSTEM})


@dataclass(frozen=True)
class Number:
    """A number that is held until the transaction ends."""

    department: Department
    year: int
    ordinal: int

    @property
    def text(self) -> str:
        return f"{self.department.name}-{self.ordinal}"

    @property
    def code(self) -> str:
        return f"{self.department.pk}-{self.year}-{self.ordinal}"


@dataclass(frozen=True)
class Draft:
    """A letter as it will be; the number comes last."""

    kind: Kind
    matter: Matter
    subject: str
    items: tuple[Item, ...]
    template_version: int
    source: str
    disclosure: Disclosure
    disclosure_ground: str
    approvals: tuple[Approval, ...]


def draft(kind: Kind, row: object, asked: Mapping[str, str], *, by: Officer) -> Draft:
    """The words of today's version about this row."""
    matter = kind.matter(row, asked, by)
    words = templates.current(kind.code)
    return Draft(
        kind,
        matter,
        templates.filled(words.subject, matter.values).strip()[:300],
        templates.items(words.body, matter.values),
        words.version,
        _source(row),
        matter.disclosure or kind.disclosure,
        matter.disclosure_ground if matter.disclosure else kind.disclosure_ground,
        matter.approvals,
    )


def _source(row: object) -> str:
    label = getattr(getattr(row, "_meta", None), "label_lower", "")
    return f"{label}:{row.pk}" if label and hasattr(row, "pk") else ""


def next_number(on: dt.date, *, by: Officer, department: Department | None = None) -> Number:
    """Inside a transaction: whoever wants the next one waits until it ends."""
    found = department or responsible_on(on) or by.department
    if found is None:
        refuse_if(
            [
                Refusal(
                    "department",
                    "공문을 시행할 부서가 없습니다.",
                    ARTICLE,
                    "전담부서를 지정하거나 담당자의 부서를 등록하십시오.",
                )
            ]
        )
        raise AssertionError
    return Number(found, on.year, next_ordinal(OutgoingDocument, on.year, department=found))


def document_of(
    written: Draft, *, on: dt.date, number: str, by: Officer, department: Department | None
) -> Document:
    matter = written.matter
    return Document(
        subject=written.subject,
        receiver=matter.receiver,
        via=matter.via,
        items=written.items,
        form=matter.form,
        form_title=matter.form_title,
        tables=matter.tables,
        closing=matter.closing,
        closing_title=matter.closing_title,
        enclosures=matter.enclosures,
        annexes=matter.annexes,
        approvals=written.approvals,
        disclosure=written.disclosure,
        disclosure_ground=written.disclosure_ground,
        **letterhead.of(on, number=number, department=department, officer=by, is_within=matter.is_within),
    )


def issue(written: Draft, *, on: dt.date, by: Officer, number: Number | None = None) -> OutgoingDocument:
    """The letter under its number, with its words as they stay. `number`: one that was held in the same transaction."""
    row = OutgoingDocument()
    with transaction.atomic():
        refuse_if(outside(on, "on", "시행일", until=timezone.localdate(), article=ARTICLE))
        given = number or next_number(on, by=by, department=written.matter.department)
        row.code = given.code
        with acts.begin(NUMBERED, row, by=by) as act:
            document = document_of(written, on=on, number=given.text, by=by, department=given.department)
            words = json.dumps(document.to_json(), ensure_ascii=False, sort_keys=True)
            act.write(
                department=given.department,
                year=given.year,
                ordinal=given.ordinal,
                number=given.text,
                on=on,
                kind=written.kind.code,
                template_version=written.template_version,
                subject=written.subject,
                receiver=written.matter.receiver_reference,
                about=written.matter.about,
                source=written.source,
                words=words,
                salt=act.seal("words", words),
                numbered_at=act.at,
                numbered_by=by,
            )
            act.payload |= {
                "number": given.text,
                "on": on.isoformat(),
                "letter_kind": written.kind.code,
                "about": written.matter.about,
                "template": written.template_version,
            }
    return row


def words_of(row: OutgoingDocument) -> Document:
    """As it was frozen; LookupError once it was erased."""
    if not row.words:
        raise LookupError("보관기간이 지나 내용을 파기한 공문입니다.")
    return Document.from_json(json.loads(row.words))


@dataclass(frozen=True)
class Files:
    pdf: bytes
    hwpx: bytes


def files_of(row: OutgoingDocument, endings: Iterable[str] = ("pdf", "hwpx")) -> dict[str, bytes]:
    """The files: as they were kept when it was sent, else of the frozen words. ValueError where a kept one was changed."""
    kept = {"pdf": (row.pdf, row.pdf_sha256), "hwpx": (row.hwpx, row.hwpx_sha256)}
    found = {}
    for ending in endings:
        text, digest = kept[ending]
        if text:
            found[ending] = base64.b64decode(text)
            if hashlib.sha256(found[ending]).hexdigest() != digest:
                raise ValueError("보존된 파일이 발송할 때와 다릅니다.")
        else:
            found[ending] = _made(row, ending)
    return found


def _made(row: OutgoingDocument, ending: str) -> bytes:
    document = words_of(row)
    if ending == "hwpx":
        return hwpx.of_document(document, created=row.numbered_at)
    return official_pdf.render(document, created=row.numbered_at)


def opened(row: OutgoingDocument, ending: str, *, by: Officer | None = None) -> bytes:
    """For an officer, or for the one who was told by it: that it was opened is in the ledger before anything is shown."""
    with transaction.atomic():
        append.record(
            OPENED,
            actor=f"officer:{by.pk}" if by else "system:website",
            subject=row.ledger_subject,
            payload={"number": row.number, "format": ending},
        )
    return files_of(row, [ending])[ending]


def send(
    row: OutgoingDocument,
    *,
    way: str,
    on: dt.date,
    proof: str = "",
    files: Iterable[File] = (),
    by: Officer,
) -> OutgoingDocument:
    """It has left: the files are kept as they are now. Takes seconds before anything is held."""
    refuse_if(_refuse_sending(row, way, on, proof))
    made = files_of(row)
    with acts.begin(SENT, row, by=by) as act:
        act.refuse(_refuse_sending(act.row, way, on, proof))
        digests = {ending: hashlib.sha256(content).hexdigest() for ending, content in made.items()}
        act.write(
            way=way,
            sent_on=on,
            sent_at=act.at,
            sent_by=by,
            proof=proof,
            pdf=base64.b64encode(made["pdf"]).decode(),
            hwpx=base64.b64encode(made["hwpx"]).decode(),
            pdf_sha256=digests["pdf"],
            hwpx_sha256=digests["hwpx"],
        )
        act.attach(files)
        act.payload |= {
            "number": act.row.number,
            "sending_way": str(way),
            "on": on.isoformat(),
            "pdf_sha256": digests["pdf"],
            "hwpx_sha256": digests["hwpx"],
        }
    return act.row


def _refuse_sending(row: OutgoingDocument, way: str, on: dt.date, proof: str) -> list[Refusal]:
    found = _refuse_done(row)
    if way not in SendingWay.values:
        found.append(Refusal("way", "발송 방법을 고르십시오.", ARTICLE, field="way"))
    found += outside(
        on, "on", "발송일", until=timezone.localdate(), since=row.on, since_name="시행일", article=ARTICLE
    )
    if way in WITH_PROOF and not proof.strip():
        text = "우편은 등기번호를, 전자문서시스템은 그 시스템의 문서번호를 적으십시오."
        found.append(Refusal("proof", text, ARTICLE, field="proof"))
    return found


def _refuse_done(row: OutgoingDocument) -> list[Refusal]:
    if row.is_waiting and not row.erased_at:
        return []
    return [Refusal("done", "이미 발송했거나 발송하지 않기로 한 공문입니다.", ARTICLE)]


def void(row: OutgoingDocument, *, reason: str, by: Officer) -> OutgoingDocument:
    """It is not sent after all; the number is not given again."""
    with acts.begin(VOIDED, row, by=by) as act:
        act.refuse([*_refuse_done(act.row), *unwritten(reason, "reason", "발송하지 않는 까닭을 적으십시오.")])
        act.write(voided_at=act.at, void_reason=reason)
        act.payload |= {"number": act.row.number}
    return act.row


def of_source(row: object) -> "QuerySet[OutgoingDocument]":
    """The letters that were written from this row."""
    return OutgoingDocument.objects.filter(source=_source(row)).defer("words", "pdf", "hwpx")


def due(now: dt.datetime) -> "QuerySet[OutgoingDocument]":
    """Whose words go: their time is over, or the person of their request is erased."""
    days = int(parameters.value(DAYS, timezone.localdate(now)).value)
    subjects = [*_erased_requests(), *_erased_terms()]
    return (
        OutgoingDocument.objects.filter(erased_at__isnull=True)
        .filter(Q(numbered_at__lte=now - dt.timedelta(days=days)) | Q(about__in=subjects))
        .defer("words", "pdf", "hwpx")
        .order_by("pk")
    )


def _numbers(kind: str) -> list[str]:
    """Matters of which letters still have their words: few, however many matters there were."""
    left = OutgoingDocument.objects.filter(erased_at__isnull=True, about__startswith=f"{kind}:")
    return [about.partition(":")[2] for about in left.values_list("about", flat=True)]


def _erased_requests() -> list[str]:
    rows = ViewingRequest.objects.filter(
        receipt_number__in=_numbers("viewing"), person_erased_at__isnull=False
    )
    return [f"viewing:{number}" for number in rows.values_list("receipt_number", flat=True)]


def _erased_terms() -> list[str]:
    rows = Term.objects.filter(number__in=_numbers("committee-term"), member__erased_at__isnull=False)
    return [f"committee-term:{number}" for number in rows.values_list("number", flat=True)]


def erase(now: dt.datetime) -> int:
    with transaction.atomic():
        rows = portions.hold(lambda: due(now), ERASED_AT_ONCE)
        if not rows:
            return 0
        OutgoingDocument.objects.filter(pk__in=[row.pk for row in rows]).update(
            words="", pdf="", hwpx="", salt="", erased_at=now
        )
        append.record(
            ERASED,
            actor="system:reports",
            subject="documents",
            payload={"documents": [row.code for row in rows]},
        )
    return len(rows)


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="발송한 공문",
            model=OutgoingDocument,
            columns=("words", "pdf", "hwpx"),
            items="공문의 수신자 성명과 주소, 공문에 적힌 내용",
            purpose="무엇을 누구에게 언제 알렸는지 증명하는 데 씁니다.",
            ground="개인정보 보호법 제15조제1항제2호",
            days=DAYS,
            kept_from="시행일부터 (열람등 청구의 공문은 청구인의 인적사항과 함께)",
            erase=erase,
            count_due=lambda now: due(now).count(),
            subject=lambda row: row.ledger_subject,
        )
    )
