"""Who sent an opinion: masked by default, read with a reason on record, erased after the period that was told.

The period is counted from the end of the consultation. It is the one that the consent text of that notice named; where
the district has since chosen a shorter one, that one. Never longer than promised.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from accounts.models import Officer
from cameras.consultation.notice import PERSON_DAYS
from cameras.consultation.phase import ended, ended_at
from cameras.enums import PersonReadPurpose
from cameras.models import Opinion, OpinionPersonReading, PublicConsultation
from casework import acts, persons
from casework.models import Attachment
from ledger import append
from ordinance import parameters

CODE = "opinion"
KIND_READ = "cameras.opinion_person_read"
KIND_FILE_READ = "cameras.opinion_file_read"
KIND_ERASED = "cameras.opinion_person_erased"
ERASER = "system:erase_opinion_persons"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is due in one consultation, or was erased: counts only."""

    consultation: PublicConsultation
    due_at: dt.datetime
    opinions: int
    files: int


def with_person() -> "QuerySet[Opinion]":
    """Opinions that hold a name, a contact or a sender's file. Nothing is decrypted for the question."""
    return (
        Opinion.objects.annotate(name_length=Length("name"), contact_length=Length("contact"))
        .filter(Q(name_length__gt=0) | Q(contact_length__gt=0) | Q(attachment__isnull=False))
        .defer("name", "contact")
    )


def read(
    opinion: Opinion, *, purpose: str, detail: str, by: Officer, now: dt.datetime | None = None
) -> Person:
    """The name and contact in clear, once, with who, when and why on record before anything is shown."""
    if purpose not in PersonReadPurpose.values:
        raise ValidationError({"purpose": "열람 목적을 고르십시오."})
    words = " ".join(detail.split())
    if purpose == PersonReadPurpose.OTHER and not words:
        raise ValidationError({"detail": "목적이 ‘기타’이면 구체적인 사유를 적으십시오."})
    with transaction.atomic():
        locked = Opinion.objects.select_for_update().get(pk=opinion.pk)
        if locked.person_erased_at is not None:
            raise ValidationError("인적사항을 이미 파기했습니다.")
        OpinionPersonReading.objects.create(
            opinion=locked, read_at=now or timezone.now(), read_by=by, purpose=purpose, detail=words[:200]
        )
        # Words that may name a person stay out of the ledger, which is never erased.
        persons.read(CODE, locked, purpose=purpose, by=by)
    return Person(locked.name, locked.contact)


def note_file_read(opinion: Opinion, *, by: Officer) -> None:
    """The sender's file left the system; why stands in the reading before it (`read`)."""
    with acts.begin(KIND_FILE_READ, opinion, by=by) as act:
        act.payload["sha256"] = opinion.attachment.sha256 if opinion.attachment else ""


def erase_at(consultation: PublicConsultation) -> dt.datetime:
    """When the persons of this consultation are erased: midnight after the last day of the period."""
    days = min(int(consultation.notice["person_days"]), int(parameters.value(PERSON_DAYS).value))
    last = timezone.localtime(ended_at(consultation) - dt.timedelta(microseconds=1)).date()
    midnight = dt.datetime.combine(
        last + dt.timedelta(days=days + 1), dt.time(), timezone.get_default_timezone()
    )
    return midnight


def due(now: dt.datetime | None = None) -> list[Erasure]:
    """The dry run: what `erase_due` would erase."""
    at = now or timezone.now()
    found = []
    for consultation in ended(at).filter(pk__in=with_person().values("consultation")).order_by("pk"):
        due_at = erase_at(consultation)
        if due_at > at:
            continue
        opinions = with_person().filter(consultation=consultation)
        found.append(
            Erasure(
                consultation,
                due_at,
                opinions=opinions.count(),
                files=opinions.exclude(attachment=None).count(),
            )
        )
    return found


def erase_due(now: dt.datetime | None = None) -> list[Erasure]:
    """Erase names, contacts, senders' files and the words of readings where the period is over.

    One transaction and one ledger line per consultation; the opinion's text stays. Running twice erases nothing more.
    """
    at = now or timezone.now()
    done = (_erase(erasure, at) for erasure in due(at))
    return [erasure for erasure in done if erasure is not None]


def _erase(erasure: Erasure, at: dt.datetime) -> Erasure | None:
    """None where another run was quicker, or the period is longer by now."""
    with transaction.atomic():
        held = PublicConsultation.objects.select_for_update().get(pk=erasure.consultation.pk)
        rows = with_person().filter(consultation=held)
        keys = list(rows.values_list("pk", flat=True))
        if not keys or erase_at(held) > at:
            return None
        files = list(Attachment.objects.filter(pk__in=rows.exclude(attachment=None).values("attachment")))
        Opinion.objects.filter(pk__in=keys).update(name="", contact="", attachment=None, person_erased_at=at)
        OpinionPersonReading.objects.filter(opinion__in=keys).update(detail="")
        for file in files:
            _delete_file(file)
        done = Erasure(erasure.consultation, erasure.due_at, opinions=len(keys), files=len(files))
        append.record(
            KIND_ERASED,
            actor=ERASER,
            subject=f"consultation:{erasure.consultation.number}",
            payload={"opinions": done.opinions, "files": done.files, "at": at.isoformat()},
        )
    return done


def _delete_file(attachment: Attachment) -> None:
    """The row within the transaction, the file once that is stored: a failure keeps both."""
    storage, name = attachment.file.storage, str(attachment.file.name)
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="의견수렴에 낸 의견의 확인",
            model=Opinion,
            columns=("name", "contact"),
            items="성명, 연락처, 붙인 파일 (모두 선택)",
            purpose="의견의 내용을 확인하고 처리 결과를 알리는 데 씁니다.",
            ground="정보주체의 동의 (개인정보 보호법 제15조제1항제1호)",
            is_consented=True,
            days=PERSON_DAYS,
            kept_from="의견수렴이 끝난 날부터",
            erase=lambda now: sum(each.opinions for each in erase_due(now)),
            count_due=lambda now: sum(each.opinions for each in due(now)),
            purposes=dict(PersonReadPurpose.choices),
            read_kind=KIND_READ,
            permission="cameras.read_opinion_person",
            subject=lambda opinion: opinion.ledger_subject,
        )
    )
