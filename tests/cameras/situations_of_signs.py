"""Signs of sites as tests need them: made, hanging, photographed."""

import datetime as dt
import io
from decimal import Decimal

import cv2
import numpy as np
import segno
from django.utils import timezone
from PIL import ExifTags, Image

from accounts.models import Officer
from cameras.models import Camera, Sign, SignCheck, Site
from cameras.signs import checking, making
from cameras.signs.contents import public_address
from tests.cameras.factories import CameraFactory


def a_site(cameras: int = 1, **fields) -> Site:
    """A site with everything on record that a sign asks for."""
    facts = {
        "filming_direction": "교차로 방향", "filming_hours": "24시간", "phone": "02-2600-6114", "state": "operating",
    }  # fmt: skip
    first = CameraFactory(**{**facts, **fields})
    Site.objects.filter(pk=first.site_id).update(
        road_address="서울특별시 강서구 화곡로 302",
        latitude=Decimal("37.5509"),
        longitude=Decimal("126.8495"),
    )
    for ordinal in range(2, cameras + 1):
        CameraFactory(**{**facts, **fields, "site": first.site, "ordinal": ordinal})
    return Site.objects.get(pk=first.site_id)


def a_sign(site: Site, by: Officer | None = None, size: str = "A4") -> Sign:
    """Made and recorded, not printed: the PDF does not matter here."""
    (sign,) = making.record(making.plan(Site.objects.filter(pk=site.pk)).plans, size=size, by=by)
    return sign


def photograph(
    address: str,
    *,
    taken_at: dt.datetime | None = None,
    position: tuple[float, float] | None = None,
    shade: int = 200,
) -> bytes:
    """A JPEG that shows a QR code of that address, with the data that a telephone writes."""
    symbol = np.array([[0 if cell else 255 for cell in row] for row in segno.make(address, error="h").matrix])
    code = cv2.resize(symbol.astype(np.uint8), None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    picture = np.full((code.shape[0] + 160, code.shape[1] + 160), shade, np.uint8)
    cv2.rectangle(picture, (40, 40), (picture.shape[1] - 40, picture.shape[0] - 40), 255, -1)
    picture[80:-80, 80:-80] = code
    return jpeg(Image.fromarray(picture).convert("RGB"), taken_at=taken_at, position=position)


def jpeg(
    picture: Image.Image,
    *,
    taken_at: dt.datetime | None = None,
    position: tuple[float, float] | None = None,
    orientation: int = 1,
) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Telephone GmbH"
    exif[ExifTags.Base.Orientation] = orientation
    if taken_at is not None:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = "+09:00"
    if position is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for value, key, reference, letter in (
            (position[0], ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "N"),
            (position[1], ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "E"),
        ):
            minutes = (value % 1) * 60
            gps[key] = (float(int(value)), float(int(minutes)), round((minutes % 1) * 60, 4))
            gps[reference] = letter
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


HERE = (37.5509, 126.8495)


def of_sign(site: Site, **kwargs) -> bytes:
    """Taken now at the place of `a_site`, unless said otherwise; None for what the file does not say."""
    return photograph(public_address(site), **{"taken_at": timezone.localtime(), "position": HERE, **kwargs})


def a_sign_with_a_refused_photograph(site: Site, by: Officer) -> tuple[Sign, SignCheck]:
    sign = a_sign(site, by)
    check = checking.check(photograph("https://example.org/"), by=by, site=site)
    return sign, check


def a_camera(site: Site, **fields) -> Camera:
    return CameraFactory(site=site, ordinal=site.cameras.count() + 1, **fields)
