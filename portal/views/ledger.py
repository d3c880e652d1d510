"""원장: what happened, the signed heads, checking everything now, and what an auditor takes along. Read only:
nothing here writes to the ledger but the record that somebody took a copy."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ledger.heads import as_data
from ledger.models import Entry, SignedHead
from portal import exports, ledger_check, ledger_words, longruns
from portal.access import officer, requires
from portal.forms.ledger import EntryFilter, KeptHeadForm
from portal.listing import PAGE_ARGUMENT, PAGE_SIZE, PageLinks, paginate, query_without
from portal.models import LedgerVerification
from portal.pages import Action, crumb, page
from portal.screens import filled_in
from portal.views import ledger_continuity

ENTRIES = ("원장 기록", "ledger:entries")
SEE_ENTRIES = "ledger.view_entry"
SEE_HEADS = "ledger.view_signedhead"


class NewestFirst(Sequence[Entry]):
    """All entries, newest first, without counting or skipping: the numbers have no gap, so a page is a range.

    Of a million entries the last page is as quick as the first.
    """

    def __init__(self) -> None:
        self.last = Entry.objects.last_sequence()

    def __len__(self) -> int:
        return self.last

    @overload
    def __getitem__(self, wanted: int) -> Entry: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Entry]: ...
    def __getitem__(self, wanted: int | slice) -> Entry | list[Entry]:
        if isinstance(wanted, int):
            return Entry.objects.get(sequence=self.last - wanted)
        start, stop, _ = wanted.indices(self.last)
        rows = Entry.objects.filter(sequence__gt=self.last - stop, sequence__lte=self.last - start)
        return list(rows.order_by("-sequence"))


@requires(SEE_ENTRIES)
def entries(request: HttpRequest) -> HttpResponse:
    form = EntryFilter(request.GET)
    if form.is_narrowing:
        links = paginate(request, form.narrow(Entry.objects.all()).newest_first())
    else:
        links = PageLinks(
            Paginator(NewestFirst(), PAGE_SIZE).get_page(request.GET.get(PAGE_ARGUMENT)),
            query_without(request.GET, PAGE_ARGUMENT),
        )
    rows = list(links.page.object_list)
    officers = ledger_words.officer_names([entry.actor for entry in rows])
    actions = [Action("원장 묶음 받기", reverse("ledger:bundle"), icon="download")]
    return page(
        request,
        "portal/ledger/entries.html",
        {
            "form": form,
            "reset_url": request.path,
            "links": links,
            "rows": [_told(entry, officers) for entry in rows],
        },
        title="원장 기록",
        intro="업무에서 일어난 일이 순서대로 적힙니다. 한 번 적힌 기록은 누구도 고치거나 지울 수 없습니다.",
        icon="history",
        actions=actions,
    )


def _told(entry: Entry, officers: dict[int, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "kind": ledger_words.kind_label(entry.kind),
        "actor": ledger_words.actor_name(entry.actor, officers),
        "subject": ledger_words.subject_label(entry.subject),
        "facts": ledger_words.readable(entry.payload),
    }


@requires(SEE_ENTRIES)
def entry(request: HttpRequest, sequence: int) -> HttpResponse:
    found = get_object_or_404(Entry, sequence=sequence)
    head = SignedHead.objects.filter(size__gte=sequence).order_by("size").first()
    told = _told(found, ledger_words.officer_names([found.actor]))
    return page(
        request,
        "portal/ledger/entry.html",
        {**told, "head": head, "payload": _pretty(found.payload)},
        title=f"원장 기록 {sequence:,}번",
        crumbs=[crumb(*ENTRIES)],
    )


def _pretty(payload: str) -> str:
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except ValueError:
        return payload


@requires(SEE_HEADS)
def heads(request: HttpRequest) -> HttpResponse:
    last = Entry.objects.last_sequence()
    newest = SignedHead.objects.latest_head()
    return page(
        request,
        "portal/ledger/heads.html",
        {
            "links": paginate(request, SignedHead.objects.order_by("-size")),
            "unsealed": last - (newest.size if newest else 0),
        },
        title="원장 봉인",
        intro="봉인은 그때까지의 모든 기록에서 계산한 값에 서명한 것입니다. 보고서에 인쇄되며, 나중에 원장이 바뀌면 맞지 않게 됩니다.",
        icon="lock",
    )


@requires(SEE_HEADS)
def head_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The head as a file: `verify_ledger --head FILE` checks against it."""
    return head_answer(get_object_or_404(SignedHead, pk=pk))


def head_answer(head: SignedHead) -> HttpResponse:
    text = json.dumps(as_data(head), ensure_ascii=False, indent=1) + "\n"
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="ledger-head-{head.size}.json"'
    return answer


@requires(SEE_ENTRIES)
def verifications(request: HttpRequest) -> HttpResponse:
    """Past checks, and a new one. It changes nothing in the ledger, so whoever may read it may check it."""
    is_asked = request.method == "POST"
    form = KeptHeadForm(request.POST, request.FILES) if is_asked else KeptHeadForm()
    if is_asked and form.is_valid():
        with transaction.atomic():
            run = ledger_check.request(officer(request), form.cleaned_data["head"])
        return redirect("ledger:verification", run.pk)
    rows = LedgerVerification.objects.select_related("requested_by").order_by("-pk")
    return page(
        request,
        "portal/ledger/verifications.html",
        {"links": paginate(request, rows), "form": form},
        title="원장 검증",
        intro="원장의 모든 기록을 처음부터 다시 계산하여 봉인과 맞는지 확인합니다.",
        icon="check",
    )


@requires(SEE_ENTRIES)
def verification(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(LedgerVerification.objects.select_related("requested_by"), pk=pk)
    may_cancel = longruns.may_cancel(request.user, run, besides="")
    return page(
        request,
        "portal/ledger/verification.html",
        {
            "run": run,
            "progress_url": reverse("ledger:verification_progress", args=[run.pk]),
            "cancel_url": reverse("ledger:verification_cancel", args=[run.pk]) if may_cancel else "",
            "done_url": "",
        },
        title=f"원장 검증 #{run.pk}",
        crumbs=[crumb("원장 검증", "ledger:verifications")],
    )


@requires(SEE_ENTRIES)
def verification_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.progress_response(get_object_or_404(LedgerVerification, pk=pk))


@require_POST
@requires(SEE_ENTRIES)
def verification_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(LedgerVerification, pk=pk)
    """Only by who started it: whoever is checked must not be able to stop the check."""
    back = reverse("ledger:verification", args=[run.pk])
    return longruns.cancel_response(request, run, back, besides="")


@requires(SEE_ENTRIES)
def bundle_file(request: HttpRequest) -> HttpResponseBase:
    """The bundle for the stand-alone verifier: for a stated purpose, and on record."""
    form = filled_in(request, exports.BundleForm, rows=Entry.objects.last_sequence())
    if request.method == "POST" and form.is_valid():
        return _hand_out_bundle(request, form)
    return page(
        request,
        "portal/registers/form.html",
        {
            "form": form,
            "notes": [
                f"원장 전체 {form.rows:,}줄을 한 파일로 받습니다. 서버 없이 따로 검사할 수 있으며, 검사 방법은 파일 첫 줄에 적혀 있습니다.",
                "개인의 이름이나 연락처는 들어 있지 않습니다.",
                "내려받은 사실과 목적은 원장에 남습니다.",
            ],
            "submit_label": "묶음 받기",
            "back_url": reverse("ledger:entries"),
        },
        title="원장 묶음 받기",
        icon="download",
        crumbs=[crumb(*ENTRIES)],
    )


def _hand_out_bundle(request: HttpRequest, form: exports.BundleForm) -> FileResponse:
    """The file first: what could not be made must not be on record as handed out."""
    from ledger.bundle import export as export_bundle

    folder = tempfile.TemporaryDirectory(prefix="ledger-bundle-")
    target = Path(folder.name) / f"ledger-{timezone.localtime():%Y%m%d-%H%M%S}.jsonl.gz"
    export_bundle(target)
    exports.record(request, name="ledger_bundle", form=form, query="")
    answer = FileResponse(target.open("rb"), as_attachment=True, filename=target.name)
    answer._resource_closers.append(folder.cleanup)  # type: ignore[attr-defined]
    return answer


urlpatterns = [
    path("", entries, name="entries"),
    path("<int:sequence>/", entry, name="entry"),
    path("heads/", heads, name="heads"),
    path("heads/<int:pk>/file/", head_file, name="head_file"),
    path("continuity/", ledger_continuity.continuity_page, name="continuity"),
    path("bundle/", bundle_file, name="bundle"),
    path("verifications/", verifications, name="verifications"),
    path("verifications/<int:pk>/", verification, name="verification"),
    path("verifications/<int:pk>/progress/", verification_progress, name="verification_progress"),
    path("verifications/<int:pk>/cancel/", verification_cancel, name="verification_cancel"),
]
