"""열람등 청구의 대화와 내부 메모: what the person sent, what the office answers, and what it writes for itself."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from casework import threads
from casework.models import Attachment, Message
from ledger import append
from portal.access import officer, requires
from portal.forms.viewing_course import MessageForm, NoteForm
from portal.person_screens import turned_away
from portal.screens import filled_in
from portal.views.attachments import handed_out
from portal.views.viewing_requests import get
from portal.views.viewing_steps import step_screen
from records.models import ViewingAppointment, ViewingRequest
from records.viewing import papers, persons, talking
from records.viewing.states import SUBJECT_KIND


@requires("records.read_viewing_person")
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    shown, by = get(pk), officer(request)
    if away := turned_away(request, persons.CODE, shown, reverse("viewing:request", args=[pk])):
        return away
    number = shown.receipt_number
    answer = step_screen(
        request,
        shown,
        filled_in(request, MessageForm),
        lambda form: talking.say(shown, form.cleaned_data["text"], form.cleaned_data["uploads"], by=by),
        what="대화",
        done="청구인이 누리집에서 볼 수 있게 적었습니다.",
        submit="보내기",
        icon="comment",
        template="portal/citizens/thread.html",
        messages_both_ways=threads.messages(SUBJECT_KIND, number),
        inner_notes=threads.notes(SUBJECT_KIND, number),
        matter=shown,
        unsorted=set(papers.unsorted(shown).values_list("pk", flat=True)),
        notes=[
            "청구인이 누리집의 청구 조회에서 봅니다. 결정과 영상의 내용은 여기에 적지 않고 통지로 알립니다.",
        ],
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires("records.read_viewing_person")
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Seen, where nothing is to be answered."""
    talking.read_by_office(get(pk))
    return redirect("viewing:thread", pk=pk)


@requires("records.read_viewing_person")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, NoteForm),
        lambda form: talking.note(shown, form.cleaned_data["text"], by=officer(request)),
        what="내부 메모",
        done="메모를 적었습니다.",
        submit="적기",
        to=reverse("viewing:thread", args=[pk]),
        notes=["담당자만 봅니다. 청구인에게 보이거나 공개하지 않으며, 인적사항을 파기할 때 함께 파기합니다."],
    )


@requires("records.read_viewing_person")
def paper(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file that belongs to this request: of its thread, its papers, or the signature under a viewing. Each look has its line."""
    shown = get(pk)
    attachment = get_object_or_404(Attachment, pk=file)
    if not _belongs(shown, attachment):
        raise Http404("이 청구의 파일이 아닙니다.")
    if away := turned_away(request, persons.CODE, shown, reverse("viewing:request", args=[pk])):
        return away
    with transaction.atomic():
        append.record(
            "records.viewing_paper_read",
            actor=f"officer:{officer(request).pk}",
            subject=shown.ledger_subject,
            payload={"request": shown.receipt_number, "files": [attachment.sha256]},
        )
    return handed_out(attachment)


def _belongs(shown: ViewingRequest, attachment: Attachment) -> bool:
    of_thread = Message.objects.of(SUBJECT_KIND, shown.receipt_number).filter(attachments=attachment)
    signed = ViewingAppointment.objects.filter(request=shown, signature=attachment)
    return of_thread.exists() or signed.exists() or shown.papers.filter(attachment=attachment).exists()
