"""변경 이력: of one camera, of one place, and of one act that changed many cameras together."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cameras import undoing
from cameras.models import Camera, Site
from casework import field_history
from portal.access import may, officer, requires
from portal.forms.footage import ReasonForm
from portal.listing import PageLinks, paginate
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, filled_in

PER_PAGE = 20
BULK = "cameras.bulk_edit_camera"
KINDS = {"+": "등록", "~": "변경", "-": "삭제"}
# Names of what a row of history points to come with it, not in a query each.
CAMERA_NAMES = ("history_user", "installing_department", "contractor", "audio_checked_by", "site")
SITE_NAMES = ("history_user", "institution")


@dataclass(frozen=True)
class Change:
    """One row of history with what it changed."""

    entry: Any
    fields: list[field_history.FieldChange]

    @property
    def kind(self) -> str:
        return KINDS.get(self.entry.history_type, self.entry.history_type)

    @property
    def by(self) -> str:
        return str(self.entry.history_user or "시스템")


@requires("cameras.view_camera")
def camera_history(request: HttpRequest, pk: int) -> HttpResponse:
    camera = get_object_or_404(Camera, pk=pk)
    links, changes = _page_of_changes(request, Camera.history.filter(id=pk).select_related(*CAMERA_NAMES))
    return page(
        request,
        "portal/cameras/history.html",
        {"changes": changes, "links": links},
        title=f"카메라 {camera.number} 변경 이력",
        intro="언제 누가 왜 무엇을 바꾸었는지 새것부터 보입니다. 이력은 고치거나 지울 수 없습니다.",
        icon="history",
        crumbs=[crumb("카메라 대장", "cameras:list"), crumb(camera.number, "cameras:page", pk)],
    )


@requires("cameras.view_site")
def site_history(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    links, changes = _page_of_changes(request, Site.history.filter(id=pk).select_related(*SITE_NAMES))
    return page(
        request,
        "portal/cameras/history.html",
        {"changes": changes, "links": links},
        title=f"설치장소 {site.number} 변경 이력",
        intro="언제 누가 왜 무엇을 바꾸었는지 새것부터 보입니다. 이력은 고치거나 지울 수 없습니다.",
        icon="history",
        crumbs=[crumb("카메라 대장", "cameras:list"), crumb(site.number, "cameras:site", pk)],
    )


@requires("cameras.view_camera")
def change_group(request: HttpRequest, group: UUID) -> HttpResponse:
    """Every camera that one bulk edit or import changed, each with its own before and after."""
    records = Camera.history.filter(change_group=group).select_related(*CAMERA_NAMES)
    links = paginate(request, records.order_by("history_id"), PER_PAGE)
    changes = [
        Change(entry, field_history.changes(entry, before) if before or entry.history_type != "+" else [])
        for entry, before in _with_predecessors(list(links.page.object_list))
    ]
    if not changes:
        raise Http404
    return page(
        request,
        "portal/cameras/change_group.html",
        {"changes": changes, "links": links, "first": changes[0]},
        actions=_undo_action(request, group),
        title="함께 바뀐 카메라",
        icon="history",
        crumbs=[crumb("카메라 대장", "cameras:list")],
    )


def _undo_action(request: HttpRequest, group: UUID) -> list[Action]:
    if not may(request.user, [BULK]) or any(undoing.problems(group)):
        return []
    return [Action("모두 되돌리기…", reverse("cameras:change_undo", args=[group]), "rotate")]


UNDOING_MEANS = [
    "카메라마다 이 변경으로 바뀐 항목만 그 전의 값으로 돌아갑니다.",
    "변경과 되돌림이 모두 변경 이력과 원장에 남습니다.",
]


def _undoing_means(created: int) -> list[str]:
    """Of an import: what it brought does not vanish from the register."""
    brought = f"이 가져오기로 새로 등록된 카메라 {created:,}대는 오늘 날짜의 ‘철거’로 적습니다. 대장에서 지워지지는 않으며, 같은 번호를 다시 가져오면 되살아납니다."
    return [*([brought] if created else []), *UNDOING_MEANS]


def _undone(cameras: int, created: int) -> str:
    """Those that came with the import have no earlier values: they are recorded as removed."""
    back = f"카메라 {cameras - created:,}대를 변경 전의 값으로 되돌렸습니다." if cameras > created else ""
    gone = f"가져오기로 등록되었던 카메라 {created:,}대를 ‘철거’로 적었습니다." if created else ""
    return " ".join(filter(None, [back, gone]))


@requires(BULK)
def change_undo(request: HttpRequest, group: UUID) -> HttpResponse:
    """A bulk change taken back as a whole, while nothing later touched its rows."""
    back = reverse("cameras:change_group", args=[group])
    refusals = list(undoing.problems(group))
    is_import = undoing.is_import(group)
    changed = Camera.history.filter(change_group=group)
    count, created = changed.count(), changed.filter(history_type="+").count()
    if not count:
        raise Http404
    return confirm_screen(
        request,
        lambda form: undoing.undo(group, by=officer(request), reason=form.cleaned_data["reason"]),
        question=refusals[0].text if refusals else f"카메라 {count:,}대의 이 변경을 되돌릴까요?",
        consequences=_undoing_means(created) if is_import else UNDOING_MEANS,
        confirm="모두 되돌리기",
        title="가져오기 되돌리기" if is_import else "일괄 변경 되돌리기",
        back=back,
        done=lambda undone: _undone(undone, created),
        to=reverse("cameras:list"),
        form=filled_in(request, ReasonForm),
        is_dangerous=True,
        is_empty=bool(refusals),
        crumbs=[crumb("카메라 대장", "cameras:list")],
        icon="rotate",
    )


def _with_predecessors(records: list[Any]) -> list[tuple[Any, Any | None]]:
    """Each record with the one before it of the same camera; two queries for a whole page."""
    earlier = Camera.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    numbers = dict(
        Camera.history.filter(history_id__in=[record.history_id for record in records])
        .annotate(previous=Subquery(earlier.order_by("-history_id").values("history_id")[:1]))
        .values_list("history_id", "previous")
    )
    earlier_ones = Camera.history.select_related(*CAMERA_NAMES)
    found = earlier_ones.in_bulk([number for number in numbers.values() if number], field_name="history_id")
    return [(record, found.get(numbers[record.history_id])) for record in records]


def _page_of_changes(request: HttpRequest, records: QuerySet[Any]) -> tuple[PageLinks, list[Change]]:
    """One page, and one record more to compare the last one with."""
    newest_first = records.order_by("-history_date", "-history_id")
    links = paginate(request, newest_first, PER_PAGE)
    shown = list(links.page.object_list)
    older = newest_first[links.page.end_index()] if links.page.has_next() else None
    return links, [Change(entry, fields) for entry, fields in field_history.page_of_changes(shown, older)]
