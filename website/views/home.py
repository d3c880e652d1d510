"""The English front page; the Korean one is Wagtail's root page."""

from django.http import Http404, HttpRequest, HttpResponse

from website.models import HomePage


def english_home(request: HttpRequest) -> HttpResponse:
    home = HomePage.objects.live().first()
    if home is None:
        raise Http404
    return home.serve(request)
