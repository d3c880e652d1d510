"""부착과 교체: a printed sign goes up on the pole, and comes down again."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from cameras import findings
from cameras.models import Sign
from ledger import append

KIND_PUT_UP = "cameras.sign_put_up"
KIND_RETIRED = "cameras.sign_retired"
KIND_CORRECTED = "cameras.sign_date_corrected"


@transaction.atomic
def put_up(signs: Iterable[int], *, on: dt.date, by: Officer, position: str = "") -> list[Sign]:
    """Mark signs (primary keys) as hanging since that day; those that hang already or are retired stay as they are.

    Returns the signs that were marked. A photograph must still follow: hanging is not yet checked.
    """
    if on > timezone.localdate():
        raise ValidationError("설치일은 오늘보다 늦을 수 없습니다.")
    waiting = list(
        Sign.objects.select_for_update(of=("self",))
        .filter(pk__in=list(signs), put_up_on__isnull=True, retired_on__isnull=True)
        .select_related("site")
        .order_by("pk")
    )
    if too_early := [sign for sign in waiting if on < sign.made_on]:
        first = too_early[0]
        raise ValidationError(
            f"설치일이 안내판을 만든 날({first.made_on:%Y-%m-%d})보다 앞섭니다: {first.site.number}"
        )
    for sign in waiting:
        sign.put_up_on, sign.put_up_by = on, by
        sign.position = position.strip() or sign.position
    Sign.objects.bulk_update(waiting, ["put_up_on", "put_up_by", "position"], batch_size=500)
    findings.follow_sites(sign.site_id for sign in waiting)
    append.record_many(
        append.Draft(
            KIND_PUT_UP,
            f"officer:{by.pk}",
            f"site:{sign.site.number}",
            {"version": sign.version, "on": on.isoformat()},
        )
        for sign in waiting
    )
    return waiting


@transaction.atomic
def correct(sign: Sign, *, on: dt.date, reason: str, by: Officer) -> Sign:
    """The day of hanging was written down wrongly: the right one, with the reason. Both days stay in the ledger.

    Raises ValidationError. What was checked by photograph stays as it is: those days were not written by hand.
    """
    locked = Sign.objects.select_for_update(of=("self",)).select_related("site").get(pk=sign.pk)
    was = locked.put_up_on
    if was is None:
        raise ValidationError("아직 설치하지 않은 안내판입니다. ‘설치로 적기’를 쓰십시오.")
    if not reason.strip():
        raise ValidationError({"reason": "무엇이 잘못되었는지 사유를 적으십시오."})
    if on == was:
        raise ValidationError({"on": "지금 적힌 설치일과 같습니다."})
    latest = min(filter(None, (timezone.localdate(), locked.last_checked_on, locked.retired_on)))
    if not locked.made_on <= on <= latest:
        raise ValidationError(
            {
                "on": f"설치일은 안내판을 만든 날({locked.made_on:%Y-%m-%d})부터 {latest:%Y-%m-%d}까지의 날짜입니다"
                "(오늘, 사진으로 확인한 날, 교체·철거일 가운데 가장 앞선 날)."
            }
        )
    locked.put_up_on = on
    locked.save(update_fields=["put_up_on"])
    findings.follow_sites([locked.site_id])
    append.record(
        KIND_CORRECTED,
        actor=f"officer:{by.pk}",
        subject=f"site:{locked.site.number}",
        payload={
            "version": locked.version,
            "was": was.isoformat(),
            "on": on.isoformat(),
            "reason": reason.strip(),
        },
    )
    return locked


@transaction.atomic
def retire(sign: Sign, *, on: dt.date, reason: str, by: Officer) -> Sign:
    """The sign was taken down or got lost: it is no longer in use. The row stays, and cannot be put back."""
    locked = Sign.objects.select_for_update(of=("self",)).select_related("site").get(pk=sign.pk)
    if locked.retired_on is not None:
        raise ValidationError("이미 교체·철거한 안내판입니다.")
    if not reason.strip():
        raise ValidationError("사유를 적으십시오.")
    earliest = locked.put_up_on or locked.made_on
    if not earliest <= on <= timezone.localdate():
        raise ValidationError(f"교체·철거일은 {earliest:%Y-%m-%d}부터 오늘까지의 날짜입니다.")
    locked.retired_on, locked.retired_reason = on, reason.strip()
    locked.save(update_fields=["retired_on", "retired_reason"])
    findings.follow_sites([locked.site_id])
    append.record(
        KIND_RETIRED,
        actor=f"officer:{by.pk}",
        subject=f"site:{locked.site.number}",
        payload={"version": locked.version, "on": on.isoformat()},
    )
    return locked
