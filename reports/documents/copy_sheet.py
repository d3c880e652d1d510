"""영상 사본 안내: what a copy is, its digests, how it was made, what its recipient may do, and how anybody checks it.

It travels inside the package, so the package's signed list holds its digest. It names nobody.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from records.copy_enums import CopySource
from records.models import CaseCopy, CopyPart
from records.provision import restrictions
from records.provision_enums import CopiesEnd
from reports import letterhead, official_pdf, sealing, wording
from reports.official import Document, Item, Table, day

MOST_ROWS = 60
TITLE = "영상 사본 안내"


def render(copy: CaseCopy, parts: Sequence[CopyPart], *, key_id: str, at: dt.datetime) -> bytes:
    """PDF/A; the same rows and moment give the same bytes."""
    document = document_of(copy, parts, key_id)
    on = timezone.localdate(at)
    return official_pdf.render(replace(document, on=day(on)), created=at, title=f"{TITLE} {copy.number}")


def document_of(copy: CaseCopy, parts: Sequence[CopyPart], key_id: str) -> Document:
    shown, rest = parts[:MOST_ROWS], len(parts) - MOST_ROWS
    more = f"파일 {rest:,}개는 copy.json에만 적혀 있습니다." if rest > 0 else ""
    return Document(
        subject=TITLE,
        receiver="",
        items=(),
        tables=(
            Table(tuple(_facts(copy, parts))),
            Table(
                tuple((part.name, _span(part), _length(part)) for part in shown),
                ("파일", "카메라와 시간", "길이"),
                "파일",
                (40, 44, 16),
                more,
            ),
            Table(
                tuple(
                    (
                        part.name,
                        f"원천 {part.source_sha256}\n사본 {part.sha256}\n만든 방법 {recipe_digest(part)}",
                    )
                    for part in shown
                ),
                ("파일", "SHA-256"),
                "해시",
                (30, 70),
                more,
            ),
        ),
        closing_title="지킬 것과 확인하는 방법",
        closing=(
            Item("지킬 것", tuple(Item(line) for line in promises(copy))),
            Item("확인하는 방법", tuple(Item(line) for line in _checking(key_id))),
        ),
        **letterhead.of(copy.on),
    )


def _facts(copy: CaseCopy, parts: Sequence[CopyPart]) -> list[tuple[str, str]]:
    if copy.source == CopySource.MASKED:
        how = "가린 영상. 만든 사람과 확인한 사람이 다릅니다."
    else:
        how = f"가리지 않은 원본. 사유: {copy.get_ground_display()}"
    return [
        ("사본번호", copy.number),
        ("사건", copy.case_number),
        ("받는 곳", recipient_of(copy)),
        ("무엇으로 만들었나", how),
        ("새긴 표시", copy.mark),
        ("파일", f"{len(parts):,}개, H.264/MP4, 소리와 부가 정보 없음"),
        ("빠진 것", _missing(copy)),
        ("만든 날", day(copy.on)),
    ]


def recipient_of(copy: CaseCopy) -> str:
    """No name of a person."""
    return copy.provision.recipient if copy.provision else f"열람등 청구 {copy.case_number}의 청구인"


def _missing(copy: CaseCopy) -> str:
    found = [f"{part.name}: {part.problem}" for part in copy.parts.exclude(problem="")]
    return "\n".join(found[:MOST_ROWS]) or "없음"


def recipe_digest(part: CopyPart) -> str:
    """The reference of how it was made: of the canonical JSON that the office keeps."""
    return hashlib.sha256(part.recipe.encode()).hexdigest()


def _span(part: CopyPart) -> str:
    return f"{part.camera.number}\n{wording.minute(part.from_at)} ~ {wording.minute(part.until_at)}"


def _length(part: CopyPart) -> str:
    return f"{part.seconds:,.1f}초"


def promises(copy: CaseCopy) -> list[str]:
    """What the recipient has to keep to."""
    provision = copy.provision
    if provision is None:
        return [
            "청구한 목적에만 쓰고, 다른 사람이 보이면 그 사람의 사생활을 침해하지 않습니다.",
            "잃어버리거나 새어 나가면 새긴 표시로 어느 사본인지 알 수 있습니다.",
        ]
    asked = restrictions.of(provision)
    own = [line.strip() for line in asked.text.splitlines() if line.strip()] if asked else []
    end = CopiesEnd(provision.copies_end).label if provision.copies_end else "파기"
    return [
        f"이용 목적: {provision.purpose}",
        f"이용 기간: {day(provision.use_until_on)}까지, 그 뒤 {end}",
        *(own or ["요청한 목적 밖으로 이용하지 않고 제3자에게 다시 제공하지 않습니다."]),
    ]


def _checking(key_id: str) -> list[str]:
    url = sealing.records_url()
    where = f"{url}{sealing.COPY_CHECKER_NAME}에서 받은 것과 " if url else "누리집의 것과 "
    return [
        "꾸러미(AES-256 ZIP)는 7-Zip, 반디집 등으로 따로 받은 비밀번호를 넣어 풉니다.",
        f"검사기 {sealing.COPY_CHECKER_NAME}가 {where}같은지 대조합니다. SHA-256 {sealing.digest_of(sealing.COPY_CHECKER_NAME)}",
        f"푼 폴더에서 python3 {sealing.COPY_CHECKER_NAME} 를 실행합니다. 인터넷이 없어도 됩니다.",
        f"서명한 키 {key_id}가 구청이 인쇄한 보고서의 키와 같은지 대조합니다.",
        "같은 원천과 만든 방법으로 다시 만들면 해시가 같은 사본이 나옵니다.",
    ]
