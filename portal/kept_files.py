"""Files between a form and its confirmation: kept at the preview, attached when the person confirms."""

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest

from casework import attachments
from casework.models import Attachment
from portal.access import officer
from portal.forms import files


def take(request: HttpRequest, form: Form) -> list[Attachment]:
    """What was kept at an earlier step together with what was just uploaded. Refusals go into the form."""
    person = officer(request)
    try:
        kept = files.unseal(form.cleaned_data.get("kept", ""), by=person)
        return [*kept, *attachments.keep_all(form.cleaned_data.get("files") or [], by=person)]
    except ValidationError as error:
        form.add_error("files", error)
        return []
