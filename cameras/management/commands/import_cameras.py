"""`import_cameras FILE`: parses arguments, prints the result."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cameras.register import ImportResult, UnusableFile, import_file

EXIT_FAILED = 1
EXIT_UNUSABLE = 2
SHOWN_ERRORS = 1_000


class Command(BaseCommand):
    help = "전국CCTV표준데이터(CSV 또는 XLSX)를 카메라 대장으로 가져옵니다."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="저장하지 않고 결과만 보여 줍니다.")
        parser.add_argument("--skip-invalid", action="store_true", help="오류 행을 빼고 나머지를 저장합니다.")
        parser.add_argument(
            "--newest-only",
            action="store_true",
            help="같은 장소가 해마다 다른 관리번호로 들어 있는 파일에서 장소마다 데이터기준일자가 가장 새 자료만 가져옵니다.",
        )
        parser.add_argument(
            "--retention-if-unknown",
            type=int,
            metavar="DAYS",
            help="보관일수를 모르는(빈칸, 0) 행의 카메라에 쓸 보관일수. 주지 않으면 그 행은 오류입니다.",
        )
        parser.add_argument("--rejected", type=Path, metavar="FILE", help="오류 행을 저장할 CSV 파일")
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 씁니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        place = options["rejected"]
        try:
            if place is not None:
                _refuse_unusable(place, options["file"])
            result = import_file(
                options["file"],
                dry_run=options["dry_run"],
                skip_invalid=options["skip_invalid"],
                actor="command:import_cameras",
                newest_only=options["newest_only"],
                retention_if_unknown=options["retention_if_unknown"],
            )
        except UnusableFile as error:
            self.stderr.write(f"가져올 수 없습니다: {error}")
            if options["json"]:
                nothing = ImportResult().as_json() | {"error": str(error)}
                self.stdout.write(json.dumps(nothing, ensure_ascii=False))
            raise SystemExit(EXIT_UNUSABLE) from None
        lost = _write_rejected(result, place)
        self._explain(result, is_dry_run=options["dry_run"])
        if lost:
            self.stderr.write(lost)
        if options["json"]:
            answer = result.as_json() | ({"error": lost} if lost else {})
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if result.is_refused:
            raise SystemExit(EXIT_UNUSABLE)
        if lost:
            raise SystemExit(EXIT_FAILED)

    def _explain(self, result: ImportResult, *, is_dry_run: bool) -> None:
        for error in result.errors[:SHOWN_ERRORS]:
            self.stderr.write(
                f"{error.row}행 [{error.column}] ‘{error.value}’: {error.reason} {error.hint}".rstrip()
            )
        if result.error_count > SHOWN_ERRORS:
            self.stderr.write(f"… 오류는 모두 {result.error_count:,}건입니다.")
        for notice in result.warnings:
            self.stderr.write(f"알림: {notice.message}")
        if result.is_refused:
            self.stderr.write(
                f"오류가 있는 행 {result.rejected:,}개: 아무것도 저장하지 않았습니다. "
                "고쳐서 다시 가져오거나 --skip-invalid로 그 행을 빼세요."
            )
            return
        if result.is_empty:
            self.stderr.write("열 이름만 있고 자료 행이 없습니다. 대장은 그대로입니다.")
            return
        done = "미리보기(저장하지 않음)" if is_dry_run else "저장했습니다"
        self.stderr.write(
            f"{done}: 새 행 {result.created:,}, 바뀐 행 {result.updated:,}, 그대로 {result.unchanged:,}, "
            f"뺀 행 {result.rejected:,} (설치장소 {result.sites:,}곳, 카메라 {result.cameras:,}대)"
        )


def _refuse_unusable(place: Path, source: Path) -> None:
    """Before anything is stored: rejected rows that cannot be written would be lost, and so would the file itself."""
    if place.is_dir():
        raise UnusableFile(f"오류 행을 쓸 곳이 파일이 아니라 폴더입니다: {place}")
    if not place.parent.is_dir():
        raise UnusableFile(f"오류 행을 쓸 폴더가 없습니다: {place.parent}")
    if place.exists() and source.exists() and place.samefile(source):
        raise UnusableFile(
            f"오류 행을 가져올 파일에 덮어쓸 수 없습니다: {place}. --rejected에 다른 이름을 주세요."
        )
    if not os.access(place if place.exists() else place.parent, os.W_OK):
        raise UnusableFile(f"오류 행 파일을 쓸 권한이 없습니다: {place}")


def _write_rejected(result: ImportResult, place: Path | None) -> str:
    """What went wrong with the file, if anything; the import itself is done by now and is told all the same."""
    if place is None or result.dataset is None or not result.rejected:
        return ""
    try:
        result.dataset.write_rejected(place)
    except OSError as error:
        return f"오류 행 파일을 쓸 수 없습니다: {place} ({error.strerror or error})"
    return ""
