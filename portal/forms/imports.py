"""Upload of a standard dataset file: what it may be is decided by its content, not by its name."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings

from cameras import foreign_files

ZIP_START = b"PK\x03\x04"


class UploadForm(forms.Form):
    file = forms.FileField(
        label="표준데이터 파일",
        help_text="전국CCTV표준데이터 CSV(CP949, UTF-8) 또는 XLSX. 열은 이름으로 찾고 순서는 상관없습니다.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
        max_length=255,
        error_messages={
            "required": "파일을 골라 주십시오.",
            "empty": "빈 파일입니다.",
            "max_length": "파일 이름이 너무 깁니다.",
        },
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        limit = settings.MAX_UPLOAD_BYTES
        if upload.size > limit:
            raise forms.ValidationError(
                f"파일이 너무 큽니다. {limit // 1024 // 1024}MB까지 올릴 수 있습니다."
            )
        start = upload.read(4096)
        upload.seek(0)
        if reason := foreign_files.problem(start):
            raise forms.ValidationError(reason)
        if (
            not start.startswith(ZIP_START)
            and b"\x00" in start
            and not start.startswith((b"\xff\xfe", b"\xfe\xff"))
        ):
            raise forms.ValidationError("글자로 된 파일이 아닙니다. 표준데이터 CSV나 XLSX를 올려 주십시오.")
        return upload

    @property
    def suffix(self) -> str:
        """By content: a workbook is a zip file, whatever it is called."""
        upload = self.cleaned_data["file"]
        start = upload.read(4)
        upload.seek(0)
        return ".xlsx" if start == ZIP_START else ".csv"

    @property
    def shown_name(self) -> str:
        return PurePath(self.cleaned_data["file"].name.replace("\\", "/")).name[:255]


class ReadingForm(forms.Form):
    """How to read what a file leaves open; both are asked in the preview of a file that needs them."""

    newest_only = forms.BooleanField(required=False)
    retention_if_unknown = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=32_767,
        error_messages={"invalid": "모르는 보관일수에 쓸 값은 숫자여야 합니다."},
    )
