"""Closed lists of training, pledges and permissions to cameras (ordinance art. 23, 25; Safety Standard art. 5)."""

from django.db import models


class TrainingWay(models.TextChoices):
    """이수 방법: how it is known that a person was taught."""

    SIGN_IN = "sign_in", "교육장의 QR로 출석"
    LIST = "list", "참석 명단"
    OUTSIDE = "outside", "외부 기관의 이수증"


class PledgeKind(models.TextChoices):
    """서약의 구분 (art. 25(2)): who swears, and when."""

    JOINING = "joining", "근무를 시작할 때"
    YEARLY = "yearly", "해마다"
    LEAVING = "leaving", "근무를 마칠 때"
    VISITOR = "visitor", "출입자"
    RECIPIENT = "recipient", "영상을 제공받는 사람"


# Of somebody on the list of staff, and of somebody else.
OF_STAFF = (PledgeKind.JOINING, PledgeKind.YEARLY, PledgeKind.LEAVING)
OF_OTHERS = (PledgeKind.VISITOR, PledgeKind.RECIPIENT)


class PledgeWay(models.TextChoices):
    PORTAL = "portal", "포털에서 서명"
    SCAN = "scan", "종이 서약서의 사본"


class PermissionScope(models.TextChoices):
    """카메라의 묶음."""

    ALL = "all", "모든 카메라"
    PURPOSE = "purpose", "설치목적"
    AREA = "area", "지역"
    CAMERA = "camera", "카메라 한 대"


class Ability(models.TextChoices):
    """무엇을 할 수 있는지."""

    LIVE = "live", "실시간 관제"
    STORED = "stored", "저장 영상 재생"
    PTZ = "ptz", "회전·확대 조작"
    EXPORT = "export", "복제·반출"


class PermissionState(models.TextChoices):
    ASKED = "asked", "승인 대기"
    GRANTED = "granted", "부여"
    REFUSED = "refused", "거부"
    WITHDRAWN = "withdrawn", "철회"
    ENDED = "ended", "말소"


class PermissionEvent(models.TextChoices):
    ASK = "ask", "신청"
    GRANT = "grant", "부여"
    REFUSE = "refuse", "거부"
    WITHDRAW = "withdraw", "신청 철회"
    REPLACE = "replace", "변경으로 말소"
    REVOKE = "revoke", "말소"
    CUT = "cut", "정기 점검에서 말소"
    LAPSE = "lapse", "자동 말소"


class LapseCause(models.TextChoices):
    """Why a permission ends by itself (Safety Standard art. 5(2): without delay)."""

    PERIOD = "period", "부여한 기간이 끝남"
    LEFT = "left", "근무가 끝남"
    ACCOUNT = "account", "계정의 사용이 중지됨"
    TRANSFER = "transfer", "부서나 역할이 바뀜"
    IDLE = "idle", "정한 날수 동안 로그인하지 않음"


class ReviewVerdict(models.TextChoices):
    KEEP = "keep", "유지"
    CUT = "cut", "말소"


# What the manager may lift for one matter, by the names of `records.access.gates`, in the words of form, list and review.
LIFTABLE_GATES = {
    "period": "근무 기간",
    "training": "교육",
    "pledge": "보안서약",
    "off_duty": "근무 시간",
    "camera_permission": "카메라 접근권한",
}
