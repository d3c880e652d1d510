"""Signs of the sample district: made, hanging and photographed for most places, with a gap of each kind for some.

Which place has a gap is a matter of its place in the list. All checks share one photograph, made here: what a rule
asks for is that there is one.
"""

import hashlib
import io
from dataclasses import replace
from datetime import timedelta

import segno
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import Officer
from cameras import register
from cameras.models import Camera, Sign, SignCheck, Site
from cameras.signs import making, substitutes
from cameras.signs.contents import public_address
from cameras.signs.photo import open_photo

MADE, HUNG, CHECKED = timedelta(days=200), timedelta(days=190), timedelta(days=60)
LAPSED = timedelta(days=400)
# One site in so many …
WITHOUT_SIGN, NOT_HUNG, NOT_CHECKED, CHECK_LAPSED, DIFFERENT = 25, 40, 45, 50, 60
NEW_HOURS = "06:00~24:00"


def hang(official: Officer, manager: Officer) -> None:
    """Nothing is done where there are signs already."""
    if Sign.objects.exists():
        return
    wanted = [
        plan for place, plan in enumerate(making.plan(Site.objects.all()).plans) if place % WITHOUT_SIGN
    ]
    today = timezone.localdate()
    with transaction.atomic():
        made = [
            replace(plan, made_on=today - (LAPSED if _is(place, CHECK_LAPSED) else MADE))
            for place, plan in enumerate(wanted)
        ]
        signs = making.record(made, size="A4", by=official)
        _put_up(signs, official)
        _photograph(signs, official)
    _let_some_differ(signs, official)
    _substitute_one(manager)


def _is(place: int, one_in: int) -> bool:
    return place % one_in == one_in - 1


def _put_up(signs: list[Sign], by: Officer) -> None:
    today = timezone.localdate()
    for place, sign in enumerate(signs):
        if _is(place, NOT_HUNG):
            continue
        sign.put_up_by = by
        sign.put_up_on = sign.made_on + (MADE - HUNG)
        if _is(place, CHECK_LAPSED):
            sign.last_checked_on = sign.put_up_on
        elif not _is(place, NOT_CHECKED):
            sign.last_checked_on = today - CHECKED
    Sign.objects.bulk_update(signs, ["put_up_on", "put_up_by", "last_checked_on"], batch_size=500)


def _photograph(signs: list[Sign], by: Officer) -> None:
    """One check for each sign that was checked, all with the same photograph."""
    checked = [sign for sign in signs if sign.last_checked_on is not None]
    if not checked:
        return
    content = _picture(checked[0].site)
    first = SignCheck(site=checked[0].site)
    first.photo.save("sample.jpg", ContentFile(content), save=False)
    first.public_photo.save("sample-public.jpg", ContentFile(open_photo(content).public), save=False)
    SignCheck.objects.bulk_create(
        [
            SignCheck(
                site=sign.site,
                sign=sign,
                outcome=SignCheck.Outcome.BY_HAND,
                reason="표본 자료: 종이 점검표에서 옮김",
                photo=first.photo.name,
                public_photo=first.public_photo.name,
                photo_sha256=hashlib.sha256(content).hexdigest(),
                # Nobody measured where and when: the paper says so.
                stated_on=sign.last_checked_on,
                checked_by=by,
            )
            for sign in checked
            if sign.last_checked_on is not None
        ],
        batch_size=500,
    )


def _picture(site: Site) -> bytes:
    """A sheet with a code on a grey wall: small, and readable."""
    out = io.BytesIO()
    segno.make(public_address(site), error="h").save(out, kind="png", scale=6, border=4)
    code = Image.open(out).convert("RGB")
    picture = Image.new("RGB", (640, 800), (118, 124, 130))
    ImageDraw.Draw(picture).rectangle((90, 60, 550, 740), fill="white")
    ImageDraw.Draw(picture).rectangle((110, 80, 530, 170), fill=(11, 37, 69))
    picture.paste(code, (320 - code.width // 2, 700 - code.height))
    answer = io.BytesIO()
    picture.save(answer, "JPEG", quality=80)
    return answer.getvalue()


def _let_some_differ(signs: list[Sign], by: Officer) -> None:
    """The hours of some cameras were changed after their sign was made."""
    chosen = [sign.site_id for place, sign in enumerate(signs) if _is(place, DIFFERENT)]
    cameras = Camera.objects.filter(site__in=chosen, ordinal=1)
    register.bulk_change(
        cameras, {"filming_hours": NEW_HOURS}, by=by, reason="야간 소등 구역 조정 (표본 자료)"
    )


def _substitute_one(manager: Officer) -> None:
    """A place that has no sign, since one would be of no use there."""
    site = Site.objects.filter(signs__isnull=True).order_by("number").first()
    if site is not None:
        substitutes.decide(
            site,
            reason="impossible",
            explanation="산림 안의 감시 시설로, 사람이 다니지 않아 안내판을 세워도 알아볼 수 없습니다.",
            document_number="스마트도시과-2026-118",
            from_on=timezone.localdate() - MADE,
            until_on=None,
            by=manager,
        )
