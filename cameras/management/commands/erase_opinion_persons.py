"""`erase_opinion_persons`: who sent opinions, where the period is over."""

from cameras.consultation import people
from casework.management.erasing import ErasureCommand


class Command(ErasureCommand):
    help = "보유기간이 지난 의견 제출자의 인적사항과 붙인 파일을 파기합니다."

    def erase(self, word: str, *, is_dry_run: bool) -> tuple[list[str], dict[str, int]]:
        found = people.due() if is_dry_run else people.erase_due()
        lines = [
            f"{each.consultation.number}: {word} 의견 {each.opinions}건, 파일 {each.files}개"
            for each in found
        ]
        figures = {
            "consultations": len(found),
            "opinions": sum(each.opinions for each in found),
            "files": sum(each.files for each in found),
        }
        return lines or ["보유기간이 지난 인적사항이 없습니다."], figures
