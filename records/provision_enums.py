"""Closed lists of use and provision (ordinance art. 20, 21, 24; PIPA art. 18)."""

from django.db import models


class ReleaseKind(models.TextChoices):
    PROVISION = "provision", "제공"
    USE = "use", "이용"


class ReleaseForm(models.TextChoices):
    """제공 형태."""

    VIEWING = "viewing", "센터에서 열람"
    COPY = "copy", "영상 사본"
    STILL = "still", "정지화면"
    LIVE = "live", "실시간 영상"


# What is in somebody else's hands afterwards, and has to end there.
LEAVING = (ReleaseForm.COPY, ReleaseForm.STILL)


class PurposeRelation(models.TextChoices):
    WITHIN = "within", "설치 목적 안"
    OUTSIDE = "outside", "설치 목적 밖"


class ProvisionState(models.TextChoices):
    RECEIVED = "received", "접수"
    UNDER_APPROVAL = "approval", "결재 중"
    APPROVED = "approved", "승인"
    HANDED_OVER = "handed", "제공함"
    RECALLING = "recalling", "회수 중"
    RECALLED = "recalled", "회수 완료"
    ENDED = "ended", "종결"
    REFUSED = "refused", "불승인"
    WITHDRAWN = "withdrawn", "취하"


WAITING = (ProvisionState.RECEIVED, ProvisionState.UNDER_APPROVAL, ProvisionState.APPROVED)
OUT = (ProvisionState.HANDED_OVER, ProvisionState.RECALLING)
OVER = (
    ProvisionState.RECALLED,
    ProvisionState.ENDED,
    ProvisionState.REFUSED,
    ProvisionState.WITHDRAWN,
)


class ProvisionEvent(models.TextChoices):
    """What happens to it; `records.provision.states` says which may follow which."""

    RECEIVE = "receive", "접수"
    ADD_CAMERA = "add_camera", "카메라 추가"
    DROP_CAMERA = "drop_camera", "카메라 제외"
    REVIEW = "review", "검토하여 결재에 올림"
    APPROVE_STEP = "approve_step", "결재 (중간)"
    APPROVE = "approve", "승인"
    CONFIRM_PHONE = "confirm_phone", "전화 승인 확인"
    DENY_PHONE = "deny_phone", "전화 승인 부인"
    SEND_BACK = "send_back", "반려"
    REFUSE = "refuse", "불승인"
    WITHDRAW = "withdraw", "취하"
    MAYOR_APPROVE = "mayor_approve", "사후승인"
    MAYOR_REFUSE = "mayor_refuse", "사후승인 거부"
    RESTRICT = "restrict", "제한 요청"
    ANSWER_RESTRICTION = "answer", "제한 요청의 회신"
    HAND_OVER = "hand_over", "인계"
    ASK_EXTENSION = "ask_extension", "이용 기간 연장을 올림"
    EXTEND = "extend", "이용 기간 연장"
    REFUSE_EXTENSION = "refuse_extension", "이용 기간을 연장하지 않음"
    CHASE = "chase", "독촉"
    END_COPY = "end_copy", "반환·파기 확인"
    RECALL = "recall", "회수 요구"
    RECALL_DONE = "recall_done", "회수 완료"
    PUBLISH = "publish", "게시"
    TAKE_DOWN = "take_down", "게시 종료"
    TELL_SUBJECT = "tell_subject", "정보주체 통지"
    WITHDRAW_CONSENT = "withdraw_consent", "동의 철회"
    END = "end", "종결"


class ApprovalStep(models.TextChoices):
    """결재 단계: by post, not by person."""

    TEAM = "team", "팀장"
    HEAD = "head", "전담부서의 장"
    DIRECTOR = "director", "국장"
    DEPUTY = "deputy", "부구청장"
    MAYOR = "mayor", "구청장"


class ApprovalCapacity(models.TextChoices):
    """In whose place somebody signs."""

    HOLDER = "holder", "본인 결재"
    STAND_IN = "stand_in", "대결"
    DELEGATE = "delegate", "전결"


class ApprovalWay(models.TextChoices):
    SYSTEM = "system", "이 화면에서 결재"
    DOCUMENT = "document", "결재 문서"
    TELEPHONE = "telephone", "전화 승인"


class ApprovalOutcome(models.TextChoices):
    APPROVED = "approved", "승인"
    REFUSED = "refused", "불승인"


class CommitteeCare(models.TextChoices):
    """Ordinance art. 28 no. 5."""

    BEFORE = "before", "사전 심의"
    REPORT = "report", "모아서 보고"
    NONE = "none", "심의·보고 대상 아님"


class CopiesEnd(models.TextChoices):
    """제공한 사본의 끝: what the profile says becomes of a copy."""

    DESTROY = "destroy", "파기"
    RETURN = "return", "반환"
    DESTROY_AND_REPORT = "destroy_and_report", "파기하고 결과 제출"


class EndingKind(models.TextChoices):
    DESTROYED = "destroyed", "파기"
    RETURNED = "returned", "반환"
    CUT = "cut", "실시간 연결 차단"


class Medium(models.TextChoices):
    USB = "usb", "USB 저장장치"
    DISC = "disc", "광디스크"
    DISK = "disk", "외장 하드디스크"
    NETWORK = "network", "전산망 전송"
    PAPER = "paper", "출력물"
    NONE = "none", "매체 없음 (열람·실시간)"


class PersonBasis(models.TextChoices):
    """Ordinance art. 20: what allows a particular person to be followed."""

    CONSENT = "consent", "그 사람 또는 법정대리인의 명시적 동의"
    LAW = "law", "다른 법령의 규정"


class SubjectNoticeOutcome(models.TextChoices):
    GIVEN = "given", "알림"
    UNKNOWN = "unknown", "누구인지 알 수 없거나 소재를 모름"
    HINDER = "hinder", "알리면 수사·재판에 지장이 있음"
    BY_AGENCY = "by_agency", "제공받은 기관이 알림"


class ChaserAbout(models.TextChoices):
    COPY = "copy", "사본의 반환·파기"
    RECALL = "recall", "회수"
    RESTRICTION = "restriction", "제한 요청의 회신"
