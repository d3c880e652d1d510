"""Closed lists of the control centre's staff, duty and incidents (ordinance art. 16–19)."""

from django.db import models

from casework.moves import AllowedMove, StateTable


class StaffKind(models.TextChoices):
    OFFICIAL = "official", "공무원"
    MONITORING_STAFF = "monitoring_staff", "관제요원"
    POLICE_SECONDEE = "police_secondee", "파견경찰"
    CONTRACTOR = "contractor", "수탁자"


class StaffEnd(models.TextChoices):
    """Why somebody's work here ended: all of them end the account too."""

    CONTRACT = "contract", "계약 종료"
    RETIRED = "retired", "퇴직"
    TRANSFERRED = "transferred", "인사이동"
    OTHER = "other", "그 밖의 사유"


class DutyPattern(models.TextChoices):
    FOUR_IN_THREE = "four_in_three", "4조 3교대"
    THREE_IN_TWO = "three_in_two", "3조 2교대"


class AbsenceReason(models.TextChoices):
    LEAVE = "leave", "휴가"
    SICK = "sick", "병가"
    TRAINING = "training", "교육"
    LEFT = "left", "근무 끝남"
    OTHER = "other", "그 밖의 사유"


class SwapState(models.TextChoices):
    ASKED = "asked", "답을 기다림"
    AGREED = "agreed", "교환함"
    DECLINED = "declined", "거절함"
    WITHDRAWN = "withdrawn", "거둠"


class ContactWay(models.TextChoices):
    PHONE = "phone", "전화"
    HOTLINE = "hotline", "직통전화"
    RADIO = "radio", "무전"
    LINKED = "linked", "연계 시스템"
    IN_PERSON = "in_person", "직접"


class VisitKind(models.TextChoices):
    VISIT = "visit", "방문"
    TOUR = "tour", "견학"
    MAINTENANCE = "maintenance", "유지보수"
    INSPECTION = "inspection", "점검·감사"


class VisitState(models.TextChoices):
    APPLIED = "applied", "신청"
    APPROVED = "approved", "승인"
    REFUSED = "refused", "불승인"
    CANCELLED = "cancelled", "취소"
    INSIDE = "inside", "입실"
    LEFT = "left", "퇴실"


class VisitEvent(models.TextChoices):
    APPLY = "apply", "신청"
    APPROVE = "approve", "승인"
    REFUSE = "refuse", "불승인"
    CANCEL = "cancel", "취소"
    ADMIT = "admit", "입실"
    ADMIT_UNAPPROVED = "unapproved", "승인 없는 입실"
    LEAVE = "leave", "퇴실"


_ART = "조례 제19조"
VISIT_TABLE = StateTable(
    (
        AllowedMove(VisitEvent.APPLY, ("",), VisitState.APPLIED, _ART),
        AllowedMove(VisitEvent.APPROVE, (VisitState.APPLIED,), VisitState.APPROVED, _ART),
        AllowedMove(VisitEvent.REFUSE, (VisitState.APPLIED,), VisitState.REFUSED, _ART, is_forward=False),
        AllowedMove(
            VisitEvent.CANCEL,
            (VisitState.APPLIED, VisitState.APPROVED),
            VisitState.CANCELLED,
            _ART,
            is_forward=False,
        ),
        AllowedMove(VisitEvent.ADMIT, (VisitState.APPROVED,), VisitState.INSIDE, _ART),
        AllowedMove(
            VisitEvent.ADMIT_UNAPPROVED, (VisitState.APPLIED,), VisitState.INSIDE, _ART, is_forward=False
        ),
        AllowedMove(VisitEvent.LEAVE, (VisitState.INSIDE,), VisitState.LEFT, _ART),
    ),
    states=VisitState,
    events=VisitEvent,
)
