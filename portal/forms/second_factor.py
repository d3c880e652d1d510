"""두 번째 인증: the code that somebody types."""

from django import forms


class CodeForm(forms.Form):
    code = forms.CharField(
        label="인증 번호",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "text",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
        help_text="인증 앱의 여섯 자리 번호나 복구 번호.",
    )


class FirstCodeForm(forms.Form):
    code = forms.CharField(
        label="앱에 나온 번호",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        help_text="여섯 자리. 30초마다 바뀝니다.",
    )  # fmt: skip
