"""일괄 변경: choose the fields, look at what would change, confirm. Nothing is stored before the last step."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from cameras import register
from cameras.bulk_change import BulkChange
from cameras.models import Camera
from casework import field_history
from footage import shortenings
from portal.access import requires
from portal.camera_selection import selection_of
from portal.forms.camera_bulk import BulkForm
from portal.pages import crumb
from portal.screens import preview_screen

# More than this in one transaction keeps others waiting; the list can be narrowed and the act repeated.
MOST_AT_ONCE = 20_000
SAMPLES = 20


@dataclass(frozen=True)
class FieldPreview:
    """What happens to one field of the chosen cameras."""

    label: str
    after: str
    before: list[tuple[str, int]]
    unchanged: int
    changed: int


@requires("cameras.bulk_edit_camera")
def bulk(request: HttpRequest) -> HttpResponse:
    selected = selection_of(request)
    chosen, back_url = selected.cameras, selected.back_url
    total = chosen.count()
    if not total:
        messages.warning(request, "고른 카메라가 없습니다. 목록에서 카메라를 고른 뒤 다시 누르십시오.")
        return redirect(back_url)
    if total > MOST_AT_ONCE:
        messages.error(
            request,
            f"한 번에 {MOST_AT_ONCE:,}대까지 바꿀 수 있습니다 (조건에 맞는 카메라 {total:,}대). 조건을 좁히십시오.",
        )
        return redirect(back_url)
    return preview_screen(
        request,
        BulkForm(request.POST if request.method == "POST" else None),
        lambda form: register.bulk_change(
            chosen, form.changes, by=request.user, reason=form.cleaned_data["reason"]
        ),
        preview=lambda form: {
            "fields": preview_of(chosen, form.changes),
            "footage": _older_footage(chosen, form),
        },
        template="portal/cameras/bulk.html",
        title=f"카메라 {total:,}대 일괄 변경",
        back=back_url,
        done=_told,
        crumbs=[crumb("카메라 대장", "cameras:list")],
        total=total,
        conditions=selected.words,
        samples=chosen.in_order().select_related("site")[:SAMPLES],
    )


def _told(done: BulkChange) -> str:
    """With the way to what changed together, where it can be taken back."""
    words = (
        f"카메라 {done.changed:,}대를 바꾸었습니다 (이미 같은 값이던 {done.unchanged:,}대는 그대로). "
        "카메라마다 변경 이력에 사유와 함께 남았습니다."
    )
    if not done.changed:
        return words
    url = reverse("cameras:change_group", args=[done.group])
    return format_html('{} <a href="{}">함께 바뀐 카메라 보기·되돌리기</a>', words, url)


def _older_footage(chosen: QuerySet[Camera], form: BulkForm) -> shortenings.Footage | None:
    """What a shorter period would destroy, once a second person confirms it."""
    days = form.changes.get("retention_days")
    return shortenings.would_be_due(chosen, days) or None if isinstance(days, int) else None


def preview_of(cameras: QuerySet[Camera], changes: dict[str, Any]) -> list[FieldPreview]:
    """Per field: the values of today with their counts, and the value to come. One query per field."""
    return [_field_preview(cameras, name, value) for name, value in changes.items()]


def _field_preview(cameras: QuerySet[Camera], name: str, value: Any) -> FieldPreview:
    field: Any = Camera._meta.get_field(name)
    after = getattr(value, "pk", value) if field.is_relation else value
    today: Counter[Any] = Counter(cameras.order_by().values_list(field.attname, flat=True))
    unchanged = today.get(after, 0)
    return FieldPreview(
        label=str(field.verbose_name),
        after=_in_words(field, after),
        before=[(_in_words(field, old), count) for old, count in today.most_common(8)],
        unchanged=unchanged,
        changed=sum(today.values()) - unchanged,
    )


def _in_words(field: Any, value: Any) -> str:
    return field_history.display(field, Camera(**{field.attname: value}))
