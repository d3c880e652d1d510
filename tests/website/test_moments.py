"""Day and time as people type them: understood, or refused with the part and an example; nothing typed is emptied."""

from datetime import date, datetime, time, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from ordinance.periods import SEOUL
from portal.forms.fields import MomentField as MomentText
from website.forms import contacts
from website.forms.moments import ClockField, DayField, MomentField, clock, in_words, length
from website.forms.public import CitizenForm


class Form(CitizenForm):
    day = DayField(label="날")
    at = ClockField(label="때")
    kind = forms.ChoiceField(label="종류", choices=[("a", "가"), ("b", "나")], widget=forms.RadioSelect)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("18:30", time(18, 30)),
        ("1830", time(18, 30)),
        ("930", time(9, 30)),
        ("１８：３０", time(18, 30)),
        ("18시 5분", time(18, 5)),
        ("18시", time(18, 0)),
        ("오후 6:30", time(18, 30)),
        ("오전 12시", time(0, 0)),
        ("12:05 pm", time(12, 5)),
        ("00.00", time(0, 0)),
    ],
)
def test_a_time_is_understood(typed: str, meant: time) -> None:
    assert clock(typed) == meant


@pytest.mark.parametrize(
    "typed", ["25:00", "24:00", "18:60", "오후 18시", "저녁", "18:3x", "-1:00", "9" * 30]
)
def test_what_is_no_time_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValidationError):
        clock(typed)


@pytest.mark.parametrize(
    ("parts", "meant"),
    [
        (("2026", "11", "28"), date(2026, 11, 28)),
        (("2026년", "2월", "3일"), date(2026, 2, 3)),
        (("2026. 11. 28.", "", ""), date(2026, 11, 28)),
        (("20261128", "", ""), date(2026, 11, 28)),
        (("２０２６", "1", "9"), date(2026, 1, 9)),
    ],
)
def test_a_day_is_understood(parts: tuple[str, str, str], meant: date) -> None:
    assert DayField().clean(list(parts)) == meant


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("2026", "", "28"), "빠진 칸이 있습니다: 월"),
        (("26", "11", "28"), "네 자리"),
        (("2026", "2", "30"), "달력에 없는"),
        (("2026", "x", "1"), "숫자로"),
        (("", "", ""), "날짜를 적어"),
    ],
)
def test_a_half_typed_day_stays_and_the_missing_part_is_named(parts: tuple[str, str, str], said: str) -> None:
    names = dict(zip(("day_year", "day_month", "day_day"), parts, strict=True))
    form = Form({**names, "at": "18:00", "kind": "a"})
    (message,) = form.errors["day"]
    assert said in message
    shown = render_to_string("website/includes/field.html", {"field": form["day"]})
    for text in parts:
        assert f'value="{text}"' in shown


def test_errors_lead_into_the_first_input_and_belong_to_their_group() -> None:
    form = Form({})
    summary = render_to_string("website/includes/form_errors.html", {"form": form})
    for target in ("#id_day_year", "#id_at", "#id_kind_0"):
        assert target in summary
    assert "autofocus" in summary
    group = render_to_string("website/includes/field.html", {"field": form["kind"]})
    assert 'aria-describedby=" id_kind_error"' in group
    assert 'id="id_kind_error"' in group
    assert "골라 주십시오" in group
    # An untouched field is not called wrong.
    assert " required" not in render_to_string("website/includes/field.html", {"field": Form()["at"]})


def test_a_length_and_a_moment_are_understood_as_they_are_written() -> None:
    for typed, minutes in (
        ("20", 20),
        ("20분", 20),
        ("1시간 30분", 90),
        ("2 hours", 120),
        ("１시간", 60),
        ("1일", 1440),
    ):
        assert length(typed) == timedelta(minutes=minutes), typed
    for typed in ("", "0", "한참", "1:30", "367일", "-5", "9" * 30):
        with pytest.raises(ValidationError):
            length(typed)
    meant = datetime(2026, 9, 30, 18, 30, tzinfo=SEOUL)
    for typed in (
        "2026-09-30T18:30",
        "2026-09-30 18:30:00",
        "2026.9.30 1830",
        "2026년 9월 30일 오후 6시 30분",
    ):
        assert MomentText().clean(typed) == meant, typed
    for typed in ("2026-02-30 18:30", "2026-09-30", "2026-09-30 25:00", "어제 저녁"):
        with pytest.raises(ValidationError):
            MomentText().clean(typed)
    parts = ["2026", "9", "30", "오후 6시 30분"]
    assert MomentField().clean(parts) == meant
    assert in_words(meant, meant + timedelta(minutes=20)) == "2026년 9월 30일(수) 18:30부터 20분 (18:50까지)"


def test_a_telephone_number_and_an_address_of_mail_are_told_from_words() -> None:
    for typed in (
        "010-1234-5678",
        "02 2600 6114",
        "1588-1234",
        "+82 10 1234 5678",
        "(02)2600-6114 내선 123",
        "０１０１２３４５６７８",
    ):
        assert contacts.is_phone(typed), typed
    for typed in ("x", "010", "전화 없음", "010-1234-5678-9999-9", "1234567", "010-1234-567x"):
        assert not contacts.is_phone(typed), typed
    contacts.check_contact("name@example.com")
    with pytest.raises(ValidationError):
        contacts.check_contact("name@")
