"""Say that the names of copied or restored files are right, although their modification times contradict them."""

from typing import Any

from django.core.management.base import CommandParser

from footage import storages
from footage.instants import parse_instant
from footage.management.base import FootageCommand, storage_named


class Command(FootageCommand):
    help = "복사하거나 복원한 저장소의 파일 이름에 적힌 시각이 맞다고 확인합니다. 다음 파기부터 이름의 시각을 따릅니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--storage", required=True, metavar="NAME", help="저장소 이름")
        parser.add_argument(
            "--until", required=True, metavar="ISO", help="이때까지 마지막으로 쓰인 파일 (복사가 끝난 시각)"
        )
        parser.add_argument("--reason", required=True, help="사유")

    def act(self, options: dict[str, Any]) -> int:
        storage = storage_named(options["storage"])
        assert storage is not None  # noqa: S101 - the name is required
        until = parse_instant(options["until"])
        storages.confirm_names(storage, until, reason=options["reason"], actor="command:confirm_names")
        self.tell(
            {"storage": storage.name, "until": until.isoformat()},
            options,
            f"저장소 {storage.name}에서 {options['until']}까지 쓰인 파일은 이름의 시각을 따릅니다.",
        )
        return 0
