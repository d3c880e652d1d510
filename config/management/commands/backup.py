"""`backup`: database, uploaded files, ledger and logs into a folder; keys into another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from config.backups import making
from config.management.operations import OperationCommand


class Command(OperationCommand):
    help = (
        "데이터베이스, 올린 파일, 원장, 기록을 한 폴더에 백업합니다. 실행 중에도 됩니다. 열쇠는 함께 담지 않으며 --keys-to로 다른 곳에 "
        "백업합니다. 영상은 백업하지 않습니다."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", metavar="FOLDER", type=Path, required=True, help="백업을 둘 폴더(있어야 합니다)"
        )
        parser.add_argument(
            "--keys-to", metavar="FOLDER", type=Path, help="열쇠를 둘, 백업과 떨어진 폴더(있어야 합니다)"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.refusing(as_json=options["json"]):
            made = making.make(options["to"], options["keys_to"])
        for note in made.notes:
            self.say(note)
        listed = made.manifest
        self.say(f"백업했습니다: {made.path} (파일 {len(listed.files):,}개, {listed.bytes:,}바이트)")
        self.say(f"원장: 기록 {listed.ledger['entries']:,}건, 봉인 크기 {listed.ledger['size']:,}")
        self.say(f"목록의 SHA-256: {made.digest}")
        if made.keys_path:
            self.say(f"열쇠를 백업했습니다: {made.keys_path}")
        self.answer(
            {
                "backup": str(made.path),
                "keys": str(made.keys_path) if made.keys_path else None,
                "files": len(listed.files),
                "bytes": listed.bytes,
                "sha256": made.digest,
                "ledger": listed.ledger,
                "notes": made.notes,
            },
            as_json=options["json"],
        )
