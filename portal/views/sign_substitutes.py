"""안내판 갈음: places whose sign the website replaces (Decree art. 24(2))."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from cameras.models import SignSubstitute, Site
from cameras.signs import substitutes
from portal.access import may, officer, requires
from portal.forms.signs import EndForm, SubstituteForm
from portal.pages import crumb
from portal.screens import confirm_screen, filled_in, list_screen
from portal.views.signs import LIST

DECIDE = "cameras.decide_signsubstitute"
SUBSTITUTES = ("누리집으로 갈음", "signs:substitutes")


@requires("cameras.view_signsubstitute")
def substitute_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return list_screen(
        request,
        "portal/signs/substitutes.html",
        SignSubstitute.objects.select_related("site", "decided_by"),
        title="누리집으로 갈음한 안내판",
        intro=f"안내판을 세우는 대신 누리집에 같은 내용을 게재하는 곳입니다 ({substitutes.CITATION}).",
        icon="globe",
        crumbs=[crumb(*LIST)],
        each=lambda one: (one, one.until_on is None or one.until_on >= today),
        may_decide=may(request.user, [DECIDE]),
    )


@requires(DECIDE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    return confirm_screen(
        request,
        lambda form: substitutes.decide(site, by=officer(request), **form.cleaned_data),
        question="이 설치장소의 안내판을 누리집 게재로 갈음할까요?",
        consequences=[
            f"두 사유 가운데 하나에 해당하여야 합니다 ({substitutes.CITATION}).",
            "결정한 기간에는 안내판을 설치하지 않아도 되고, 누리집에 같은 내용이 나옵니다.",
            "결정과 문서번호는 원장에 남습니다.",
        ],
        confirm="갈음 결정",
        title="안내판을 누리집으로 갈음",
        back=reverse("signs:site", args=[pk]),
        done="갈음을 결정했습니다. 누리집의 목록에 나옵니다.",
        form=filled_in(request, SubstituteForm),
        intro=f"{site.number} {site.address}",
        crumbs=[crumb(*LIST), crumb(site.number, "signs:site", pk)],
    )


@requires(DECIDE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SignSubstitute.objects.select_related("site"), pk=pk)
    return confirm_screen(
        request,
        lambda form: substitutes.end(found, on=form.cleaned_data["on"], by=officer(request)),
        question=f"{found.site.number}의 갈음을 끝낼까요?",
        consequences=["마지막 날의 다음 날부터 이 설치장소에는 안내판이 있어야 합니다."],
        confirm="끝내기",
        title="갈음 끝내기",
        back=reverse("signs:substitutes"),
        done="갈음의 마지막 날을 적었습니다.",
        form=filled_in(request, EndForm),
        is_dangerous=True,
        crumbs=[crumb(*LIST), crumb(*SUBSTITUTES)],
    )
