"""What the commands of erasing have in common: beat does each every night; a person may do it now, or only look."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class ErasureCommand(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="파기하지 않고 대상만 보여 줍니다")
        parser.add_argument("--json", action="store_true", dest="as_json", help="결과를 JSON 한 줄로")

    def handle(self, *args: Any, **options: Any) -> None:
        is_dry_run = options["dry_run"]
        lines, figures = self.erase("파기 대상" if is_dry_run else "파기", is_dry_run=is_dry_run)
        for line in lines:
            self.stderr.write(line)
        if options["as_json"]:
            self.stdout.write(json.dumps({"dry_run": is_dry_run} | figures))

    def erase(self, word: str, *, is_dry_run: bool) -> tuple[list[str], dict[str, int]]:
        """Lines for people, figures for programs. `word` says whether it is done or would be."""
        raise NotImplementedError
