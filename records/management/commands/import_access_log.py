"""`import_access_log FILE --map NAME`: parses arguments, prints the result."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from records.access_log.importing import LogImport, import_log
from records.access_log.maps import shipped
from records.tabular import UnusableFile

EXIT_UNUSABLE = 2


class Command(BaseCommand):
    help = "영상 시스템의 접속기록(감사 기록) 파일을 가져옵니다. 이미 있는 줄은 다시 저장하지 않습니다."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        known = ", ".join(f"{each.name}: {each.label}" for each in shipped().values())
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--map", required=True, metavar="NAME", help=f"열 대응표의 이름이나 .toml 파일 ({known})"
        )
        parser.add_argument("--dry-run", action="store_true", help="저장하지 않고 결과만 보여 줍니다.")
        parser.add_argument(
            "--strict", action="store_true", help="잘못된 줄이 하나라도 있으면 저장하지 않습니다."
        )
        parser.add_argument("--rejected", type=Path, metavar="FILE", help="오류 줄을 모두 적을 CSV 파일")
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 씁니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = import_log(
                options["file"],
                options["map"],
                actor="command:import_access_log",
                dry_run=options["dry_run"],
                is_strict=options["strict"],
                rejected_to=options["rejected"],
            )
        except (UnusableFile, OSError) as error:
            self.stderr.write(f"가져올 수 없습니다: {error}")
            if options["json"]:
                nothing = LogImport().as_json() | {"error": str(error)}
                self.stdout.write(json.dumps(nothing, ensure_ascii=False))
            raise SystemExit(EXIT_UNUSABLE) from None
        self._explain(result, is_dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
        if result.is_refused:
            raise SystemExit(EXIT_UNUSABLE)

    def _explain(self, result: LogImport, *, is_dry_run: bool) -> None:
        for error in result.errors:
            self.stderr.write(str(error))
        if result.rejected > len(result.errors):
            self.stderr.write(
                f"… 오류 줄은 모두 {result.rejected:,}개입니다. --rejected로 모두 적을 수 있습니다."
            )
        if result.out_of_order:
            self.stderr.write(f"알림: 앞줄보다 이른 시각의 줄이 {result.out_of_order:,}개 있습니다.")
        if result.is_refused:
            self.stderr.write("저장하지 않았습니다. 고쳐서 다시 가져오십시오.")
            return
        if result.is_stored:
            done = "저장했습니다"
        elif is_dry_run:
            done = "미리보기(저장하지 않음)"
        else:
            done = "새 줄이 없어 저장하지 않았습니다"
        self.stderr.write(
            f"{done}: 읽은 줄 {result.rows:,}, 새 줄 {result.created:,}, 이미 있는 줄 {result.known:,}, "
            f"오류 {result.rejected:,}, 대상이 아닌 줄 {result.ignored:,}"
        )
