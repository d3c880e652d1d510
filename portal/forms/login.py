"""Logging in: no "remember me", since idle sessions end for everyone."""

from typing import Any

from django import forms
from wagtail.admin.forms.auth import LoginForm


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
