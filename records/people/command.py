"""What the three commands that import people share: arguments, words for people, JSON, exit codes."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand

from records.tabular import SHOWN_ERRORS, ImportResult, UnusableFile

EXIT_UNUSABLE = 2


class ImportCommand(BaseCommand):
    """Exit 0 when the rows are stored (or nothing is new), 2 where the file or a row of it cannot be used."""

    import_file: ClassVar[Callable[..., ImportResult]]
    name: ClassVar[str]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="저장하지 않고 결과만 보여 줍니다.")
        parser.add_argument("--skip-invalid", action="store_true", help="오류 행을 빼고 나머지를 저장합니다.")
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 씁니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = type(self).import_file(
                options["file"],
                dry_run=options["dry_run"],
                skip_invalid=options["skip_invalid"],
                actor=f"command:{self.name}",
            )
        except UnusableFile as error:
            self.stderr.write(f"가져올 수 없습니다: {error}")
            if options["json"]:
                nothing = ImportResult().as_json() | {"error": str(error)}
                self.stdout.write(json.dumps(nothing, ensure_ascii=False))
            raise SystemExit(EXIT_UNUSABLE) from None
        self._explain(result, is_dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
        if result.is_refused:
            raise SystemExit(EXIT_UNUSABLE)

    def _explain(self, result: ImportResult, *, is_dry_run: bool) -> None:
        for error in result.errors[:SHOWN_ERRORS]:
            self.stderr.write(str(error))
        if len(result.errors) > SHOWN_ERRORS:
            self.stderr.write(f"… 오류는 모두 {len(result.errors):,}건입니다.")
        if result.is_refused:
            self.stderr.write(
                f"오류가 있는 행 {result.rejected:,}개: 아무것도 저장하지 않았습니다. "
                "고쳐서 다시 가져오거나 --skip-invalid로 그 행을 빼세요."
            )
            return
        if result.is_stored:
            done = "저장했습니다"
        elif is_dry_run:
            done = "미리보기(저장하지 않음)"
        else:
            done = "바뀐 것이 없어 저장하지 않았습니다"
        self.stderr.write(
            f"{done}: 새 행 {result.created:,}, 바뀐 행 {result.updated:,}, 그대로 {result.unchanged:,}, "
            f"뺀 행 {result.rejected:,}"
        )
