"""End a hold."""

from typing import Any

from django.core.management.base import CommandParser

from footage import holds
from footage.errors import UnusableInput
from footage.management.base import FootageCommand
from footage.models import Hold


class Command(FootageCommand):
    help = "삭제 유예를 해제합니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, metavar="ID", help="삭제 유예 번호")
        parser.add_argument("--reason", required=True, help="사유")

    def act(self, options: dict[str, Any]) -> int:
        hold = Hold.objects.filter(pk=options["id"]).first() if 0 < options["id"] < 2**63 else None
        if hold is None:
            raise UnusableInput(f"없는 삭제 유예 번호입니다: {options['id']}")
        holds.release(hold, reason=options["reason"], by=None, actor="command:release_hold")
        self.tell({"id": hold.pk}, options, f"삭제 유예를 해제했습니다: {hold.pk}번")
        return 0
