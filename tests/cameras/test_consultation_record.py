"""What a consultation leaves on record: experts heard, where opinions on paper go, and digests that nobody can change."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.korean import josa
from cameras.consultation import answers, experts, notice, publishing, result
from cameras.models import HeardExpert, Opinion, OpinionAnswer, PublicConsultation
from casework.refusals import Refused
from ledger import checks
from ledger.models import Entry
from ordinance.models import Parameter
from tests.accounts.factories import InstitutionFactory
from tests.cameras.consultations import (
    hear_expert,
    make_draft,
    make_opinion,
    make_published,
    make_survey,
    publish_result,
    seoul,
)

pytestmark = pytest.mark.django_db
AFTER = seoul("2026-11-24T09:00:00")
CHECK = "consultation_results"


# -- experts (ordinance art. 8, PIPA art. 25(3)) --------------------------------------------------------------------


def test_no_result_before_an_expert_was_heard():
    published = make_published()
    by = published.made_by
    with pytest.raises(ValidationError, match="관계 전문가의 의견을 들은 기록이 없습니다"):
        result.publish(published, "결과", by=by, now=AFTER)
    hear_expert(published, said="사각이 없도록 비춥니다.")
    done = result.publish(published, "결과", by=by, now=AFTER)
    assert [(each["who"], each["said"]) for each in done.result["experts"]] == [
        ("가상대학교 교수, 도시방범", "사각이 없도록 비춥니다.")
    ]


def test_where_the_profile_asks_for_no_expert_none_is_needed():
    Parameter.objects.create(
        profile="gangseo",
        code=experts.REQUIRED,
        value=False,
        effective_on=dt.date(2026, 1, 1),
        citation="조례",
    )
    published = make_published()
    assert result.publish(published, "의견 없음", by=published.made_by, now=AFTER).result["experts"] == []


def test_what_an_expert_said_is_put_on_record_and_taken_back_until_the_result():
    published = make_published()
    wrong = hear_expert(published)
    experts.take_back(wrong, by=published.made_by)
    kept = hear_expert(published)
    with pytest.raises(Refused, match="오늘보다 뒤일 수 없습니다"):
        hear_expert(published, heard_on=timezone.localdate() + dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="document_number"):
        hear_expert(published, document_number=" ")
    result.publish(published, "결과", by=published.made_by, now=AFTER)
    for act in (lambda: hear_expert(published), lambda: experts.take_back(kept, by=published.made_by)):
        with pytest.raises(Refused, match="결과를 공고한 뒤"):
            act()
    assert list(HeardExpert.objects.all()) == [kept]
    kinds = Entry.objects.order_by("sequence").values_list("kind", flat=True)
    assert [kind for kind in kinds if "expert" in kind] == [experts.HEARD, experts.TAKEN_BACK, experts.HEARD]


# -- where opinions go ----------------------------------------------------------------------------------------------


def test_the_notice_names_every_way_to_send_an_opinion(client):
    draft = make_draft()
    office = draft.project.installing_department.institution
    assert "우편 주소, 전자우편이 비어 있어" in publishing.warnings(draft)[0]
    office.postal_address, office.email = "07658 서울특별시 강서구 화곡로 302", "cctv@example.go.kr"
    office.save()
    draft = PublicConsultation.objects.get(pk=draft.pk)
    assert publishing.warnings(draft) == []
    assert notice.submission(draft) == {
        "department": "안전관리과",
        "phone": "02-2600-6114",
        "postal_address": "07658 서울특별시 강서구 화곡로 302",
        "email": "cctv@example.go.kr",
    }
    published = publishing.publish(draft, by=draft.made_by, now=seoul("2026-11-02T10:00:00"))
    PublicConsultation.objects.filter(pk=published.pk).update(closes_at=timezone.now() + dt.timedelta(days=5))
    for address in (f"/consultations/{published.number}/", f"/en/consultations/{published.number}/"):
        body = client.get(address).content.decode()
        for told in ("07658 서울특별시 강서구 화곡로 302", "mailto:cctv@example.go.kr", "02-2600-6114"):
            assert told in body


def test_an_office_without_a_telephone_of_the_department_gives_its_own():
    draft = make_draft()
    department = draft.project.installing_department
    department.institution = InstitutionFactory(name="다른 관리기관", phone="02-1111")
    department.phone = ""
    assert notice.submission(draft)["phone"] == "02-1111"


# -- the ledger's digests -------------------------------------------------------------------------------------------


def published_result() -> PublicConsultation:
    published = make_published()
    first, second = make_opinion(published, "찬성합니다."), make_opinion(published, "반대합니다.")
    for opinion in (first, second):
        answers.answer(published, [opinion.pk], decision="noted", text="참고합니다.", by=published.made_by)
    return publish_result(published)


def faults() -> list[str]:
    outcome = checks.run()[CHECK]
    return [fault.reason for fault in outcome.faults]


def test_an_untouched_result_agrees_with_the_ledger_also_of_a_survey():
    published_result()
    survey = make_survey()
    publish_result(survey)
    assert checks.run()[CHECK].checked == 2
    assert faults() == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            lambda: OpinionAnswer.objects.filter(pk=OpinionAnswer.objects.first().pk).update(
                text="반영합니다."
            ),
            "의견 또는 처리",
        ),
        (lambda: OpinionAnswer.objects.update(decision="accepted"), "의견 또는 처리"),
        (lambda: Opinion.objects.filter(text="반대합니다.").update(text="찬성합니다."), "의견 또는 처리"),
        (lambda: PublicConsultation.objects.update(result={}), "결과 수치"),
        (lambda: PublicConsultation.objects.update(result_text="다른 결과"), "결과 글"),
    ],
    ids=["answer", "decision", "opinion", "figures", "text"],
)
def test_whatever_is_changed_after_the_result_is_found(change, what):
    number = published_result().number
    change()
    assert faults() == [f"의견수렴 {number}: {what}{josa(what, '이/가')} 공고할 때와 다릅니다."]


def test_erasing_who_sent_an_opinion_changes_nothing():
    published_result()
    Opinion.objects.update(name="", contact="", person_erased_at=timezone.now())
    assert faults() == []
