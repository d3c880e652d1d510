"""Forms of the official ledgers: which lines, why one looks at the persons in them, and in which format they leave."""

from typing import Any

from django import forms
from django.utils import timezone

from portal.exports import ExportPurpose
from portal.forms.fields import day_field
from portal.forms.footage import ANY, CameraNumberField, Filter
from records.models import Agency
from records.official_ledgers.personal_video import LineKind, Where
from reports.documents.official_ledger import Name

PURPOSES = [
    ("", "선택하십시오"),
    *(each for each in ExportPurpose.choices if each[0] != ExportPurpose.PUBLIC_DATA),
]
FORMATS = [
    (".pdf", "PDF (결재란 있음)"),
    (".hwpx", "한글 (HWPX)"),
    (".xlsx", "엑셀 (XLSX)"),
    (".csv", "CSV (UTF-8)"),
]


class LedgerFilter(Filter):
    """Without days: this year until today."""

    from_on = day_field("부터", required=False)
    until_on = day_field("까지", required=False)
    kind = forms.ChoiceField(label="구분", required=False)
    camera = CameraNumberField(label="카메라 번호", required=False)
    agency = forms.ModelChoiceField(
        Agency.objects.order_by("name"), label="기관", required=False, empty_label="전체"
    )

    def __init__(self, *args: Any, name: Name, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(LineKind) if name == Name.PERSONAL_VIDEO else [LineKind.USE, LineKind.PROVISION]
        field: Any = self.fields["kind"]
        field.choices = [ANY, *((kind.value, kind.label) for kind in kinds)]

    @property
    def span(self) -> tuple[Any, Any]:
        today = timezone.localdate()
        until = self.value("until_on") or today
        return self.value("from_on") or until.replace(month=1, day=1), until

    @property
    def where(self) -> Where:
        camera, agency = self.value("camera"), self.value("agency")
        return Where(self.value("kind") or "", camera.number if camera else "", agency.name if agency else "")


class LookForm(forms.Form):
    purpose = forms.ChoiceField(label="성명을 보는 목적", choices=PURPOSES)


class TakeForm(forms.Form):
    purpose = forms.ChoiceField(label="출력 목적", choices=PURPOSES)
    format = forms.ChoiceField(label="파일 형식", choices=FORMATS, widget=forms.RadioSelect, initial=".pdf")
