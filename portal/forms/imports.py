"""Upload of a standard dataset file: what it may be is decided by its content, not by its name."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings

ZIP_START = b"PK\x03\x04"
# Old Excel, PDF, pictures, programs, Korean word processor files: named so that the person knows what happened.
FOREIGN = {
    b"\xd0\xcf\x11\xe0": "옛 엑셀(.xls) 또는 한글(.hwp) 파일입니다. 엑셀에서 XLSX나 CSV로 다시 저장해 주십시오.",
    b"%PDF": "PDF 파일입니다. 표준데이터 CSV나 XLSX를 올려 주십시오.",
    b"\x89PNG": "그림 파일입니다. 표준데이터 CSV나 XLSX를 올려 주십시오.",
    b"\xff\xd8\xff": "그림 파일입니다. 표준데이터 CSV나 XLSX를 올려 주십시오.",
    b"MZ": "실행 파일입니다. 표준데이터 CSV나 XLSX를 올려 주십시오.",
    b"\x7fELF": "실행 파일입니다. 표준데이터 CSV나 XLSX를 올려 주십시오.",
    b"\x1f\x8b": "압축 파일입니다. 압축을 풀어 CSV나 XLSX를 올려 주십시오.",
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="표준데이터 파일",
        help_text="전국CCTV표준데이터 CSV(CP949, UTF-8) 또는 XLSX. 첫 줄은 열 이름이며 순서는 상관없습니다.",
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
        for sign, reason in FOREIGN.items():
            if start.startswith(sign):
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
