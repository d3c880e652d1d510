"""미이행 사항: the list with its filters, one finding, who cares for it, and the list as a file."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from ordinance import findings as domain
from ordinance import rules
from ordinance.citations import LawOfDay
from ordinance.models import Finding, RuleException
from ordinance.rules import SUBJECT_LABELS, Subject
from portal.access import may, officer, requires
from portal.duty_subjects import Place, place_of, places_of, way_to_mend
from portal.forms.duties import BulkCareForm, CareForm, FindingFilter
from portal.listing import PAGE_ARGUMENT, query_without
from portal.pages import Action, crumb, page
from portal.row_keys import keys
from portal.screens import export_screen, filled_in, form_screen, list_screen
from portal.views.duties import HOME, SEE

CARE = "ordinance.care_for_finding"
LIST = ("미이행 목록", "duties:findings")
MOST_AT_ONCE = 20_000
CHOSEN_AT_MOST = 1_000
EXPORTED_AT_ONCE = 2_000


@requires(SEE)
def finding_list(request: HttpRequest) -> HttpResponse:
    form = FindingFilter(request.GET)
    query = query_without(request.GET, PAGE_ARGUMENT)
    return list_screen(
        request,
        "portal/duties/findings.html",
        form.apply(),
        title="미이행 목록",
        intro="점검에서 이행되지 않은 것으로 나타난 의무입니다. 이행하면 그 자리에서, 늦어도 다음 점검에서 종결됩니다.",
        icon="list-ul",
        form=form,
        crumbs=[crumb(*HOME)],
        actions=[Action("내려받기", f"{reverse('duties:findings_export')}?{query}", "download")],
        together=lambda findings: _rows(findings, request.user),
        query=query,
        may_care=may(request.user, [CARE]),
        may_except=may(request.user, ["ordinance.grant_exception"]),
        rule_code=form.value("rule") or "",
        today=timezone.localdate(),
    )


def _rows(findings: list[Finding], person: Any) -> list[dict[str, Any]]:
    places = places_of(findings)
    rows = [_row(finding, places) for finding in findings]
    return [{**row, "remedy": way_to_mend(person, row["finding"].rule.code, row["place"])} for row in rows]


def _row(finding: Finding, places: Any) -> dict[str, Any]:
    kind = finding.rule.subject_kind
    place = places.get((kind, finding.number)) or Place(finding.number, "대장에 없음")
    return {
        "finding": finding,
        "place": place,
        "what": domain.what(finding),
        "care": getattr(finding, "care", None),
    }


@requires(SEE, post=CARE)
def finding_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding; whoever may care for it does so here."""
    finding = get_object_or_404(Finding.objects.select_related("rule", "care__owner"), pk=pk)
    care = getattr(finding, "care", None)
    initial = {"owner": care.owner_id, "due_on": care.due_on, "note": care.note} if care else {}
    form = CareForm(request.POST or None, initial=initial)
    if request.method == "POST" and not finding.is_open:
        messages.error(request, "종결된 미이행 사항은 바꾸지 않습니다.")
        return redirect("duties:finding", pk)
    if request.method == "POST" and form.is_valid():
        domain.care_for([finding], by=officer(request), **form.cleaned_data)
        messages.success(request, "담당자와 기한을 저장했습니다.")
        return redirect("duties:finding", pk)
    rule = _declared(finding)
    place = place_of(finding.rule.subject_kind, finding.number)
    return page(
        request,
        "portal/duties/finding.html",
        {
            "finding": finding,
            "rule": rule,
            "what": domain.what(finding),
            "before": domain.what_before(finding),
            "place": place,
            "kind": SUBJECT_LABELS[Subject(finding.rule.subject_kind)],
            "citations": LawOfDay(finding.opened_on).cite(rule) if rule else [],
            "remedy": way_to_mend(request.user, finding.rule.code, place),
            "form": form,
            "care": care,
            "care_history": care.history.select_related("owner", "history_user").all()[:20] if care else [],
            "exceptions": RuleException.objects.filter(rule=finding.rule.code, number=finding.number),
            "may_care": finding.is_open and may(request.user, [CARE]),
        },
        title=f"{finding.rule.title}: {place.label}",
        icon="warning",
        crumbs=[crumb(*HOME), crumb(*LIST)],
        actions=_actions(request, finding),
    )


def _declared(finding: Finding) -> Any:
    try:
        return rules.get(finding.rule.code)
    except LookupError:
        return None


def _actions(request: HttpRequest, finding: Finding) -> list[Action]:
    if not finding.is_open or not may(request.user, ["ordinance.grant_exception"]):
        return []
    query = f"ids={finding.pk}"
    return [Action("예외 인정…", f"{reverse('duties:exception_grant')}?{query}", "lock-open")]


# -- many at once


def chosen_findings(request: HttpRequest) -> tuple[QuerySet[Finding], str]:
    """Open findings that were ticked, or all that the filter finds; and the address of the list they came from."""
    query = QueryDict(request.GET.get("query", ""))
    back = f"{reverse('duties:findings')}?{query_without(query, PAGE_ARGUMENT)}"
    if request.GET.get("extent") == "all":
        return FindingFilter(query).apply().filter(closed_on__isnull=True), back
    ids = keys(request.GET.getlist("ids"))
    found = Finding.objects.open().filter(pk__in=ids[:CHOSEN_AT_MOST]).select_related("rule")
    return found.order_by("rule_id", "number"), back


def too_many_or_none(request: HttpRequest, total: int) -> bool:
    if not total:
        messages.warning(request, "고른 미이행 사항이 없습니다. 목록에서 고른 뒤 다시 누르십시오.")
    elif total > MOST_AT_ONCE:
        messages.error(
            request,
            f"한 번에 {MOST_AT_ONCE:,}건까지 처리합니다 (지금 {total:,}건). 조건을 좁히십시오.",
        )
    return not 0 < total <= MOST_AT_ONCE


@requires(CARE)
def care(request: HttpRequest) -> HttpResponse:
    """Owner, due date and note for many findings; what is left empty stays as it is."""
    chosen, back = chosen_findings(request)
    total = chosen.count()
    if too_many_or_none(request, total):
        return redirect(back)

    def care_for(form: BulkCareForm) -> int:
        values = form.cleaned_data
        return domain.care_for(chosen, by=officer(request), only=form.filled(values), **values)

    return form_screen(
        request,
        filled_in(request, BulkCareForm),
        care_for,
        title=f"미이행 사항 {total:,}건의 담당 정하기",
        back=back,
        done=lambda done: f"미이행 사항 {done:,}건의 담당을 정했습니다.",
        submit=f"{total:,}건에 적용",
        notes=["적은 것만 바뀌고, 비운 것은 그대로입니다."],
        crumbs=[crumb(*HOME), crumb(*LIST)],
        icon="user",
    )


HEADINGS = [
    "조문",
    "의무",
    "대상",
    "번호",
    "주소·이름",
    "미이행 내용",
    "발견일",
    "담당자",
    "조치 기한",
    "비고",
    "종결일",
    "종결 사유",
    "종결 근거",
]


@requires(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    found = FindingFilter(request.GET).apply()
    return export_screen(
        request,
        HEADINGS,
        _lines(found),
        count=found.count(),
        name="미이행목록",
        what="미이행 사항 {rows}건",
        title="미이행 목록 내려받기",
        back=reverse("duties:findings"),
        crumbs=[crumb(*HOME), crumb(*LIST)],
    )


def _lines(found: QuerySet[Finding]) -> Iterator[list[Any]]:
    """In portions, with one question about places each."""
    portion: list[Finding] = []
    for finding in found.iterator(chunk_size=EXPORTED_AT_ONCE):
        portion.append(finding)
        if len(portion) == EXPORTED_AT_ONCE:
            yield from _portion(portion)
            portion = []
    yield from _portion(portion)


def _portion(portion: list[Finding]) -> Iterator[list[Any]]:
    places = places_of(portion)
    for finding in portion:
        row = _row(finding, places)
        care = row["care"]
        yield [
            finding.rule.place,
            finding.rule.title,
            SUBJECT_LABELS[Subject(finding.rule.subject_kind)],
            finding.number,
            row["place"].detail,
            row["what"],
            finding.opened_on,
            str(care.owner) if care and care.owner else "",
            care.due_on if care else None,
            care.note if care else "",
            finding.closed_on,
            finding.get_closing_display() if finding.closing else "",
            finding.closing_evidence or "",
        ]
