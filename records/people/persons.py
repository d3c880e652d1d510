"""The persons of the staff list: kept as long as the history of their permissions, then name and address go."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casework import persons, portions
from ledger.append import record
from ordinance import parameters
from records.models import Incident, StaffMember, Visit

CODE = "staff"
DAYS = "staff_person_days"
INCIDENT_CODE, INCIDENT_DAYS = "incident", "incident_person_days"
VISIT_CODE, VISIT_DAYS = "visit", "visit_person_days"
VISIT_READ = "records.visit_person_read"
ERASED_AT_ONCE = 200


def due(now: datetime) -> "QuerySet[StaffMember]":
    today = timezone.localdate(now)
    days = int(parameters.value(DAYS, today).value)
    return (
        StaffMember.objects.left(today - timedelta(days=days))
        .filter(person_erased_at__isnull=True)
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


def incidents_due(now: datetime) -> "QuerySet[Incident]":
    today = timezone.localdate(now)
    days = int(parameters.value(INCIDENT_DAYS, today).value)
    kept = Incident.objects.filter(person_erased_at__isnull=True, entered_by__isnull=False)
    return kept.filter(noticed_at__lt=now - timedelta(days=days)).defer("told_to").order_by("pk")


def erase_incidents(now: datetime) -> int:
    """Whoever was told goes; that somebody was, and when, stays."""
    with transaction.atomic():
        rows = portions.hold(lambda: incidents_due(now), ERASED_AT_ONCE)
        if not rows:
            return 0
        Incident.objects.filter(pk__in=[row.pk for row in rows]).update(told_to="", person_erased_at=now)
        record(
            "records.incident_persons_erased",
            actor="system:records",
            subject="incidents",
            payload={"count": len(rows)},
        )
    return len(rows)


def visits_due(now: datetime) -> "QuerySet[Visit]":
    days = int(parameters.value(VISIT_DAYS, timezone.localdate(now)).value)
    kept = Visit.objects.filter(person_erased_at__isnull=True, planned_until__lt=now - timedelta(days=days))
    return kept.defer("name", "phone").order_by("pk")


def erase_visits(now: datetime) -> int:
    """The visit stays, without who it was."""
    with transaction.atomic():
        rows = portions.hold(lambda: visits_due(now), ERASED_AT_ONCE)
        if not rows:
            return 0
        Visit.objects.filter(pk__in=[row.pk for row in rows]).update(name="", phone="", person_erased_at=now)
        record(
            "records.visit_persons_erased",
            actor="system:records",
            subject="visits",
            payload={"count": len(rows)},
        )
    return len(rows)


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=VISIT_CODE,
            title="통합관제센터 통제구역의 출입",
            model=Visit,
            columns=("name", "phone"),
            items="출입하는 사람의 성명, 연락처",
            purpose="통제구역의 출입을 미리 승인하고 누가 드나들었는지 남깁니다.",
            ground="개인정보 보호법 제15조제1항제3호, 조례 제19조",
            days=VISIT_DAYS,
            kept_from="예정한 날부터",
            erase=erase_visits,
            count_due=lambda now: visits_due(now).count(),
            purposes={
                "door": "출입문에서 본인 확인",
                "approve": "출입 승인 검토",
                "contact": "신청한 사람에게 연락",
                "inspect": "점검과 감사",
            },
            read_kind=VISIT_READ,
            permission="records.view_visit_log",
            subject=lambda visit: visit.ledger_subject,
        )
    )
    persons.register(
        persons.PersonalData(
            code=INCIDENT_CODE,
            title="관제 중 인지한 상황의 통보",
            model=Incident,
            columns=("told_to",),
            items="통보받은 사람의 소속과 성명",
            purpose="상황을 누구에게 알렸는지 확인합니다.",
            ground="개인정보 보호법 제15조제1항제3호, 조례 제18조",
            days=INCIDENT_DAYS,
            kept_from="상황을 인지한 날부터",
            erase=erase_incidents,
            count_due=lambda now: incidents_due(now).count(),
        )
    )
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
