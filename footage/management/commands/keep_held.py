"""Copy what is held into the vault, and destroy there what no hold keeps any more."""

from typing import Any

from django.core.management.base import CommandParser

from footage.management.base import FootageCommand, storage_named
from footage.models import Storage
from footage.vault import ending
from footage.vault.intake import Taken, take_in


class Command(FootageCommand):
    help = "삭제 유예한 영상을 증거 보관함에 복사하고, 유예가 모두 끝난 사건의 사본을 파기합니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--storage", metavar="NAME", help="이 저장소만")
        parser.add_argument(
            "--dry-run", action="store_true", help="파기될 사건만 보이고 아무것도 하지 않습니다."
        )

    def act(self, options: dict[str, Any]) -> int:
        if options["dry_run"]:
            return self._rehearse(options)
        one = storage_named(options["storage"])
        total = Taken()
        for storage in [one] if one is not None else Storage.objects.order_by("pk"):
            total.add(take_in(storage, is_everything_looked_at=True))
        ended = ending.end()
        for problem in total.problems:
            self.say(problem)
        self.tell(
            total.as_json() | {"cases_destroyed": sum(one.is_whole for one in ended)},
            options,
            f"복사 {total.files:,}개 ({total.bytes:,}바이트), 기다림 {total.waiting:,}, 사라짐 {total.vanished:,}, "
            f"읽을 수 없음 {total.unreadable:,}, 파기한 사건 {sum(one.is_whole for one in ended):,}",
        )
        return 1 if total.problems or total.vanished or total.unreadable else 0

    def _rehearse(self, options: dict[str, Any]) -> int:
        found = ending.planned()
        for one in found:
            what = "사건의 열쇠와 사본 모두" if one.is_whole else "유예가 끝난 사본"
            self.say(f"{one.case.reference}: {what}, 파일 {len(one.files):,}개 ({one.bytes:,}바이트)")
        cases = [
            {"case": one.case.reference, "files": len(one.files), "bytes": one.bytes, "whole": one.is_whole}
            for one in found
        ]
        self.tell({"would_destroy": cases}, options, f"파기될 것: {len(found):,}건")
        return 0
