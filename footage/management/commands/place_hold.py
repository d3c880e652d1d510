"""Freeze a camera's range."""

from typing import Any

from django.core.management.base import CommandParser

from footage import holds
from footage.instants import parse_range
from footage.management.base import FootageCommand, camera_numbered


class Command(FootageCommand):
    help = "카메라의 영상 구간을 파기하지 않도록 유예합니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--camera", required=True, metavar="NO", help="카메라 번호")
        parser.add_argument("--from", required=True, dest="from_text", metavar="ISO", help="시작 (포함)")
        parser.add_argument("--until", required=True, dest="until_text", metavar="ISO", help="끝 (제외)")
        parser.add_argument("--reason", required=True, help="사유")
        parser.add_argument("--article", default="", help="근거 조항")
        parser.add_argument("--case", default="", help="사건 번호")

    def act(self, options: dict[str, Any]) -> int:
        from_at, until_at = parse_range(options["from_text"], options["until_text"])
        hold = holds.place(
            camera_numbered(options["camera"]),
            from_at,
            until_at,
            reason=options["reason"],
            by=None,
            article=options["article"],
            case_reference=options["case"],
            actor="command:place_hold",
        )
        if hold.already_gone:
            self.say(f"주의: 이 구간의 파일 {hold.already_gone:,}개는 이미 파기되었습니다.")
        self.tell(
            {"id": hold.pk, "already_gone": hold.already_gone},
            options,
            f"삭제 유예를 지정했습니다: {hold.pk}번",
        )
        return 0
