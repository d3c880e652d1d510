"""`export_cameras FILE`: parses arguments, prints what was written."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cameras.exporting import ENCODINGS
from cameras.register import UnusableTarget, export_file

EXIT_UNUSABLE = 2


class Command(BaseCommand):
    help = "카메라 대장을 전국CCTV표준데이터(CSV, 이름이 .xlsx로 끝나면 XLSX)로 내보냅니다."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--encoding", choices=ENCODINGS, default=ENCODINGS[0])
        parser.add_argument(
            "--as-of-today", action="store_true", help="데이터기준일자를 오늘로 씁니다(기본은 대장의 값)."
        )
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 씁니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = export_file(options["file"], options["encoding"], options["as_of_today"])
        except UnusableTarget as error:
            self.stderr.write(f"내보낼 수 없습니다: {error}")
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
            raise SystemExit(EXIT_UNUSABLE) from None
        self.stderr.write(
            f"{options['file']}: {result.rows:,}행 (설치장소 {result.sites:,}곳, 카메라 {result.cameras:,}대)"
        )
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
