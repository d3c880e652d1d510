"""`upgrade`: the data brought to the code that is here, after a backup."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from config.backups import upgrading
from config.backups.errors import Refused
from config.management.operations import OperationCommand


class Command(OperationCommand):
    help = (
        "새 프로그램에 자료를 맞춥니다: 확인, 백업, migrate, load_ordinance, collectstatic, verify_ledger. 먼저 모든 서비스를 멈추십시오. "
        "실패하면 되돌리는 방법을 알려 줍니다."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        backup = parser.add_mutually_exclusive_group(required=True)
        backup.add_argument("--backup-to", metavar="FOLDER", type=Path, help="먼저 백업할 폴더")
        backup.add_argument(
            "--without-backup", action="store_true", help="백업하지 않습니다. 되돌릴 길이 없습니다."
        )
        parser.add_argument("--keys-to", metavar="FOLDER", type=Path, help="열쇠를 백업할, 떨어진 폴더")
        parser.add_argument("--dry-run", action="store_true", help="확인만 하고 아무것도 바꾸지 않습니다.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.refusing(as_json=options["json"]):
            if options["keys_to"] and options["without_backup"]:
                raise Refused("--keys-to는 --backup-to와 함께 씁니다.")
            done = upgrading.upgrade(
                options["backup_to"],
                keys_to=options["keys_to"],
                rehearse=options["dry_run"],
                tell=self.say,
            )
        for note in done.notes:
            self.say(note)
        self.say(f"마이그레이션 {len(done.pending)}개: {', '.join(done.pending) or '없음'}")
        if done.is_rehearsal:
            self.say("확인만 했습니다. 아무것도 바꾸지 않았습니다.")
        else:
            self.say(f"갱신했습니다. 이제 서비스를 시작하십시오: {_what_to_start()}")
        self.answer(
            {
                "upgraded": not done.is_rehearsal,
                "migrations": done.pending,
                "backup": str(done.backup.path) if done.backup else None,
                "steps": done.done,
                "notes": done.notes,
            },
            as_json=options["json"],
        )


def _what_to_start() -> str:
    if shutil.which("systemctl") and Path("/etc/systemd/system/cctv-web.service").exists():
        return "systemctl start cctv-web cctv-beat 'cctv-worker@*' (기계마다)"
    return "make run, 또는 기계마다 웹·작업자·일정 관리자 (docs/running.md)"
