"""`erase_sign_photos`: what beat does every night, now; or only looks."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cameras.signs import photo_erasure


class Command(BaseCommand):
    help = (
        "보관기간이 지난 안내판 확인 사진을 파기합니다. 쓰고 있는 안내판의 최근 사진과 확인 기록은 남습니다."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="파기하지 않고 대상만 보여 줍니다")
        parser.add_argument("--json", action="store_true", dest="as_json", help="결과를 JSON 한 줄로")

    def handle(self, *args: Any, **options: Any) -> None:
        is_dry_run = options["dry_run"]
        found = photo_erasure.rehearse() if is_dry_run else photo_erasure.erase_due()
        self.stderr.write(
            f"{'파기 대상' if is_dry_run else '파기'}: 확인 {found.checks:,}건의 사진 파일 {found.files:,}개"
        )
        if options["as_json"]:
            self.stdout.write(
                json.dumps({"dry_run": is_dry_run, "checks": found.checks, "files": found.files})
            )
