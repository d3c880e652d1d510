"""A person knows that the ledger is an older state, or that a printed head is not in it."""

from argparse import ArgumentParser
from typing import Any

from ledger import continuity, running_as
from ledger.errors import LedgerError
from ledger.management.output import LedgerCommand

ACTOR = "command:confirm_restore"


class Command(LedgerCommand):
    help = (
        "원장이 예전 상태로 되돌려진 것을 사람이 확인합니다. 그 뒤에 건 삭제 유예를 먼저 다시 거십시오. "
        "--reason이 없으면 무엇이 없는지 보여 주기만 합니다."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", help="왜 되돌렸는지, 유예를 어떻게 다시 걸었는지")
        parser.add_argument(
            "--holds-placed-again", action="store_true", help="그 뒤의 삭제 유예를 모두 다시 걸었습니다"
        )
        parser.add_argument("--size", type=int, help="인쇄된 봉인의 크기: 원장에 있는지 봅니다")
        parser.add_argument("--root", help="인쇄된 봉인의 루트 (64자리)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.unusable_input(as_json=options["json"]):
            if options["size"] is not None or options["root"]:
                self._enter(options)
            if options["reason"] is None:
                self._show(options)
            else:
                self._confirm(options)

    def _enter(self, options: dict[str, Any]) -> None:
        root = (options["root"] or "").lower()
        is_held = continuity.enter(options["size"] or 0, root, by=ACTOR)
        self.say("인쇄된 봉인이 원장에 있습니다." if is_held else "인쇄된 봉인이 원장에 없습니다.")

    def _show(self, options: dict[str, Any]) -> None:
        missing = continuity.lost()
        self.say(continuity.in_words(missing) if missing else "알려진 봉인이 모두 원장에 있습니다.")
        lost = [{"size": head.size, "root": head.root, "known_from": head.source} for head in missing]
        self.answer({"lost": lost, "confirmed": False}, as_json=options["json"])
        if missing:
            raise SystemExit(1)

    def _confirm(self, options: dict[str, Any]) -> None:
        if not options["holds_placed_again"]:
            raise LedgerError("그 뒤의 삭제 유예를 다시 건 다음 --holds-placed-again을 붙여 실행하십시오.")
        confirmed = continuity.confirm(by=ACTOR, reason=options["reason"], operator=running_as.account())
        self.say(f"확인했습니다. {len(confirmed)}건이 원장에 적혔습니다.")
        lost = [{"size": head.size, "root": head.root, "known_from": head.source} for head in confirmed]
        self.answer({"lost": lost, "confirmed": True}, as_json=options["json"])
