"""Files and pictures that the office publishes: looked into like everybody else's before Wagtail opens them.

Whoever keeps the website hands on what others sent. So the same process with limits judges them (`casework.judging`); in
the web server itself nothing is decoded that it has not.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from casework import attachments, pictures

FORMATS = ("JPEG", "PNG", "WEBP")
_REASONS = {
    "unknown": "사진으로 읽을 수 없는 파일입니다. JPG·PNG·WEBP 사진을 올리십시오.",
    "too_large": "사진의 가로·세로가 너무 큽니다. 크기를 줄여 다시 올리십시오.",
    "busy": "지금 확인하는 사진이 많습니다. 1분 뒤에 다시 올리십시오.",
    "damaged": "사진 파일이 손상되어 끝까지 읽을 수 없습니다. 다시 저장하여 올리십시오.",
}


class OfficeDocumentForm(BaseDocumentForm):
    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            attachments.check_all([file])
        return file


class OfficeImageForm(BaseImageForm):
    """The field itself opens the picture to measure it: it is judged before that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            measured = field.to_python
            field.to_python = lambda data: measured(_judged(data))


def _judged(data: Any) -> Any:
    if not isinstance(data, UploadedFile):
        return data
    if (data.size or 0) > pictures.MAX_BYTES:
        raise ValidationError(
            f"사진이 너무 큽니다. {pictures.MAX_BYTES // 1024 // 1024}MB까지 올릴 수 있습니다."
        )
    data.seek(0)
    decoded = pictures.decode(data.read(), formats=FORMATS, jpeg_side=64, quality=50)
    data.seek(0)
    if decoded.reason:
        raise ValidationError(_REASONS.get(decoded.reason, _REASONS["damaged"]))
    return data
