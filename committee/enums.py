"""Closed lists of the committee. Terms of the ordinance are never reworded."""

from django.db import models


class SeatGround(models.TextChoices):
    """자격 (ordinance art. 26): three posts, and four kinds of persons whom the mayor appoints."""

    DEPUTY_MAYOR = "deputy_mayor", "당연직 부구청장"
    DIRECTOR_GENERAL = "director_general", "당연직 전담부서를 맡은 국장"
    DIVISION_HEAD = "division_head", "당연직 전담부서의 과장"
    COUNCILLOR = "councillor", "위촉직 1호 구의회가 추천한 구의원"
    POLICE = "police", "위촉직 2호 경찰서 담당 과장"
    EXPERT = "expert", "위촉직 3호 정보통신·방범·보안 분야 전문가"
    OTHER = "other", "위촉직 4호 그 밖에 구청장이 필요하다고 인정하는 사람"


EX_OFFICIO = (SeatGround.DEPUTY_MAYOR, SeatGround.DIRECTOR_GENERAL, SeatGround.DIVISION_HEAD)
APPOINTED = tuple(ground for ground in SeatGround if ground not in EX_OFFICIO)


class Office(models.TextChoices):
    CHAIR = "chair", "위원장"
    VICE_CHAIR = "vice_chair", "부위원장"


class Gender(models.TextChoices):
    WOMAN = "woman", "여성"
    MAN = "man", "남성"


class Recruitment(models.TextChoices):
    """How an appointed member was found (general committee ordinance)."""

    OPEN = "open", "공개모집"
    EXEMPT = "exempt", "공개모집하지 않음"


class EndGround(models.TextChoices):
    """해촉 (ordinance art. 27 and the general committee ordinance), or the end of a post."""

    WISH = "wish", "본인이 원함"
    UNABLE = "unable", "부득이한 사유로 직무 수행이 어려움"
    ABSENT = "absent", "장기 치료나 6개월을 넘는 국외 체류"
    DEATH = "death", "사망"
    CONFLICT = "conflict", "이해충돌이 있는데 회피하지 않음"
    MISCONDUCT = "misconduct", "직무와 관련된 비위"
    SECRET = "secret", "직무상 비밀 누설"
    DIGNITY = "dignity", "품위 손상"
    POST = "post", "직위를 떠남(당연직)"
    DISSOLVED = "dissolved", "안건 심의를 마치고 해산"


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


class ItemKind(models.TextChoices):
    DELIBERATE = "deliberate", "심의"
    REPORT = "report", "보고"


class RecusalKind(models.TextChoices):
    """Why a member steps aside from an item (general committee ordinance)."""

    EXCLUSION = "exclusion", "제척"
    CHALLENGE = "challenge", "기피"
    WITHDRAWAL = "withdrawal", "회피"


class NoticeWay(models.TextChoices):
    MAIL = "mail", "전자우편"
    LETTER = "letter", "공문"
    BOTH = "both", "공문과 전자우편"


class LateGround(models.TextChoices):
    """When the notice may come later than seven days before (general committee ordinance)."""

    URGENT = "urgent", "긴급한 안건"
    INTEREST = "interest", "미리 알리면 공익을 해칠 우려"


class BallotChoice(models.TextChoices):
    FOR = "for", "찬성"
    AGAINST = "against", "반대"
    ABSTAIN = "abstain", "기권"


class AnswerWay(models.TextChoices):
    PAPER = "paper", "종이"
    LINK = "link", "서명 주소"


class LinkPurpose(models.TextChoices):
    BALLOT = "ballot", "서면심의 의견"
    MINUTES = "minutes", "회의록 확인"


class MinutesState(models.TextChoices):
    DRAFT = "draft", "초안"
    LOCKED = "locked", "확정"
