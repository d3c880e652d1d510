"""What persons said and what was said of them in a review: kept as long as the history of permissions, then emptied."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casework import persons, portions
from ledger.append import record
from ordinance import parameters
from records.models import AccessFinding
from records.people.persons import DAYS

CODE = "access_findings"
ERASED = "records.access_words_erased"
COLUMNS = ("explanation", "judged_words", "measure")
ERASED_AT_ONCE = 200


def due(now: datetime) -> "QuerySet[AccessFinding]":
    today = timezone.localdate(now)
    limit = now - timedelta(days=int(parameters.value(DAYS, today).value))
    return (
        AccessFinding.objects.filter(words_erased_at__isnull=True, review__frozen_at__lt=limit)
        .defer(*COLUMNS)
        .order_by("pk")
    )


def erase(now: datetime) -> int:
    with transaction.atomic():
        rows = portions.hold(lambda: due(now), ERASED_AT_ONCE)
        if not rows:
            return 0
        AccessFinding.objects.filter(pk__in=[row.pk for row in rows]).update(
            **dict.fromkeys(COLUMNS, ""), salts={}, words_erased_at=now
        )
        record(ERASED, actor="system:records", subject="access-findings", payload={"count": len(rows)})
    return len(rows)


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="접속기록 점검의 소명과 판정",
            model=AccessFinding,
            columns=COLUMNS,
            items="점검에서 물은 사람의 소명, 판정의 까닭, 조치",
            purpose="영상을 까닭 없이 본 일이 있는지 확인하고 그 결과를 처리합니다.",
            ground="개인정보 보호법 제29조, 개인정보의 안전성 확보조치 기준 제8조, 조례 제23조",
            days=DAYS,
            kept_from="점검을 확정한 날부터",
            erase=erase,
            count_due=lambda now: due(now).count(),
        )
    )
