"""개인정보 처리방침: what the catalogue says today, publishing it, earlier versions."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils import timezone

from casework import privacy
from casework.privacy import OfficeFacts
from portal.access import may, officer, requires
from portal.forms.fields import day_field
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, filled_in

PUBLISH = "casework.publish_privacypolicy"


class PublishForm(forms.Form):
    responsible = forms.CharField(
        label="개인정보 보호책임자",
        max_length=300,
        help_text="직위, 부서, 전화번호. 예: 행정국장, 스마트도시과 02-2600-0000",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    entrusted = forms.CharField(
        label="처리 위탁",
        max_length=1_000,
        help_text="이 시스템의 개인정보를 다루는 수탁자와 업무. 없으면 ‘위탁하지 않습니다’라고 적습니다.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    effective_on = day_field("시행일", help_text="오늘이나 그 뒤의 날짜입니다.")


@requires("casework.view_privacypolicy")
def overview(request: HttpRequest) -> HttpResponse:
    """What would be published today, what is new in it, and every version so far."""
    last, now = privacy.published().first(), privacy.contents()
    actions = [Action("공개하기", reverse("privacy:publish"), icon="check", is_primary=True)]
    return page(
        request,
        "portal/privacy/overview.html",
        {
            "contents": now,
            "changes": privacy.changes(last.contents if last else None, now),
            "versions": list(privacy.published().select_related("published_by")),
            "current": privacy.current(),
        },
        title="개인정보 처리방침",
        intro="이 시스템이 다루는 개인정보의 목록에서 자동으로 만들어집니다(법 제30조, 시행령 제31조).",
        icon="doc-full",
        actions=actions if may(request.user, [PUBLISH]) else (),
    )


@requires(PUBLISH)
@asks_again
def publish(request: HttpRequest) -> HttpResponse:
    """Asks once more: a published version cannot be changed or taken back."""
    facts, last = privacy.last_facts(), privacy.published().first()
    initial = {
        "responsible": facts.responsible,
        "entrusted": facts.entrusted,
        "effective_on": timezone.localdate(),
    }
    return confirm_screen(
        request,
        lambda form: privacy.publish(
            OfficeFacts(form.cleaned_data["responsible"], form.cleaned_data["entrusted"]),
            effective_on=form.cleaned_data["effective_on"],
            by=officer(request),
        ),
        question="개인정보 처리방침의 새 판을 공개할까요?",
        consequences=[
            "공개한 판은 고치거나 거둘 수 없습니다. 바로잡으려면 새 판을 공개합니다.",
            *privacy.changes(last.contents if last else None, privacy.contents()),
        ],
        confirm="공개하기",
        title="개인정보 처리방침 공개",
        back=reverse("privacy:overview"),
        done=lambda version: f"{version}을 공개했습니다.",
        form=filled_in(request, PublishForm, initial=initial),
        crumbs=[crumb("개인정보 처리방침", "privacy:overview")],
    )


@requires("casework.view_privacypolicy")
def version(request: HttpRequest, number: int) -> HttpResponse:
    found = privacy.published().filter(version=number).first()
    if found is None:
        raise Http404("없는 판입니다.")
    return page(
        request,
        "portal/privacy/version.html",
        {"policy": found, "contents": found.contents},
        title=f"개인정보 처리방침 제{number}판",
        crumbs=[crumb("개인정보 처리방침", "privacy:overview")],
    )


urlpatterns = [
    path(
        "privacy/",
        include(
            (
                [
                    path("", overview, name="overview"),
                    path("publish/", publish, name="publish"),
                    path("<int:number>/", version, name="version"),
                ],
                "privacy",
            )
        ),
    )
]
