"""Replace the signing key. Looks by default; does it with --execute."""

from argparse import ArgumentParser
from typing import Any

from ledger import rotation
from ledger.management.output import LedgerCommand


class Command(LedgerCommand):
    help = "서명 키를 바꿉니다. 지금까지의 봉인은 옛 공개키로 계속 확인됩니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--execute", action="store_true", help="실제로 바꿉니다 (없으면 보여 주기만)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        is_done = options["execute"]
        with self.unusable_input(as_json=options["json"]):
            old, new = rotation.rotate(by="command:rotate_ledger_key", dry_run=not is_done)
        self.say(f"{'바꾸었습니다' if is_done else '바꿀 것입니다 (--execute로 실행)'}: {old} → {new}")
        self.answer({"old_key": old, "new_key": new, "executed": is_done}, as_json=options["json"])
