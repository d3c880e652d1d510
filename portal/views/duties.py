"""조례 점검: the 31 articles with their rules and figures, and the runs that made the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from ordinance import articles as ordinance_articles
from ordinance import assessment, assessment_run, findings, rules, tasks
from ordinance import unruled as unruled_articles
from ordinance.citations import Cited, LawOfDay
from ordinance.models import Article, Assessment, RuleException
from ordinance.rules import SUBJECT_LABELS, Context, Rule
from portal import longruns, worker
from portal.access import may, officer, requires
from portal.listing import paginate
from portal.pages import Action, crumb, page

HOME = ("조례 점검", "duties:articles")
SEE = "ordinance.view_finding"
RUN = "ordinance.run_assessment"


@dataclass(frozen=True)
class Duty:
    """A rule with its figures, as the page shows it. `subjects` is None before the first assessment."""

    rule: Rule
    kind: str
    citations: Sequence[Cited]
    subjects: int | None
    unmet: int
    excepted: int
    since: date | None
    # How many subjects the duty is not applied to, and why; None where the last assessment did not count them.
    not_applicable: int | None = 0
    not_applied_because: str = ""


@dataclass
class ArticleRow:
    """None: duties of other laws, which the ordinance does not name."""

    article: Article | None
    duties: list[Duty] = field(default_factory=list)
    unruled: unruled_articles.Unruled | None = None

    @property
    def unmet(self) -> int:
        return sum(duty.unmet for duty in self.duties)


@requires(SEE)
def articles(request: HttpRequest) -> HttpResponse:
    last = assessment_run.last_finished()
    rows = article_rows(last)
    shown = rows
    if request.GET.get("show") == "unmet":
        shown = [row for row in rows if row.unmet]
    return page(
        request,
        "portal/duties/articles.html",
        {
            "rows": shown,
            "show": request.GET.get("show", ""),
            "total": sum(row.article is not None for row in rows),
            "ruled": sum(bool(row.article and row.duties) for row in rows),
            "unmet": sum(row.unmet for row in rows),
            "last": last,
            "running": assessment_run.running(),
            "may_run": may(request.user, [RUN]),
            "may_see_exceptions": may(request.user, ["ordinance.view_ruleexception"]),
        },
        title="조례 점검",
        intro="조문마다 어떤 의무를 기록으로 판정하는지, 얼마나 이행되었는지 보여 줍니다. 규칙이 없는 조문은 그 이유를 적었습니다.",
        icon="clipboard-list",
        actions=_actions(request),
    )


def _actions(request: HttpRequest) -> list[Action]:
    actions = [
        Action("미이행 목록", reverse("duties:findings"), "list-ul"),
        Action("예외", reverse("duties:exceptions"), "lock-open"),
        Action("점검 기록", reverse("duties:assessments"), "history"),
    ]
    if may(request.user, [RUN]):
        actions.append(Action("지금 점검…", reverse("duties:assess_now"), "check", is_primary=True))
    return actions


def article_rows(last: Assessment | None) -> list[ArticleRow]:
    """Every article in force today, with its rules or the reason why it has none. A fixed number of queries."""
    today = timezone.localdate()
    law = LawOfDay(today)
    open_now = findings.summary()
    excepted = dict(
        RuleException.objects.in_force(today).order_by().values_list("rule").annotate(Count("pk"))
    )
    reasons = unruled_articles.reasons()
    context = Context.today()

    def duty(rule: Rule) -> Duty:
        unmet, since = open_now.get(rule.code, (0, None))
        figures = (last.result if last else {}).get(rule.code)
        return Duty(
            rule,
            SUBJECT_LABELS[rule.subject],
            law.cite(rule),
            figures["subjects"] if figures else None,
            unmet,
            excepted.get(rule.code, 0),
            since,
            figures.get("not_applicable") if figures else None,
            rule.exclusion.reason(context) if rule.exclusion else "",
        )

    rows = [
        ArticleRow(
            article,
            [duty(rule) for rule in rules.of_article(article.number)],
            reasons.get(article.number),
        )
        for article in ordinance_articles.current(today)
    ]
    return [*rows, ArticleRow(None, [duty(rule) for rule in rules.of_other_laws()])]


@requires(RUN)
def assess_now(request: HttpRequest) -> HttpResponse:
    """Asks, then starts a run; while another one is under way it leads there."""
    if (under_way := assessment_run.running()) is not None:
        messages.info(request, "이미 진행 중인 점검이 있습니다.")
        return redirect("duties:assessment", under_way.pk)
    if request.method == "POST":
        run = assessment.ask(by=officer(request))
        return redirect("duties:assessment", run.pk)
    return page(
        request,
        "portal/confirm.html",
        {
            "question": "오늘 기준으로 모든 규칙을 점검할까요?",
            "consequences": [
                "새로 미이행이 된 것은 미이행 사항으로 열리고, 이행된 것은 종결됩니다. 삭제되는 것은 없습니다.",
                "매일 밤 한 번 저절로 점검하므로, 급하지 않으면 기다려도 됩니다.",
            ],
            "form": None,
            "confirm_label": "점검 시작",
            "back_url": reverse("duties:articles"),
            "is_dangerous": False,
        },
        title="지금 점검",
        icon="check",
        crumbs=[crumb(*HOME)],
    )


@requires(SEE)
def assessments(request: HttpRequest) -> HttpResponse:
    rows = Assessment.objects.select_related("requested_by").order_by("-pk")
    return page(
        request,
        "portal/duties/assessments.html",
        {"links": paginate(request, rows)},
        title="점검 기록",
        intro="언제 누가 점검했고 몇 건이 열리고 닫혔는지 남습니다.",
        icon="history",
        crumbs=[crumb(*HOME)],
    )


@requires(SEE)
def assessment_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Assessment.objects.select_related("requested_by"), pk=pk)
    return page(
        request,
        "portal/duties/assessment.html",
        {
            "run": run,
            "cancel_url": longruns.cancel_url(request.user, run, "duties:assessment_cancel"),
            "figures": [(_heading(code, found), found) for code, found in run.result.items()],
            "worker_is_alive": worker.is_alive(),
            "may_act": may(request.user, [RUN]),
        },
        title=f"조례 점검 #{run.pk}",
        icon="check",
        crumbs=[crumb(*HOME), crumb("점검 기록", "duties:assessments")],
    )


def _heading(code: str, found: Mapping[str, Any]) -> str:
    """As the run found it: a run of former times has no place of its own, a rule may be gone by now."""
    place = found.get("place") or f"제{found['article']}조"
    try:
        return f"{place} {rules.get(code).title}"
    except LookupError:
        return f"{place} {code}"


@requires(SEE)
def assessment_progress(request: HttpRequest, pk: int) -> JsonResponse:
    return longruns.progress_response(get_object_or_404(Assessment, pk=pk))


@requires(RUN)
def assessment_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Assessment, pk=pk)
    back = reverse("duties:assessment", args=[pk])
    return longruns.cancel_response(request, run, back) if request.method == "POST" else redirect(back)


@requires(RUN)
def assessment_run_here(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Assessment, pk=pk)
    if request.method == "POST":
        tasks.assess(run.pk)
    return redirect("duties:assessment", pk)
