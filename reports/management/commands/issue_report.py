"""Issue a report from the command line."""

import json
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from ledger.errors import BrokenLedger
from ordinance.parameters import UnknownParameter
from reports import issue
from reports.fonts import FontMissing
from reports.outputs import UnusableOutput
from reports.pdf import TypesettingFailed
from reports.period import UnusablePeriod


class Command(BaseCommand):
    help = "위원회 보고서를 발행합니다. 원장을 먼저 봉인하고, 수치와 파일을 동결한 뒤 발행 사실을 원장에 적습니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=["committee"], help="보고서 종류")
        parser.add_argument(
            "--period",
            required=True,
            metavar="2026Q3",
            help="분기(2026Q3) 또는 한 해(2026). 한 해의 보고서에는 부록이 없습니다",
        )
        parser.add_argument("--output", required=True, metavar="FILE.pdf", help="보고서를 쓸 파일")
        parser.add_argument(
            "--head", metavar="FILE", help="verify_ledger --head로 확인할 원장 봉인을 쓸 파일"
        )
        parser.add_argument("--without-annex", action="store_true", help="카메라별 부록 없이 발행")
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 출력")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = issue.committee_report(
                options["period"],
                output=options["output"],
                with_annex=not options["without_annex"],
                head_file=options["head"],
            )
        except (UnusablePeriod, UnusableOutput, FontMissing, UnknownParameter) as error:
            self._give_up(error, 2, as_json=options["json"])
        except (TypesettingFailed, BrokenLedger) as error:
            self._give_up(error, 1, as_json=options["json"])
        interim = " (중간 보고)" if report.is_interim else ""
        self.stderr.write(
            f"{report.period} 보고서 제{report.version}판{interim}을 발행하였습니다: {options['output']} "
            f"({report.pages}쪽, 부록 {len(report.volumes)}권), 원장 {report.ledger_size}건 봉인",
        )
        if report.changes:
            self.stderr.write("이전 판과 달라진 점:")
            for change in report.changes:
                self.stderr.write(f"- {change}")
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "sha256": report.sha256,
                        "pages": report.pages,
                        "version": report.version,
                        "ledger_size": report.ledger_size,
                        "ledger_root": report.ledger_root,
                        "ledger_entry": report.ledger_entry,
                        "is_interim": report.is_interim,
                        "processes": list(report.printing),
                        "annex": [
                            {"number": item["number"], "sha256": item["sha256"], "pages": item["pages"]}
                            for item in report.volumes
                        ],
                    },
                    ensure_ascii=False,
                )
            )

    def _give_up(self, error: Exception, status: int, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
        raise CommandError(str(error), returncode=status) from error
