"""Law and a district's profile from a data file into the database."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ordinance import assessment, loading
from ordinance.parameters import active_profile


def _concerns_us(result: loading.LoadResult) -> bool:
    return bool(result.created or result.updated) and result.profile in ("", active_profile())


class Command(BaseCommand):
    help = (
        "조례와 법령 자료를 읽습니다. 파일을 주지 않으면 프로그램에 든 자료를 모두 읽습니다. "
        "파일 전체를 검사한 뒤에만 저장하며, 두 번 읽어도 결과가 같습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="TOML 파일")
        parser.add_argument(
            "--profile", help="파일 없이: 그 프로필만 읽음. 파일과 함께: 그 이름의 프로필로 읽음."
        )
        parser.add_argument("--dry-run", action="store_true", help="저장하지 않고 달라질 것만 보입니다.")
        parser.add_argument(
            "--overwrite-edited",
            action="store_true",
            help="화면에서 고친 값도 자료 파일의 값으로 되돌립니다.",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                results = [
                    loading.load(
                        document,
                        overwrite_edited=options["overwrite_edited"],
                    )
                    for document in self._documents(options["file"], options["profile"])
                ]
                if options["dry_run"]:
                    transaction.set_rollback(True)
                elif any(_concerns_us(result) for result in results):
                    # Other periods, grounds or contents of signs: every duty may stand otherwise.
                    assessment.request()
        except loading.UnusableFile as error:
            for line in error.errors:
                self.stderr.write(line)
            if options["json"]:
                self.stdout.write(json.dumps({"ok": False, "errors": error.errors}, ensure_ascii=False))
            raise CommandError(
                f"오류 {len(error.errors)}건: 아무것도 저장하지 않았습니다.", returncode=2
            ) from error
        for result in results:
            self._tell(result, options["dry_run"])
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "ok": True,
                        "dry_run": options["dry_run"],
                        "files": [asdict(result) for result in results],
                    },
                    ensure_ascii=False,
                )
            )

    def _documents(self, file: str | None, profile: str | None) -> list[loading.Document]:
        if file is not None:
            return [loading.read(Path(file), profile)]
        if profile is not None:
            return [loading.read(loading.shipped_file(profile))]
        return [loading.read(path) for path in loading.shipped_files()]

    def _tell(self, result: loading.LoadResult, is_dry_run: bool) -> None:
        for change in result.changes:
            self.stderr.write(change)
        self.stderr.write(
            f"{result.profile or '전국 공통'}: 추가 {result.created}, 변경 {result.updated}, "
            f"그대로 {result.unchanged}, 고친 값 유지 {result.kept}"
            + (" (저장하지 않음)" if is_dry_run else "")
        )
