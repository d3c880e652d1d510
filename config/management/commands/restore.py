"""`restore`: an installation as a backup has it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from config.backups import restoring
from config.management.operations import FAILED, OperationCommand
from ledger import continuity


class Command(OperationCommand):
    help = (
        "백업에서 되돌립니다. 먼저 모든 서비스를 멈추십시오. 모든 파일을 목록과 대조한 뒤에만 바꿉니다. 되돌린 뒤에는 confirm_restore로 "
        "확인할 때까지 영상을 파기하지 않습니다."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="source", metavar="BACKUP", type=Path, required=True, help="cctv-backup-… 폴더"
        )
        parser.add_argument("--keys-from", metavar="FOLDER", type=Path, help="cctv-keys-… 폴더")
        parser.add_argument("--dry-run", action="store_true", help="대조만 하고 아무것도 바꾸지 않습니다.")
        parser.add_argument(
            "--replace-existing-data", action="store_true", help="이미 있는 자료를 백업의 것으로 바꿉니다."
        )
        parser.add_argument(
            "--without-keys",
            action="store_true",
            help="열쇠를 잃었어도 되돌립니다. 잠근 값은 열리지 않습니다.",
        )
        parser.add_argument(
            "--manifest-sha256",
            metavar="SHA256",
            default="",
            help="백업할 때 출력된 목록의 SHA-256. 원장 열쇠가 없거나 서명이 없던 때의 백업에 씁니다.",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.refusing(as_json=options["json"]):
            done = restoring.restore(
                options["source"],
                keys_from=options["keys_from"],
                rehearse=options["dry_run"],
                replace=options["replace_existing_data"],
                without_keys=options["without_keys"],
                manifest_sha256=options["manifest_sha256"],
            )
        missing = [] if done.is_rehearsal else continuity.lost()
        self._tell(done, missing)
        self.answer(self._as_data(done, missing), as_json=options["json"])
        if not done.is_rehearsal and not done.is_sound:
            raise SystemExit(FAILED)

    def _tell(self, done: restoring.Restored, missing: list[continuity.KnownHead]) -> None:
        for note in done.notes:
            self.say(note)
        listed = done.manifest
        self.say(f"백업: {listed.made_at}, 파일 {done.files:,}개가 목록과 같습니다.")
        if done.is_rehearsal:
            self.say("확인만 했습니다. 아무것도 바꾸지 않았습니다.")
            return
        if done.migrated:
            self.say(f"이 프로그램에 맞게 고쳤습니다: 마이그레이션 {len(done.migrated)}개")
        if done.missing_files:
            shown = ", ".join(done.missing_files[: restoring.MISSING_TOLD])
            self.say(f"파일이 없는 행 {len(done.missing_files):,}개: {shown}")
        found = done.verification
        if found is not None and not done.is_sound:
            self.say(f"원장에 이상이 있습니다: {found.reason} verify_ledger로 확인하십시오.")
        elif found is not None:
            self.say(f"원장: 기록 {found.entries:,}건, 봉인 {found.heads:,}개, 이상 없음")
        if missing:
            self.say(continuity.in_words(missing))
        self.say("되돌렸습니다. collectstatic을 실행하고 서비스를 시작하십시오.")

    def _as_data(self, done: restoring.Restored, missing: list[continuity.KnownHead]) -> dict[str, Any]:
        found = done.verification
        return {
            "restored": not done.is_rehearsal,
            "made_at": done.manifest.made_at,
            "files": done.files,
            "migrated": done.migrated,
            "missing_files": done.missing_files,
            "ledger_sound": done.is_sound if found else None,
            "ledger_reason": found.reason if found else "",
            "to_confirm": [
                {"size": head.size, "root": head.root, "known_from": head.source} for head in missing
            ],
            "notes": done.notes,
        }
