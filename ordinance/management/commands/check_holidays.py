"""Whether the holidays that deadlines need are on record; for monitoring."""

import datetime
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ordinance import holidays


class Command(BaseCommand):
    help = "올해와 (10월 1일부터는) 내년의 공휴일이 등록되었는지 확인합니다. 없으면 종료값 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", metavar="DATE", help="그 날짜를 기준으로 확인합니다 (2026-10-01).")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        today = _date(options["at"]) if options["at"] is not None else timezone.localdate()
        year = holidays.missing_year(today)
        if options["json"]:
            self.stdout.write(json.dumps({"on": today.isoformat(), "ok": year is None, "missing_year": year}))
        if year is not None:
            raise CommandError(f"{holidays.missing_text(year)}.", returncode=1)
        self.stderr.write("필요한 공휴일이 등록되어 있습니다.")


def _date(text: str) -> datetime.date:
    try:
        on = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"날짜가 아닙니다: {text}", returncode=2) from error
    if not 1 < on.year < 9999:
        raise CommandError(f"날짜가 아닙니다: {text}", returncode=2)
    return on
