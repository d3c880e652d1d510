"""Erase who sent opinions where the period is over; beat does it every night."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cameras.consultation import people


class Command(BaseCommand):
    help = "보유기간이 지난 의견 제출자의 인적사항과 붙인 파일을 파기합니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="파기하지 않고 대상만 보여 줍니다")
        parser.add_argument("--json", action="store_true", dest="as_json", help="결과를 JSON 한 줄로")

    def handle(self, *args: Any, **options: Any) -> None:
        found = people.due() if options["dry_run"] else people.erase_due()
        word = "파기 대상" if options["dry_run"] else "파기"
        for each in found:
            self.stderr.write(
                f"{each.consultation.number}: {word} 의견 {each.opinions}건, 파일 {each.files}개"
            )
        if not found:
            self.stderr.write("보유기간이 지난 인적사항이 없습니다.")
        if options["as_json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "dry_run": options["dry_run"],
                        "consultations": len(found),
                        "opinions": sum(each.opinions for each in found),
                        "files": sum(each.files for each in found),
                    }
                )
            )
