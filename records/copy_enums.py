"""Closed lists of copies that leave the office (ordinance art. 24; Guideline art. 46)."""

from django.db import models


class CopySource(models.TextChoices):
    """From what a copy is made."""

    MASKED = "masked", "가린 영상"
    ORIGINAL = "original", "가리지 않은 원본"


class UnmaskedGround(models.TextChoices):
    """Why somebody may get footage in which nobody is covered."""

    NOBODY_ELSE = "nobody_else", "받는 사람 말고는 알아볼 수 있는 사람이 없음"
    CONSENT = "consent", "알아볼 수 있는 사람이 모두 동의함"
    PURPOSE = "purpose", "승인한 제공 목적에 사람을 알아볼 수 있어야 함"

    @property
    def article(self) -> str:
        """What it stands on, as the decider reads it."""
        return _ARTICLES[self]


_ARTICLES = {
    UnmaskedGround.NOBODY_ELSE: "표준 개인정보 보호지침 제46조",
    UnmaskedGround.CONSENT: "법 제18조제2항제1호",
    UnmaskedGround.PURPOSE: "법 제18조제2항, 조례 제21조제2항",
}


class CopyWay(models.TextChoices):
    MEDIUM = "medium", "매체로 인계"
    DOWNLOAD = "download", "누리집에서 내려받기"


class CopyStage(models.TextChoices):
    """Where a copy stands, as its page says it."""

    DECIDING = "deciding", "원본 사용 결정 기다림"
    DENIED = "denied", "원본 사용 불허"
    MAKING = "making", "만드는 중"
    FAILED = "failed", "만들지 못함"
    MADE = "made", "만듦 (봉하기 전)"
    SEALED = "sealed", "봉함 (나가기 전)"
    OPEN = "open", "내려받기를 기다림"
    LEFT = "left", "나감"
    WITHDRAWN = "withdrawn", "거두어들임"
    GONE = "gone", "여기의 사본을 파기함"
