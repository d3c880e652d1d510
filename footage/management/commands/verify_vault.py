"""Check every kept file."""

from typing import Any

from django.core.management.base import CommandParser

from footage.management.base import FootageCommand
from footage.vault import check


class Command(FootageCommand):
    help = "증거 보관함의 파일을 하나씩 열어 기록과 대조합니다. 다르거나 없으면 1로 끝납니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", metavar="NUMBER", help="이 사건만")

    def act(self, options: dict[str, Any]) -> int:
        result = check.verify(options["case"])
        for bad in result.bad:
            self.say(f"{bad.case}: {bad.file}: {check.reason_text(bad.reason)}")
        self.tell(
            result.as_json(),
            options,
            f"파일 {result.files:,}개 ({result.bytes:,}바이트)를 확인했고, 이상이 {len(result.bad):,}건 있습니다.",
        )
        return 0 if result.is_ok else 1
