"""이의제기 안내: what the person may do against a decision, and until when (Procedures Act art. 26).

The text is data with a date (`viewing_objection_guide`); its figures are those of the day, and who answers for the
matter stands below it.
"""

from datetime import date

from django.utils import timezone

from accounts import designations
from accounts.models import Officer
from casework.refusals import Refusal
from ordinance import deadlines, parameters
from ordinance.deadlines import Deadline

# What stands in braces in the text, and the figure that takes its place.
FIGURES = {
    "이의신청 기간": "objection_days",
    "이의신청 답변 기한": "objection_answer_days",
    "이의신청 답변 연장": "objection_extension_days",
    "행정심판 청구기간": "appeal_days",
    "행정심판 청구기간의 끝": "appeal_longest_days",
}
# What is printed under a decision, and under the answer to an objection.
AFTER_DECISION, AFTER_OBJECTION = "viewing_objection_guide", "viewing_remedies_after_objection"
ARTICLE = "행정절차법 제26조, 조례 제22조제2항"


def text(by: Officer, on: date | None = None, code: str = AFTER_DECISION) -> str:
    """The guide as it is printed in a letter of that day."""
    found = parameters.snapshot(on, codes=[*FIGURES.values(), code])
    words = str(found[code].value)
    for name, code in FIGURES.items():
        words = words.replace(f"{{{name}}}", str(found[code].value))
    department, phone = _office(by)
    return f"{words}\n담당: {department}, {by.get_full_name() or by.get_username()}, 전화 {phone}"


def check(by: Officer) -> list[Refusal]:
    """Whom to turn to must be on record before anybody is told of a decision."""
    if all(_office(by)):
        return []
    return [
        Refusal(
            "office",
            "담당 부서나 그 전화번호가 등록되어 있지 않아 이의제기 방법을 안내할 수 없습니다.",
            ARTICLE,
            "관리책임 부서를 지정하고 전화번호를 적으십시오.",
        )
    ]


def _office(by: Officer) -> tuple[str, str]:
    """The responsible department, else the officer's own."""
    for department in (designations.responsible_on(timezone.localdate()), by.department):
        if department is not None and department.phone:
            return department.name, department.phone
    return "", ""


def objection_answer_due(filed_on: date) -> Deadline:
    return deadlines.civil(filed_on, int(parameters.value("objection_answer_days", filed_on).value))
