"""접속기록 점검: months, what each asks about with the rows behind it, explanations, judgements, signatures."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone

from accounts import queueing
from accounts.korean import josa
from portal import downloads, longruns, worker
from portal.access import may, officer, refuse, requires
from portal.forms.access_log import (
    ExplainForm,
    FindingFilter,
    JudgeForm,
    MeasureForm,
    MonthForm,
    SignReviewForm,
)
from portal.listing import paginate
from portal.pages import Action, Crumb, crumb, page
from portal.screens import checked_screen, confirm_screen, filled_in, form_screen, list_screen
from records import tasks
from records.access_log import judging, monthly, timing
from records.access_log.judging import COUNTERSIGN, EXPLAIN, SIGN
from records.access_log.rules import catalogue
from records.models import AccessEvent, AccessFinding, AccessLogFile, AccessReview, FootageLook, Judgement
from reports.handed_out import Paper

SEE = "records.view_accessreview"
HOME = ("접속기록 점검", "access_log:reviews")
ROWS_PER_PAGE = 50


@requires(SEE)
def reviews(request: HttpRequest) -> HttpResponse:
    begin_it = Action("점검 만들기", reverse("access_log:begin"), "plus", is_primary=True)
    rows = AccessReview.objects.defer("contents").annotate(
        asked=Count("findings"),
        waiting=Count("findings", filter=Q(findings__judgement="")),
        improper=Count("findings", filter=Q(findings__judgement=Judgement.IMPROPER)),
    )
    return list_screen(
        request,
        "portal/access_log/reviews.html",
        rows.select_related("signed_by").order_by("-month"),
        title="접속기록 점검",
        intro=(
            "달마다 접속기록을 사건·상황·근무와 대조하여, 설명되지 않는 것을 묻습니다(조례 제23조, 안전성 확보조치 기준 "
            "제8조제2항). 물음은 잘못을 전제로 하지 않습니다."
        ),
        icon="view",
        actions=[begin_it if may(request.user, [SIGN]) else None],
        rates=judging.rates(),
    )


@requires(SIGN)
def begin(request: HttpRequest) -> HttpResponse:
    def ask(sent: MonthForm) -> AccessReview:
        review = monthly.ask(sent.cleaned_data["month"], by=officer(request))
        queueing.start(tasks.run_access_review, review.pk)
        return review

    return form_screen(
        request,
        filled_in(request, MonthForm, today=timezone.localdate()),
        ask,
        title="접속기록 점검 만들기",
        back=reverse("access_log:reviews"),
        done="",
        to=lambda review: reverse("access_log:review", args=[review.pk]),
        submit="만들기",
        notes=[
            "달이 끝난 뒤의 첫 근무일에 저절로 만듭니다. 그 뒤에 접속기록을 더 가져왔으면 서명하기 전에 다시 만드십시오.",
            "다시 만들어도 이미 적은 소명과 판정은 그대로입니다.",
        ],
        crumbs=[crumb(*HOME)],
    )


def _review(pk: int) -> AccessReview:
    return get_object_or_404(
        AccessReview.objects.select_related("signed_by", "countersigned_by", "requested_by"), pk=pk
    )


@requires(SEE)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    found = _review(pk)
    titles = {rule.code: rule.title for rule in catalogue.all_rules()}
    asked = found.findings.order_by().values_list("rule", flat=True).distinct()
    form = FindingFilter(
        request.GET or None, rules=[(code, titles[code]) for code in titles if code in set(asked)]
    )
    rows = _filtered(found.findings.select_related("staff", "officer").order_by("number"), form)
    return list_screen(
        request,
        "portal/access_log/review.html",
        rows,
        title=str(found),
        icon="view",
        form=form,
        crumbs=[crumb(*HOME)],
        actions=_review_actions(request, found),
        each=lambda row: (row, titles.get(row.rule, row.rule)),
        review=found,
        run=found,
        due_on=timing.due_on(found.month),
        waiting=found.findings.filter(judgement="").count(),
        asked=found.findings.count(),
        has_log=monthly.from_log(found.figures) > 0,
        late=_came_later(found),
        lifts=monthly.lifts_of(found.month),
        progress_url=reverse("access_log:review_progress", args=[pk]),
        cancel_url="",
        here_url=reverse("access_log:review_here", args=[pk]),
        may_act=may(request.user, [SIGN]),
        worker_is_alive=worker.is_alive(),
    )  # fmt: skip


def _filtered(rows: QuerySet[AccessFinding], form: FindingFilter) -> QuerySet[AccessFinding]:
    if not form.is_valid():
        return rows
    if rule := form.cleaned_data["rule"]:
        rows = rows.filter(rule=rule)
    if judgement := form.cleaned_data["judgement"]:
        rows = rows.filter(judgement="" if judgement == "none" else judgement)
    return rows


def _came_later(found: AccessReview) -> list[AccessLogFile]:
    """Files with rows of that month which the review has not seen."""
    if found.made_at is None:
        return []
    files = AccessLogFile.objects.filter(
        finished_at__gt=found.made_at,
        created__gt=0,
        first_at__date__lt=timing.following(found.month),
        last_at__date__gte=found.month,
    )
    return list(files.defer("errors")[:5])


def _review_actions(request: HttpRequest, found: AccessReview) -> list[Action | None]:
    if not found.is_made:
        return []
    paper = Action("점검 결과 (PDF)", reverse("access_log:document", args=[found.pk]), "download")
    step = None
    if found.signed_at is None and may(request.user, [SIGN]):
        step = Action("서명하기…", reverse("access_log:sign", args=[found.pk]), "check", is_primary=True)
    elif found.frozen_at is None and found.signed_at and may(request.user, [SIGN, COUNTERSIGN]):
        address = reverse("access_log:countersign", args=[found.pk])
        step = Action("함께 서명하기…", address, "check", is_primary=True)
    return [paper, step]


@requires(SEE)
def review_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.progress_response(get_object_or_404(AccessReview, pk=pk))


@requires(SIGN)
def review_here(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(AccessReview, pk=pk)
    if request.method == "POST":
        monthly.run_here(found)
    return redirect("access_log:review", pk)


def _of_review(found: AccessReview) -> list[Crumb]:
    return [crumb(*HOME), crumb(str(found), "access_log:review", found.pk)]


@requires(SIGN)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    found = _review(pk)
    consequences = [
        "서명한 점검의 소명과 판정은 고칠 수 없고, 다시 만들 수 없습니다.",
        "확정한 내용의 해시가 원장에 남습니다.",
    ]
    if monthly.appears(found, officer(request)):
        consequences.insert(0, "자기에 관한 결과가 있으므로 다른 사람이 함께 서명해야 확정됩니다.")
    return confirm_screen(
        request,
        lambda sent: monthly.sign(found, opinion=sent.cleaned_data["opinion"], by=officer(request)),
        question=f"{found}에 서명할까요?",
        consequences=consequences,
        confirm="서명하기",
        title="접속기록 점검에 서명",
        back=reverse("access_log:review", args=[pk]),
        done=lambda made: (
            f"{made}에 서명하여 확정했습니다." if made.frozen_at else f"{made}에 서명했습니다. 다른 사람의 서명을 기다립니다."
        ),
        form=filled_in(request, SignReviewForm, initial={"opinion": found.opinion}),
        crumbs=_of_review(found),
    )  # fmt: skip


@requires(SIGN, COUNTERSIGN)
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    found = _review(pk)
    return confirm_screen(
        request,
        lambda sent: monthly.countersign(found, by=officer(request)),
        question=f"{found}에 함께 서명할까요?",
        consequences=["점검이 확정되고, 그 해시가 원장에 남습니다."],
        confirm="함께 서명하기",
        title="접속기록 점검에 함께 서명",
        back=reverse("access_log:review", args=[pk]),
        done=f"{found}{josa(found, '을/를')} 확정했습니다.",
        crumbs=_of_review(found),
    )


@requires(SEE)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    from reports.documents import access_review  # loads the PDF library

    found = _review(pk)
    if not found.is_made:
        raise Http404("아직 만들지 않은 점검입니다.")
    content, month = access_review.pdf_of(found), f"{found.month:%Y-%m}"
    name = f"접속기록점검_{month}.pdf"
    if found.countersigned_at is None:
        return downloads.pdf(content, name)
    return downloads.finished(
        request, content, name, Paper.ACCESS_REVIEW, number=month, about=found.ledger_subject
    )


# ---------------------------------------------------------------- one finding


@requires(EXPLAIN)
def own(request: HttpRequest) -> HttpResponse:
    """What is asked about this officer's own looks."""
    titles = {rule.code: rule.title for rule in catalogue.all_rules()}
    rows = AccessFinding.objects.filter(judging.about(officer(request))).select_related("review")
    return list_screen(
        request,
        "portal/access_log/own.html",
        rows.order_by("-number").distinct(),
        title="나에게 묻는 것",
        intro="접속기록을 점검하다가 까닭을 알 수 없어 묻는 것입니다. 무엇 때문에 보았는지 적으면 됩니다.",
        icon="help",
        each=lambda row: (row, titles.get(row.rule, row.rule)),
    )


def _finding(request: HttpRequest, pk: int) -> tuple[AccessFinding, bool]:
    """The finding, and whether it is about this officer."""
    people = ("staff", "officer", "explained_by", "judged_by", "measured_by")
    found = get_object_or_404(AccessFinding.objects.select_related("review", *people), pk=pk)
    return found, judging.concerns(found, officer(request))


@requires(SEE, EXPLAIN)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody may open what is about himself; what is about others is for those who review."""
    found, is_own = _finding(request, pk)
    if not is_own and not may(request.user, [SEE]):
        return refuse(request, [SEE])
    rule = catalogue.get(found.rule)
    return page(
        request,
        "portal/access_log/finding.html",
        {
            "finding": found,
            "rule": rule,
            "is_own": is_own,
            "links": paginate(request, AccessEvent.objects.filter(pk__in=found.events).order_by("at", "pk"), ROWS_PER_PAGE),
            "looks": FootageLook.objects.filter(pk__in=found.looks).select_related("camera__site", "officer"),
        },
        title=f"{found.number} {rule.title}",
        icon="view",
        crumbs=_of_review(found.review) if may(request.user, [SEE]) else [crumb("나에게 묻는 것", "access_log:own")],
        actions=_finding_actions(request, found, is_own),
    )  # fmt: skip


def _finding_actions(request: HttpRequest, found: AccessFinding, is_own: bool) -> list[Action]:
    def step(label: str, name: str, *, is_primary: bool = False) -> Action:
        return Action(label, reverse(f"access_log:{name}", args=[found.pk]), "edit", is_primary=is_primary)

    shown = []
    is_open = found.review.signed_at is None
    if is_open and (is_own or (found.officer_id is None and may(request.user, [SIGN]))):
        shown.append(step("소명 적기" if is_own else "소명 옮겨 적기", "explain", is_primary=is_own))
    if is_open and not is_own and may(request.user, [SIGN, COUNTERSIGN]):
        shown.append(step("판정하기", "judge", is_primary=True))
    if (
        found.judgement == Judgement.IMPROPER
        and found.measured_at is None
        and not is_own
        and may(request.user, [SIGN])
    ):
        shown.append(step("조치 적기…", "measure", is_primary=not is_open))
    return shown


def _words_screen(
    request: HttpRequest, found: AccessFinding, form: Any, act: Any, screen: Any = form_screen, **words: Any
) -> HttpResponse:
    return screen(  # type: ignore[no-any-return]
        request,
        form,
        act,
        back=reverse("access_log:finding", args=[found.pk]),
        crumbs=[crumb(found.number, "access_log:finding", found.pk)],
        notes=[f"{catalogue.get(found.rule).title}: {found.why}", *words.pop("notes", ())],
        **words,
    )


@requires(SIGN, EXPLAIN)
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    found, is_own = _finding(request, pk)
    if not is_own and not may(request.user, [SIGN]):
        return refuse(request, [SIGN])
    return _words_screen(
        request,
        found,
        filled_in(request, ExplainForm, is_own=is_own, finding=found),
        lambda sent: judging.explain(found, by=officer(request), **sent.cleaned_data),
        title=f"{found.number} 소명",
        done="소명을 적었습니다.",
    )


@requires(SIGN, COUNTERSIGN)
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    found, _ = _finding(request, pk)
    return _words_screen(
        request,
        found,
        filled_in(request, JudgeForm, initial={"judgement": found.judgement, "words": found.judged_words}),
        lambda sent: judging.judge(found, by=officer(request), **sent.cleaned_data),
        title=f"{found.number} 판정",
        done=lambda made: (
            f"‘{made.get_judgement_display()}’{josa(made.get_judgement_display(), '으로/로')} 판정했습니다."
        ),
        to=lambda made: reverse("access_log:review", args=[made.review_id]),
        notes=[f"소명: {found.explanation}" if found.explanation else "아직 소명이 없습니다."],
    )


@requires(SIGN)
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    found, _ = _finding(request, pk)
    return _words_screen(
        request,
        found,
        filled_in(request, MeasureForm),
        lambda sent: judging.measure(found, words=sent.cleaned_data["words"], by=officer(request)),
        checked_screen,
        consequences=lambda sent: ["적은 조치는 고치거나 지울 수 없습니다.", "적은 사실이 원장에 남습니다."],
        title=f"{found.number} 조치",
        done="조치를 적었습니다.",
    )


urlpatterns = [
    path("", reviews, name="reviews"),
    path("begin/", begin, name="begin"),
    path("own/", own, name="own"),
    path("<int:pk>/", review, name="review"),
    path("<int:pk>/progress/", review_progress, name="review_progress"),
    path("<int:pk>/here/", review_here, name="review_here"),
    path("<int:pk>/sign/", sign, name="sign"),
    path("<int:pk>/countersign/", countersign, name="countersign"),
    path("<int:pk>/document.pdf", document, name="document"),
    path("findings/<int:pk>/", finding, name="finding"),
    path("findings/<int:pk>/explain/", explain, name="explain"),
    path("findings/<int:pk>/judge/", judge, name="judge"),
    path("findings/<int:pk>/measure/", measure, name="measure"),
]
