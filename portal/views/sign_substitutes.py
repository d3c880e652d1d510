"""안내판 갈음: places whose sign the website replaces (Decree art. 24(2))."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cameras.models import SignSubstitute, Site
from cameras.signs import substitutes
from portal.access import may, officer, requires
from portal.forms.signs import EndForm, SubstituteForm
from portal.listing import paginate
from portal.pages import crumb, page
from portal.views.signs import LIST

DECIDE = "cameras.decide_signsubstitute"
SUBSTITUTES = ("누리집으로 갈음", "signs:substitutes")


@requires("cameras.view_signsubstitute")
def substitute_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    links = paginate(request, SignSubstitute.objects.select_related("site", "decided_by"))
    return page(
        request,
        "portal/signs/substitutes.html",
        {
            "links": links,
            "rows": [(one, one.until_on is None or one.until_on >= today) for one in links.page.object_list],
            "may_decide": may(request.user, [DECIDE]),
        },
        title="누리집으로 갈음한 안내판",
        intro=f"안내판을 세우는 대신 누리집에 같은 내용을 게재하는 곳입니다 ({substitutes.CITATION}).",
        icon="globe",
        crumbs=[crumb(*LIST)],
    )


@requires(DECIDE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    form = SubstituteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            substitutes.decide(site, by=officer(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "갈음을 결정했습니다. 누리집의 목록에 나옵니다.")
            return redirect("signs:site", pk)
    return page(
        request,
        "portal/confirm.html",
        {
            "form": form,
            "question": "이 설치장소의 안내판을 누리집 게재로 갈음할까요?",
            "consequences": [
                f"두 사유 가운데 하나에 해당하여야 합니다 ({substitutes.CITATION}).",
                "결정한 기간에는 안내판을 설치하지 않아도 되고, 누리집에 같은 내용이 나옵니다.",
                "결정과 문서번호는 원장에 남습니다.",
            ],
            "confirm_label": "갈음 결정",
            "back_url": reverse("signs:site", args=[pk]),
            "is_dangerous": False,
        },
        title="안내판을 누리집으로 갈음",
        intro=f"{site.number} {site.address}",
        crumbs=[crumb(*LIST), crumb(site.number, "signs:site", pk)],
    )


@requires(DECIDE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SignSubstitute.objects.select_related("site"), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            substitutes.end(found, on=form.cleaned_data["on"], by=officer(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "갈음의 마지막 날을 적었습니다.")
            return redirect("signs:substitutes")
    return page(
        request,
        "portal/confirm.html",
        {
            "form": form,
            "question": f"{found.site.number}의 갈음을 끝낼까요?",
            "consequences": ["마지막 날의 다음 날부터 이 설치장소에는 안내판이 있어야 합니다."],
            "confirm_label": "끝내기",
            "back_url": reverse("signs:substitutes"),
            "is_dangerous": True,
        },
        title="갈음 끝내기",
        crumbs=[crumb(*LIST), crumb(*SUBSTITUTES)],
    )
