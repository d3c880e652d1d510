"""찾기: one search for everything that one may see; "/" leads to it from each page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework import searching
from casework.searching import Hit
from portal.access import may, requires
from portal.pages import page


@requires("wagtailadmin.access_admin")
def search(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[: searching.LONGEST]
    found = searching.find(asked, lambda rights: may(request.user, rights))
    sections = [(each.label, [(hit, _url(hit)) for hit in each.hits]) for each in found]
    hits = [each for _, mine in sections for each in mine]
    if len(hits) == 1 and hits[0][0].title == asked:
        return redirect(hits[0][1])
    return page(
        request,
        "portal/search.html",
        {"asked": asked, "sections": sections, "is_short": bool(asked) and len(asked) < 2},
        title="찾기",
        intro="카메라 번호, 주소, 사업과 시공업체, 협의·공고·접수번호, 문서번호, 계약과 수탁자를 한 번에 찾습니다. 볼 수 있는 것만 나옵니다.",
        icon="search",
    )


def _url(hit: Hit) -> str:
    url = reverse(hit.url_name, args=hit.url_args)
    return f"{url}?{hit.query}" if hit.query else url
