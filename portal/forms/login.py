"""Logging in: no "remember me", since idle sessions end for everyone."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms.auth import LoginForm

from accounts.backends import MUST_WAIT


class OfficeLoginForm(LoginForm):
    remember = None
    error_messages = {
        **LoginForm.error_messages,
        "invalid_login": "아이디 또는 비밀번호가 맞지 않습니다. 다시 확인해 주세요.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("username", "아이디"), ("password", "비밀번호")):
            self.fields[name].label = label
            self.fields[name].widget.attrs["placeholder"] = ""
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"
        # Wagtail's view asks for it.
        self.fields["remember"] = forms.BooleanField(required=False, widget=forms.HiddenInput, disabled=True)

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError:
            # Whoever must wait is told how long, and that the password was not looked at.
            if wait := getattr(self.request, MUST_WAIT, None):
                raise ValidationError(
                    f"로그인에 여러 번 실패하여 잠시 기다려야 합니다. {wait} 그 전에 시도해도 기다리는 시간은 늘어나지 않습니다.",
                    code="must_wait",
                ) from None
            raise
