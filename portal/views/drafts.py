"""What is typed and not yet sent: the page saves it while somebody writes, and throws it away when asked to."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from portal import drafts, opened_forms
from portal.access import requires


@require_POST
@requires("wagtailadmin.access_admin")
def draft(request: HttpRequest) -> HttpResponse:
    """204 when it is kept; 409 when it is not, and the page says so."""
    opening = opened_forms.read(request.POST.get(opened_forms.NAME, ""))
    if opening is None or opening.officer != request.user.pk:
        return HttpResponse(status=409)
    if "_discard" in request.POST:
        drafts.forget(opening)
        return HttpResponse(status=204)
    return HttpResponse(status=204 if drafts.save(opening, request.POST) else 409)
