"""Register a recorder's folder."""

from typing import Any

from django.core.management.base import CommandParser

from footage import storages
from footage.layouts import NAMED
from footage.management.base import FootageCommand


class Command(FootageCommand):
    help = "녹화기의 폴더를 영상 저장소로 등록합니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="저장소 이름")
        parser.add_argument("root", metavar="ROOT", help="녹화기의 미디어 폴더")
        parser.add_argument(
            "--layout",
            required=True,
            help=f"경로 형식: {', '.join(NAMED)} 또는 strftime 형식과 {{camera}} "
            "(예: {camera}/%%Y-%%m-%%d/%%H-%%M-%%S.mp4)",
        )
        parser.add_argument("--timezone", default="Asia/Seoul", help="경로에 적힌 시각의 시간대")
        parser.add_argument("--segment-seconds", type=int, default=600, help="파일 하나의 길이 (초)")
        parser.add_argument("--queue", default="", help="디스크가 있는 서버의 Celery 대기열")

    def act(self, options: dict[str, Any]) -> int:
        storage = storages.add(
            options["name"],
            options["root"],
            options["layout"],
            options["timezone"],
            options["segment_seconds"],
            queue=options["queue"],
            actor="command:add_storage",
        )
        if storage.root != options["root"].rstrip("/"):
            self.say(f"실제 경로로 등록했습니다: {storage.root}")
        if storage.timezone != options["timezone"] and options["timezone"] != "Asia/Seoul":
            self.say(
                f"{storage.layout} 형식의 시각은 항상 {storage.timezone}입니다. --timezone은 쓰지 않았습니다."
            )
        data = {
            "id": storage.pk,
            "name": storage.name,
            "root": storage.root,
            "layout": storage.layout,
            "timezone": storage.timezone,
            "segment_seconds": storage.segment_seconds,
        }
        self.tell(data, options, f"저장소를 등록했습니다: {storage.name} ({storage.root})")
        return 0
