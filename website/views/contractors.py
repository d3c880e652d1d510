"""수탁자 공개: whom the district entrusts with its cameras, and with what (PIPA art. 26(2))."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cameras.entrustment import Entrustment


def contractor_list(request: HttpRequest) -> HttpResponse:
    """Everyone with a contract in force today. The terms of the contracts are not published."""
    today = timezone.localdate()
    return render(
        request,
        "website/contractors.html",
        {"contractors": Entrustment(today).contractors, "today": today},
    )
