"""The ledger in words: who did it, what it was about, what the payload says. Names are looked up when shown;
the ledger itself holds references only."""

import json
from typing import Any

from accounts.models import Officer
from ledger import kinds

_ACTORS = {"system": "시스템", "command": "명령", "officer": "담당자"}
_SUBJECTS = {
    "consultation": "의견수렴",
    "opinion": "제출의견",
    "officer": "담당자",
    "camera": "카메라",
    "site": "설치장소",
    "hold": "삭제 유예",
    "sweep": "파기 실행",
    "storage": "저장소",
    "folder": "미등록 폴더",
    "proof": "일일 파기 확인",
    "report": "보고서",
    "list": "목록",
    "holiday": "공휴일",
    "policy": "운영·관리 방침",
    "import": "대장 가져오기",
    "register": "카메라 대장",
    "sample": "표본 자료",
    "due_date": "처리기한",
    "confirmation": "자동삭제 확인",
    "clock": "시계",
}
_KEYS = {
    "hidden": "비공개",
    "method": "방법",
    "opinions": "의견 수",
    "previous_until": "앞선 마감",
    "project": "설치 사업",
    "short_of_minimum": "최소 기간 전",
    "urgent": "긴급",
    "actor": "행위자",
    "already_gone": "이미 파기된 파일",
    "annex": "부록",
    "article": "근거 조항",
    "at": "기준 시각",
    "blocks": "파기 목록 묶음",
    "bytes": "용량(바이트)",
    "calendar_feed": "달력 주소",
    "camera": "카메라",
    "cameras": "카메라 수",
    "cameras_added": "늘어난 카메라",
    "cameras_removed": "철거한 카메라",
    "case": "사건 번호",
    "case_reference": "사건 번호",
    "count": "개수",
    "created": "등록",
    "cycle": "자동삭제 주기",
    "days": "날짜",
    "decision": "결정",
    "department": "부서",
    "destroyed": "파기 파일 수",
    "digest": "해시",
    "dry_run": "모의 실행",
    "errors": "오류",
    "fields": "바뀐 항목",
    "figures_sha256": "수치 해시",
    "file": "파일",
    "files": "파일 수",
    "folder": "폴더",
    "format": "형식",
    "from": "시작",
    "from_at": "시작",
    "held": "유예 파일 수",
    "hold": "삭제 유예",
    "is_active": "사용 여부",
    "is_interim": "중간 보고",
    "is_working": "정상 작동",
    "kept": "보관 파일 수",
    "key": "녹화 식별자",
    "kind": "종류",
    "layout": "경로 형식",
    "ledger_root": "원장 루트",
    "ledger_size": "원장 크기",
    "list": "목록",
    "manifest": "파기 목록",
    "manifest_digest": "파기 목록 해시",
    "manifests": "파기 목록",
    "max_lateness_seconds": "최대 지연(초)",
    "moved": "바뀐 기한",
    "name": "이름",
    "new": "변경 후",
    "newest": "가장 최근 영상",
    "note": "비고",
    "number": "번호",
    "old": "이전",
    "oldest": "가장 오래된 영상",
    "pages": "쪽수",
    "password_set": "비밀번호 설정",
    "period": "기간",
    "period_from": "대상 기간 시작",
    "period_until": "대상 기간 끝",
    "purpose": "목적",
    "reason": "사유",
    "rejected": "거절",
    "role": "역할",
    "role_before": "이전 역할",
    "root": "폴더",
    "rows": "행 수",
    "segment_seconds": "파일 길이(초)",
    "sha256": "SHA-256",
    "sites": "설치장소 수",
    "skipped": "건너뜀",
    "storage": "저장소",
    "sweep": "파기 실행",
    "timezone": "경로 시간대",
    "unchanged": "그대로",
    "unclaimed": "미등록",
    "unrecognised": "형식 외",
    "until": "끝",
    "until_at": "끝",
    "updated": "변경",
    "version": "판",
}


def kind_label(kind: str) -> str:
    return kinds.label(kind)


def actor_name(reference: str, officers: dict[int, str] | None = None) -> str:
    """ "officer:3" → the person's name today; anything else by its kind."""
    kind, _, number = reference.partition(":")
    if kind == "officer" and number.isdecimal():
        known = officers if officers is not None else officer_names([reference])
        return known.get(int(number), f"담당자 {number}번")
    return f"{_ACTORS[kind]} {number}".strip() if kind in _ACTORS else reference


def officer_names(references: list[str]) -> dict[int, str]:
    """Names of all officers among these references, in one query."""
    numbers = {
        int(number)
        for kind, _, number in (reference.partition(":") for reference in references)
        if kind == "officer" and number.isdecimal()
    }
    return {officer.pk: str(officer) for officer in Officer.objects.filter(pk__in=numbers)}


def subject_label(reference: str) -> str:
    kind, _, number = reference.partition(":")
    return f"{_SUBJECTS[kind]} {number}".strip() if kind in _SUBJECTS else reference


def readable(payload: str) -> list[tuple[str, str]]:
    """The payload as label and value, one line per fact; text that is no JSON is shown as it stands."""
    try:
        data = json.loads(payload)
    except ValueError:
        return [("내용(읽을 수 없음)", payload)]
    if not isinstance(data, dict):
        return [("내용", _text(data))]
    return [(_KEYS.get(str(key), str(key)), _text(value)) for key, value in data.items()]


def _text(value: Any) -> str:
    if value is None or value == "":
        return "없음"
    if isinstance(value, bool):
        return "예" if value else "아니오"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value) or "없음"
    if isinstance(value, dict):
        return ", ".join(f"{_KEYS.get(key, key)} {_text(item)}" for key, item in value.items()) or "없음"
    return str(value)
