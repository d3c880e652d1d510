"""The morning mails, by hand."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from footage.errors import UnusableInput
from footage.instants import parse_instant
from portal import reminders


class Command(BaseCommand):
    help = "담당자에게 아침 메일을 보냅니다. 오늘 이미 받은 담당자에게는 보내지 않습니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="기준 시각 (기본: 지금). 예: 2026-11-23T08:00+09:00")
        parser.add_argument("--dry-run", action="store_true", help="보내지 않고 결과만 보여 줍니다.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="결과를 JSON 한 줄로")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            now = timezone.now()
            at = parse_instant(options["at"]) if options["at"] is not None else now
            if at > now and not options["dry_run"]:
                raise UnusableInput(
                    "아직 오지 않은 시각으로는 보낼 수 없습니다 (--dry-run으로 미리 볼 수 있습니다)."
                )
        except UnusableInput as error:
            self.stderr.write(f"오류: {error}")
            self._tell({"error": str(error)}, options)
            raise SystemExit(2) from error
        outcome = reminders.send(at, dry_run=options["dry_run"])
        if outcome.is_working_day:
            verb = "보낼 메일" if options["dry_run"] else "보냄"
            self.stderr.write(
                f"{outcome.on}: {verb} {outcome.sent:,}통(할 일 {outcome.items:,}건), 실패 {outcome.failed:,}, "
                f"알릴 일 없음 {outcome.nothing:,}, 이미 받음 {outcome.already:,}, 받지 않음 {outcome.skipped:,}"
            )
        else:
            self.stderr.write(f"{outcome.on}: 근무일이 아니어서 보내지 않습니다.")
        self._tell(outcome.as_json(), options)
        if outcome.failed:
            raise SystemExit(1)

    def _tell(self, data: dict[str, Any], options: dict[str, Any]) -> None:
        if options["as_json"]:
            self.stdout.write(json.dumps(data, ensure_ascii=False))
