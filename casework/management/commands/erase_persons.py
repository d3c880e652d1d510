"""`erase_persons`: whoever's period is over, of every matter in the catalogue of personal data."""

from casework import persons
from casework.management.erasing import ErasureCommand


class Command(ErasureCommand):
    help = "보유기간이 지난 인적사항을 업무마다 파기합니다."

    def erase(self, word: str, *, is_dry_run: bool) -> tuple[list[str], dict[str, int]]:
        found = persons.rehearse() if is_dry_run else persons.erase_due()
        lines = [f"{persons.entry(code).title}: {word} {count:,}건" for code, count in found.items() if count]
        return lines or ["보유기간이 지난 인적사항이 없습니다."], found
