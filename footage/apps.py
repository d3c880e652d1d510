from django.apps import AppConfig

LEDGER_KINDS = {
    "footage.storage_added": "영상 저장소 등록",
    "footage.loss_confirmed": "영상 소실 확인",
    "footage.storage_timezone_changed": "저장소 시간대 변경",
    "footage.names_confirmed": "파일 이름의 시각 확인",
    "footage.destroyed": "영상 파기",
    "footage.vanished": "파기 기록 없이 사라진 영상",
    "footage.hold_placed": "삭제 유예 지정",
    "footage.hold_release_asked": "삭제 유예 해제 요청",
    "footage.hold_released": "삭제 유예 해제",
    "footage.period_shortened": "보관기간 단축",
    "footage.shortening_confirmed": "보관기간 단축 확인 (두 번째 사람)",
    "footage.clock_confirmed": "시계 확인",
    "footage.folder_assignment_decided": "미등록 폴더 배정 결정",
    "footage.folder_assigned": "미등록 폴더 배정",
    "footage.storage_confirmed": "영상 저장소 확인 (두 번째 사람)",
    "footage.folder_looked_at": "저장소 등록 전 폴더 살펴보기",
    "footage.folder_destruction_decided": "미등록 폴더 파기 결정",
    "footage.folder_destruction_confirmed": "미등록 폴더 파기 확인",
    "footage.folder_reopened": "미등록 폴더 결정 취소",
    "footage.deletion_confirmed": "자동삭제 확인",
    "footage.vault_kept": "증거 보관함에 복사",
    "footage.vault_files_removed": "증거 보관함의 사본 일부 파기",
    "footage.vault_case_destroyed": "증거 보관함의 사건 파기 (열쇠)",
    "footage.vault_rewrapped": "증거 보관함의 열쇠 교체",
    "footage.claims_ended": "철거 카메라의 녹화 식별자 배정 끝냄",
}


class FootageConfig(AppConfig):
    """Storages, scanning, retention, holds, destruction."""

    name = "footage"
    verbose_name = "영상 보관·파기"

    def ready(self) -> None:
        from footage import (
            claims,
            hold_proofs,
            manifests,
            next_steps,
            providers,
            removal,
            rules,
            second_words,
            shortenings,
        )
        from footage.vault import check
        from ledger import checks, kinds
        from ordinance.rules import register

        claims.listen()
        removal.listen()
        providers.listen()
        shortenings.listen()
        next_steps.listen()
        checks.register("manifests", "파기 목록", manifests.check_all)
        checks.register("holds", "삭제 유예", hold_proofs.check_all)
        checks.register("period_shortenings", shortenings.TITLE, shortenings.check_all)
        checks.register("second_words", second_words.TITLE, second_words.check_all)
        checks.register("vault", "증거 보관함", check.check_rows)
        for rule in rules.RULES:
            register(rule)
        for kind, label in LEDGER_KINDS.items():
            kinds.register(kind, label)
