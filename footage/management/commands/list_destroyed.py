"""Name each destroyed file, from the manifests."""

import json
from typing import Any

from django.core.management.base import CommandParser

from footage import manifests
from footage.errors import UnusableInput
from footage.instants import parse_instant
from footage.management.base import FootageCommand, camera_numbered


class Command(FootageCommand):
    help = "파기한 파일을 한 줄에 하나씩 보여 줍니다. 기간은 영상이 겹치는 구간 [시작, 끝)입니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--camera", metavar="NO", help="카메라 번호")
        parser.add_argument("--from", dest="from_text", metavar="ISO", help="이 시각부터의 영상")
        parser.add_argument("--until", dest="until_text", metavar="ISO", help="이 시각 전의 영상")

    def act(self, options: dict[str, Any]) -> int:
        from_at = parse_instant(options["from_text"]) if options["from_text"] is not None else None
        until_at = parse_instant(options["until_text"]) if options["until_text"] is not None else None
        if from_at is not None and until_at is not None and from_at >= until_at:
            raise UnusableInput("끝 시각(--until)은 시작 시각(--from)보다 뒤여야 합니다.")
        camera = camera_numbered(options["camera"]) if options["camera"] is not None else None
        for found in manifests.destroyed(camera, from_at, until_at):
            line = found.as_json()
            if options["json"]:
                self.stdout.write(json.dumps(line, ensure_ascii=False))
            else:
                self.stdout.write("\t".join("" if value is None else str(value) for value in line.values()))
        return 0
