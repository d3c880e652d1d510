"""What page one says is counted, and true when nothing is there."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.longrun import RunState
from ordinance.models import AssessedRule, Assessment, Finding, FindingCare
from reports.documents import front_page
from reports.tabulation import Figure, Figures, Section
from tests.reports import situations

TODAY = date(2026, 10, 2)


def figures(*values):
    found = [
        Figure(f"f{number}", f"항목{number}", value, is_shortfall=True)
        for number, value in enumerate(values, start=1)
    ]
    section = Section("s", "장", "", figures=[*found, Figure("other", "다른 수치", 7)])
    return Figures("2026Q3", "", "", "", "", False, "", "", [section])


def said(*values, matters=()):
    return [sentence for _, sentence in front_page.sentences(figures(*values), matters)]


def test_the_three_sentences():
    assert said(0, 0) == [
        "0이어야 하는 수치 2가지 가운데 2가지가 0입니다: 항목1, 항목2.",
        "0이어야 하는데 0이 아닌 수치는 없습니다.",
        "이 보고와 관련하여 따로 요청하는 사항이 없습니다.",
    ]
    in_order, wrong, asked = said(0, 1200, 3, 4, 5, None)
    assert in_order == "0이어야 하는 수치 6가지 가운데 1가지가 0입니다: 항목1."
    assert wrong == (
        "4가지가 0이 아닙니다: 항목2 1,200, 항목3 3, 항목4 4 외 1가지. 1가지는 기록이 없어 알 수 없습니다."
    )
    assert "의견을 주시기 바랍니다" in asked
    # What nobody counted is neither in order nor wrong.
    in_order, wrong, _ = said(None)
    assert in_order == "0이어야 하는 수치 1가지 가운데 0인 것이 없습니다."
    assert wrong.endswith("1가지는 기록이 없어 알 수 없습니다.")


@pytest.mark.django_db
def test_the_worst_matters_come_from_findings_and_their_care():
    assert (front_page.worst(TODAY), front_page.is_assessed()) == ([], False)
    Assessment.objects.create(on=TODAY, state=RunState.SUCCEEDED)
    assert front_page.is_assessed()
    rules = [
        AssessedRule.objects.update_or_create(
            code=f"test{number}",
            defaults={
                "article": 9,
                "place": "조례 제9조",
                "title": f"의무 {number}",
                "subject_kind": "camera",
            },
        )[0]
        for number in range(7)
    ]
    for rule in rules:
        for subject in range(int(rule.code[-1]) + 1):
            Finding.objects.create(
                rule=rule, number=f"C-{subject}", opened_on=TODAY, evidence="가" if subject else "나"
            )
    Finding.objects.filter(rule=rules[6], number="C-0").update(closed_on=TODAY, closing="met")
    cared = list(Finding.objects.open().filter(rule=rules[6]).order_by("number"))
    for finding, due_on, note in zip(
        cared, (date(2026, 12, 1), date(2026, 9, 1), None), ("", "설치 중", ""), strict=False
    ):
        FindingCare.objects.create(
            finding=finding,
            owner=situations.officer(),
            due_on=due_on,
            note=note,
            changed_at=timezone.now(),
        )
    found = front_page.worst(TODAY)
    assert [(matter.title, matter.count) for matter in found] == [
        ("의무 5", 6),
        ("의무 6", 6),
        ("의무 4", 5),
        ("의무 3", 4),
        ("의무 2", 3),
    ]
    told = found[1]
    assert told.cause == "가"
    assert told.owner == f"{situations.officer()} (미지정 3건)"
    assert told.due == "2026. 9. 1. (지남)"
    assert told.measure == "설치 중"
    silent = found[0]
    assert (silent.owner, silent.due, silent.measure) == ("지정하지 않음", "", "")
    assert "조치나 기한이 적히지 않은 4가지" in said(1, matters=found)[2]
