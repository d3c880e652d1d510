"""운영·관리 방침: the draft, its preview beside the register, publishing, earlier versions."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils import timezone

from cameras import policy
from portal.access import may, officer, requires
from portal.forms.fields import day_field
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, filled_in, form_screen


class TextsForm(forms.Form):
    """One text field for each content that Decree art. 25 asks for."""

    def __init__(self, *args: object, draft: policy.OperationPolicy, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for section in policy.sections():
            self.fields[section.code] = forms.CharField(
                label=section.title,
                help_text=section.citation,
                initial=draft.texts.get(section.code, ""),
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 5}),
            )


class PublishForm(forms.Form):
    effective_on = day_field("시행일", help_text="오늘이나 그 뒤의 날짜입니다.", initial=timezone.localdate)


@requires("cameras.view_operationpolicy")
def overview(request: HttpRequest) -> HttpResponse:
    """The draft as citizens would read it today, and every version published so far."""
    draft = policy.draft()
    frozen = policy.contents(draft)
    last = policy.published().first()
    actions = [Action("본문 고치기", reverse("policy:edit"), icon="edit")]
    if may(request.user, ["cameras.publish_policy"]):
        actions.append(Action("공고하기", reverse("policy:publish"), icon="check", is_primary=True))
    return page(
        request,
        "portal/policy/overview.html",
        {
            "contents": frozen,
            "changes": policy.changes(last.contents if last else None, frozen),
            "missing": policy.missing(frozen),
            "versions": list(policy.published().select_related("published_by")),
            "current": policy.current(),
            "may_publish": may(request.user, ["cameras.publish_policy"]),
            "draft": draft,
        },
        title="운영·관리 방침",
        intro="표와 숫자는 카메라 대장에서 자동으로 만들어집니다. 본문만 고치면 됩니다. (법 제25조제7항, 시행령 제25조)",
        icon="doc-full",
        actions=actions if may(request.user, ["cameras.change_operationpolicy"]) else (),
    )


@requires("cameras.change_operationpolicy")
def edit(request: HttpRequest) -> HttpResponse:
    draft = policy.draft()
    return form_screen(
        request,
        filled_in(request, TextsForm, draft=draft),
        lambda form: policy.save_texts(draft, form.cleaned_data),
        title="방침 본문 고치기",
        back=reverse("policy:overview"),
        done="초안을 저장했습니다. 공고하기 전에는 누리집에 나오지 않습니다.",
        submit="초안 저장",
        crumbs=[crumb("운영·관리 방침", "policy:overview")],
    )


@requires("cameras.publish_policy")
@asks_again
def publish(request: HttpRequest) -> HttpResponse:
    """Asks once more: a published version cannot be changed or taken back."""
    draft = policy.draft()
    frozen = policy.contents(draft)
    last = policy.published().first()
    return confirm_screen(
        request,
        lambda form: policy.publish(draft, by=officer(request), **form.cleaned_data),
        question="이 초안을 새 판으로 공고할까요?",
        consequences=[
            "공고한 판은 고치거나 거둘 수 없습니다. 바로잡으려면 새 판을 공고합니다.",
            *policy.missing(frozen),
            *policy.changes(last.contents if last else None, frozen),
        ],
        confirm="공고하기",
        title="방침 공고",
        back=reverse("policy:overview"),
        done=lambda version: f"{version}을 공고했습니다. 누리집에 바로 나옵니다.",
        form=filled_in(request, PublishForm),
        crumbs=[crumb("운영·관리 방침", "policy:overview")],
    )


@requires("cameras.view_operationpolicy")
def version(request: HttpRequest, number: int) -> HttpResponse:
    found = policy.published().filter(version=number).first()
    if found is None:
        raise Http404("없는 판입니다.")
    return page(
        request,
        "portal/policy/version.html",
        {"policy": found, "contents": found.contents},
        title=f"운영·관리 방침 제{number}판",
        crumbs=[crumb("운영·관리 방침", "policy:overview")],
    )


urlpatterns = [
    path(
        "policy/",
        include(
            (
                [
                    path("", overview, name="overview"),
                    path("edit/", edit, name="edit"),
                    path("publish/", publish, name="publish"),
                    path("<int:number>/", version, name="version"),
                ],
                "policy",
            )
        ),
    )
]
