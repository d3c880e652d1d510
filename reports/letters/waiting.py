"""공문의 발송: of a matter whose letter has its number and has not left, that is the next step, before everything else."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from cameras.models import PriorConsultation
from casework import dispatch, next_steps
from casework.next_steps import NextStep
from committee.models import Meeting
from records.models import Provision, ViewingRequest
from reports.letters.kinds import KINDS
from reports.models import OutgoingDocument

CODE = "reports.letter_unsent"


def listen() -> None:
    for model in (ViewingRequest, Provision, PriorConsultation, Meeting):
        next_steps.register(model, of_matters)
    dispatch.register(is_unsent)


def unsent() -> "QuerySet[OutgoingDocument]":
    return OutgoingDocument.objects.filter(
        sent_at__isnull=True, voided_at__isnull=True, erased_at__isnull=True
    )


def is_unsent(about: str, number: str) -> bool:
    return unsent().filter(about=about, number=number).exists()


def of_matters(matters: Sequence[Any], now: dt.datetime) -> Mapping[int, NextStep]:
    by_subject = {matter.ledger_subject: matter.pk for matter in matters}
    found: dict[int, NextStep] = {}
    waiting = unsent().filter(about__in=by_subject, kind__in=KINDS).defer("words", "pdf", "hwpx")
    for row in waiting.order_by("numbered_at", "pk"):
        found.setdefault(by_subject[row.about], _step(row))
    return found


def _step(row: OutgoingDocument) -> NextStep:
    kind = KINDS[row.kind]
    return NextStep(
        CODE,
        "공문을 보내고 발송 기록하기",
        f"{kind.title} {row.number}",
        kind.permission,
        "documents:send",
        (row.pk,),
        due_on=row.on,
        since=row.numbered_at,
        page_name="documents:page",
        page_args=(row.pk,),
        note=f"{kind.title} {row.number}: 번호를 받았고 아직 보내지 않았습니다. 보내지 않을 공문은 까닭을 적습니다.",
    )
