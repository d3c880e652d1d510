"""Forms that need no account: no cookie is asked for, so none can be lost or blocked.

A cookie protects people who are logged in from forms that other sites send in their name. Nobody is logged in here, what
is sent is the sender's own, and floods are counted (`website.floods`); what another site's page sends is refused all the
same, as every browser of today says where a form comes from.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def anonymous_form(view: View) -> View:
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
