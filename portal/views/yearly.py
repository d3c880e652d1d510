"""연간 문서: what the records tell of a year, finished by a person; the papers of the years before."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone

from portal import downloads
from portal.access import may, officer, requires
from portal.forms.yearly import FinishForm, SendForm
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, filled_in, form_screen
from reports.handed_out import Paper
from reports.models import YearlyKind, YearlyPaper
from reports.yearly import due, papers, prepared

SEE, KEEP = "reports.view_yearlypaper", "reports.change_yearlypaper"
LIST = ("연간 문서", "yearly:list")


@requires(SEE)
def yearly_list(request: HttpRequest) -> HttpResponse:
    """Last year's four papers, and all that were finished."""
    year = timezone.localdate().year - 1
    done = papers.newest(year)
    waiting = [(kind, done.get(kind), due.due_on(kind, year)) for kind in YearlyKind]
    return page(
        request,
        "portal/yearly/list.html",
        {
            "year": year,
            "waiting": waiting,
            "rows": YearlyPaper.objects.select_related("finished_by").defer("contents"),
        },
        title="연간 문서",
        intro=(
            "해가 바뀌면 지난해의 문서를 시스템이 기록에서 정리해 둡니다. 담당자가 읽고 설명을 적어 확정하면 수치와 글이 고정됩니다. "
            "자체점검과 운영·관리 방침은 각각의 화면에서 합니다."
        ),
        icon="calendar-alt",
    )


@requires(SEE)
def paper_page(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    chosen = _kind(kind, year)
    paper = papers.newest(year).get(kind)
    section = papers.section_of(paper) if paper else prepared.section(kind, year, timezone.now())
    return page(
        request,
        "portal/yearly/page.html",
        {
            "paper": paper,
            "section": section,
            "due_on": due.due_on(kind, year),
            "is_to_be_sent": kind in papers.TO_BE_SENT,
            "is_published": kind in papers.PUBLISHED,
        },
        title=f"{year}년 {chosen.label}",
        icon="calendar-alt",
        crumbs=[crumb(*LIST)],
        actions=_actions(request, year, kind, paper),
    )


def _actions(request: HttpRequest, year: int, kind: str, paper: YearlyPaper | None) -> list[Action]:
    shown = [Action("문서 (PDF)", reverse("yearly:document", args=[year, kind]), "download")]
    if not may(request.user, [KEEP]) or year >= timezone.localdate().year:
        return shown
    label = "새 판 내기…" if paper else "확정하기…"
    shown.append(
        Action(label, reverse("yearly:finish", args=[year, kind]), "check", is_primary=paper is None)
    )
    if paper is not None and kind in papers.TO_BE_SENT and paper.sent_on is None:
        shown.append(
            Action("제출 기록하기", reverse("yearly:send", args=[paper.pk]), "check", is_primary=True)
        )
    return shown


@requires(KEEP)
def finish(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    chosen = _kind(kind, year)
    consequences = [
        "지금의 수치와 적은 글이 고정됩니다. 바로잡으려면 새 판을 냅니다.",
        "내용의 해시가 원장에 남습니다.",
    ]
    if kind in papers.PUBLISHED:
        consequences.append("누리집의 ‘공개 수치’에 바로 실립니다.")
    return confirm_screen(
        request,
        lambda sent: papers.finish(kind, year, by=officer(request), **sent.cleaned_data),
        question=f"{year}년 {chosen.label}: 확정할까요?",
        consequences=consequences,
        confirm="확정하기",
        title=f"{year}년 {chosen.label} 확정",
        back=reverse("yearly:page", args=[year, kind]),
        done="확정했습니다.",
        form=filled_in(request, FinishForm),
        crumbs=[crumb(*LIST), crumb(f"{year}년 {chosen.label}", "yearly:page", year, kind)],
    )


@requires(KEEP)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(YearlyPaper, pk=pk)
    back = reverse("yearly:page", args=[paper.year, paper.kind])
    return form_screen(
        request,
        filled_in(request, SendForm),
        lambda sent: papers.send(paper, by=officer(request), **sent.cleaned_data),
        title=f"{paper}: 제출 기록",
        back=back,
        to=lambda made: back,
        done="제출을 기록했습니다.",
        submit="기록하기",
        notes=["의회에 보고한 뒤 적습니다. 기록은 고치거나 지울 수 없습니다."],
        crumbs=[crumb(*LIST)],
    )


@requires(SEE)
def document(request: HttpRequest, year: int, kind: str) -> HttpResponseBase:
    from reports.documents import yearly_paper  # loads the PDF library

    chosen = _kind(kind, year)
    paper = papers.newest(year).get(kind)
    section = papers.section_of(paper) if paper else prepared.section(kind, year, timezone.now())
    content = yearly_paper.pdf_of(chosen, year, section, paper)
    name = f"{year}년_{chosen.label}.pdf".replace(" ", "_")
    if paper is None:
        return downloads.pdf(content, name)
    return downloads.finished(
        request, content, name, Paper.YEARLY, number=str(paper), about=paper.ledger_subject
    )


def _kind(kind: str, year: int) -> YearlyKind:
    if kind not in YearlyKind.values or not papers.FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404("없는 문서입니다.")
    return YearlyKind(kind)


urlpatterns = [
    path("", yearly_list, name="list"),
    path("finished/<int:pk>/send/", send, name="send"),
    path("<int:year>/<slug:kind>/", paper_page, name="page"),
    path("<int:year>/<slug:kind>/finish/", finish, name="finish"),
    path("<int:year>/<slug:kind>/document.pdf", document, name="document"),
]
