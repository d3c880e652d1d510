"""Write one of the two official ledgers."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from reports import outputs
from reports.documents import official_ledger
from reports.fonts import FontMissing
from reports.pdf import TypesettingFailed


class Command(BaseCommand):
    help = "개인영상정보 관리대장 또는 목적 외 이용·제공 대장을 기록에서 만듭니다. 성명이 들어가므로 만든 사실이 원장에 남습니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "register",
            metavar="personal-video|out-of-purpose",
            choices=[name.value for name in official_ledger.Name],
        )
        parser.add_argument("--from", dest="from_on", required=True, metavar="YYYY-MM-DD", help="첫 날")
        parser.add_argument(
            "--until", dest="until_on", required=True, metavar="YYYY-MM-DD", help="마지막 날 (그날까지)"
        )
        parser.add_argument(
            "--output", required=True, metavar="FILE", help="쓸 파일: .pdf, .hwpx, .xlsx, .csv"
        )
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 출력")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outputs.prepare(options["output"], None)
            made = official_ledger.make(
                official_ledger.Name(options["register"]),
                _day(options["from_on"]),
                _day(options["until_on"]),
                Path(options["output"]).suffix.lower(),
                actor="command:render_register",
            )
            outputs.write(options["output"], made.content)
        except (official_ledger.UnusableLedger, outputs.UnusableOutput, FontMissing, ValueError) as error:
            self._give_up(error, 2, as_json=options["json"])
        except TypesettingFailed as error:
            self._give_up(error, 1, as_json=options["json"])
        self.stderr.write(f"{made.rows}줄을 적었습니다: {options['output']}")
        if options["json"]:
            answer = {"rows": made.rows, "by_kind": made.by_kind, "sha256": made.sha256}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _give_up(self, error: Exception, status: int, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
        raise CommandError(str(error), returncode=status)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise official_ledger.UnusableLedger(f"날짜는 2026-11-29처럼 적습니다: {text}") from None
