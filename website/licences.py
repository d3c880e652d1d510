"""공공누리: the terms under which the office gives its dataset away. None until the office has said which."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EXPLAINED = "https://www.kogl.or.kr/info/license.do"


class LicenceType(models.TextChoices):
    NONE = "", "아직 정하지 않음"
    FREE = "kogl-0", "공공누리 제0유형: 자유 이용"
    SOURCE = "kogl-1", "공공누리 제1유형: 출처표시"
    NOT_FOR_PROFIT = "kogl-2", "공공누리 제2유형: 출처표시, 상업적 이용금지"
    UNCHANGED = "kogl-3", "공공누리 제3유형: 출처표시, 변경금지"
    NEITHER = "kogl-4", "공공누리 제4유형: 출처표시, 상업적 이용금지, 변경금지"


@dataclass(frozen=True, slots=True)
class Licence:
    title: "str | Promise"
    url: str


_SPOKEN = {
    LicenceType.FREE: _("공공누리 제0유형: 자유 이용"),
    LicenceType.SOURCE: _("공공누리 제1유형: 출처표시"),
    LicenceType.NOT_FOR_PROFIT: _("공공누리 제2유형: 출처표시, 상업적 이용금지"),
    LicenceType.UNCHANGED: _("공공누리 제3유형: 출처표시, 변경금지"),
    LicenceType.NEITHER: _("공공누리 제4유형: 출처표시, 상업적 이용금지, 변경금지"),
}


def of(texts: "models.Model") -> Licence | None:
    chosen = getattr(texts, "dataset_licence_type", "")
    return Licence(_SPOKEN[LicenceType(chosen)], EXPLAINED) if chosen else None
