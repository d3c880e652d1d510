"""안내판 갈음: where the website stands in for the sign (Decree art. 24(2)), decided for a reason and a time."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Officer
from cameras import findings
from cameras.enums import SubstituteReason
from cameras.models import SignSubstitute, Site
from ledger import append

KIND_SUBSTITUTED = "cameras.sign_substituted"
CITATION = "개인정보 보호법 시행령 제24조제2항"


def in_force(on: dt.date | None = None) -> "QuerySet[SignSubstitute]":
    """Decisions that hold on that day."""
    day = on or timezone.localdate()
    return SignSubstitute.objects.filter(from_on__lte=day).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=day)
    )


@transaction.atomic
def decide(
    site: Site,
    *,
    reason: str,
    explanation: str,
    document_number: str,
    from_on: dt.date,
    until_on: dt.date | None,
    by: Officer,
) -> SignSubstitute:
    """Let the website stand in for the sign of a site; refused while another decision holds in that time."""
    Site.objects.select_for_update().get(pk=site.pk)
    if not explanation.strip() or not document_number.strip():
        raise ValidationError("설명과 문서번호를 적으십시오.")
    if until_on is not None and until_on < from_on:
        raise ValidationError("마지막 날은 시작일보다 앞설 수 없습니다.")
    others = SignSubstitute.objects.filter(site=site).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=from_on)
    )
    if until_on is not None:
        others = others.filter(from_on__lte=until_on)
    if others.exists():
        raise ValidationError("이 설치장소에는 같은 기간의 갈음 결정이 이미 있습니다.")
    decided = SignSubstitute.objects.create(
        site=site,
        reason=SubstituteReason(reason),
        explanation=explanation.strip(),
        document_number=document_number.strip(),
        from_on=from_on,
        until_on=until_on,
        decided_by=by,
    )
    _record(decided, "decided", by)
    return decided


@transaction.atomic
def end(substitute: SignSubstitute, *, on: dt.date, by: Officer) -> SignSubstitute:
    """The last day on which the website stands in; from the next day the site needs its sign."""
    locked = (
        SignSubstitute.objects.select_for_update(of=("self",)).select_related("site").get(pk=substitute.pk)
    )
    if locked.until_on is not None and locked.until_on <= on:
        raise ValidationError("그 전에 이미 끝나는 결정입니다.")
    if on < locked.from_on:
        raise ValidationError("마지막 날은 시작일보다 앞설 수 없습니다.")
    locked.until_on = on
    locked.save(update_fields=["until_on"])
    _record(locked, "ended", by)
    return locked


def _record(substitute: SignSubstitute, act: str, by: Officer) -> None:
    findings.follow_sites([substitute.site_id])
    append.record(
        KIND_SUBSTITUTED,
        actor=f"officer:{by.pk}",
        subject=f"site:{substitute.site.number}",
        payload={
            "act": act,
            "reason": str(substitute.reason),
            "document": substitute.document_number,
            "from": substitute.from_on.isoformat(),
            "until": substitute.until_on.isoformat() if substitute.until_on else None,
        },
    )
