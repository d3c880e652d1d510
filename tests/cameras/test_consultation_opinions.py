"""Opinions, answers, counts, result, and the persons behind them."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, connections

from cameras.consultation import answers, due, moderation, opinions, people, publishing, result, survey
from cameras.consultation.opinions import Answer, Given
from cameras.consultation.period import end_of
from cameras.consultation.phase import Phase, phase_of
from cameras.enums import OpinionChannel, OpinionDecision, PersonReadPurpose
from cameras.models import Opinion, OpinionAnswer, OpinionPersonReading, SurveyAnswer
from casework.models import Attachment
from ledger.models import Entry
from ordinance.due import Severity
from ordinance.models import Parameter
from tests.cameras.consultations import (
    PUBLISHED_AT,
    hear_expert,
    make_draft,
    make_opinion,
    make_published,
    make_survey,
    publish_result,
    seoul,
    upload,
)
from tests.records.people import competent

pytestmark = pytest.mark.django_db
AFTER = seoul("2026-11-24T09:00:00")
HOSTILE = [
    "<script>alert(1)</script>",
    "👩‍👩‍👧 찬성 🎉",
    "'; DROP TABLE x; --",
    "\u202egnp.exe",
    "{{ 7*7 }}",
    "=1+1",
]


# -- sending --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "is_taken"),
    [
        ("2026-11-02T09:59:59", False),
        ("2026-11-02T10:00:00", True),
        ("2026-11-23T23:59:59", True),
        ("2026-11-24T00:00:00", False),
    ],
)
def test_opinions_are_taken_to_the_second(at, is_taken):
    published = make_published()
    if is_taken:
        assert make_opinion(published, at=seoul(at)).received_at == seoul(at)
        return
    with pytest.raises(opinions.NotOpen):
        make_opinion(published, at=seoul(at))
    assert not Opinion.objects.exists()


def test_a_draft_takes_none():
    with pytest.raises(opinions.NotOpen, match="아직"):
        make_opinion(make_draft())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_kept_as_they_are(text):
    opinion = make_opinion(make_published(), text)
    assert Opinion.objects.get(pk=opinion.pk).text == text


@pytest.mark.parametrize(
    "given",
    [
        Given(),
        Given(text="   \n"),
        Given(text="a\x00b"),
        Given(text="가" * 10_001),
        Given(text="x", name="가" * 101),
        Given(text="x", contact="1" * 201),
        Given(text="x", name="\x00"),
        Given(text="x", answers={999: Answer(text="누구")}),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(given):
    published = make_published()
    with pytest.raises(ValidationError):
        opinions.submit(published, given, submission_key="k", now=PUBLISHED_AT)
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ"),
        ("plan.pdf", b"MZ not a pdf"),
        ("page.html", b"<script>"),
        ("picture.svg", b"<svg onload=alert(1)>"),
        ("empty.pdf", b""),
        ("big.pdf", b"%PDF-" + b"0" * (20 * 1024 * 1024)),
    ],
)
def test_hostile_files_are_refused_and_nothing_is_left(name, content):
    published = make_published()
    with pytest.raises(ValidationError):
        make_opinion(published, upload=upload(name, content))
    assert not Opinion.objects.exists()
    assert not Attachment.objects.exists()


def test_the_same_form_twice_is_one_opinion():
    published = make_published()
    first = opinions.submit(published, Given(text="하나"), submission_key="same", now=PUBLISHED_AT)
    soon = opinions.submit(
        published, Given(text="둘"), submission_key="same", now=PUBLISHED_AT + dt.timedelta(seconds=1)
    )
    late = opinions.submit(
        published, Given(text="둘"), submission_key="same", now=PUBLISHED_AT + dt.timedelta(hours=1)
    )
    assert soon.opinion.pk == late.opinion.pk == first.opinion.pk
    assert (soon.is_repeat, soon.shows_secret) == (True, True)
    assert (late.is_repeat, late.shows_secret) == (True, False)
    assert Opinion.objects.get().text == "하나"


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_is_one_opinion():
    published = make_published()
    barrier = threading.Barrier(4)
    numbers: list[str] = []

    def send() -> None:
        barrier.wait()
        try:
            receipt = opinions.submit(published, Given(text="동시"), submission_key="twin", now=PUBLISHED_AT)
            numbers.append(receipt.opinion.receipt_number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Opinion.objects.count() == 1
    assert len(numbers) == 4
    assert len(set(numbers)) == 1


def test_name_and_contact_lie_encrypted():
    opinion = make_opinion(make_published(), name="홍길동", contact="010-1234-5678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact FROM cameras_opinion WHERE id = %s", [opinion.pk])
        stored = " ".join(cursor.fetchone())
    assert "홍길동" not in stored
    assert "1234" not in stored
    assert Opinion.objects.get().name == "홍길동"


def test_receipts_open_with_both_numbers_only():
    opinion = make_opinion(make_published())
    assert opinions.find(opinion.receipt_number, opinion.receipt_secret).pk == opinion.pk
    assert opinions.find(opinion.receipt_number, f" {opinion.receipt_secret.upper()} ").pk == opinion.pk
    other = make_opinion(opinion.consultation)
    for number, secret in [
        (opinion.receipt_number, other.receipt_secret),
        (opinion.receipt_number, ""),
        ("", opinion.receipt_secret),
        ("2026-999-0001", "----------"),
        ("a\x00b", "c"),
        (opinion.receipt_number, "👩" * 1000),
    ]:
        assert opinions.find(number, secret) is None


def test_too_many_at_once_are_a_flood(settings):
    settings.OPINIONS_PER_10_MINUTES = 3
    published = make_published()
    for minute in range(3):
        assert not opinions.is_flooded(published, PUBLISHED_AT + dt.timedelta(minutes=minute))
        make_opinion(published, at=PUBLISHED_AT + dt.timedelta(minutes=minute))
    assert opinions.is_flooded(published, PUBLISHED_AT + dt.timedelta(minutes=3))
    assert not opinions.is_flooded(published, PUBLISHED_AT + dt.timedelta(minutes=11))


# -- entered by officers --------------------------------------------------------------------------------------


def enter(published, at=PUBLISHED_AT, now=AFTER, channel=OpinionChannel.POST, **given):
    return opinions.enter(
        published,
        Given(text=given.pop("text", "우편 의견"), **given),
        channel=channel,
        received_at=at,
        by=published.made_by,
        now=now,
    )


def test_opinions_by_post_are_entered_until_the_result():
    published = make_published()
    opinion = enter(published, upload=upload())
    assert (opinion.channel, opinion.entered_by) == ("post", published.made_by)
    assert opinion.receipt_number.endswith("-0001")
    for wrong in ({"at": AFTER}, {"at": AFTER + dt.timedelta(days=9)}, {"channel": "web"}, {"channel": "?"}):
        with pytest.raises(ValidationError):
            enter(published, **wrong)
    answers.answer(published, [opinion.pk], decision="noted", text="참고", by=published.made_by)
    publish_result(published)
    with pytest.raises(ValidationError):
        enter(published, now=AFTER + dt.timedelta(days=9))


# -- survey ---------------------------------------------------------------------------------------------------


def test_survey_answers_are_counted(django_assert_num_queries):
    published = make_survey()
    first, second, third = published.questions.all()
    make_opinion(published, "", answers={first.pk: Answer((0,)), second.pk: Answer((0, 1))})
    make_opinion(published, "", answers={first.pk: Answer((0,)), third.pk: Answer(text="밝아서")})
    make_opinion(published, "", answers={first.pk: Answer((1,)), second.pk: Answer((1,))})
    with django_assert_num_queries(2):
        counted = survey.tallies(published)
    assert [(option.label, option.count, option.percent) for option in counted[0].options] == [
        ("찬성", 2, 66.7),
        ("반대", 1, 33.3),
        ("모름", 0, 0.0),
    ]
    assert [option.count for option in counted[1].options] == [1, 2]
    assert (counted[2].is_free, counted[2].answered) == (True, 1)


def test_wrong_survey_answers_are_refused():
    published = make_survey()
    first, second, third = published.questions.all()
    right = {first.pk: Answer((0,))}
    for wrong in (
        {},
        {first.pk: Answer((3,))},
        {first.pk: Answer((-1,))},
        {first.pk: Answer((0, 1))},
        {**right, second.pk: Answer((2,))},
        {**right, third.pk: Answer(text="가" * 2001)},
        {first.pk: Answer(text="찬성")},
    ):
        with pytest.raises(ValidationError):
            make_opinion(published, "의견", answers=wrong)
    assert not SurveyAnswer.objects.exists()


# -- hiding and answering -------------------------------------------------------------------------------------


def test_a_hidden_opinion_keeps_its_text():
    published = make_published()
    opinion = make_opinion(published, "욕설")
    with pytest.raises(ValidationError):
        moderation.hide(opinion, reason="", notice="안내", by=published.made_by)
    with pytest.raises(ValidationError):
        moderation.hide(opinion, reason="욕설", notice=" ", by=published.made_by)
    hidden = moderation.hide(opinion, reason="욕설", notice="고쳐 다시 내 주세요.", by=published.made_by)
    assert (hidden.is_hidden, hidden.text) == (True, "욕설")
    assert Entry.objects.get(kind="cameras.opinion_hidden").content == {}
    assert not moderation.show(hidden, by=published.made_by).is_hidden
    assert Entry.objects.filter(kind="cameras.opinion_shown").count() == 1


def test_a_group_gets_one_answer_and_may_be_answered_anew():
    published = make_published()
    rows = [make_opinion(published, f"의견 {n}") for n in range(3)]
    by = published.made_by
    group = answers.answer(
        published, [row.pk for row in rows], decision=OpinionDecision.ACCEPTED, text="반영합니다.", by=by
    )
    assert group.opinions.count() == 3
    every = [row.pk for row in rows]
    with pytest.raises(ValidationError, match="이미 처리했습니다"):
        answers.answer(published, every, decision=OpinionDecision.NOTED, text="참고합니다.", by=by)
    own = answers.answer(
        published, every[:1], decision=OpinionDecision.NOTED, text="참고합니다.", by=by, replaces=True
    )
    assert group.opinions.count() == 2
    # Another answer to all leaves those that have one, unless it is asked to replace them.
    new = make_opinion(published, "새 의견")
    late = answers.answer(
        published, [*every, new.pk], decision=OpinionDecision.NOT_ACCEPTED, text="그 밖", by=by
    )
    assert list(late.opinions.all()) == [new]
    assert list(own.opinions.all()) == rows[:1]
    answers.answer(
        published, [*every, new.pk], decision=OpinionDecision.NOTED, text="모두", by=by, replaces=True
    )
    assert OpinionAnswer.objects.count() == 1
    told = [line.content["opinions"] for line in Entry.objects.filter(kind="cameras.opinions_answered")]
    assert sorted(told) == [1, 1, 3, 4]


def test_only_opinions_of_the_consultation_are_answered():
    published, other = make_published(), make_published()
    stranger = make_opinion(other)
    for wrong in ([], [stranger.pk], [make_opinion(published).pk, stranger.pk], [10**9]):
        with pytest.raises(ValidationError):
            answers.answer(published, wrong, decision="noted", text="x", by=published.made_by)
    for decision, text in (("?", "x"), ("noted", " "), ("noted", "가" * 5001)):
        with pytest.raises(ValidationError):
            answers.answer(
                published, [published.opinions.get().pk], decision=decision, text=text, by=published.made_by
            )
    assert not OpinionAnswer.objects.exists()


# -- result ---------------------------------------------------------------------------------------------------


def test_no_result_before_the_close_nor_before_every_answer():
    published = make_published()
    opinion = make_opinion(published)
    by = published.made_by
    with pytest.raises(ValidationError, match="끝난 뒤"):
        result.publish(published, "결과", by=by, now=seoul("2026-11-23T23:59:59"))
    with pytest.raises(ValidationError, match="1건"):
        result.publish(published, "결과", by=by, now=AFTER)
    hear_expert(published)
    answers.answer(published, [opinion.pk], decision="noted", text="참고합니다.", by=by)
    with pytest.raises(ValidationError, match="결과를 적으십시오"):
        result.publish(published, " ", by=by, now=AFTER)
    done = result.publish(published, "결과", by=by, now=AFTER)
    assert phase_of(done, AFTER) == Phase.RESULT
    assert done.result["decisions"] == [{"label": "참고", "count": 1}]
    for act in (
        lambda: result.publish(published, "또", by=by, now=AFTER),
        lambda: result.save_text(published, "또"),
        lambda: answers.answer(published, [opinion.pk], decision="noted", text="또", by=by),
    ):
        with pytest.raises(ValidationError):
            act()
    assert Entry.objects.filter(kind="cameras.consultation_result_published").count() == 1


def test_the_result_states_the_period_that_really_was():
    early = make_published()
    early = publishing.close_early(early, reason="재난", by=early.made_by, now=seoul("2026-11-10T15:30:00"))
    text = result.suggested_text(early)
    assert "2026-11-10(화) 15:30까지(예정보다 일찍 끝냄: 재난)" in text
    assert early.notice["closes_text"] not in text
    longer = make_published()
    longer = publishing.extend(
        longer, end_of(dt.date(2026, 11, 30)), reason="문의가 많음", by=longer.made_by, now=PUBLISHED_AT
    )
    assert "연장한 기간을 포함함" in result.suggested_text(longer)
    assert longer.notice["closes_text"] not in result.suggested_text(longer)


def test_a_published_result_is_corrected_beside_it_and_never_changed():
    published = make_published()
    by = published.made_by
    with pytest.raises(ValidationError, match="아직 공고하지 않은"):
        result.correct(published, "바로잡음", reason="오기", by=by)
    done = publish_result(published)
    text = done.result_text
    for given, reason in ((" ", "오기"), ("바로잡음", " ")):
        with pytest.raises(ValidationError):
            result.correct(done, given, reason=reason, by=by)
    numbers = [result.correct(done, f"바로잡음 {n}", reason="오기", by=by).ordinal for n in (1, 2)]
    assert numbers == [1, 2]
    done.refresh_from_db()
    assert done.result_text == text
    assert [entry.content["ordinal"] for entry in Entry.objects.of_kind(result.KIND_CORRECTION)] == [1, 2]


def test_no_opinion_is_a_result_too():
    published = make_published()
    assert "의견 없음" in result.suggested_text(published)
    assert publish_result(published).result["opinions"] == 0


# -- persons --------------------------------------------------------------------------------------------------


def test_reading_a_person_is_on_record_before_it_is_shown():
    opinion = make_opinion(make_published(), name="홍길동", contact="010-1234-5678")
    by = competent(opinion.consultation.made_by)
    for purpose, detail in (("", ""), ("?", "x"), (PersonReadPurpose.OTHER, " ")):
        with pytest.raises(ValidationError):
            people.read(opinion, purpose=purpose, detail=detail, by=by)
    assert not OpinionPersonReading.objects.exists()
    person = people.read(opinion, purpose=PersonReadPurpose.CONTACT, detail="홍길동에게 전화", by=by)
    assert person == people.Person("홍길동", "010-1234-5678")
    line = Entry.objects.get(kind="cameras.opinion_person_read")
    assert line.content == {"purpose": "contact"}
    assert OpinionPersonReading.objects.get().detail == "홍길동에게 전화"


def erasure_world():
    published = make_published()
    person = make_opinion(published, "기억할 의견", name="홍길동", contact="010", upload=upload("홍길동.pdf"))
    make_opinion(published, "이름 없음")
    people.read(person, purpose="other", detail="홍길동", by=competent(published.made_by))
    return published, person


def test_persons_are_erased_to_the_minute_and_opinions_stay():
    published, person = erasure_world()
    # 180 days after 23 November: erased when the 22nd of May is over.
    at = seoul("2027-05-23T00:00:00")
    assert people.erase_at(published) == at
    assert people.due(at - dt.timedelta(seconds=1)) == []
    assert people.erase_due(at - dt.timedelta(seconds=1)) == []
    assert [(each.opinions, each.files) for each in people.due(at)] == [(1, 1)]
    person.refresh_from_db()
    assert person.name == "홍길동"  # a dry run erases nothing


@pytest.mark.django_db(transaction=True)
def test_erasing_leaves_nothing_of_the_person():
    published, person = erasure_world()
    name = person.attachment.file.name
    at = seoul("2027-05-23T00:00:00")
    assert [(each.opinions, each.files) for each in people.erase_due(at)] == [(1, 1)]
    person.refresh_from_db()
    assert (person.name, person.contact, person.attachment) == ("", "", None)
    assert person.text == "기억할 의견"
    assert person.person_erased_at == at
    assert not default_storage.exists(name)
    assert not Attachment.objects.exists()
    assert OpinionPersonReading.objects.get().detail == ""
    line = Entry.objects.get(kind="cameras.opinion_person_erased")
    assert (line.content["opinions"], line.content["files"]) == (1, 1)
    assert "홍길동" not in "".join(Entry.objects.values_list("payload", flat=True))
    assert people.erase_due(at) == []
    with pytest.raises(ValidationError, match="파기"):
        people.read(person, purpose="contact", detail="", by=published.made_by)


def test_a_longer_period_later_does_not_break_the_promise_and_a_shorter_one_holds():
    published, _ = erasure_world()
    row = Parameter(code="opinion_person_days", profile="gangseo", value=900, citation="방침", mark="D")
    row.effective_on = dt.date(2026, 1, 1)
    row.save()
    assert people.erase_at(published) == seoul("2027-05-23T00:00:00")
    row.value = 10
    row.save()
    assert people.erase_at(published) == seoul("2026-12-04T00:00:00")


def test_the_command_has_a_dry_run(capsys):
    import json

    published, person = erasure_world()
    type(published).objects.filter(pk=published.pk).update(
        opens_at=seoul("2020-01-01T00:00:00"), closes_at=seoul("2020-02-01T00:00:00")
    )
    call_command("erase_persons", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["opinion"] == 1
    assert Opinion.objects.get(pk=person.pk).name == "홍길동"
    call_command("erase_persons", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["dry_run"], found["opinion"]) == (False, 1)
    assert Opinion.objects.get(pk=person.pk).name == ""


# -- due items ------------------------------------------------------------------------------------------------


def items(now):
    return {item.code: item for item in due.consultations(now)}


def test_what_is_due_follows_the_clock():
    published = make_published()
    assert items(seoul("2026-11-20T12:00:00")) == {}
    assert set(items(seoul("2026-11-21T12:00:00"))) == {"cameras.consultation_closing"}
    empty = items(AFTER)["cameras.consultation_result"]
    assert "의견 없음" in empty.title
    assert empty.due_on == dt.date(2026, 12, 23)
    assert empty.severity == Severity.DUE
    assert items(seoul("2026-12-24T00:00:00"))["cameras.consultation_result"].severity == Severity.OVERDUE
    opinion = make_opinion(published)
    assert "처리할 의견 1건" in items(AFTER)["cameras.consultation_result"].title
    answers.answer(published, [opinion.pk], decision="noted", text="참고", by=published.made_by)
    assert "결과를 공고해야" in items(AFTER)["cameras.consultation_result"].title
    publish_result(published, AFTER)
    assert items(AFTER + dt.timedelta(seconds=1)) == {}


def test_persons_that_the_night_did_not_erase_are_a_failure():
    erasure_world()
    at = seoul("2027-05-23T00:00:00")
    assert list(due.unerased_persons(at + dt.timedelta(hours=23))) == []
    (item,) = due.unerased_persons(at + dt.timedelta(hours=24))
    assert item.severity == Severity.FAILED
