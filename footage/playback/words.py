"""Why a kept file, or a part of it, is not played: in words for the official."""

from footage.models import VaultFile

REASONS = {
    "no_video": "영상이 들어 있지 않은 파일입니다.",
    "cut_off": "손상되었거나, 녹화가 끝나기 전에 끊겨 열 수 없는 파일입니다.",
    "no_frames": "장면이 하나도 없는 파일입니다.",
    "no_times": "장면의 시각이 들어 있지 않은 파일이어서 순서와 빠르기를 알 수 없습니다.",
    "too_large": "화면이 너무 커서 재생할 수 없는 파일입니다.",
    "broken": "손상되어 읽을 수 없는 파일입니다.",
}


def sentence(reason: str) -> str:
    if reason in REASONS:
        return REASONS[reason]
    if reason in VaultFile.Problem.values:
        label = VaultFile.Problem(reason).label
        return f"증거 보관함의 사본이 온전하지 않습니다 ({label}). 시스템 관리자에게 알리십시오."
    return REASONS["broken"]
