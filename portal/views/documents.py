"""공문: the register of what was sent, writing a letter, sending it, and the words of each kind."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from accounts.korean import josa
from casework.refusals import refuse_if
from portal import downloads, ledger_words
from portal.access import may, officer, refuse, requires
from portal.forms.documents import (
    SENT,
    VOIDED,
    WAITING,
    DocumentFilter,
    SendForm,
    TemplateForm,
    VoidForm,
    WriteForm,
)
from portal.listing import Column, cells, labels
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, export_screen, filled_in, list_screen, preview_screen
from reports.letters import kinds, outgoing, own_data, templates
from reports.letters.kinds import KINDS, Kind, NoLetter
from reports.models import LetterTemplate, OutgoingDocument
from reports.official import Document, blocks

HOME, TEMPLATES = ("발송 대장", "documents:list"), ("공문 문안", "documents:templates")
SEE, SEND, CHANGE = "reports.view_outgoingdocument", "reports.send_letter", "reports.change_lettertemplate"
CONTENT = ("words", "pdf", "hwpx")
COLUMNS = (
    Column("number", "문서번호", lambda row: row.number),
    Column("on", "시행일", lambda row: row.on),
    Column("kind", "공문 종류", lambda row: kind_title(row)),
    Column("subject", "제목", lambda row: row.subject),
    Column("receiver", "수신", lambda row: row.receiver),
    Column("about", "관련 업무", lambda row: row.about),
    Column("state", "상태", lambda row: state_of(row)),
    Column("sent_on", "발송일", lambda row: row.sent_on or ""),
    Column("way", "발송 방법", lambda row: row.get_way_display()),
    Column("proof", "증빙", lambda row: row.proof or row.void_reason),
    Column("pdf_sha256", "PDF의 SHA-256", lambda row: row.pdf_sha256),
)


def kind_title(row: OutgoingDocument) -> str:
    return KINDS[row.kind].title if row.kind in KINDS else row.kind


def state_of(row: OutgoingDocument) -> str:
    if row.sent_at:
        return "발송함"
    return "발송하지 않음" if row.voided_at else "발송 전"


def _found(form: DocumentFilter) -> "QuerySet[OutgoingDocument]":
    rows = OutgoingDocument.objects.select_related("department", "numbered_by").defer(*CONTENT)
    state = form.value("state")
    if state == WAITING:
        rows = rows.filter(sent_at__isnull=True, voided_at__isnull=True)
    elif state == SENT:
        rows = rows.filter(sent_at__isnull=False)
    elif state == VOIDED:
        rows = rows.filter(voided_at__isnull=False)
    for name, lookup in (
        ("kind", "kind"),
        ("department", "department"),
        ("from_on", "on__gte"),
        ("until_on", "on__lte"),
    ):
        if value := form.value(name):
            rows = rows.filter(**{lookup: value})
    if words := form.value("q"):
        rows = rows.filter(
            Q(number__icontains=words)
            | Q(subject__icontains=words)
            | Q(about__icontains=words)
            | Q(receiver__icontains=words)
        )
    return rows.order_by("-on", "-pk")


@requires(SEE)
def register(request: HttpRequest) -> HttpResponse:
    form = DocumentFilter(request.GET)
    write = Action(
        "일반 공문 쓰기…", reverse("documents:write", args=["general", 0]), "plus", is_primary=True
    )
    return list_screen(
        request,
        "portal/documents/list.html",
        _found(form),
        title="발송 대장",
        intro="나간 공문과 그 번호입니다. 번호는 부서와 해마다 빠짐없이 이어지고, 발송한 파일은 그대로 남습니다.",
        icon="mail",
        form=form,
        each=lambda row: (row, kind_title(row), state_of(row)),
        actions=[
            Action("내려받기…", f"{reverse('documents:export')}?{request.GET.urlencode()}", "download"),
            Action("개인정보 열람 요구에 답하기…", reverse("documents:write", args=["own_data", 0]), "user")
            if may(request.user, [own_data.PERMISSION])
            else None,
            write if may(request.user, [SEND]) else None,
        ],
    )


@requires(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    rows = _found(DocumentFilter(request.GET))
    return export_screen(
        request,
        labels(COLUMNS),
        cells(COLUMNS, rows.iterator(chunk_size=500)),
        count=rows.count(),
        name="발송대장",
        what="공문 {rows}건",
        title="발송 대장 내려받기",
        back=reverse("documents:list"),
        crumbs=[crumb(*HOME)],
    )


def _get(pk: int) -> OutgoingDocument:
    rows = OutgoingDocument.objects.select_related("department", "numbered_by", "sent_by").defer(*CONTENT)
    return get_object_or_404(rows, pk=pk)


def _may_handle(request: HttpRequest, kind: Kind) -> bool:
    """A letter is for those who deal with its matter."""
    return may(request.user, [SEND]) and may(request.user, [kind.permission])


@requires(SEE)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get(pk)
    kind = KINDS.get(row.kind)
    may_handle = kind is not None and _may_handle(request, kind)
    actions = []
    if may_handle and row.is_waiting and not row.erased_at:
        actions = [
            Action("발송하지 않음…", reverse("documents:void", args=[pk]), "cross"),
            Action("발송 기록…", reverse("documents:send", args=[pk]), "mail", is_primary=True),
        ]
    return page(
        request,
        "portal/documents/page.html",
        {
            "row": row,
            "kind": kind_title(row),
            "state": state_of(row),
            "about": ledger_words.subject_label(row.about) if row.about else "",
            "may_handle": may_handle,
            "files": row.attachments.all(),
        },
        title=f"{row.number} {row.subject}",
        icon="mail",
        crumbs=[crumb(*HOME)],
        actions=actions,
    )


@requires(SEND)
def file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The letter itself: who opened it is in the ledger."""
    row = get_object_or_404(OutgoingDocument, pk=pk)
    kind = KINDS.get(row.kind)
    if kind is None or not _may_handle(request, kind):
        return refuse(request, [kind.permission if kind else SEND])
    try:
        content = outgoing.opened(row, ending, by=officer(request))
    except LookupError as problem:
        raise Http404(str(problem)) from problem
    return downloads.document(content, f"{row.number}.{ending}")


@requires(SEND)
def write(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What is asked, the letter as it will stand, then its number."""
    by = officer(request)
    try:
        kind = kinds.get(code)
        if not _may_handle(request, kind):
            return refuse(request, [kind.permission])
        source = kind.get(pk)
    except NoLetter as problem:
        raise Http404(str(problem)) from problem

    def draft(form: WriteForm) -> outgoing.Draft:
        try:
            return form.completed(outgoing.draft(kind, source, form.asked, by=by), by)
        except NoLetter as problem:
            raise ValidationError(str(problem)) from problem

    return preview_screen(
        request,
        filled_in(request, WriteForm, kind=kind),
        lambda form: outgoing.issue(draft(form), on=form.cleaned_data["on"], by=by),
        preview=lambda form: _shown(draft(form), form.cleaned_data["on"], by),
        template="portal/documents/write.html",
        title=f"공문 쓰기: {kind.title}",
        back=reverse("documents:list"),
        done=lambda row: f"{row.number} 번호를 받았습니다. 내려받아 보낸 뒤 ‘발송 기록’을 하십시오.",
        to=lambda row: reverse("documents:page", args=[row.pk]),
        intro="문안은 ‘공문 문안’에서 고칩니다. 번호를 받으면 내용은 더 바뀌지 않습니다.",
        crumbs=[crumb(*HOME)],
        icon="edit",
    )


def _shown(draft: outgoing.Draft, on: dt.date, by: Any) -> dict[str, Any]:
    made = outgoing.document_of(draft, on=on, number="", by=by, department=draft.matter.department)
    return {"blocks": blocks(made), "version": draft.template_version}


@requires(SEND)
@asks_again
def send(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OutgoingDocument, pk=pk)
    kind = KINDS.get(row.kind)
    if kind is None or not _may_handle(request, kind):
        return refuse(request, [kind.permission if kind else SEND])
    return confirm_screen(
        request,
        lambda form: outgoing.send(row, **form.cleaned_data, by=officer(request)),
        question=f"{row.number}{josa(row.number, '을/를')} 보냈다고 기록할까요?",
        consequences=[
            f"제목: {row.subject}",
            f"수신: {row.receiver}",
            "보낸 그대로의 PDF와 HWPX를 보존하고 그 SHA-256을 원장에 남깁니다. 되돌릴 수 없습니다.",
        ],
        confirm="발송 기록",
        title=f"발송 기록: {row.number}",
        back=reverse("documents:page", args=[pk]),
        done=f"{row.number}의 발송을 기록했습니다.",
        form=filled_in(request, SendForm),
        crumbs=[crumb(*HOME)],
        icon="mail",
        is_long=True,
    )


@requires(SEND)
def void(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get(pk)
    kind = KINDS.get(row.kind)
    if kind is None or not _may_handle(request, kind):
        return refuse(request, [kind.permission if kind else SEND])
    return confirm_screen(
        request,
        lambda form: outgoing.void(row, **form.cleaned_data, by=officer(request)),
        question=f"{row.number}{josa(row.number, '을/를')} 보내지 않기로 할까요?",
        consequences=["번호는 대장에 까닭과 함께 남고, 다른 공문에 다시 쓰지 않습니다. 되돌릴 수 없습니다."],
        confirm="발송하지 않음",
        title=f"발송하지 않음: {row.number}",
        back=reverse("documents:page", args=[pk]),
        done="발송하지 않기로 한 것을 기록했습니다.",
        form=filled_in(request, VoidForm),
        crumbs=[crumb(*HOME)],
        icon="cross",
    )


@requires(SEE)
def template_list(request: HttpRequest) -> HttpResponse:
    in_force = templates.versions()
    return list_screen(
        request,
        "portal/documents/templates.html",
        [(kind, in_force.get(kind.code, 0)) for kind in KINDS.values()],
        title="공문 문안",
        intro="공문 종류마다의 제목과 본문입니다. 바꾸면 새 판이 되고, 이미 번호를 받은 공문은 그대로입니다.",
        icon="edit",
        crumbs=[crumb(*HOME)],
        may_change=may(request.user, [CHANGE]),
    )


@requires(SEE, post=CHANGE)
def template_page(request: HttpRequest, code: str) -> HttpResponse:
    """The words in force and the earlier versions; those who may change them see the letter before it counts."""
    if code not in KINDS:
        raise Http404("그런 공문이 없습니다.")
    kind, words = KINDS[code], templates.current(code)
    return preview_screen(
        request,
        filled_in(request, TemplateForm, kind=kind, words=words),
        lambda form: templates.change(code, **form.cleaned_data, by=officer(request)),
        preview=lambda form: _example(kind, form),
        template="portal/documents/template.html",
        title=f"문안: {kind.title}",
        back=reverse("documents:templates"),
        done="문안의 새 판을 만들었습니다. 다음 공문부터 쓰입니다.",
        to=reverse("documents:template", args=[code]),
        crumbs=[crumb(*HOME), crumb(*TEMPLATES)],
        icon="edit",
        kind=kind,
        words=words,
        names=[f"{{{name}}}" for name in kind.placeholders],
        versions=LetterTemplate.objects.filter(kind=code).select_related("made_by"),
        may_change=may(request.user, [CHANGE]),
    )


def _example(kind: Kind, form: Any) -> dict[str, Any]:
    """The letter with examples in its places; whatever is wrong with the words is told first."""
    given = form.cleaned_data
    refuse_if(templates.check(kind, given["subject"], given["body"]))
    made = Document(
        organisation="(기관 이름)",
        receiver="(수신)",
        sender="(발신 명의)",
        subject=templates.filled(given["subject"], kind.placeholders),
        items=templates.items(given["body"], kind.placeholders),
    )
    return {"blocks": blocks(made)}


urlpatterns = [
    path("", register, name="list"),
    path("export/", export, name="export"),
    path("write/<slug:code>/<int:pk>/", write, name="write"),
    path("templates/", template_list, name="templates"),
    path("templates/<slug:code>/", template_page, name="template"),
    path("<int:pk>/", document, name="page"),
    path("<int:pk>/letter.pdf", file, {"ending": "pdf"}, name="pdf"),
    path("<int:pk>/letter.hwpx", file, {"ending": "hwpx"}, name="hwpx"),
    path("<int:pk>/send/", send, name="send"),
    path("<int:pk>/void/", void, name="void"),
]
