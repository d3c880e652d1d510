"""Closed lists of the committee. Terms of the ordinance are never reworded."""

from django.db import models


class MeetingKind(models.TextChoices):
    """How the committee decided (ordinance art. 29): together, or in writing when trivial or urgent."""

    MEETING = "meeting", "회의"
    WRITTEN = "written", "서면심의"


class CommitteeFunction(models.IntegerChoices):
    """심의 사항: the six of ordinance art. 28, in short."""

    INTEGRATED_MANAGEMENT = 1, "1호 통합관리 및 관제센터의 효율적 운영"
    IMPROVEMENT = 2, "2호 운영·보안 문제의 개선"
    RESIDENTS = 3, "3호 주민 협조"
    LINKAGE = 4, "4호 연계계획의 타당성"
    OUTSIDE_PURPOSE = 5, "5호 보유 목적 외의 이용·제공"
    OTHER = 6, "6호 그 밖의 사항"


class Outcome(models.TextChoices):
    """의결 결과. A decision with conditions (조건부 가결) was carried like any other."""

    PASSED = "passed", "원안 가결"
    CONDITIONAL = "conditional", "조건부 가결"
    FAILED = "failed", "부결"


CARRIED = (Outcome.PASSED, Outcome.CONDITIONAL)
