"""What a domain function refuses goes back into the form, at its field where it names one, with the way to put it right."""

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.urls import NoReverseMatch, reverse

from casework.refusals import Refused


def refuse(form: BaseForm, error: ValidationError) -> None:
    """The step is cancelled; the person reads why and can correct it."""
    vars(form)["ways"] = ways_of(error)
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def ways_of(error: ValidationError) -> list[tuple[str, str]]:
    """Links to the screens that the refusals name, each once."""
    found: dict[str, str] = {}
    for refusal in error.refusals if isinstance(error, Refused) else ():
        if refusal.way is not None:
            try:
                found.setdefault(reverse(refusal.way.url_name, args=refusal.way.args), refusal.way.label)
            except NoReverseMatch:
                continue
    return [(label, url) for url, label in found.items()]
