"""Closed lists of looks at footage (ordinance art. 23; Safety Standard: the purpose of each look)."""

from django.db import models


class LookCase(models.TextChoices):
    """For what matter somebody looks."""

    VIEWING = "viewing", "열람등 청구"
    PROVISION = "provision", "이용·제공"
    HOLD = "hold", "삭제 유예 (카메라 점검)"


class LookStep(models.TextChoices):
    """What the look is for, within the matter's steps."""

    SEARCH = "search", "영상 확인"
    PREPARE = "prepare", "가림·제공 준비"
    SHOW = "show", "본인·기관에 보여 줌"
    CHECK = "check", "카메라 점검"


class LookEnd(models.TextChoices):
    """How a look ended."""

    BUTTON = "button", "마침"
    REPLACED = "replaced", "이어서 봄"
    EXPIRED = "expired", "허가 시간이 지남"
    REFUSED = "refused", "사건·권한이 끝남"
