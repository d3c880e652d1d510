"""Read the tree."""

from typing import Any

from django.core.management.base import CommandParser

from footage import findings, outcomes, scan
from footage.management.base import FootageCommand, storage_named


class Command(FootageCommand):
    help = "저장소를 읽어 카메라별·일자별 영상을 확인합니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--storage", metavar="NAME", help="이 저장소만")

    def act(self, options: dict[str, Any]) -> int:
        result = scan.scan(storage_named(options["storage"]))
        findings.follow_scan()
        for line in outcomes.lines_of(result.report):
            self.say(line)
        self.tell(
            result.as_json(),
            options,
            f"카메라 {result.cameras:,}대, {result.days:,}일, 파일 {result.segments:,}개 ({result.bytes:,}바이트), "
            f"형식 외 {result.unrecognised:,}, 미등록 {result.unclaimed:,}, 오류 {result.errors:,}",
        )
        return 0 if result.is_ok else 1
