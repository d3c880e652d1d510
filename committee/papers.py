"""Papers of an item: looked into when they are attached, and made into pages of A4 for the packet (`reports.packet`).

Each is opened in a process of its own with limits (`casework.judging`): whatever is in it, the worst is a sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from casework import attachments, judging
from casework.acts import File
from casework.models import Attachment

PROGRAM = Path(__file__).with_name("paper_pages.py")
# Of one paper; who reads on paper does not read more.
MOST_PAGES = 300
# As pages, and HWPX by its words.
LOOKED_INTO = ("pdf", "png", "jpg", "jpeg", "hwpx")
LANE = judging.Lane("papers", 1 << 30, 60, 90.0, 60.0, 3)
SENTENCES = {
    "password": "‘{name}’에 암호가 걸려 있어 회의 자료로 쓸 수 없습니다. 암호를 풀고 다시 올려 주십시오.",
    "too_many": "너무 긴 파일입니다: ‘{name}’, {pages}쪽. 한 자료는 {most}쪽까지입니다. 나누거나 필요한 쪽만 올려 주십시오.",
    "damaged": "쪽으로 만들 수 없는 파일입니다: ‘{name}’. 인쇄용 PDF로 다시 저장하여 올려 주십시오.",
    "too_large": "쪽으로 만들기에 너무 복잡한 파일입니다: ‘{name}’. 나누거나 다시 저장하여 올려 주십시오.",
    "busy": "지금 만드는 자료가 많습니다. 1분 뒤에 다시 하십시오.",
}


class Unusable(ValidationError):
    """A paper that no page can be made of; the sentence names the file."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A paper as pages (`content`, a PDF of A4), as words (a HWPX), or as neither (`is_apart`: only in the folder)."""

    name: str
    pages: int = 0
    content: bytes = b""
    text: tuple[str, ...] = ()

    @property
    def is_apart(self) -> bool:
        return not self.content and not self.text


def check(files: Iterable[File]) -> None:
    """Before anything is stored: PDF and pictures have to give pages, a HWPX its words."""
    problems: list[str] = []
    for file in files:
        name = attachments.safe_name(file.name or "")
        if _ending(name) not in LOOKED_INTO:
            continue
        content = attachments.content_of(file) if isinstance(file, Attachment) else _read(file)
        try:
            _ask(name, content, is_counted_only=True)
        except Unusable as error:
            problems += error.messages
    if problems:
        raise ValidationError({"uploads": problems})


def _read(upload: Any) -> bytes:
    upload.seek(0)
    content: bytes = upload.read()
    upload.seek(0)
    return content


def pages_of(paper: Attachment) -> Pages:
    """For the packet; `Unusable` where it was attached before and gives no pages."""
    return pages_in(paper.name, attachments.content_of(paper))


def pages_in(name: str, content: bytes) -> Pages:
    if _ending(name) not in LOOKED_INTO:
        return Pages(name)
    answer, parts = _ask(name, content, is_counted_only=False)
    return Pages(name, answer["pages"], parts[0] if parts else b"", tuple(answer.get("text", ())))


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _ask(name: str, content: bytes, *, is_counted_only: bool) -> tuple[dict[str, Any], list[bytes]]:
    wanted = {"ending": _ending(name), "most_pages": MOST_PAGES, "is_counted_only": is_counted_only}
    try:
        answer, parts = judging.judge(PROGRAM, wanted, content, LANE)
    except judging.Busy:
        answer, parts = {"reason": "busy"}, []
    except judging.Broken:
        answer, parts = {"reason": "too_large"}, []
    if reason := answer["reason"]:
        sentence = SENTENCES.get(reason, SENTENCES["damaged"])
        raise Unusable(sentence.format(name=name, pages=answer.get("pages", 0), most=MOST_PAGES))
    return answer, parts
