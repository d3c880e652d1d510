"""Making signs: what is printed becomes a version of the site's sign, frozen.

First a plan (nothing is stored), from which the PDF is made; then `record`, which stores the plans in one transaction.
A sign in use that says the same is printed again under its version; a different one takes its place.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import Officer
from cameras import entrustment, findings
from cameras.models import Camera, Sign, SignCamera, Site
from cameras.signs.contents import (
    ADDRESS,
    Contents,
    Law,
    NothingToSay,
    is_integrated_camera,
    leads_nowhere,
    with_named_cameras,
)
from ledger import append

KIND_MADE = "cameras.sign_made"
REPLACED = "새 판으로 교체"
BATCH = 500


class Overtaken(RuntimeError):
    """Somebody else made a sign of the same site meanwhile; making it again helps."""


@dataclass(frozen=True)
class Plan:
    """A sign to be printed. `current` is the one in use; it is printed again when `is_reprint`."""

    site: Site
    contents: Contents
    version: int
    made_on: dt.date
    current: Sign | None
    shared_digest: str
    # By primary key of the camera: `entrustment.full_key` of its contractors.
    entrusted: Mapping[int, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of what the sign lacks: lines of the law, and an address that leads to the site."""
        return (*self.contents.missing, *((ADDRESS,) if leads_nowhere() else ()))

    @property
    def is_reprint(self) -> bool:
        return self.current is not None and self.current.version == self.version


@dataclass(frozen=True)
class Plans:
    """Plans in the order of the sites, and the sites for which no sign can be made, with the reason."""

    plans: list[Plan]
    left_out: list[tuple[str, str]]


def plan(sites: "QuerySet[Site]", *, on: dt.date | None = None) -> Plans:
    """What would be printed for these sites, by number; a handful of queries however many they are."""
    day = on or timezone.localdate()
    law = Law(day)
    found = list(with_named_cameras(sites).order_by("number"))
    current = {sign.site_id: sign for sign in signs_in_use([site.pk for site in found])}
    latest = _latest_versions([site.pk for site in found])
    law.look_up_contractors(camera for site in found for camera in site.named)  # type: ignore[attr-defined]
    plans, left_out = [], []
    for site in found:
        try:
            contents = law.contents(site)
        except NothingToSay as reason:
            left_out.append((site.number, str(reason)))
            continue
        plans.append(_plan_one(site, contents, law, current.get(site.pk), latest.get(site.pk, 0)))
    return Plans(plans, left_out)


def signs_in_use(sites: Sequence[int]) -> "QuerySet[Sign]":
    return Sign.objects.filter(site__in=Site.objects.filter(pk__in=sites), retired_on__isnull=True)


def _latest_versions(sites: Sequence[int]) -> dict[int, int]:
    rows = Sign.objects.filter(site__in=Site.objects.filter(pk__in=sites)).order_by()
    return dict(rows.values_list("site").annotate(latest=Max("version")))


def _plan_one(site: Site, contents: Contents, law: Law, current: Sign | None, latest: int) -> Plan:
    says_the_same = current is not None and current.digest == contents.digest
    return Plan(
        site=site,
        contents=contents,
        version=current.version if current is not None and says_the_same else latest + 1,
        made_on=current.made_on if current is not None and says_the_same else law.on,
        current=current,
        shared_digest=law.shared_digest(site.institution, is_integrated=bool(contents.integrated)),
        entrusted={
            key: entrustment.full_key(named)
            for key, named in law.entrusted(site.named).items()  # type: ignore[attr-defined]
        },
    )


@transaction.atomic
def record(plans: Iterable[Plan], *, size: str, by: Officer | None, actor: str = "") -> list[Sign]:
    """Store what was printed, one ledger line a sign, in the order of the plans.

    Raises `Overtaken` and stores nothing when a site has got another sign since it was planned.
    """
    made = []
    all_plans = list(plans)
    for start in range(0, len(all_plans), BATCH):
        made += _record_batch(all_plans[start : start + BATCH], size, by)
    # A new sign takes the place of one that may have been checked: until it hangs, the duty is unmet.
    findings.follow_sites(each.site.pk for each in all_plans if not each.is_reprint)
    append.record_many(
        append.Draft(
            KIND_MADE,
            actor or (f"officer:{by.pk}" if by else "command:render_sign"),
            f"site:{each.site.number}",
            {
                "version": each.version,
                "sha256": each.contents.digest,
                "size": size,
                "is_reprint": each.is_reprint,
                "cameras": len(each.contents.cameras),
            },
        )
        for each in all_plans
    )
    return made


def _record_batch(plans: Sequence[Plan], size: str, by: Officer | None) -> list[Sign]:
    _refuse_overtaken(plans)
    today = timezone.localdate()
    replaced = [each.current.pk for each in plans if each.current is not None and not each.is_reprint]
    Sign.objects.filter(pk__in=replaced).update(retired_on=today, retired_reason=REPLACED)
    reprinted = [each.current.pk for each in plans if each.current is not None and each.is_reprint]
    # The size on record is that of the sign that hangs; until one hangs, of the last print.
    Sign.objects.filter(pk__in=reprinted, put_up_on__isnull=True).update(size=size)
    new = [each for each in plans if not each.is_reprint]
    signs = Sign.objects.bulk_create([_sign(each, size, by) for each in new])
    SignCamera.objects.bulk_create(
        [line for sign, each in zip(signs, new, strict=True) for line in _lines(sign, each)],
        batch_size=BATCH,
    )
    stored = dict(zip((each.site.pk for each in new), signs, strict=True))
    return [stored.get(each.site.pk) or each.current for each in plans]  # type: ignore[misc]


def _refuse_overtaken(plans: Sequence[Plan]) -> None:
    """The rows of the sites are locked, so that two makers stand in line; then the signs in use must be the planned."""
    sites = [each.site.pk for each in plans]
    list(Site.objects.select_for_update().filter(pk__in=sites).order_by("pk").values_list("pk"))
    now = {sign.site_id: sign.pk for sign in signs_in_use(sites)}
    latest = _latest_versions(sites)
    for each in plans:
        expected = each.current.pk if each.current else None
        is_free = each.is_reprint or latest.get(each.site.pk, 0) < each.version
        if now.get(each.site.pk) != expected or not is_free:
            raise Overtaken(f"{each.site.number}: 그사이 다른 사람이 안내판을 만들었습니다. 다시 만드십시오.")


def _sign(each: Plan, size: str, by: Officer | None) -> Sign:
    return Sign(
        site=each.site,
        version=each.version,
        size=size,
        contents=each.contents.frozen,
        digest=each.contents.digest,
        shared_digest=each.shared_digest,
        made_on=each.made_on,
        made_by=by,
    )


def _lines(sign: Sign, each: Plan) -> Iterable[SignCamera]:
    cameras: list[Camera] = each.site.named  # type: ignore[attr-defined]
    manager = each.contents.manager
    # A department's or institution's telephone is in the shared part.
    phone = manager.phone if manager.is_cameras_phone else ""
    for camera in cameras:
        yield SignCamera(
            sign=sign,
            camera=camera,
            install_purpose=camera.install_purpose,
            purpose_detail=camera.purpose_detail,
            filming_range=camera.filming_range,
            filming_direction=camera.filming_direction,
            filming_hours=camera.filming_hours,
            operating_hours=camera.operating_hours,
            after_hours_purpose=camera.after_hours_purpose,
            entrusted=each.entrusted[camera.pk],
            address=each.site.address,
            is_integrated=is_integrated_camera(camera),
            is_not_stored=camera.stores_nothing,
            phone=phone if camera.phone == phone else "",
        )
