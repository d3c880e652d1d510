"""Seal what is new and hand out the signed head."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from ledger import heads
from ledger.errors import BrokenLedger
from ledger.management.output import LedgerCommand
from ledger.models import Entry, SignedHead
from ledger.seal import seal


class Command(LedgerCommand):
    help = "새 기록을 봉인하고, 서명된 봉인(크기·루트·시각)을 보관용 파일로 씁니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", metavar="FILE", help="봉인을 쓸 파일")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.unusable_input(as_json=options["json"]):
            try:
                head = seal()
            except BrokenLedger as error:
                self._refuse(error, as_json=options["json"])
            if options["head"] is not None:
                heads.write(Path(options["head"]), head)
            entries = Entry.objects.last_sequence()
        self.say(f"봉인: 기록 {head.size:,}건, 루트 {head.root}, 키 {head.key_id[:16]}…")
        data = {"entries": entries, "ok": True, "first_bad": None, **heads.as_data(head)}
        self.answer(data, as_json=options["json"])

    def _refuse(self, error: BrokenLedger, *, as_json: bool) -> None:
        last = SignedHead.objects.latest_head()
        self.say(f"{error} verify_ledger로 확인하십시오.")
        data = {
            "entries": Entry.objects.count(),
            "size": last.size if last else 0,
            "root": last.root if last else "",
            "ok": False,
            "first_bad": error.first_bad,
            "reason": str(error),
        }
        self.answer(data, as_json=as_json)
        sys.exit(1)
