"""`erase_loose_files`: what beat does every night, now; or only looks."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cameras import loose_files


class Command(BaseCommand):
    help = "미리보기만 하고 확정하지 않아 아무 데도 붙지 않은 첨부 파일을 하루 뒤에 파기합니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="파기하지 않고 대상만 보여 줍니다")
        parser.add_argument("--json", action="store_true", dest="as_json", help="결과를 JSON 한 줄로")

    def handle(self, *args: Any, **options: Any) -> None:
        is_dry_run = options["dry_run"]
        found = loose_files.rehearse() if is_dry_run else loose_files.erase_due()
        self.stderr.write(
            f"{'파기 대상' if is_dry_run else '파기'}: 첨부 파일 {found.files:,}개 ({found.bytes:,}바이트)"
        )
        if options["as_json"]:
            self.stdout.write(json.dumps({"dry_run": is_dry_run, "files": found.files, "bytes": found.bytes}))
