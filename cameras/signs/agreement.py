"""Do sign and register agree? Columns against columns, in SQL, for one camera or a million.

A line of a sign (`SignCamera`) agrees when it says of its camera what the register says today, when the part that all
signs share is today's, and when the sign carries every content that the law of the day asks for.
"""

import datetime as dt

from django.db.models import F, Q, QuerySet

from accounts.models import Institution
from cameras.entrustment import Entrustment
from cameras.enums import STANDING, LinkStatus, Pipa25Ground
from cameras.models import Sign, SignCamera
from cameras.signs.contents import Law

# Column of `SignCamera` → what the register calls it, beside the columns of the same name.
SAME = ("install_purpose", "purpose_detail", "filming_range", "filming_direction", "filming_hours")
WORDS = {
    "install_purpose": "설치목적",
    "purpose_detail": "설치목적 상세",
    "filming_range": "촬영범위",
    "filming_direction": "촬영방면정보",
    "filming_hours": "촬영시간",
    "after_hours_purpose": "운영시간 외 활용목적",
    "entrusted": "수탁자",
    "address": "설치장소",
    "is_integrated": "통합관리",
    "is_not_stored": "영상을 저장하지 않음",
    "phone": "관리기관전화번호",
}


def agreeing_lines(on: dt.date | None = None) -> "QuerySet[SignCamera]":
    """Lines of signs in use that agree with the register and fulfil the law of that day.

    A sign that also names a camera that does not stand there says something wrong of the place as a whole.
    """
    law = Law(on)
    lines: QuerySet[SignCamera] = SignCamera.objects.filter(sign__in=complete_signs(law))
    gone = SignCamera.objects.filter(not_standing(), sign__retired_on__isnull=True)
    lines = lines.exclude(sign__in=gone.values("sign"))
    return lines.filter(*line_conditions(law.on).values())


def not_standing() -> Q:
    """Condition on `SignCamera`: the camera that it names does not stand at the sign's place, or is exempt."""
    return ~Q(camera__state__in=STANDING) | Q(camera__is_sign_exempt=True) | ~Q(camera__site=F("sign__site"))


def complete_signs(law: Law) -> "QuerySet[Sign]":
    """Signs in use with today's shared part and every content that the law always asks for."""
    signs = Sign.objects.filter(retired_on__isnull=True).filter(_shares_todays_part(law))
    for item in law.required(is_entrusted=False, is_integrated=False):
        signs = signs.filter(contents__codes__icontains=f'"{item.code}"')
    return signs


def _shares_todays_part(law: Law) -> Q:
    """One comparison for each institution that has signs: a district has few, a hub some."""
    institutions = Institution.objects.filter(sites__signs__retired_on__isnull=True).distinct()
    condition = Q(pk__in=[])
    for institution in institutions:
        digests = [law.shared_digest(institution, is_integrated=flag) for flag in (False, True)]
        condition |= Q(site__institution=institution, shared_digest__in=digests)
    return condition


def line_conditions(on: dt.date) -> dict[str, Q]:
    """By column of `SignCamera`: when it says what the register says."""
    linked = Q(camera__link_status=LinkStatus.LINKED)
    conditions = {name: Q(**{name: F(f"camera__{name}")}) for name in SAME}
    # Hours of operation stand on the sign only beside what the camera serves beyond them (ordinance art. 14(2)).
    conditions["after_hours_purpose"] = Q(after_hours_purpose=F("camera__after_hours_purpose")) & (
        Q(after_hours_purpose="") | Q(operating_hours=F("camera__operating_hours"))
    )
    conditions["entrusted"] = Entrustment(on).agreeing()
    conditions["address"] = Q(address=F("camera__site__road_address")) | Q(
        camera__site__road_address="", address=F("camera__site__lot_address")
    )
    conditions["is_integrated"] = (Q(is_integrated=True) & linked) | (Q(is_integrated=False) & ~linked)
    nothing = Q(camera__pipa25_ground=Pipa25Ground.NOT_STORED)
    conditions["is_not_stored"] = (Q(is_not_stored=True) & nothing) | (Q(is_not_stored=False) & ~nothing)
    conditions["phone"] = Q(phone="") | Q(phone=F("camera__phone"))
    return conditions
