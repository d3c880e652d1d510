"""두 번째 인증: the code that somebody types."""

from typing import Any

from django import forms

# What a page of 본인 확인 adds to what was sent (`portal.reauthentication`): kept nowhere.
PROOF = "_proof"


class SecondFactorForm(forms.Form):
    """A code, or what the browser brings from a passkey (static/portal/passkeys.js)."""

    code = forms.CharField(
        label="인증 번호",
        max_length=40,
        required=False,
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
    assertion = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not (found.get("code") or found.get("assertion")):
            self.add_error("code", "인증 번호를 적으십시오.")
        return found


class FirstCodeForm(forms.Form):
    code = forms.CharField(
        label="앱에 나온 번호",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        help_text="여섯 자리. 30초마다 바뀝니다.",
    )  # fmt: skip


class PasswordProof(forms.Form):
    """본인 확인 of who has none yet."""

    password = forms.CharField(
        label="비밀번호",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        help_text="로그인할 때 적는 비밀번호.",
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label="이름",
        max_length=40,
        help_text="나중에 알아볼 수 있게 적습니다. 예: 업무용 노트북, 파란 보안 키",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # Written by the browser's script (static/portal/passkeys.js).
    assertion = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={
            "required": "‘패스키 만들기’를 눌러 이 기기나 보안 키에서 확인하십시오.",
        },
    )
