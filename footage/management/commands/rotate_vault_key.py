"""A new master key for the vault."""

from typing import Any

from footage.management.base import FootageCommand
from footage.vault import case_keys


class Command(FootageCommand):
    help = (
        "증거 보관함의 열쇠를 바꿉니다. 사건의 열쇠를 새 열쇠로 다시 싸며, 보관한 파일은 건드리지 않습니다."
    )

    def act(self, options: dict[str, Any]) -> int:
        cases = case_keys.rotate(actor="command:rotate_vault_key")
        self.tell(
            {"cases": cases},
            options,
            f"사건 {cases:,}건의 열쇠를 새 열쇠로 다시 쌌습니다. 열쇠를 백업하십시오.",
        )
        return 0
