"""One sweep: destroy what is due."""

from typing import Any

from django.core.management.base import CommandParser

from footage import destruction, outcomes
from footage.instants import parse_instant
from footage.management.base import FootageCommand, storage_named


class Command(FootageCommand):
    help = "보관기간이 지난 영상을 파기합니다 (한 번 실행)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", metavar="ISO", help="기준 시각 (기본: 지금). 예: 2026-03-01T00:00:00+09:00"
        )
        parser.add_argument("--dry-run", action="store_true", help="파기하지 않고 결과만 보여 줍니다.")
        parser.add_argument("--confirm-clock", action="store_true", help="거부된 시계가 맞다고 확인합니다.")
        parser.add_argument("--storage", metavar="NAME", help="이 저장소만")

    def act(self, options: dict[str, Any]) -> int:
        at = parse_instant(options["at"]) if options["at"] is not None else None
        result = destruction.sweep(
            at,
            dry_run=options["dry_run"],
            confirm_clock=options["confirm_clock"],
            actor="command:enforce_retention",
            storage=storage_named(options["storage"]),
        )
        if result.refusal:
            self.say(f"거부: {result.refusal}\n{result.remedy}".rstrip())
        for line in outcomes.lines_of(result.report) if result.report else []:
            self.say(line)
        verb = "파기 대상" if options["dry_run"] else "파기"
        self.tell(
            result.as_json(),
            options,
            f"{verb} {result.destroyed:,}개 ({result.bytes:,}바이트), 유예 {result.held:,}, 보관 {result.kept:,}, "
            f"형식 외 {result.unrecognised:,}, 미등록 {result.unclaimed:,}, 오류 {result.errors:,}",
        )
        return 0 if result.is_ok else 1
