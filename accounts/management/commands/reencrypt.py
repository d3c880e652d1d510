"""`reencrypt`: every personal cell sealed again, under a new key where one is asked for."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import resealing


class Command(BaseCommand):
    help = "개인정보 열을 첫째 열쇠로 다시 암호화합니다. 열쇠가 새어 나갔으면 --new-key로 새 열쇠를 만듭니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--new-key", action="store_true", help="새 열쇠를 만들고, 모두 옮긴 뒤 옛 열쇠를 없앱니다"
        )
        parser.add_argument("--dry-run", action="store_true", help="바꾸지 않고 몇 칸인지 셉니다")
        parser.add_argument("--json", action="store_true", dest="as_json", help="결과를 JSON 한 줄로")

    def handle(self, *args: Any, **options: Any) -> None:
        is_dry_run = options["dry_run"]
        if options["new_key"] and not is_dry_run:
            self.stderr.write(f"새 열쇠를 만들었습니다: {resealing.change_key()}")
        done = resealing.reseal_everything(is_dry_run=is_dry_run)
        self.stderr.write(
            f"암호화된 칸과 파일 {done.cells:,}개, 다시 암호화{'할 것' if is_dry_run else ''} {done.rewritten:,}개"
        )
        for cell in done.unreadable[:20]:
            self.stderr.write(f"풀 수 없어 그대로 두었습니다: {cell}")
        dropped = 0
        if options["new_key"] and not is_dry_run and not done.unreadable:
            dropped = resealing.drop_old_keys()
            self.stderr.write(f"옛 열쇠 {dropped}개를 없앴습니다.")
        if options["as_json"]:
            figures = {
                "cells": done.cells,
                "rewritten": done.rewritten,
                "unreadable": len(done.unreadable),
                "keys_dropped": dropped,
                "dry_run": is_dry_run,
            }
            self.stdout.write(json.dumps(figures))
        if done.unreadable:
            raise CommandError(
                f"풀 수 없는 칸이 {len(done.unreadable)}개 있습니다. 옛 열쇠는 남겨 두었습니다.", returncode=1
            )
