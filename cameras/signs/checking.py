"""사진 확인: an official at the pole photographs the sign, and the sign counts as checked.

A photograph counts when its code is that of the site's sign, when it was taken near the site, not long ago, and when it
has not been used before. What the file does not say is not measured: a picture without time or place could be one of our
own PDF. Whatever does not count is kept as refused with the reason, and a person may still confirm by hand, with a reason
(and the day, where the file says none) that stays on record as that person's word.
"""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from cameras import findings
from cameras.models import Sign, SignCheck, Site
from cameras.signs import recognition
from cameras.signs.photo import Photo, Position, open_photo
from ledger import append
from ordinance import parameters

KIND_CHECKED = "cameras.sign_checked"
LONGEST_REASON = 300
# Telephones and servers never agree to the second.
CLOCK_SLACK = dt.timedelta(minutes=10)


class NoSite(ValueError):
    """Nobody can tell which site the photograph belongs to; the message says why. Nothing is kept."""


@dataclass(frozen=True)
class _Evidence:
    photo: Photo
    content: bytes
    sha256: str
    taken_at: dt.datetime | None
    position: Position | None
    distance: int | None


def check(
    content: bytes,
    *,
    by: Officer,
    site: Site | None = None,
    position: Position | None = None,
    now: dt.datetime | None = None,
) -> SignCheck:
    """Look at a photograph and record what came of it, read or refused.

    `site` is where the official stands; without it the code says which. `position` is that of the telephone, used where
    the photograph holds none. Raises `photo.NoPicture` for what is no photograph and `NoSite`.
    """
    at = now or timezone.now()
    opened = open_photo(content)
    seen = recognition.recognise(opened.gray, place=site)
    place = site or seen.site
    if place is None:
        raise NoSite(seen.reason)
    evidence = _evidence(opened, content, place, position, at)
    with transaction.atomic():
        sign = _sign_in_use(place)
        problem = _mismatch(seen, place) or _doubt(evidence, sign, at)
        outcome = SignCheck.Outcome.REFUSED if problem else SignCheck.Outcome.READ
        return _keep(evidence, place, sign, outcome, problem, by)


def confirm(refused: SignCheck, *, reason: str, by: Officer, stated_on: dt.date | None = None) -> SignCheck:
    """Count a refused photograph all the same, on a person's word; the reason stays on record.

    `stated_on` is the day on which that person took it, asked for where the photograph says no time. Raises
    ValidationError.
    """
    if not reason.strip():
        raise ValidationError("직접 확인하는 사유를 적으십시오.")
    if refused.taken_at is None and stated_on is None:
        raise ValidationError({"stated_on": "사진에 찍은 때가 없습니다. 언제 찍었는지 적으십시오."})
    if stated_on is not None and stated_on > timezone.localdate():
        raise ValidationError({"stated_on": "찍은 날은 오늘보다 늦을 수 없습니다."})
    with transaction.atomic():
        sign = _sign_in_use(refused.site)
        # Held: a photograph that is counted now is not erased meanwhile (`photo_erasure`).
        held = SignCheck.objects.select_for_update(of=("self",)).select_related("site")
        refused = held.get(pk=refused.pk)
        if not refused.photo:
            raise ValidationError("보관기간이 지나 사진을 파기하였습니다. 현장에서 다시 찍으십시오.")
        if refused.outcome != SignCheck.Outcome.REFUSED:
            raise ValidationError("확인하지 못한 사진만 직접 확인할 수 있습니다.")
        if sign is None:
            raise ValidationError("이 설치장소에는 쓰고 있는 안내판이 없습니다. 먼저 안내판을 만드십시오.")
        if _counted().filter(photo_sha256=refused.photo_sha256, site=refused.site).exists():
            raise ValidationError("이 사진으로 이미 확인하였습니다.")
        if stated_on is not None and stated_on < sign.made_on:
            raise ValidationError(
                {"stated_on": f"안내판을 만든 날({sign.made_on:%Y-%m-%d})보다 먼저 찍을 수 없습니다."}
            )
        confirmed = SignCheck(
            site=refused.site,
            sign=sign,
            outcome=SignCheck.Outcome.BY_HAND,
            reason=reason.strip()[:LONGEST_REASON],
            photo=refused.photo.name,
            public_photo=refused.public_photo.name,
            photo_sha256=refused.photo_sha256,
            taken_at=refused.taken_at,
            stated_on=stated_on if refused.taken_at is None else None,
            latitude=refused.latitude,
            longitude=refused.longitude,
            distance_metres=refused.distance_metres,
            checked_by=by,
        )
        confirmed.save()
        _mark(sign, confirmed, by)
        _record(confirmed, by)
    return confirmed


def _evidence(opened: Photo, content: bytes, site: Site, told: Position | None, at: dt.datetime) -> _Evidence:
    position = opened.position or told
    there = None
    if site.latitude is not None and site.longitude is not None:
        there = Position(site.latitude, site.longitude)
    return _Evidence(
        photo=opened,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        taken_at=_believable(opened.taken_at, at),
        position=position,
        distance=position.metres_to(there) if position and there else None,
    )


def _believable(taken_at: dt.datetime | None, at: dt.datetime) -> dt.datetime | None:
    """The photograph's own time, unless it lies ahead: then the telephone's clock is wrong, and nobody knows the time."""
    return taken_at if taken_at is not None and taken_at <= at + CLOCK_SLACK else None


def _mismatch(seen: recognition.Recognised, site: Site) -> str:
    if not seen.is_readable or seen.site is None:
        return seen.reason
    if seen.site.pk != site.pk:
        return f"다른 설치장소({seen.site.number})의 안내판입니다. 이 설치장소는 {site.number}입니다."
    return ""


def _doubt(evidence: _Evidence, sign: Sign | None, at: dt.datetime) -> str:
    """Why a photograph of the right code does not count."""
    if sign is None:
        return "이 설치장소에는 쓰고 있는 안내판이 없습니다. 먼저 안내판을 만드십시오."
    limit = parameters.value("sign_photo_metres")
    if evidence.distance is not None and evidence.distance > limit.value:
        return f"설치장소에서 {evidence.distance:,} m 떨어진 곳에서 찍은 사진입니다. 한도는 {limit.value:,} m입니다."
    days = parameters.value("sign_photo_days")
    if evidence.taken_at is not None:
        age = (timezone.localdate(at) - timezone.localdate(evidence.taken_at)).days
        if age > days.value:
            return f"{age:,}일 전에 찍은 사진입니다. 찍은 지 {days.value}일까지의 사진을 씁니다."
        if timezone.localdate(evidence.taken_at) < sign.made_on:
            return f"안내판을 만든 날({sign.made_on:%Y-%m-%d})보다 먼저 찍은 사진입니다."
    if _counted().filter(photo_sha256=evidence.sha256).exists():
        return "이미 확인에 쓴 사진입니다. 새로 찍으십시오."
    return _unmeasured(evidence)


def _unmeasured(evidence: _Evidence) -> str:
    """What nobody can tell from the photograph: whether it was taken there and then is a person's word."""
    if evidence.position is not None and evidence.distance is None:
        where = "이 설치장소의 좌표가 대장에 없어 거리를 재지 못했습니다."
    elif evidence.position is None:
        where = "사진에 찍은 곳이 없습니다. 현장에서 ‘내 위치 함께 보내기’를 누르고 다시 찍으십시오."
    else:
        where = ""
    when = (
        ""
        if evidence.taken_at is not None
        else "사진에 찍은 때가 없습니다. 휴대전화의 원본 사진을 올리십시오."
    )
    if not (where or when):
        return ""
    return " ".join(
        filter(None, (when, where, "그럴 수 없으면 언제 어디서 찍었는지 적고 직접 확인하십시오."))
    )


def _counted() -> "QuerySet[SignCheck]":
    return SignCheck.objects.exclude(outcome=SignCheck.Outcome.REFUSED)


def _sign_in_use(site: Site) -> Sign | None:
    return Sign.objects.select_for_update().filter(site=site, retired_on__isnull=True).first()


def _keep(
    evidence: _Evidence, site: Site, sign: Sign | None, outcome: str, problem: str, by: Officer
) -> SignCheck:
    check = SignCheck(
        site=site,
        sign=sign,
        outcome=outcome,
        reason=problem[:LONGEST_REASON],
        photo_sha256=evidence.sha256,
        taken_at=evidence.taken_at,
        latitude=evidence.position.latitude if evidence.position else None,
        longitude=evidence.position.longitude if evidence.position else None,
        distance_metres=min(evidence.distance, 2_000_000_000) if evidence.distance is not None else None,
        checked_by=by,
    )
    # Names that nobody can guess: the folder of uploads is not public, and this makes sure of it.
    name = uuid.uuid4().hex
    check.photo.save(f"{name}.original", ContentFile(evidence.content), save=False)
    check.public_photo.save(f"{name}.jpg", ContentFile(evidence.photo.public), save=False)
    check.save()
    if sign is not None and outcome == SignCheck.Outcome.READ:
        _mark(sign, check, by)
    _record(check, by)
    return check


def _mark(sign: Sign, check: SignCheck, by: Officer) -> None:
    """Checked on the day of the photograph; the first one also says that the sign hangs."""
    on = max(check.seen_on, sign.made_on)
    sign.last_checked_on = max(on, sign.last_checked_on or on)
    if sign.put_up_on is None:
        sign.put_up_on, sign.put_up_by = on, by
    sign.save(update_fields=["last_checked_on", "put_up_on", "put_up_by"])
    findings.follow_sites([sign.site_id])


def _record(check: SignCheck, by: Officer) -> None:
    append.record(
        KIND_CHECKED,
        actor=f"officer:{by.pk}",
        subject=f"site:{check.site.number}",
        payload={
            "outcome": str(check.outcome),
            "version": check.sign.version if check.sign else None,
            "photo": check.photo_sha256,
            "distance_metres": check.distance_metres,
            **({"stated_on": check.stated_on.isoformat()} if check.stated_on else {}),
        },
    )
