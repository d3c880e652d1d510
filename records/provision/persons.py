"""The persons of a provision: who asked, who received, who confirmed; erased some years after the case is over."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from casework import persons, portions
from ledger.append import record
from ordinance import parameters
from records.models import (
    PROVISION_PERSONAL,
    CopyEnding,
    HandOver,
    Provision,
    ProvisionCamera,
    ProvisionExtension,
    ProvisionMove,
)
from records.provision_enums import OVER

CODE = "provision"
DAYS = "provision_person_days"
PURPOSES = {
    "verify": "요청한 사람의 신분과 권한 확인",
    "contact": "요청 기관에 연락",
    "find": "찾는 사람·차량 확인",
    "register": "제공대장 확인",
}
ERASED_AT_ONCE = 200


def due(now: datetime) -> "QuerySet[Provision]":
    days = int(parameters.value(DAYS, timezone.localdate(now)).value)
    return (
        Provision.objects.filter(state__in=OVER, person_erased_at__isnull=True)
        .annotate(completed_at=Max("moves__at"))
        .filter(completed_at__lte=now - timedelta(days=days))
        .order_by("pk")
    )


def erase(now: datetime) -> int:
    """Erase one portion; how many cases it was. What the official ledger must hold (bodies, files, grounds) stays."""
    with transaction.atomic():
        rows = portions.hold(lambda: due(now).defer(*PROVISION_PERSONAL), ERASED_AT_ONCE)
        if not rows:
            return 0
        keys = [row.pk for row in rows]
        Provision.objects.filter(pk__in=keys).update(
            **dict.fromkeys((*PROVISION_PERSONAL, "recalled_why"), ""), person_erased_at=now
        )
        HandOver.objects.filter(provision__in=keys).update(receiver_rank="", receiver_name="")
        CopyEnding.objects.filter(hand_over__provision__in=keys).update(confirmer_name="")
        # What was written freely stands in the move, and where it was asked for.
        for model in (ProvisionMove, ProvisionExtension):
            model.objects.filter(provision__in=keys).update(reason="")
        ProvisionCamera.objects.filter(provision__in=keys).update(secured_note="")
        record(
            "records.provision_persons_erased",
            actor="system:records",
            subject="provisions",
            payload={"provisions": [row.number for row in rows]},
        )
    return len(rows)


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="영상정보 이용·제공의 처리",
            model=Provision,
            columns=PROVISION_PERSONAL,
            items="요청한 기관 담당자의 계급·성명·연락처, 영상을 받은 사람과 반환·파기를 확인한 사람의 성명, 찾는 사람·차량에 관한 내용",
            purpose="영상정보의 목적 외 이용·제공 요청을 심사하여 처리하고, 제공한 영상의 반환·파기를 확인하는 데 씁니다.",
            ground="개인정보 보호법 제15조제1항제2호·제18조, 표준 개인정보 보호지침 제42조, 조례 제21조·제24조",
            along=((HandOver, "receiver_name"), (HandOver, "receiver_rank"), (CopyEnding, "confirmer_name")),
            days=DAYS,
            kept_from="이용·제공이 모두 끝난 날부터",
            erase=erase,
            count_due=lambda now: due(now).count(),
            purposes=PURPOSES,
            read_kind="records.provision_person_read",
            permission="records.handle_provision",
            subject=lambda provision: provision.ledger_subject,
        )
    )
