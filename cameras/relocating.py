"""이전 설치: cameras move to another site and get numbers of that site.

The recording key stays what it was, so that what was filmed at the former place stays the camera's footage.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from cameras import bulk, editing
from cameras.models import Camera, Site
from cameras.models.register import MAX_CAMERAS_PER_SITE
from cameras.numbering import camera_number, natural_key


def move(cameras: Sequence[Camera], site: Site) -> None:
    """Write site, ordinal and number of cameras that the caller holds; history is the caller's too."""
    held = Site.objects.select_for_update().get(pk=site.pk)
    staying = [camera.number for camera in cameras if camera.site_id == held.pk]
    if staying:
        raise ValidationError(f"이미 그 설치장소에 있는 카메라입니다: {', '.join(staying[:5])}")
    first = editing.next_ordinal(held)
    if first + len(cameras) - 1 > MAX_CAMERAS_PER_SITE:
        raise ValidationError(f"한 설치장소의 카메라는 {MAX_CAMERAS_PER_SITE:,}대까지입니다.")
    rows = []
    for ordinal, camera in enumerate(sorted(cameras, key=lambda one: one.sort_key), start=first):
        number = camera_number(held.number, ordinal)
        rows.append((camera.pk, held.pk, ordinal, number, natural_key(number)))
    _refuse_foreign_keys([row[3] for row in rows])
    bulk.update(Camera, ["site_id", "ordinal", "number", "sort_key"], rows)


def _refuse_foreign_keys(numbers: Sequence[str]) -> None:
    """A camera elsewhere may record under what would be a number here."""
    rivals = list(Camera.objects.filter(recording_key__in=numbers).values_list("number", flat=True)[:3])
    if rivals:
        raise ValidationError(
            f"새 카메라 번호를 이미 녹화 식별자로 쓰는 카메라가 있습니다: {', '.join(rivals)}"
        )
