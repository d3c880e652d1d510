"""서류: list, one paper, filing one document for many cameras at once, withdrawing a wrong one."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.korean import josa
from cameras import lifecycle, paper_contents, papers
from cameras.models import Paper
from casework import attachments
from portal.access import may, officer, requires
from portal.camera_selection import Selection, query_of, selection_of
from portal.forms.life import CameraNumbersForm, LongReasonForm, PaperFilter, PaperForm
from portal.listing import paginate
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, filled_in, list_screen, preview_screen

HOME = ("서류", "papers:list")
SAMPLES = 30


@requires("cameras.view_paper")
def paper_list(request: HttpRequest) -> HttpResponse:
    form = PaperFilter(request.GET)
    file = Action("서류 등록", reverse("papers:file"), "plus", is_primary=True)
    return list_screen(
        request,
        "portal/life/papers.html",
        _filtered(form),
        title="서류",
        intro="조례가 요구하는 것을 갖추었음을 보이는 문서입니다. 한 문서로 여러 카메라를 한꺼번에 등록할 수 있습니다.",
        icon="doc-full",
        form=form,
        actions=[file if may(request.user, ["cameras.file_paper"]) else None],
    )


def _filtered(form: PaperFilter) -> QuerySet[Paper]:
    given = form.cleaned_data if form.is_valid() else {}
    found = Paper.objects.select_related("project", "filed_by").annotate(cameras=Count("lines"))
    found = found.order_by("-on", "-pk")
    if given.get("kind"):
        found = found.filter(kind=given["kind"])
    if given.get("state"):
        found = found.filter(withdrawn_at__isnull=given["state"] == "standing")
    if words := given.get("q"):
        found = found.filter(Q(document_number__icontains=words) | Q(title__icontains=words))
    return found


@requires("cameras.view_paper")
def paper_page(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper.objects.select_related("project", "filed_by", "withdrawn_by"), pk=pk)
    actions = []
    if paper.withdrawn_at is None and may(request.user, ["cameras.file_paper"]):
        actions.append(Action("서류 취소…", reverse("papers:withdraw", args=[pk]), "rotate"))
    counting = papers.cameras_of(paper).select_related("site").in_order()
    return page(
        request,
        "portal/life/paper.html",
        {
            "paper": paper,
            "asked": paper_contents.KINDS[paper.kind],
            "words": paper_contents.in_words(paper.kind, paper.contents),
            "files": list(paper.attachments.all()),
            "links": paginate(request, counting),
            "named": paper.lines.count(),
        },
        title=f"{paper.get_kind_display()} {paper.document_number}",
        icon="doc-full",
        crumbs=[crumb(*HOME)],
        actions=actions,
    )


@requires("cameras.file_paper")
def paper_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    back_url = reverse("papers:page", args=[pk])
    if paper.withdrawn_at is not None:
        messages.info(request, "이미 취소한 서류입니다.")
        return redirect(back_url)
    asked = paper_contents.KINDS[paper.kind]
    consequences = [
        f"카메라 {papers.cameras_of(paper).count():,}대에 이 서류가 더 이상 인정되지 않습니다.",
        "서류는 지워지지 않고 취소 사유와 함께 남습니다.",
    ]
    if asked.sets:
        consequences.insert(1, f"이 서류로 적은 값을 되돌립니다: {asked.sets}")
    return confirm_screen(
        request,
        lambda form: papers.withdraw(paper, **form.cleaned_data, by=officer(request)),
        question=f"{paper}{josa(paper, '을/를')} 취소할까요?",
        consequences=consequences,
        confirm="서류 취소",
        title="서류 취소",
        back=back_url,
        done="서류를 취소했습니다. 이제 이 서류는 인정되지 않습니다.",
        form=filled_in(request, LongReasonForm),
        is_dangerous=True,
        crumbs=[crumb(*HOME)],
        icon="rotate",
    )


@requires("cameras.file_paper")
def paper_file(request: HttpRequest) -> HttpResponse:
    """One document for many cameras: which cameras, which kind, what it says, what it changes, done."""
    selection = selection_of(request)
    kind = request.GET.get("kind", "")
    if not selection.is_made:
        return _ask_for_cameras(request, kind)
    if kind not in paper_contents.KINDS:
        return _ask_for_kind(request, selection)
    total = selection.cameras.count()
    if total > lifecycle.MOST_AT_ONCE:
        messages.error(
            request, f"한 번에 {lifecycle.MOST_AT_ONCE:,}대까지 등록할 수 있습니다. 조건을 좁히십시오."
        )
        return redirect(selection.back_url)
    asked = paper_contents.KINDS[kind]
    return preview_screen(
        request,
        PaperForm(kind, request.POST or None, request.FILES or None),
        lambda form: _file(request, selection, form, kind),
        preview=lambda form: _preview(selection, form, kind),
        template="portal/life/paper_file.html",
        title=f"{asked.kind.label} 등록: 카메라 {total:,}대",
        back=selection.back_url,
        done=lambda paper: f"{paper}{josa(paper, '을/를')} 등록했습니다. 원장에 기록했습니다.",
        to=lambda paper: reverse("papers:page", args=[paper.pk]),
        crumbs=[crumb(*HOME)],
        icon="doc-full",
        asked=asked,
        label=asked.kind.label,
        selection=selection,
        total=total,
        samples=selection.cameras.in_order().select_related("site")[:SAMPLES],
        other_kind_url=f"{reverse('papers:file')}?{query_of(request)}",
    )


def _preview(selection: Selection, form: PaperForm, kind: str) -> dict[str, Any]:
    given = form.cleaned_data
    papers.check(
        kind,
        on=given["on"],
        document_number=given["document_number"],
        contents=form.contents,
        **_scope(selection),
    )
    return {
        "counted": papers.preview(kind, selection.cameras),
        "words": paper_contents.in_words(kind, paper_contents.clean(kind, form.contents, given["on"])),
    }


def _scope(selection: Selection) -> dict[str, Any]:
    """A whole project is named as such; a part of it, or other cameras, by their lines."""
    is_whole_project = selection.project is not None and len(selection.words) == 1
    if is_whole_project:
        return {"project": selection.project, "cameras": None}
    return {"project": None, "cameras": selection.cameras}


def _file(request: HttpRequest, selection: Selection, form: PaperForm, kind: str) -> Paper:
    given = form.cleaned_data
    return papers.file(
        kind,
        on=given["on"],
        document_number=given["document_number"],
        title=given["title"],
        contents=form.contents,
        attachments=attachments.keep_all(given["files"], by=officer(request)),
        by=officer(request),
        **_scope(selection),
    )


def _ask_for_cameras(request: HttpRequest, kind: str) -> HttpResponse:
    return page(
        request,
        "portal/life/choose_cameras.html",
        {
            "form": CameraNumbersForm(),
            "list_url": reverse("cameras:list"),
            "hidden": [("kind", kind)] if kind in paper_contents.KINDS else [],
        },
        title="서류 등록",
        intro="서류가 말하는 카메라를 고르십시오. 카메라 대장에서 골라 ‘서류 등록’을 누르거나, 번호를 붙여 넣거나, 설치 사업의 화면에서 등록합니다.",
        icon="doc-full",
        crumbs=[crumb(*HOME)],
    )


def _ask_for_kind(request: HttpRequest, selection: Selection) -> HttpResponse:
    query = query_of(request)
    return page(
        request,
        "portal/life/choose_kind.html",
        {
            "selection": selection,
            "total": selection.cameras.count(),
            "kinds": [
                (asked, f"{reverse('papers:file')}?{query}&kind={kind}")
                for kind, asked in paper_contents.KINDS.items()
            ],
        },
        title="어떤 서류입니까?",
        icon="doc-full",
        crumbs=[crumb(*HOME)],
    )
