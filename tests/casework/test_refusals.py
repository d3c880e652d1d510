"""One error for every matter: it names rule, article and remedy, and the field that would put it right."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from casework.refusals import Refusal, Refused, refuse_if
from portal.forms.refusals import refuse


def test_a_refusal_says_what_under_which_article_and_what_to_do() -> None:
    refusal = Refusal("late", "기한이 지났습니다.", "법 제35조제3항", "결정하십시오.", numbers=tuple("abcde"))
    assert refusal.message == "기한이 지났습니다. (법 제35조제3항) 결정하십시오. [a, b, c 외 2건]"
    with pytest.raises(ValidationError) as raised:
        refuse_if([refusal])
    assert raised.value.messages == [refusal.message]


def test_nothing_to_refuse_is_no_refusal() -> None:
    refuse_if([])


def test_each_refusal_stands_at_its_field_and_the_rest_at_the_form() -> None:
    class Form(forms.Form):
        reason = forms.CharField()

    form = Form({"reason": "x"})
    refuse(form, Refused([Refusal("reason", "짧습니다.", field="reason"), Refusal("other", "아직입니다.")]))
    assert form.errors == {"reason": ["짧습니다."], "__all__": ["아직입니다."]}
