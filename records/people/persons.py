"""The persons of the staff list: kept as long as the history of their permissions, then name and address go."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casework import persons, portions
from ledger.append import record
from ordinance import parameters
from records.models import StaffMember

CODE = "staff"
DAYS = "staff_person_days"
ERASED_AT_ONCE = 200


def due(now: datetime) -> "QuerySet[StaffMember]":
    today = timezone.localdate(now)
    days = int(parameters.value(DAYS, today).value)
    return (
        StaffMember.objects.filter(person_erased_at__isnull=True, ends_on__lt=today - timedelta(days=days))
        .defer("name", "address")
        .order_by("pk")
    )


def erase(now: datetime) -> int:
    with transaction.atomic():
        rows = portions.hold(lambda: due(now), ERASED_AT_ONCE)
        if not rows:
            return 0
        StaffMember.objects.filter(pk__in=[row.pk for row in rows]).update(
            name="", address="", person_erased_at=now
        )
        record(
            "records.staff_persons_erased",
            actor="system:records",
            subject="staff",
            payload={"count": len(rows)},
        )
    return len(rows)


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="통합관제센터의 인력 관리와 접속기록 점검",
            model=StaffMember,
            columns=("name", "address"),
            items="근무하는 사람의 성명, 주소",
            purpose=(
                "관제 인력의 배치와 접근권한을 관리하고, 접속기록을 점검합니다. 주소는 자기 거주지 둘레를 열람했는지 "
                "점검하는 데만 씁니다."
            ),
            ground="개인정보 보호법 제15조제1항제2호, 제29조, 개인정보의 안전성 확보조치 기준 제5조·제8조, 조례 제17조·제23조",
            days=DAYS,
            kept_from="근무가 끝난 날부터",
            erase=erase,
            count_due=lambda now: due(now).count(),
        )
    )
