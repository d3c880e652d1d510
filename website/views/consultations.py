"""의견수렴: what is asked, where an opinion begins, and the result (ordinance art. 8)."""

import io

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cameras.consultation import notice, opinions, phase, public
from cameras.consultation.phase import Phase
from cameras.map_clusters import Box
from cameras.models import PublicConsultation
from casework import attachments
from website.forms.opinion import PublicOpinionForm, steps_for
from website.views import steps
from website.views.anonymous import anonymous_form
from website.views.opinions import OPINION

PAGE_SIZE = 20
OPINIONS_ON_A_PAGE = 50


@require_safe
def consultation_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    running = phase.running(now).order_by("ended_at", "pk")
    past = phase.ended(now).order_by("-ended_at", "-pk")
    found = Paginator(past, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    return render(
        request,
        "website/consultations/list.html",
        {
            "running": [public.page_of(each, now) for each in running],
            "found": found,
            "past": [public.page_of(each, now) for each in found],
        },
    )


def _published(number: str) -> PublicConsultation:
    found = phase.published(timezone.now()).filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise Http404("없는 의견수렴입니다.")
    return found


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_page(request: HttpRequest, number: str) -> HttpResponse:
    """The notice and, while it is open, where an opinion begins. What was typed is given back when the time has run out."""
    now = timezone.now()
    consultation = _published(number)
    shown = public.page_of(consultation, now)
    form, too_late = None, ""
    if shown.phase == Phase.OPEN:
        form, onward = steps.first_page(request, OPINION, number)
        if onward:
            return onward
    elif request.method == "POST":
        too_late = opinions.why_not_open(consultation, now)
    context = {
        "shown": shown,
        "form": form,
        "too_late": too_late,
        "typed": request.POST.get("text", "") if too_late else "",
        "is_preview": False,
        "said": Paginator(shown.opinions, OPINIONS_ON_A_PAGE).get_page(request.GET.get("page", "1")),
    }
    return render(request, "website/consultations/page.html", context)


@never_cache
@require_safe
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """A draft exactly as the public would see it, for officers who may see drafts."""
    now = timezone.now()
    shown = public.preview_of(_draft(request, number), now)
    first = steps_for(shown.notice["questions"])[0]
    context = {
        "shown": shown,
        "form": PublicOpinionForm(questions=shown.notice["questions"], only=first.names),
        "too_late": "",
        "typed": "",
        "is_preview": True,
        "said": [],
    }
    return render(request, "website/consultations/page.html", context)


def _draft(request: HttpRequest, number: str) -> PublicConsultation:
    """For everybody else a draft does not exist."""
    if not request.user.has_perm("cameras.view_publicconsultation"):
        raise Http404("없는 의견수렴입니다.")
    found = PublicConsultation.objects.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise Http404("없는 의견수렴입니다.")
    return found


@require_safe
def consultation_points(request: HttpRequest, number: str, is_preview: bool = False) -> JsonResponse:
    """The planned places of the frozen notice within the map's view."""
    consultation = _draft(request, number) if is_preview else _published(number)
    try:
        box = Box.parse(request.GET.get("bbox", ""))
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(public.points(notice.of(consultation), box))


@require_safe
def consultation_file(request: HttpRequest, number: str, pk: int, is_preview: bool = False) -> FileResponse:
    """A file of the notice, and only of this notice. Always a download, never shown by the browser."""
    consultation = _draft(request, number) if is_preview else _published(number)
    found = consultation.attachments.filter(pk=pk).first()
    if found is None:
        raise Http404("이 의견수렴에 없는 파일입니다.")
    try:
        content = attachments.content_of(found)
    except attachments.Damaged:
        raise Http404("파일을 내줄 수 없습니다. 담당 부서에 문의하십시오.") from None
    answer = FileResponse(
        io.BytesIO(content),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
