"""게시 (PIPA 18(4), Method Notice art. 2): date, basis, purpose and items, within 30 days, for 10 days in a row.

Never of consent and of an investigation (items 1 and 7): whatever ground the law does not want published is refused here,
whoever asks. What was published is frozen; it goes down by itself, and the ledger has both.
"""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, Refused, unwritten
from casework.resident_numbers import holds_resident_number
from ordinance import parameters
from records.models import HandOver, Provision, ProvisionMove, ProvisionPublication
from records.provision import clocks, findings
from records.provision_enums import ProvisionEvent

ARTICLE = "법 제18조제4항, 개인정보 처리 방법에 관한 고시 제2조"
TAKER_DOWN = "system:records"


def is_owed(provision: Provision) -> bool:
    """Outside the purpose, on a ground that the law wants published."""
    ground = provision.deciding_ground
    return provision.is_outside and ground is not None and ground.must_publish


def of(provision: Provision) -> "QuerySet[ProvisionPublication]":
    return ProvisionPublication.objects.filter(provision=provision).order_by("pk")


def is_open(provision: Provision) -> bool:
    """Something went out that no publication tells of yet."""
    return is_owed(provision) and _untold(provision).exists()


def _untold(provision: Provision) -> "QuerySet[HandOver]":
    """What the law wants published is each release: one after a publication needs another one."""
    return provision.hand_overs.filter(publication=None).order_by("at", "pk")


def why_not(provision: Provision) -> str:
    """Why it is not published, for a person; empty where it is to be."""
    ground = provision.deciding_ground
    if not provision.is_outside:
        return "설치 목적 안의 이용·제공은 게시하지 않습니다."
    if ground is None or not ground.must_publish:
        return f"‘{ground.title if ground else ''}’에 따른 이용·제공은 게시하지 않습니다."
    return ""


def last_day(on: dt.date) -> dt.date:
    """The day of publishing is not counted, so that the days are whole ones."""
    return on + dt.timedelta(days=int(parameters.value("publication_shown_days", on).value))


def publish(provision: Provision, *, purpose: str, items: str, by: Officer) -> ProvisionPublication:
    """On the public site from now on; `purpose` and `items` in words that tell of nobody."""
    with acts.begin("records.provision_published", provision, by=by) as act:
        act.refuse(_check(act.row, purpose, items))
        on, told = timezone.localdate(act.at), list(_untold(act.row))
        days = sorted({timezone.localdate(each.at) for each in told})
        act.move(ProvisionMove, ProvisionEvent.PUBLISH, on=on)
        row = act.add(
            ProvisionPublication(
                provision=act.row,
                released_on=days[0],
                released_again_on=[day.isoformat() for day in days[1:]],
                basis=act.row.basis,
                purpose=purpose.strip(),
                items=items.strip(),
                published_on=on,
                shown_until_on=last_day(on),
                published_at=act.at,
                published_by=by,
            )
        )
        act.row.hand_overs.filter(pk__in=[each.pk for each in told]).update(publication=row)
        clocks.stop(act, clocks.PUBLICATION)
        act.payload |= {
            "provision": act.row.number,
            "on": row.released_on.isoformat(),
            "released_again": row.released_again_on,
            "basis": row.basis,
            "release_purpose": row.purpose,
            "release_items": row.items,
            "shown_until": row.shown_until_on.isoformat(),
        }
        findings.follow(act)
    return row


def _check(provision: Provision, purpose: str, items: str) -> list[Refusal]:
    if why := why_not(provision):
        return [Refusal("never", why, ARTICLE)]
    found = [
        *unwritten(purpose, "purpose", "목적을 적으십시오.", ARTICLE),
        *unwritten(items, "items", "항목을 적으십시오.", ARTICLE),
    ]
    if holds_resident_number(f"{purpose} {items}"):
        found.append(
            Refusal("person", "사람을 알아볼 수 있는 내용은 게시하지 않습니다.", ARTICLE, field="purpose")
        )
    if not provision.hand_overs.exists():
        found.append(Refusal("before", "아직 제공하지 않았습니다.", ARTICLE))
    elif not _untold(provision).exists():
        found.append(Refusal("published", "이미 게시했습니다.", ARTICLE))
    return found


def shown(on: dt.date | None = None) -> "QuerySet[ProvisionPublication]":
    """What stands on the public site on that day."""
    return ProvisionPublication.objects.shown(on or timezone.localdate())


def take_down_due(now: dt.datetime | None = None) -> int:
    """Those whose days are over: the page shows them no more, and the ledger says since when."""
    today = timezone.localdate(now)
    over = ProvisionPublication.objects.filter(taken_down_at__isnull=True, shown_until_on__lt=today)
    return sum(_take_down(row) for row in over.select_related("provision").order_by("pk"))


def _take_down(row: ProvisionPublication) -> bool:
    with acts.begin("records.provision_taken_down", row.provision, actor=TAKER_DOWN) as act:
        held = act.hold(row)
        if held.taken_down_at is not None:
            raise Refused([Refusal("taken_down", "이미 내려간 게시입니다.", ARTICLE)])
        act.move(ProvisionMove, ProvisionEvent.TAKE_DOWN)
        held.taken_down_at = act.at
        held.save(update_fields=["taken_down_at"])
        act.payload |= {"provision": act.row.number, "shown_until": held.shown_until_on.isoformat()}
    return True
