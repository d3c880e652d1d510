"""이용·제공: letters as PDF or HWPX, and the receipt as PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from portal import downloads
from portal.access import requires
from portal.views.provision_list import HANDLE, get
from records.models import HandOver

NAMES = {"restriction": "제한요청", "refusal": "불승인회신", "chaser": "반환파기독촉", "recall": "회수요구"}


@requires(HANDLE)
def letter(request: HttpRequest, pk: int, kind: str, ending: str = "pdf") -> HttpResponse:
    from reports.documents import provision_letter  # loads the PDF library

    shown = get(pk)
    make = provision_letter.render_hwpx if ending == "hwpx" else provision_letter.render
    try:
        content = make(shown, kind)
    except provision_letter.NoLetter as problem:
        raise Http404(str(problem)) from problem
    return downloads.document(content, f"{NAMES[kind]}_{shown.number}.{ending}")


@requires(HANDLE)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """인수증, to be signed by whoever receives."""
    from reports.documents import provision_letter  # loads the PDF library

    row = get_object_or_404(HandOver.objects.defer("receiver_name", "receiver_rank"), pk=pk)
    row.provision = get(row.provision_id)
    return downloads.pdf(provision_letter.receipt(row), f"인수증_{row.provision.number}_{row.pk}.pdf")
