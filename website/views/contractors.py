"""수탁자 공개: whom the district entrusts with its cameras, and with what (PIPA art. 26(2))."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cameras import contracts
from cameras.models import Contractor


def contractor_list(request: HttpRequest) -> HttpResponse:
    """Everyone with a contract in force today. The terms of the contracts are not published."""
    today = timezone.localdate()
    work = contracts.work_on(today)
    named = Contractor.objects.filter(pk__in=work).order_by("name")
    return render(
        request,
        "website/contractors.html",
        {"contractors": [(row, work[row.pk]) for row in named], "today": today},
    )
