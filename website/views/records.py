"""기록의 확인: what anybody needs who holds a paper of the office and does not want to trust the paper.

The newest sealed heads of the ledger, the SHA-256 of each issued report, and the stand-alone checker with its own. None
of it tells of a person or of what the ledger holds.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.designations import responsible_on
from ledger.models import SignedHead
from reports import sealing
from reports.models import IssuedReport

MOST = 30


@require_safe
def records_page(request: HttpRequest) -> HttpResponse:
    issued = IssuedReport.objects.exclude(sha256="").order_by("-issued_at", "-pk")
    return render(
        request,
        "website/records.html",
        {
            "heads": SignedHead.objects.order_by("-size")[:MOST],
            "reports": issued[:MOST],
            "checker_name": sealing.CHECKER_NAME,
            "checker_digest": sealing.checker_digest(),
            "office": responsible_on(timezone.localdate()),
        },
    )


@require_safe
def checker(request: HttpRequest) -> HttpResponse:
    """The program itself, as the server runs it."""
    return HttpResponse(
        sealing.checker(),
        content_type="text/x-python; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{sealing.CHECKER_NAME}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
