"""What the footage commands have in common: exit statuses, messages in Korean, JSON on the last line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from cameras.models import Camera
from footage.errors import Refused, UnusableInput
from footage.locks import Waited
from footage.models import Storage


class FootageCommand(BaseCommand):
    """`act` does the work and returns the exit status. Refusals become messages, never tracebacks."""

    # System checks load every URL and screen; a sweep runs every minute.
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("--json", action="store_true", help="결과를 JSON 한 줄로 출력합니다.")
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            status = self.act(options)
        except UnusableInput as error:
            status = self._give_up(f"오류: {error}", 2, options)
        except (Refused, Waited) as error:
            status = self._give_up(f"거부: {error}", 1, options)
        except DatabaseError as error:
            status = self._give_up(f"오류: 데이터베이스를 사용할 수 없습니다. {error}", 1, options)
        if status:
            raise SystemExit(status)

    def _give_up(self, text: str, status: int, options: dict[str, Any]) -> int:
        """Nothing was done: said to people, and to programs as the one object that they wait for."""
        self.say(text)
        self.tell({"error": text}, options)
        return status

    def act(self, options: dict[str, Any]) -> int:
        raise NotImplementedError

    def say(self, text: str) -> None:
        """For people: standard error."""
        self.stderr.write(text, style_func=str)

    def tell(self, data: dict[str, Any], options: dict[str, Any], text: str = "") -> None:
        """The result: JSON for programs, else a sentence."""
        if options["json"]:
            self.stdout.write(json.dumps(data, ensure_ascii=False))
        elif text:
            self.say(text)


def camera_numbered(number: str) -> Camera:
    try:
        return Camera.objects.get(number=number)
    except Camera.DoesNotExist:
        raise UnusableInput(f"대장에 없는 카메라 번호입니다: {number}") from None


def storage_named(name: str | None) -> Storage | None:
    if name is None:
        return None
    try:
        return Storage.objects.get(name=name)
    except Storage.DoesNotExist:
        raise UnusableInput(f"없는 저장소입니다: {name}") from None
