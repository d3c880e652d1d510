"""이용·제공: the list, the copies that are outside, one case with its steps."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from ordinance import findings
from ordinance.models import DueDate
from ordinance.rules import Subject
from portal.access import may, requires
from portal.forms.copies import OutsideFilter
from portal.forms.provision import ProvisionFilter
from portal.listing import PAGE_ARGUMENT, Column, cells, labels, query_without
from portal.pages import Action, crumb, page
from portal.person_screens import person_screen
from portal.screens import export_screen, list_screen
from portal.views import copies, provision_steps, redactions
from records.copies import outside as copies_outside
from records.look_enums import LookCase
from records.models import PROVISION_PERSONAL, CopyEnding, HandOver, Provision, ProvisionCamera
from records.provision import (
    afterwards,
    approval,
    authority,
    clocks,
    ending,
    persons,
    publication,
    release,
    restrictions,
    securing,
    subject_notice,
)
from records.provision.states import SUBJECT_KIND
from records.provision_enums import OVER, ProvisionState

HOME = ("영상정보 이용·제공", "provision:list")
SEE, HANDLE, APPROVE, PUBLISH = (
    "records.view_provision",
    "records.handle_provision",
    "records.approve_provision",
    "records.publish_provision",
)
COLUMNS = (
    Column("number", "관리번호", lambda row: row.number),
    Column("kind", "구분", lambda row: row.get_kind_display()),
    Column("state", "상태", lambda row: row.get_state_display()),
    Column("received", "접수일", lambda row: f"{timezone.localtime(row.received_at):%Y-%m-%d}"),
    Column("recipient", "제공받는 자", lambda row: row.recipient),
    Column("letter", "요청 문서번호", lambda row: row.letter_number),
    Column("purpose", "목적", lambda row: row.purpose),
    Column("basis", "근거", lambda row: row.basis),
    Column("form", "형태", lambda row: row.get_form_display()),
    Column("urgent", "긴급", lambda row: "긴급" if row.is_urgent else ""),
    Column("until", "이용 기간의 끝", lambda row: row.use_until_on),
)


@requires(SEE)
def provision_list(request: HttpRequest) -> HttpResponse:
    form = ProvisionFilter(request.GET)
    query = query_without(request.GET, PAGE_ARGUMENT)
    return list_screen(
        request,
        "portal/provision/list.html",
        _filtered(form),
        title=HOME[0],
        intro="기관의 공문과 구청 안의 목적 외 이용을 접수하여 결재받고, 나간 사본의 반환·파기까지 봅니다(조례 제20조·제21조·제24조, 법 제18조).",
        icon="redirect",
        form=form,
        together=_with_dues,
        outside_count=HandOver.objects.outside().count(),
        actions=[
            Action("내려받기", f"{reverse('provision:export')}?{query}", "download"),
            Action("나간 사본", reverse("provision:outside"), "download"),
            Action("요청 접수…", reverse("provision:add"), "plus", is_primary=True)
            if may(request.user, [HANDLE])
            else None,
        ],
    )


def _with_dues(rows: list[Provision]) -> list[tuple[Provision, DueDate | None, bool]]:
    """With what is due next, and whether it is late."""
    found, today = clocks.by_number(row.number for row in rows), timezone.localdate()
    nexts = [(row, next(iter(found.get(row.number, [])), None)) for row in rows]
    return [(row, due, due is not None and due.due_on < today) for row, due in nexts]


def _rows() -> "QuerySet[Provision]":
    return Provision.objects.select_related("unit__agency", "department", "ground", "national_ground").defer(
        *PROVISION_PERSONAL
    )


def _filtered(form: ProvisionFilter) -> "QuerySet[Provision]":
    found = _rows()
    for name, field in (("state", "state"), ("kind", "kind"), ("form", "form"), ("agency", "unit__agency")):
        if value := form.value(name):
            found = found.filter(**{field: value})
    found = _looked_at(found, form.value("what") or "")
    if words := form.value("q"):
        named = ProvisionCamera.objects.filter(provision=OuterRef("pk"), camera__number__icontains=words)
        found = found.filter(
            Q(number__iexact=words.strip()) | Q(letter_number__icontains=words) | Q(Exists(named))
        )
    return found.order_by("-received_at", "-pk")


def _looked_at(rows: "QuerySet[Provision]", what: str) -> "QuerySet[Provision]":
    if what == ProvisionFilter.OPEN:
        return rows.exclude(state__in=OVER)
    if what == ProvisionFilter.OUTSIDE:
        return rows.filter(Exists(HandOver.objects.outside().filter(provision=OuterRef("pk"))))
    if what == ProvisionFilter.LATE:
        today = timezone.localdate()
        due = DueDate.objects.open().filter(
            subject_kind=SUBJECT_KIND, subject_number=OuterRef("number"), due_on__lt=today
        )
        copy = HandOver.objects.outside().filter(provision=OuterRef("pk"), end_due_on__lt=today)
        return rows.filter(Q(Exists(due)) | Q(Exists(copy)))
    return rows


@requires(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    rows = _filtered(ProvisionFilter(request.GET))
    return export_screen(
        request,
        labels(COLUMNS),
        cells(COLUMNS, rows),
        count=rows.count(),
        name="영상정보이용제공",
        what="이용·제공 {rows}건",
        title="이용·제공 내려받기",
        back=reverse("provision:list"),
        crumbs=[crumb(*HOME)],
    )


@requires(SEE)
def outside(request: HttpRequest) -> HttpResponse:
    """Every copy in somebody else's hands, the oldest first."""
    form = OutsideFilter(request.GET)
    return list_screen(
        request,
        "portal/provision/outside.html",
        copies_outside.listed(form.value("who") or ""),
        form=form,
        together=copies_outside.rows_of,
        title="나간 사본",
        intro="기관과 부서가 가지고 있고 반환이나 파기를 아직 확인하지 못한 사본(조례 제24조제3항)과, 정보주체가 받아 간 사본입니다. 오래된 것부터 나옵니다.",
        icon="download",
        crumbs=[crumb(*HOME)],
        today=timezone.localdate(),
    )


def get(pk: int) -> Provision:
    rows = _rows().select_related(
        "entered_by", "reviewed_by", "asked_by", "unidentifiable_checked_by", "department__institution"
    )
    found: Provision = get_object_or_404(rows, pk=pk)
    return found


@requires(SEE)
def provision_page(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    pending = approval.pending(shown) or afterwards.pending(shown)
    dues = clocks.by_number([shown.number]).get(shown.number, [])
    today = timezone.localdate()
    cameras = list(shown.cameras.select_related("camera__site", "hold", "secured_by"))
    seen = securing.is_seen(cameras)
    return page(
        request,
        "portal/provision/page.html",
        {
            "shown": shown,
            "dues": [(clocks.label(due), due, due.due_on < today) for due in dues],
            "cameras": [(line, seen[line.pk]) for line in cameras],
            "approvals": list(shown.approvals.select_related("approver", "recorded_by")),
            "pending": pending,
            "signers": list(authority.of_step(pending.step)) if pending else [],
            "restriction": restrictions.of(shown),
            "extensions": list(shown.extensions.all()),
            "is_restriction_owed": restrictions.is_owed(shown),
            "hand_overs": _hand_overs(shown),
            "today": today,
            "publications": list(publication.of(shown).select_related("published_by")),
            "is_publication_open": publication.is_open(shown),
            "why_not_published": publication.why_not(shown) if shown.relation else "",
            "is_notice_owed": subject_notice.is_owed(shown),
            "notices": list(shown.subject_notices.select_related("recorded_by")),
            "unfinished": ending.unfinished(shown) if shown.state == ProvisionState.HANDED_OVER else [],
            "chasers": list(shown.chasers.select_related("by")),
            "redactions": redactions.of_matter(request, LookCase.PROVISION, shown),
            "moves": list(shown.moves.select_related("by")),
            "copies": copies.of_matter(shown) if may(request.user, [copies.SEE]) else [],
            "findings": list(findings.open_of(Subject.PROVISION, shown.number)),
            "may_handle": may(request.user, [HANDLE]),
            "may_see_holds": may(request.user, ["footage.view_hold"]),
            "may_release": not release.why_not(shown) and bool(release.in_force(shown)),
            "files": list(shown.attachments.all()),
        },
        title=shown.number,
        icon="redirect",
        crumbs=[crumb(*HOME)],
        actions=provision_steps.actions(request, shown),
    )


def _hand_overs(shown: Provision) -> list[tuple[HandOver, CopyEnding | None]]:
    """Each with its end, where it has one."""
    rows = shown.hand_overs.select_related("handed_by").defer("receiver_name", "receiver_rank")
    ends = CopyEnding.objects.filter(hand_over__provision=shown).select_related("recorded_by")
    by_copy = {end.hand_over_id: end for end in ends.defer("confirmer_name").prefetch_related("attachments")}
    return [(row, by_copy.get(row.pk)) for row in rows.prefetch_related("files", "attachments")]


@requires(HANDLE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Provision, pk=pk)
    back = reverse("provision:page", args=[pk])
    if shown.person_erased_at is not None:
        messages.info(request, "보관기간이 지나 인적사항을 파기했습니다.")
        return redirect(back)
    return person_screen(
        request,
        persons.CODE,
        shown,
        title=f"요청자와 받은 사람: {shown.number}",
        back=back,
        crumbs=[crumb(*HOME), crumb(shown.number, "provision:page", pk)],
        more=lambda: _others(shown),
    )


def _others(shown: Provision) -> list[tuple[str, str]]:
    """Who received, and who confirmed the end: read for the same purpose, in the same line."""
    rows = []
    for given in shown.hand_overs.select_related("ending"):
        at = f"{timezone.localtime(given.at):%Y-%m-%d %H:%M}"
        rows.append((f"받은 사람 ({at})", f"{given.receiver_rank} {given.receiver_name}".strip()))
        if hasattr(given, "ending"):
            rows.append((f"반환·파기를 확인한 사람 ({at})", given.ending.confirmer_name))
    return rows
