"""Read a photograph of a sign."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cameras.signs import photo, recognition


class Command(BaseCommand):
    help = "안내판 사진에서 QR 코드를 읽어 어느 설치장소의 안내판인지 말합니다. 아무것도 기록하지 않습니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photo", metavar="PHOTO", help="사진 파일 (JPEG, PNG, WebP)")
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 출력")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            opened = photo.open_photo(_content(options["photo"]))
        except photo.NoPicture as error:
            self._answer(None, False, str(error), as_json=options["json"])
            raise CommandError(str(error), returncode=2) from error
        found = recognition.recognise(opened.gray)
        site = found.site.number if found.site else None
        self._answer(site, found.is_readable, found.reason, as_json=options["json"])
        if site is None:
            raise CommandError(found.reason, returncode=1)
        self.stderr.write(found.reason)

    def _answer(self, site: str | None, is_readable: bool, reason: str, *, as_json: bool) -> None:
        if as_json:
            answer = {"site": site, "readable": is_readable, "reason": reason}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _content(name: str) -> bytes:
    """The file, no more of it than a photograph may have."""
    try:
        with Path(name).open("rb") as file:
            return file.read(photo.LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise photo.NoPicture(f"{name}: 읽을 수 없습니다 ({why}).") from error
