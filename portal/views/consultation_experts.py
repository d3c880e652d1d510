"""관계 전문가의 의견: what experts said about a plan, put on record beside the residents' opinions (ordinance art. 8)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cameras.consultation import experts
from cameras.models import HeardExpert
from portal.access import officer, requires
from portal.forms.consultations import ExpertForm
from portal.screens import confirm_screen, filled_in, form_screen
from portal.views.consultations import KEEP, crumbs, found


@requires(KEEP)
def expert_add(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = found(pk)
    return form_screen(
        request,
        filled_in(request, ExpertForm),
        lambda sent: experts.hear(consultation, by=officer(request), **sent.cleaned_data),
        title="관계 전문가의 의견 기록",
        back=reverse("consultation:page", args=[pk]),
        done="전문가의 의견을 기록했습니다. 결과를 공고할 때 함께 나옵니다.",
        submit="기록하기",
        notes=[
            "주민의 의견과 함께 관계 전문가의 의견도 듣습니다(조례 제8조, 법 제25조제3항).",
            "누리집의 결과에 소속·직위와 의견이 나옵니다. 성명은 적지 말고 문서에 남기십시오.",
        ],
        crumbs=crumbs(consultation),
    )


@requires(KEEP)
def expert_remove(request: HttpRequest, pk: int) -> HttpResponse:
    expert = get_object_or_404(
        HeardExpert.objects.select_related("consultation__project__installing_department"), pk=pk
    )
    return confirm_screen(
        request,
        lambda sent: experts.take_back(expert, by=officer(request)),
        question=f"‘{expert}’의 기록을 취소할까요?",
        consequences=["잘못 적은 기록만 취소합니다. 취소한 사실은 원장에 남습니다."],
        confirm="기록 취소",
        title="전문가 의견의 기록 취소",
        back=reverse("consultation:page", args=[expert.consultation_id]),
        done="기록을 취소했습니다.",
        is_dangerous=True,
        crumbs=crumbs(expert.consultation),
    )
