"""Check the whole ledger, and against a head kept earlier."""

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from ledger import heads, keys
from ledger.management.output import LedgerCommand
from ledger.verify import Verification, verify
from ledger.verify_bundle import head_line, signature_line


class Command(LedgerCommand):
    help = "원장 전체를 검사합니다. 보관해 둔 봉인 파일이 있으면 그것과도 대조합니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", metavar="FILE", help="예전에 seal_ledger --head로 써 둔 봉인 파일")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.unusable_input(as_json=options["json"]):
            head = heads.read(options["head"]) if options["head"] is not None else None
            result = verify(head)
        if head is not None:
            self.say(head_line(head, bool(result.head_matches)))
            if result.head_matches:
                self.say(signature_line(head, is_checked=True))
        self._tell(result)
        self.answer(asdict(result), as_json=options["json"])
        if not result.ok:
            sys.exit(1)

    def _tell(self, result: Verification) -> None:
        if result.missing_triggers and "트리거" not in result.reason:
            self.say(f"주의: 변경을 막는 트리거가 없습니다: {', '.join(result.missing_triggers)}")
        if result.ok:
            after = result.entries - result.size
            self.say(f"이상 없음: 기록 {result.entries:,}건, 봉인 {result.heads:,}개, 루트 {result.root}")
            for outcome in result.checks.values():
                self.say(f"{outcome['title']} {outcome['checked']:,}건을 원장과 대조했습니다.")
            if result.clock_steps:
                self.say(
                    f"참고: 시계가 건너뛴 곳이 {result.clock_steps:,}곳 기록되어 있습니다 (ledger.clock_stepped)."
                )
            if after > 0:
                self.say(f"마지막 봉인 뒤의 {after:,}건은 해시만 확인했습니다.")
            return
        self.say(f"이상 있음: {result.reason}")
        if misfit := keys.misfit():
            self.say(misfit)
        for outcome in result.checks.values():
            for fault in outcome["faults"]:
                self.say(f"  {outcome['title']}: {fault['reason']}")
        if result.suspect_until is not None:
            self.say(f"바뀐 기록은 {result.first_bad}번부터 {result.suspect_until}번 사이에 있습니다.")
        elif result.first_bad is not None:
            self.say(f"처음으로 이상한 기록: {result.first_bad}번")
