"""이용·제공: what the law wants beside the release: publication, notice, the end of a consent."""

from django.http import HttpRequest, HttpResponse

from portal.access import officer, requires
from portal.forms.provision import DocumentDayForm
from portal.forms.provision_release import PublishForm, SubjectNoticeForm
from portal.reauthentication import asks_again
from portal.screens import filled_in
from portal.views.provision_list import HANDLE, PUBLISH, get
from portal.views.provision_steps import step_screen
from records.provision import consent, publication, subject_notice


@requires(PUBLISH)
@asks_again
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    why_not = publication.why_not(shown)
    return step_screen(
        request,
        shown,
        filled_in(request, PublishForm, initial={"purpose": shown.purpose, "items": shown.items}),
        lambda form: publication.publish(shown, **form.cleaned_data, by=officer(request)),
        what="누리집 게시",
        done=lambda row: f"게시했습니다. {row.shown_until_on:%Y-%m-%d}까지 보이고 저절로 내려갑니다.",
        submit="누리집에 게시",
        icon="globe",
        notes=[
            *([why_not] if why_not else []),
            "날짜, 법적 근거, 목적, 항목이 누리집에 나갑니다(법 제18조제4항). 게시한 글은 고칠 수 없습니다.",
            f"근거: {shown.basis}",
        ],
    )


@requires(HANDLE)
def tell_subject(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, SubjectNoticeForm),
        lambda form: subject_notice.record(shown, form.told, by=officer(request)),
        what="정보주체 통지",
        done="정보주체 통지에 관한 것을 기록했습니다.",
        submit="기록",
        icon="user",
        notes=[
            "수사·재판의 자료로 준 때에는 정보주체에게 알립니다. 누구인지 알 수 없거나 소재를 모르면 그렇지 않습니다(조례 제24조제2항).",
            "알리지 않으면 까닭과 다시 볼 날을 적습니다. 그날이 오면 할 일에 나옵니다.",
            "수사·재판에 지장이 있다는 것은 조례가 든 까닭이 아니므로, 알리지 못하게 하는 다른 법령의 이름과 조문을 적어야 합니다.",
        ],
    )


@requires(HANDLE)
def withdraw_consent(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, DocumentDayForm),
        lambda form: consent.withdraw(shown, **form.cleaned_data, by=officer(request)),
        what="동의 철회",
        done="동의를 철회한 것을 기록했습니다.",
        submit="철회 기록",
        icon="user",
        notes=[
            "곧바로 멈춥니다. 나간 사본이 있으면 회수를 요구하고, 없으면 끝냅니다(조례 제20조, 제21조제1항제1호). 되돌릴 수 없습니다.",
        ],
    )
