"""A month of access log with something to ask about, reviewed; and a log that came in by the portal."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Officer
from records.access_log import arrivals, monthly, timing
from records.models import AccessFinding, AccessImport, AccessReview

HEADER = "번호,시각,계정,행위,카메라,대상시작,대상종료,접속지,사건번호,내용\n"


def playbacks(month: dt.date, account: str = "kim", count: int = 3) -> list[str]:
    """Lines of stored pictures, looked at for no case, in the afternoon of the 14th."""
    day = f"{month:%Y-%m}-14"
    return [
        f"{account}{n}a,{day} 15:0{n}:00,{account},재생,X-{n},{day} 13:00:00,{day} 14:00:00,10.0.0.1,,"
        for n in range(count)
    ]


def brought_in(by: Officer, *lines: str, name: str = "감사기록.csv") -> AccessImport:
    """By the portal, read at once."""
    content = (HEADER + "\n".join(lines) + "\n").encode()
    run = arrivals.receive(SimpleUploadedFile(name, content), name=name, map_name="standard", by=by)
    arrivals.run_here(run)
    run.refresh_from_db()
    return run


def reviewed(month: dt.date) -> AccessReview:
    monthly.run_here(monthly.ask(month))
    return AccessReview.objects.get(month=month)


def asked_world(by: Officer, account: str = "kim") -> tuple[AccessImport, AccessReview, AccessFinding]:
    """Of last month: the log with a bad line, the review, what it asks about."""
    month = timing.before(timezone.localdate())
    log = brought_in(by, *playbacks(month, account), "9,언젠가,kim,재생,X-1,,,,,")
    review = reviewed(month)
    return log, review, review.findings.get(rule="look_without_case")
