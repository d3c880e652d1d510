"""Write the signed heads to the witness's folder."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from ledger import witness
from ledger.errors import WitnessContradicts
from ledger.management.output import LedgerCommand


class Command(LedgerCommand):
    help = "새 봉인을 증인 폴더(LEDGER_WITNESS)에 덧붙입니다. 앞의 봉인에서 이어진다는 증명이 함께 적힙니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", metavar="DIR", help="다른 폴더에 (기본: LEDGER_WITNESS)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.unusable_input(as_json=options["json"]):
            target = Path(options["folder"]) if options["folder"] else witness.folder()
            try:
                written = witness.export(target)
            except WitnessContradicts as error:
                self.say(f"이상 있음: {error}")
                self.answer({"ok": False, "reason": str(error)}, as_json=options["json"])
                sys.exit(1)
        found = witness.health()
        if target is None:
            self.say("증인 폴더가 정해지지 않았습니다 (LEDGER_WITNESS). 아무것도 내보내지 않았습니다.")
        else:
            self.say(f"봉인 {written:,}개를 {target}에 덧붙였습니다. 마지막 크기 {found.size:,}")
        data = {"ok": True, "written": written, "size": found.size, "root": found.root}
        self.answer(data, as_json=options["json"])
