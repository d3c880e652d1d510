"""`erase_sign_photos`: photographs of signs whose period is over."""

from cameras.signs import photo_erasure
from casework.management.erasing import ErasureCommand


class Command(ErasureCommand):
    help = (
        "보관기간이 지난 안내판 확인 사진을 파기합니다. 쓰고 있는 안내판의 최근 사진과 확인 기록은 남습니다."
    )

    def erase(self, word: str, *, is_dry_run: bool) -> tuple[list[str], dict[str, int]]:
        found = photo_erasure.rehearse() if is_dry_run else photo_erasure.erase_due()
        line = f"{word}: 확인 {found.checks:,}건의 사진 파일 {found.files:,}개"
        return [line], {"checks": found.checks, "files": found.files}
