"""운영위원회 회의 자료: one file, a folder, a member's reading copy."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from casework.attachments import Damaged
from committee import membership
from committee.models import Meeting, Term
from portal import downloads
from portal.access import requires
from portal.pages import Action, crumb, page
from reports.handed_out import Paper

SEE = "committee.view_meeting"


@requires(SEE)
def packet(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes into it, and for whom it is made."""
    meeting = get_object_or_404(Meeting, pk=pk)
    items = list(meeting.items.filter(dropped_reason="").prefetch_related("attachments"))
    at = {"args": [pk]}
    return page(
        request,
        "portal/committee/packet.html",
        {"meeting": meeting, "items": items, "seated": membership.composition(meeting.on)},
        title=f"{meeting} 자료",
        intro="안건, 자료, 지난 회의록, 조건의 이행, 보고서를 한 파일이나 한 폴더로 묶습니다. 만드는 데 몇 초 걸립니다.",
        icon="doc-full",
        crumbs=[crumb("회의", "committee:meetings"), crumb(str(meeting), "committee:meeting", pk)],
        actions=[
            Action("한 파일 (PDF)", reverse("committee:packet_pdf", **at), "download", True),
            Action("폴더 (ZIP)", reverse("committee:packet_zip", **at), "download"),
        ]
        if items
        else [],
    )


@requires(SEE)
def packet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    from reports import packet as packets  # loads the PDF library

    meeting = get_object_or_404(Meeting, pk=pk)
    return _made(request, meeting, lambda: packets.one_file(meeting), f"회의자료-{meeting.number}.pdf")


@requires(SEE)
def packet_copy(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    """A member's reading copy bears the name on each page."""
    from reports import packet as packets  # loads the PDF library

    meeting = get_object_or_404(Meeting, pk=pk)
    member = get_object_or_404(Term.objects.select_related("member"), pk=term).member
    reader = f"{member.shown_name} 위원"
    name = f"회의자료-{meeting.number}-{member.shown_name}.pdf"
    return _made(request, meeting, lambda: packets.one_file(meeting, reader=reader), name)


@requires(SEE)
def packet_zip(request: HttpRequest, pk: int) -> HttpResponse:
    from reports import packet as packets  # loads the PDF library

    meeting = get_object_or_404(Meeting, pk=pk)
    return _made(request, meeting, lambda: packets.folder(meeting), f"회의자료-{meeting.number}.zip")


def _made(request: HttpRequest, meeting: Meeting, make: Callable[[], bytes], name: str) -> HttpResponse:
    """The document; or the page again, which says which paper stands in the way."""
    from reports.packet import TooThick

    try:
        return downloads.finished(
            request, make(), name, Paper.PACKET, number=meeting.number, about=meeting.ledger_subject
        )
    except ValidationError as error:
        reason = " ".join(error.messages)
    except TooThick as error:
        reason = str(error)
    except Damaged as error:
        reason = f"붙인 자료를 읽을 수 없습니다: {error}"
    messages.error(request, reason)
    return redirect("committee:packet", meeting.pk)
