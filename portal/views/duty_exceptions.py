"""점검 예외: which subjects are excused from which duty until when; granting and revoking takes the manager."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from ordinance import exceptions, rules
from ordinance.models import RuleException
from portal.access import may, officer, requires
from portal.duty_subjects import place_of
from portal.forms.duties import ExceptionFilter, ExceptionForm
from portal.forms.footage import ReasonForm
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, filled_in, list_screen
from portal.views.duties import HOME
from portal.views.findings import chosen_findings, too_many_or_none

SEE = "ordinance.view_ruleexception"
GRANT = "ordinance.grant_exception"
LIST = ("예외", "duties:exceptions")


@requires(SEE)
def exception_list(request: HttpRequest) -> HttpResponse:
    form = ExceptionFilter(request.GET)
    return list_screen(
        request,
        "portal/duties/exceptions.html",
        form.apply(),
        title="점검 예외",
        intro="사유, 근거, 승인자와 마지막 날을 정하여 의무에서 제외한 대상입니다. 끝나면 다시 점검합니다.",
        icon="lock-open",
        form=form,
        crumbs=[crumb(*HOME)],
        titles={rule.code: rule for rule in rules.all_rules()},
        today=timezone.localdate(),
    )


@requires(SEE)
def exception_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RuleException.objects.select_related("granted_by", "revoked_by"), pk=pk)
    actions = []
    if not row.is_revoked and may(request.user, [GRANT]):
        actions.append(Action("예외 취소…", reverse("duties:exception_revoke", args=[pk]), "lock"))
    return page(
        request,
        "portal/duties/exception.html",
        {
            "row": row,
            "rule": _title(row.rule),
            "place": place_of(row.subject_kind, row.number),
            "is_in_force": not row.is_revoked and row.from_on <= timezone.localdate() <= row.until_on,
        },
        title=f"예외 #{row.pk}",
        icon="lock-open",
        crumbs=[crumb(*HOME), crumb(*LIST)],
        actions=actions,
    )


def _title(code: str) -> str:
    try:
        rule = rules.get(code)
    except LookupError:
        return code
    return rule.heading


@requires(GRANT)
def exception_grant(request: HttpRequest) -> HttpResponse:
    """For the findings that were chosen, all of one rule; the second step confirms."""
    chosen, back = chosen_findings(request)
    total = chosen.count()
    if too_many_or_none(request, total):
        return redirect(back)
    codes = set(chosen.order_by().values_list("rule__code", flat=True).distinct())
    if len(codes) > 1:
        messages.error(
            request, "예외는 한 가지 의무에 대해서만 함께 인정할 수 있습니다. 의무를 하나 고르십시오."
        )
        return redirect(back)
    rule = rules.get(codes.pop())
    form = ExceptionForm(request.POST or None)
    is_confirming = False
    if request.method == "POST" and form.is_valid():
        wanted = exceptions.Grant(rule, list(chosen.values_list("number", flat=True)), **form.cleaned_data)
        try:
            exceptions.check(wanted)
            if request.POST.get("confirmed") == "yes":
                exceptions.grant(wanted, by=officer(request))
                messages.success(request, f"{total:,}건의 예외를 인정했습니다.")
                return redirect(f"{reverse('duties:exceptions')}?rule={rule.code}")
            is_confirming = True
        except exceptions.Refused as error:
            form.add_error(None, error)
    return page(
        request,
        "portal/duties/exception_grant.html",
        {
            "form": form,
            "rule": rule,
            "total": total,
            "numbers": list(chosen.values_list("number", flat=True)[:10]),
            "is_confirming": is_confirming,
            "back_url": back,
        },
        title=f"{rule.heading}: 예외 인정",
        icon="lock-open",
        crumbs=[crumb(*HOME), crumb(*LIST)],
    )


@requires(GRANT)
def exception_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RuleException, pk=pk)
    back = reverse("duties:exception", args=[pk])
    if row.is_revoked:
        messages.info(request, "이미 취소한 예외입니다.")
        return redirect(back)
    return confirm_screen(
        request,
        lambda form: exceptions.revoke(row, **form.cleaned_data, by=officer(request)),
        form=filled_in(request, ReasonForm),
        question=f"{row.number}의 예외({_title(row.rule)})를 취소할까요?",
        consequences=["취소하면 바로 다시 점검하며, 이행되지 않았으면 미이행 사항이 열립니다."],
        confirm="예외 취소",
        is_dangerous=True,
        title=f"예외 #{row.pk} 취소",
        back=back,
        done="예외를 취소했습니다. 이행되지 않았으면 미이행 사항으로 다시 나타납니다.",
        crumbs=[crumb(*HOME), crumb(*LIST)],
        icon="lock",
    )
