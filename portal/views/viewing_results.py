"""열람등 청구: what became of what was granted: the viewing that was held, the deletion that was carried out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.access import officer, requires
from portal.forms.viewing import CorrectionForm, MissedForm, RescheduleForm, ShownForm
from portal.screens import filled_in
from portal.views.viewing_requests import get
from portal.views.viewing_steps import step_screen
from records.models import ViewingAppointment
from records.viewing import appointments, corrections, keeping


def _appointment(pk: int) -> ViewingAppointment:
    appointment: ViewingAppointment = get_object_or_404(ViewingAppointment, pk=pk)
    appointment.request = get(appointment.request_id)
    return appointment


def _told(appointment: ViewingAppointment) -> str:
    return f"알린 일시와 장소: {timezone.localtime(appointment.at):%Y-%m-%d %H:%M} {appointment.place}"


@requires("records.read_viewing_person")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = _appointment(pk)
    return step_screen(
        request,
        appointment.request,
        filled_in(request, ShownForm),
        lambda form: appointments.show(appointment, form.viewing, by=officer(request)),
        what="열람 결과",
        done="열람한 것을 기록했습니다.",
        submit="열람함",
        icon="view",
        notes=[
            _told(appointment),
            "청구한 것을 모두 보였으면 다른 사람이 이 청구의 유예를 해제할 수 있습니다.",
        ],
    )


@requires("records.read_viewing_person")
def miss(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = _appointment(pk)
    return step_screen(
        request,
        appointment.request,
        filled_in(request, MissedForm),
        lambda form: appointments.miss(appointment, **form.cleaned_data, by=officer(request)),
        what="열람하러 오지 않음",
        done="오지 않은 것을 기록했습니다.",
        submit="오지 않음",
        icon="calendar",
        notes=[
            _told(appointment),
            "불복할 수 있는 기간이 끝날 때까지 영상을 보관합니다. 그 안에 열람 일시를 다시 정할 수 있습니다.",
        ],
    )


@requires("records.read_viewing_person")
def reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = _appointment(pk)
    return step_screen(
        request,
        appointment.request,
        filled_in(request, RescheduleForm, initial={"place": appointment.place}),
        lambda form: appointments.move(appointment, **form.cleaned_data, by=officer(request)),
        what="열람 일시 변경",
        done="열람 일시를 바꾼 것을 기록했습니다.",
        submit="변경 기록",
        icon="calendar",
        notes=[_told(appointment), "청구인과 정한 일시를 적습니다. 열람할 때까지 영상을 보관합니다."],
    )


@requires("records.decide_viewingrequest")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    frees = keeping.of(shown, timezone.localdate()).why == keeping.Why.TO_DELETE
    return step_screen(
        request,
        shown,
        filled_in(request, CorrectionForm, shown=shown),
        lambda form: corrections.carry_out(
            shown, form.letter, what=form.cleaned_data["what"], by=officer(request)
        ),
        what="정정·삭제 결과 통지",
        done="정정·삭제의 결과를 알린 것을 기록했습니다.",
        submit="결과 기록",
        icon="check",
        notes=[
            "허용한 정정·삭제를 하고 그 결과를 알린 뒤에 기록합니다(법 제36조제2항·제4항).",
            "이 시스템은 보관기간이 남은 영상을 골라 지우지 않습니다. 녹화기나 저장소에서 지우고 적으십시오.",
            "기록하면 이 청구의 유예를 함께 풉니다."
            if frees
            else "열람이나 불복에 필요한 영상이므로 이 청구의 유예는 풀지 않습니다.",
        ],
    )
