"""Closed lists of requests by citizens (ordinance art. 22, PIPA art. 35-36, Guideline art. 44, form 2)."""

from django.db import models


class RequesterRole(models.TextChoices):
    """청구인: who asks."""

    SUBJECT = "subject", "본인(정보주체)"
    LEGAL_REPRESENTATIVE = "legal_representative", "법정대리인"
    PROXY = "proxy", "위임받은 대리인"


class RequestChannel(models.TextChoices):
    WEB = "web", "누리집"
    VISIT = "visit", "방문"
    POST = "post", "우편·팩스"


class RequestState(models.TextChoices):
    RECEIVED = "received", "접수"
    POSTPONED = "postponed", "열람 연기"
    DECIDED = "decided", "결정"


class DecisionOutcome(models.TextChoices):
    GRANTED = "granted", "열람등 허용"
    PARTLY = "partly", "일부 허용"
    POSTPONED = "postponed", "열람 연기"
    REFUSED = "refused", "거절"
    NOT_EXISTING = "not_existing", "영상 없음"
