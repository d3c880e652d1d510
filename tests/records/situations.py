"""Requests to see footage, as citizens send them."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from cameras.models import Camera
from records.enums import RequesterRole
from records.models import ViewingRequest
from records.viewing import intake
from records.viewing.intake import Application, Person

NAME, PHONE, ADDRESS = "홍길동", "010-1234-5678", "서울특별시 강서구 화곡로 1"


def application(camera: Camera, **changes: Any) -> Application:
    """An hour of yesterday, asked for by the person filmed."""
    until = timezone.now().replace(microsecond=0) - timedelta(days=1)
    given: dict[str, Any] = {
        "site": camera.site,
        "cameras": [camera],
        "from_at": until - timedelta(hours=1),
        "until_at": until,
        "asks_existence": False,
        "asks_viewing": True,
        "asks_correction": False,
        "requester": Person(NAME, PHONE, date(1980, 5, 1), ADDRESS),
        "requester_role": RequesterRole.SUBJECT,
        "purpose": "도난 확인",
        "submission": uuid.uuid4(),
        **changes,
    }
    return Application(**given)


def received(camera: Camera, **changes: Any) -> ViewingRequest:
    return intake.receive(application(camera, **changes))
