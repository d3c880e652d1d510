"""Write the inspector's bundle."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from ledger.errors import LedgerError
from reports import outputs
from reports.documents.official_ledger import UnusableLedger
from reports.fonts import FontMissing
from reports.inspection import bundle
from reports.pdf import TypesettingFailed


class Command(BaseCommand):
    help = "점검하는 사람에게 줄 묶음(ZIP)을 만듭니다. 서버 없이 verify_inspection.py로 확인합니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="from_on", required=True, metavar="YYYY-MM-DD", help="첫 날")
        parser.add_argument(
            "--until", dest="until_on", required=True, metavar="YYYY-MM-DD", help="마지막 날 (그날까지)"
        )
        parser.add_argument("--output", required=True, metavar="FILE.zip")
        parser.add_argument(
            "--with-names", default="", metavar="PURPOSE", help="성명을 담는 목적. 원장에 남습니다."
        )
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 출력")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outputs.prepare(options["output"], None)
            made = bundle.make(
                _day(options["from_on"]),
                _day(options["until_on"]),
                Path(options["output"]),
                actor="command:bundle_inspection",
                names_for=options["with_names"],
            )
        except (bundle.UnusableSpan, UnusableLedger, outputs.UnusableOutput, FontMissing) as error:
            self._give_up(str(error), 2, as_json=options["json"])
        except (TypesettingFailed, LedgerError) as error:
            self._give_up(str(error), 1, as_json=options["json"])
        except OSError as error:
            self._give_up(
                f"{options['output']}: 쓸 수 없습니다 ({error.strerror}).", 2, as_json=options["json"]
            )
        self.stderr.write(
            f"파일 {len(made.files)}개, {made.rows:,}줄, 원장 {made.entries:,}건을 담았습니다: {options['output']}"
        )
        for absent in made.absent:
            self.stderr.write(f"담지 못함: {absent}")
        if options["json"]:
            answer = {
                "files": len(made.files),
                "rows": made.rows,
                "entries": made.entries,
                "absent": made.absent,
                "manifest_sha256": made.manifest_sha256,
                "key_id": made.key_id,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _give_up(self, told: str, status: int, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"error": told}, ensure_ascii=False))
        raise CommandError(told, returncode=status)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bundle.UnusableSpan(f"날짜는 2026-11-29처럼 적습니다: {text}") from None
