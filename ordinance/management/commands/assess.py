"""조례 점검: judge every rule. An unmet duty is a finding, not a failure of the command."""

import datetime
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.longrun import AlreadyRunning, RunState
from ordinance import assessment_run, rules
from ordinance.models import Assessment


class Command(BaseCommand):
    # System checks load every URL and screen, which takes longer than judging a district.
    requires_system_checks: list[str] = []
    help = "모든 규칙을 점검하여 미이행 사항을 열고 닫습니다. 미이행이 있어도 종료값은 0입니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--on", metavar="DATE", help="기준일 (기본: 오늘). 마지막 점검보다 앞설 수 없습니다."
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = self._assess(options["on"])
        except CommandError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
            raise
        for code, found in run.result.items():
            self.stderr.write(
                f"{rules.get(code).heading}: 대상 {found['subjects']:,}, "
                f"미이행 {found['unmet']:,}, 예외 {found['excepted']:,}, "
                f"판정하지 않음 {found['not_applicable']:,} "
                f"(새로 {found['opened']:,}, 종결 {found['closed']:,})"
            )
        if options["json"]:
            self.stdout.write(json.dumps(run.result, ensure_ascii=False))

    def _assess(self, day: str | None) -> Assessment:
        try:
            run = assessment_run.assess(_date(day) if day is not None else None, wait=True)
        except assessment_run.Refused as error:
            raise CommandError(str(error), returncode=2) from error
        except AlreadyRunning as error:
            raise CommandError(str(error), returncode=1) from error
        if run.state != RunState.SUCCEEDED:
            raise CommandError(f"점검을 마치지 못했습니다: {run.get_state_display()}", returncode=1)
        return run


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"날짜가 아닙니다: {text}", returncode=2) from error
