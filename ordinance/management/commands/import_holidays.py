"""Holidays from a file, or from the package that comes with the program."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ordinance import holiday_import, holiday_seed
from ordinance.periods import EARLIEST_YEAR, LATEST_YEAR, day_text

ACTOR = "command:import_holidays"


class Command(BaseCommand):
    help = "공휴일을 iCal이나 CSV 파일에서 가져옵니다. 한 줄이라도 틀리면 아무것도 저장하지 않습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE")
        parser.add_argument("--year", type=int, help="파일 대신 내장된 공휴일 계산으로 그 해를 채웁니다.")
        parser.add_argument("--dry-run", action="store_true", help="저장하지 않고 결과만 보입니다.")
        parser.add_argument(
            "--confirm-days",
            action="store_true",
            help="기념일로 보이거나 한 해에 너무 많은 날도 모두 공휴일임을 확인하고 저장합니다.",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["file"] is None) == (options["year"] is None):
            raise CommandError("파일이나 --year 가운데 하나를 주십시오.", returncode=2)
        try:
            result = (
                self._from_package(options["year"], options["dry_run"])
                if options["file"] is None
                else holiday_import.import_file(
                    Path(options["file"]),
                    by=ACTOR,
                    dry_run=options["dry_run"],
                    confirmed=options["confirm_days"],
                )
            )
        except holiday_import.UnusableFile as error:
            raise CommandError(str(error), returncode=2) from error
        self._tell(result)
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict(), ensure_ascii=False))
        if result.is_asked:
            raise CommandError(
                "공휴일인지 확실하지 않아 아무것도 저장하지 않았습니다. 모두 쉬는 날이 맞으면 --confirm-days로 다시 실행하십시오.",
                returncode=2,
            )
        if not result.is_ok:
            raise CommandError(f"{result.rejected}행이 잘못되어 아무것도 저장하지 않았습니다.", returncode=2)

    def _from_package(self, year: int, dry_run: bool) -> holiday_import.ImportResult:
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise CommandError(f"연도가 올바르지 않습니다: {year}", returncode=2)
        return holiday_import.import_rows(
            holiday_seed.of_year(year), by=ACTOR, dry_run=dry_run, source=f"{year}년 내장 계산"
        )

    def _tell(self, result: holiday_import.ImportResult) -> None:
        for error in result.errors:
            self.stderr.write(str(error))
        for note in result.ignored:
            self.stderr.write(f"제외: {note}")
        for note in result.notes:
            self.stderr.write(note)
        for doubt in result.doubts:
            self.stderr.write(f"확인 필요: {doubt}")
        for moved in result.moved if result.is_ok else ():
            self.stderr.write(
                f"기한 변경: {moved.subject_kind} {moved.subject_number} "
                f"{day_text(moved.old_due_on)} → {day_text(moved.new_due_on)}"
            )
        if result.is_ok:
            done = "저장하지 않음(미리보기)" if result.is_dry_run else "저장함"
            self.stderr.write(
                f"추가 {result.created}일, 변경 {result.updated}일, 그대로 {result.unchanged}일: {done}"
            )
