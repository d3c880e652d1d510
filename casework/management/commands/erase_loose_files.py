"""`erase_loose_files`: uploads of previews that nobody confirmed."""

from casework import loose_files
from casework.management.erasing import ErasureCommand


class Command(ErasureCommand):
    help = "미리보기만 하고 확정하지 않아 아무 데도 붙지 않은 첨부 파일을 하루 뒤에 파기합니다."

    def erase(self, word: str, *, is_dry_run: bool) -> tuple[list[str], dict[str, int]]:
        found = loose_files.rehearse() if is_dry_run else loose_files.erase_due()
        line = f"{word}: 첨부 파일 {found.files:,}개 ({found.bytes:,}바이트)"
        return [line], {"files": found.files, "bytes": found.bytes}
