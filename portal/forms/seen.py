"""A second person's word is about what the page showed: what was changed meanwhile has to be looked at again."""

from typing import Any

from django import forms
from django.utils.crypto import constant_time_compare, salted_hmac


class SeenForm(forms.Form):
    """`shown`: what the confirmation is about, as it stands now."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, shown: list[object], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = "\n".join(str(each) for each in shown)
        self.digest = salted_hmac("portal.seen", text, algorithm="sha256").hexdigest()
        self.fields["seen"].initial = self.digest

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not constant_time_compare(str(given.get("seen", "")), self.digest):
            # The page that says so shows what stands now, and is what is confirmed by it.
            self.data = {**self.data.dict(), "seen": self.digest}  # type: ignore[attr-defined]
            raise forms.ValidationError(
                "이 화면을 연 뒤에 내용이 바뀌었습니다. 지금 내용을 다시 보고 확인하십시오."
            )
        return given
