"""기록의 확인: what anybody needs who holds a paper of the office and does not want to trust the paper.

The newest sealed heads of the ledger, the SHA-256 of each issued report, and the stand-alone checker with its own. None
of it tells of a person or of what the ledger holds.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.designations import responsible_on
from ledger.models import SignedHead
from reports import sealing
from reports.models import IssuedReport

MOST = 30
CHECKERS = {
    sealing.CHECKER_NAME: gettext_lazy("원장과 발행한 문서의 검사기"),
    sealing.INSPECTION_CHECKER_NAME: gettext_lazy("점검 묶음의 검사기"),
    sealing.COPY_CHECKER_NAME: gettext_lazy("영상 사본의 검사기"),
}


@require_safe
def records_page(request: HttpRequest) -> HttpResponse:
    issued = IssuedReport.objects.exclude(sha256="").order_by("-issued_at", "-pk")
    return render(
        request,
        "website/records.html",
        {
            "heads": SignedHead.objects.order_by("-size")[:MOST],
            "reports": issued[:MOST],
            "checkers": [(name, sealing.digest_of(name), what) for name, what in CHECKERS.items()],
            "office": responsible_on(timezone.localdate()),
        },
    )


@require_safe
def checker(request: HttpRequest, stem: str) -> HttpResponse:
    """The program itself, as the server runs it."""
    name = f"{stem}.py"
    if name not in CHECKERS:
        raise Http404
    return HttpResponse(
        sealing.program(name),
        content_type="text/x-python; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
