"""Write the bundle for the stand-alone verifier."""

from argparse import ArgumentParser
from typing import Any

from ledger import bundle
from ledger.management.output import LedgerCommand


class Command(LedgerCommand):
    help = "서버 없이 검사할 수 있는 원장 묶음을 씁니다 (ledger/verify_bundle.py로 검사)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.unusable_input(as_json=options["json"]):
            entries, heads = bundle.export(options["file"])
        self.say(f"기록 {entries:,}건과 봉인 {heads:,}개를 {options['file']}에 썼습니다.")
        self.say(f"검사: python3 verify_bundle.py {options['file']} --head 보관한봉인.json")
        self.answer({"entries": entries, "heads": heads, "file": options["file"]}, as_json=options["json"])
