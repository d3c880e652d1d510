"""개인정보 열람 요구에 대한 답 (PIPA art. 35, Decree art. 41, Method Notice form 8): what the office holds about the one who asks.

Everything that the form asks for: items and contents, purpose, how long, to whom it is given, and whether there was consent.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from django.db import transaction

from accounts.models import Officer
from casework import held_about
from casework.held_about import Held, Wanted
from casework.persons import PersonalData
from ledger import append
from records.viewing import guide
from reports.letters import kinds, templates
from reports.letters.kinds import Ask, Kind, Matter, NoLetter
from reports.official import Table

LIMITS = (
    "전화번호가 같거나, 성명과 함께 생년월일·주소·전자우편이 같은 기록을 찾았습니다. 다른 사람이 쓴 글이나 올린 파일에 귀하가 적혀 있는지, "
    "카메라의 영상에 귀하가 찍혀 있는지는 이 방법으로 찾지 못합니다."
)
CODE, SEARCHED = "own_data", "reports.own_data_searched"
PERMISSION = "reports.answer_own_data"
FORM_8 = "개인정보 처리 방법에 관한 고시 별지 제8호서식의 요구에 대한 답"
MOST = 200


def _matter(row: object, asked: Mapping[str, str], by: Officer) -> Matter:
    if refusals := guide.check(by):
        raise NoLetter(refusals[0].sentence)
    wanted = Wanted(asked["성명"], asked["전화번호"], asked["생년월일"], asked["주소"], asked["전자우편"])
    found = held_about.find(wanted)
    _record(found, by)
    tables = tuple(_tables(found))
    return Matter(
        receiver=f"{asked['성명']} 귀하",
        receiver_reference="개인정보 열람을 요구한 본인",
        about="",
        values={
            "요구한 날": asked["요구한 날"],
            "확인": asked["확인"],
            "결과": _result(len(tables), len(found)),
        },
        form=FORM_8 if tables else "",
        tables=tables,
        closing_title="이의제기 방법",
        # The same ways, days and persons to turn to as under every other decision of the office.
        closing=templates.outline(guide.text(by)),
    )


def _result(matters: int, rows: int) -> str:
    """What was found by what was searched for, and no more: nobody can say of texts and files that they name nobody."""
    if rows:
        said = f"적어 주신 내용과 일치하는 귀하의 개인정보를 {matters}개 업무에서 {rows:,}건 찾았으며, 아래와 같습니다."
    else:
        said = "적어 주신 내용과 일치하는 귀하의 개인정보를 찾지 못했습니다. 보관기간이 지난 것은 파기하여 찾을 수 없습니다."
    return f"{said}\n{LIMITS}"


def _record(found: Sequence[Held], by: Officer) -> None:
    """Who searched, and how many rows of which business were opened to answer; nobody's name."""
    counted: dict[str, int] = {}
    for held in found:
        counted[held.entry.code] = counted.get(held.entry.code, 0) + 1
    with transaction.atomic():
        append.record(SEARCHED, actor=f"officer:{by.pk}", subject="own-data", payload={"found": counted})


def _tables(found: Sequence[Held]) -> Iterator[Table]:
    for _code, rows in groupby(found, key=lambda held: held.entry.code):
        held = list(rows)
        entry = held[0].entry
        yield Table(tuple(_row(entry, held)), title=entry.title)


def _row(entry: PersonalData, held: Sequence[Held]) -> Iterator[tuple[str, str]]:
    yield "처리하는 항목", entry.items
    for n, each in enumerate(held[:MOST], start=1):
        lines = [f"{label}: {value}" for label, value in each.values]
        if each.further:
            lines.append(f"그 밖에 적힌 것: {', '.join(each.further)}")
        yield f"내용 {n}" if len(held) > 1 else "내용", "\n".join(lines)
    if len(held) > MOST:
        yield "그 밖의 내용", f"{len(held) - MOST:,}건"
    yield "수집·이용 목적", entry.purpose
    yield "보유·이용 기간", f"{entry.kept_from} {entry.kept_days:,}일"
    yield "제3자 제공", entry.recipients
    yield (
        "동의한 사실",
        "동의를 받아 처리합니다."
        if entry.is_consented
        else f"동의 없이 법령에 따라 처리합니다({entry.ground}).",
    )


def register() -> None:
    kinds.register(
        Kind(
            code=CODE,
            title="개인정보 열람 요구에 대한 답",
            permission=PERMISSION,
            subject="개인정보 열람 요구에 대한 통지",
            body="1. 귀하께서 {요구한 날} 요구하신 개인정보 열람에 대하여 「개인정보 보호법」 제35조와 같은 법 시행령 제41조에 따라 알려 드립니다(본인 확인: {확인}).\n"
            "2. {결과}\n"
            "3. 영상정보의 열람은 카메라와 시간을 적어 따로 청구하실 수 있습니다.",
            placeholders={
                "요구한 날": "2026. 11. 20.",
                "확인": "주민등록증",
                "결과": "적어 주신 내용과 일치하는 귀하의 개인정보를 2개 업무에서 3건 찾았으며, 아래와 같습니다.",
            },
            required=("결과",),
            article="법 제35조, 시행령 제41조",
            matter=_matter,
            get=lambda key: None,
            asks=(
                Ask("성명", "요구한 사람의 성명", "신분증에 적힌 그대로 적습니다."),
                Ask("생년월일", "생년월일", "예: 1990-01-31", is_required=False),
                Ask(
                    "전화번호",
                    "전화번호",
                    "전화번호가 같거나, 성명과 함께 생년월일·주소·전자우편이 같은 기록을 찾습니다.",
                    is_required=False,
                ),
                Ask("주소", "주소", is_required=False),
                Ask("전자우편", "전자우편", is_required=False),
                Ask("요구한 날", "요구한 날", "예: 2026. 11. 20. 이날부터 10일 안에 답합니다."),
                Ask("확인", "무엇으로 본인을 확인했나", "예: 주민등록증. 번호는 적지 않습니다."),
            ),
            where="발송 대장",
        )
    )
