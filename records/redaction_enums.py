"""Closed lists of redactions within a matter (Guideline art. 46)."""

from django.db import models


class RedactionState(models.TextChoices):
    PROPOSED = "proposed", "가릴 곳 정하는 중"
    MAKING = "making", "만드는 중"
    CHECKING = "checking", "확인 대기"
    CHECKED = "checked", "확인함"
    DROPPED = "dropped", "그만둠"


# Somebody has still something to do.
UNFINISHED = (RedactionState.PROPOSED, RedactionState.MAKING, RedactionState.CHECKING)


class RedactionEvent(models.TextChoices):
    PROPOSE = "propose", "가림 처리 시작"
    MAKE = "make", "가린 사본 만들기"
    MADE = "made", "가린 사본 완성"
    BROKEN = "broken", "가린 사본을 만들지 못함"
    SEND_BACK = "send_back", "돌려보내기"
    CHECK = "check", "확인"
    DROP = "drop", "그만두기"


class RedactionWork(models.TextChoices):
    """What a worker does for one."""

    FIND = "find", "사람과 차량 찾기"
    FOLLOW = "follow", "그린 곳 따라가기"
    COVER = "cover", "가린 사본 만들기"


class DoubtReason(models.TextChoices):
    """Why a moment is to be looked at (`footage.redaction.track`)."""

    APPEARED = "appeared", "화면 안에서 나타남: 그 앞에도 보이는지"
    LOST = "lost", "화면 안에서 놓침: 그 뒤에도 보이는지"
    CROSSED = "crossed", "다른 자취와 겹쳤다 갈라짐: 서로 바뀌지 않았는지"
    SHARED = "shared", "한 자취에 얼굴이 둘: 남기면 둘 다 보입니다"
    CAMERA = "camera", "화면 대부분이 움직임: 카메라가 돌았거나 밝기가 크게 변함"
    DRAWN = "drawn", "그린 곳을 놓침: 그 앞뒤에도 보이는지"
