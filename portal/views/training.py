"""교육 (ordinance art. 25): one's own page, the people, courses, plans, sessions with their attendance, certificates."""

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timezone import localtime

from casework.refusals import Refused
from portal import downloads
from portal.access import may, officer, requires
from portal.forms.competence import (
    ApproveForm,
    CourseForm,
    ListForm,
    OutsideForm,
    PlanForm,
    ReasonForm,
    SessionForm,
    SignForm,
)
from portal.list_imports import columns_in_words, import_screen
from portal.pages import Action, crumb
from portal.screens import button, confirm_screen, filled_in, form_screen
from portal.sheets import Cell, Sheet, rows_of, sheet_list, sheet_page
from portal.views import wall
from records.competence import courses, figures, outside, pledges, sessions, standing
from records.models import (
    PledgeText,
    StaffMember,
    Training,
    TrainingCourse,
    TrainingPlan,
    TrainingSession,
)
from records.tabular import ImportResult
from reports.handed_out import Paper

ENTER = "wagtailadmin.access_admin"
SEE, KEEP = "records.view_training", "records.change_training"
KEEP_COURSES, APPROVE = "records.change_trainingcourse", "records.approve_trainingplan"
OWN, PEOPLE = ("내 교육·서약", "training:own"), ("교육", "training:people")
SESSIONS, COURSES, PLANS = (
    ("교육 실시", "training:sessions"),
    ("교육 과정", "training:courses"),
    ("교육 계획", "training:plans"),
)


def _moment(at: Any) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


def _until(on: Any, until: Any, is_there: bool) -> Cell:
    if on is None:
        return Cell("없음", badge="failed")
    return Cell(f"{until:%Y-%m-%d}까지", badge="ok" if is_there else "failed")


# ---------------------------------------------------------------- one's own


def _own(request: HttpRequest) -> StaffMember | None:
    """The person of this account: as of today, or who has just left and still has to swear."""
    today = timezone.localdate()
    found = standing.staff_of(officer(request), today)
    left = StaffMember.objects.filter(officer=officer(request)).defer("name", "address").order_by("-ends_on")
    return found or left.first()


@requires(ENTER)
def own(request: HttpRequest) -> HttpResponse:
    staff = _own(request)
    if staff is None:
        missing = "이 계정의 사람이 인력 명부에 없습니다. 교육과 서약을 기록하려면 담당자에게 인력 등록을 요청하십시오."
        return sheet_page(request, warnings=[missing], title=OWN[0], icon="user")
    its = standing.of([staff], timezone.localdate())[staff.pk]
    sign = Action("보안서약 서명하기", reverse("training:own_sign"), "edit", is_primary=not its.is_sworn)
    return sheet_page(
        request,
        warnings=[f"{lack}. 영상을 재생할 수 없습니다." for lack in its.lacks],
        facts=[
            ("사번", staff.number),
            ("교육", f"{its.trained_until:%Y-%m-%d}까지" if its.trained_until else "없음"),
            ("보안서약", f"{its.sworn_until:%Y-%m-%d}까지" if its.sworn_until else "없음"),
        ],
        sheets=[_trainings(staff), _pledges(staff)],
        title=OWN[0],
        intro="교육은 교육한 날부터, 서약은 서약한 날부터 셉니다(조례 제25조).",
        icon="user",
        actions=[sign],
    )


@requires(ENTER)
def own_sign(request: HttpRequest) -> HttpResponse:
    staff = _own(request)
    kind = pledges.kind_to_sign(staff) if staff else None
    text = pledges.text_of(kind, timezone.localdate()) if kind else None
    if staff is None or text is None:
        raise Http404("서명할 서약서가 없습니다.")

    def sign(form: SignForm) -> None:
        shown = get_object_or_404(PledgeText, pk=form.cleaned_data["text"])
        pledges.sign(staff, shown, by=officer(request))

    return form_screen(
        request,
        filled_in(request, SignForm, initial={"text": text.pk}),
        sign,
        title=str(text),
        back=reverse(OWN[1]),
        done="보안서약에 서명했습니다.",
        submit="서약하고 서명하기",
        notes=text.text.splitlines(),
        intro="서명한 사람, 시각, 문안의 해시가 원장에 남습니다.",
        crumbs=[crumb(*OWN)],
    )


@requires(ENTER)
def sign_in(request: HttpRequest, code: str, shown: str) -> HttpResponse:
    """Where the code on the wall leads: it takes the attendance of whoever is logged in, while the session lasts and that
    code counts."""
    session = sessions.by_code(code)
    if session is None:
        raise Http404("없는 출석 코드입니다.")
    if request.method == "POST":
        return button(
            request,
            lambda: sessions.sign_in(session, by=officer(request), shown=shown),
            done=f"{session} 교육에 출석했습니다.",
            to=request.path,
        )
    there = session.trainings.filter(staff__officer=officer(request), withdrawn_at__isnull=True).first()
    return sheet_page(
        request,
        facts=[
            ("과정", session.course.title),
            ("시간", f"{_moment(session.starts_at)} ~ {localtime(session.ends_at):%H:%M}"),
            ("장소", session.place),
            (
                "출석",
                f"{_moment(there.recorded_at)}에 출석했습니다." if there else "아직 출석하지 않았습니다.",
            ),
        ],
        buttons=[] if there else [(f"{officer(request)} 출석하기", request.path, True)],
        title="교육 출석",
        icon="check",
    )


# ---------------------------------------------------------------- the people


@requires(SEE)
def people(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = StaffMember.objects.employed(today).select_related("officer").defer("name", "address")
    lacking = {row.pk for row, _ in standing.ending(today, dt.timedelta())}
    if request.GET.get("only") == "lacking":
        rows = rows.filter(pk__in=lacking)

    def sheet(found: list[StaffMember]) -> list[Any]:
        its = standing.of(found, today)
        return [
            (
                Cell(row.number, reverse("training:person", args=[row.pk])),
                row.get_kind_display(),
                row.employer,
                row.officer,
                _until(its[row.pk].trained_on, its[row.pk].trained_until, its[row.pk].is_trained),
                _until(its[row.pk].sworn_on, its[row.pk].sworn_until, its[row.pk].is_sworn),
            )
            for row in found
        ]

    return sheet_list(
        request,
        rows.order_by("number"),
        sheet,
        ("사번", "구분", "소속", "계정", "교육", "보안서약"),
        empty="근무하는 사람이 인력 명부에 없습니다. 인력 명부부터 등록하십시오.",
        title="교육",
        intro=f"지금 근무하는 사람의 교육과 보안서약입니다(조례 제25조). 없거나 끝난 사람 {len(lacking):,}명",
        icon="group",
        actions=[
            Action("모자란 사람만", f"{request.path}?only=lacking", "warning"),
            Action("교육 실시", reverse(SESSIONS[1]), "calendar"),
            Action("교육 과정", reverse(COURSES[1]), "list-ul"),
            Action("교육 계획", reverse(PLANS[1]), "doc-full"),
            Action("보안서약", reverse("pledges:list"), "edit"),
            Action("외부 이수증 가져오기", reverse("training:outside_import"), "upload")
            if may(request.user, [KEEP])
            else None,
            Action("연간 결과 (PDF)", reverse("training:report", args=[today.year]), "download"),
        ],
    )


def _person(pk: int) -> StaffMember:
    return get_object_or_404(StaffMember.objects.select_related("officer").defer("name", "address"), pk=pk)


def _trainings(staff: StaffMember, *, may_keep: bool = False) -> Sheet:
    rows = []
    for row in staff.trainings.select_related("course"):
        state = (
            Cell("취소", badge="cancelled")
            if row.withdrawn_at
            else Cell("이수", badge="ok")
            if row.is_valid
            else Cell("이수 전", badge="due")
        )
        acts: Any = "-"
        if row.is_valid:
            acts = Cell("이수증 (PDF)", reverse("training:certificate", args=[row.pk]))
        if may_keep and not row.withdrawn_at:
            state = Cell(f"{state.text} (취소하기…)", reverse("training:withdraw", args=[row.pk]))
        rows.append(
            (
                f"{row.on:%Y-%m-%d}",
                row.course.title,
                row.get_way_display(),
                row.score,
                row.certificate_number,
                state,
                acts,
            )
        )
    heads = ("교육일", "과정", "방법", "점수", "이수번호", "상태", "이수증")
    return Sheet("교육", heads, rows_of(rows), "교육 기록이 없습니다.")


def _pledges(staff: StaffMember) -> Sheet:
    rows = [
        (
            f"{row.signed_on:%Y-%m-%d}",
            row.get_kind_display(),
            f"제{row.text.version}판",
            row.get_way_display(),
            row.digest[:16],
            Cell("취소", badge="cancelled") if row.withdrawn_at else Cell("서약", badge="ok"),
        )
        for row in staff.pledges.select_related("text")
    ]
    return Sheet(
        "보안서약",
        ("서약일", "구분", "문안", "방법", "문안의 해시", "상태"),
        rows_of(rows),
        "서약 기록이 없습니다.",
    )


@requires(SEE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    staff = _person(pk)
    its = standing.of([staff], timezone.localdate())[staff.pk]
    may_keep = may(request.user, [KEEP])
    return sheet_page(
        request,
        warnings=its.lacks,
        facts=[
            ("구분", staff.get_kind_display()),
            ("소속", staff.employer or "-"),
            ("계정", str(staff.officer or staff.account or "-")),
        ],
        sheets=[_trainings(staff, may_keep=may_keep), _pledges(staff)],
        title=f"교육과 서약: {staff.number}",
        icon="user",
        crumbs=[crumb(*PEOPLE)],
        actions=[
            Action("외부 이수증 등록", reverse("training:outside_add", args=[pk]), "plus"),
            Action("종이 서약서 등록", reverse("pledges:file_staff", args=[pk]), "plus"),
        ]
        if may_keep
        else (),
    )


@requires(KEEP)
def outside_add(request: HttpRequest, pk: int) -> HttpResponse:
    staff = _person(pk)
    return form_screen(
        request,
        filled_in(request, OutsideForm, courses=courses.for_kind(staff.kind)),
        lambda form: outside.record(staff, by=officer(request), **form.cleaned_data),
        title=f"외부 이수증 등록: {staff.number}",
        back=reverse("training:person", args=[pk]),
        done="외부 이수증을 등록했습니다.",
        notes=["교육한 날부터 셉니다. 오늘보다 뒤의 날은 적을 수 없습니다."],
        crumbs=[crumb(*PEOPLE)],
    )


@requires(KEEP)
def outside_import(request: HttpRequest) -> HttpResponse:
    return import_screen(
        request,
        filled_in(request, ListForm),
        partial(outside.import_file, by=officer(request)),
        title="외부 이수증 가져오기",
        back=reverse(PEOPLE[1]),
        notes=[
            columns_in_words(outside.COLUMNS),
            "교육한 날부터 셉니다. 오늘보다 뒤의 날은 받지 않습니다.",
            "과정명은 ‘교육 과정’의 이름과 같아야 합니다.",
        ],
        crumbs=[crumb(*PEOPLE)],
    )


@requires(KEEP)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Training.objects.select_related("staff", "course"), pk=pk)
    return confirm_screen(
        request,
        lambda form: sessions.withdraw(row, by=officer(request), **form.cleaned_data),
        question=f"{row.staff.number}의 {row.on:%Y-%m-%d} {row.course.title} 이수를 취소할까요?",
        consequences=[
            "이 교육은 더는 세지 않습니다.",
            "이수번호를 확인하는 사람에게 취소된 번호라고 알립니다.",
        ],
        confirm="이수 취소",
        title="교육 이수 취소",
        back=reverse("training:person", args=[row.staff_id]),
        done="이수를 취소했습니다.",
        form=filled_in(request, ReasonForm),
        is_dangerous=True,
        crumbs=[crumb(*PEOPLE)],
    )


@requires(ENTER)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """For the person, and for whoever keeps the list."""
    from reports.documents import training  # loads the PDF library

    row = get_object_or_404(Training.objects.completed().select_related("staff__officer", "course"), pk=pk)
    if row.staff.officer_id != officer(request).pk and not may(request.user, [SEE]):
        raise Http404
    address = request.build_absolute_uri(reverse("website_certificate"))
    number = row.certificate_number
    return downloads.finished(
        request,
        training.certificate(row, address),
        f"이수증_{number}.pdf",
        Paper.TRAINING_CERTIFICATE,
        number=number,
        about=row.ledger_subject,
    )


@requires(SEE)
def report(request: HttpRequest, year: int) -> HttpResponse:
    from reports.documents import training  # loads the PDF library

    if not 2011 <= year <= timezone.localdate().year:
        raise Http404("아직 결과가 없는 해입니다.")
    return downloads.pdf(training.year_report(figures.of_year(year)), f"교육_실시_결과_{year}.pdf")


# ---------------------------------------------------------------- courses and plans


@requires(SEE)
def course_list(request: HttpRequest) -> HttpResponse:
    may_keep = may(request.user, [KEEP_COURSES])

    def sheet(found: list[TrainingCourse]) -> list[Any]:
        return [
            (
                Cell(row.title, reverse("training:course_edit", args=[row.pk]) if may_keep else ""),
                ", ".join(row.kind_labels),
                row.hours,
                f"{row.pass_score}점" if row.pass_score else "시험 없음",
                Cell("사용", badge="ok") if row.is_in_use else Cell("쓰지 않음", badge="cancelled"),
            )
            for row in found
        ]

    add = Action("과정 등록", reverse("training:course_add"), "plus", is_primary=True)
    return sheet_list(
        request,
        TrainingCourse.objects.all(),
        sheet,
        ("과정", "대상", "시간", "합격 점수", "상태"),
        empty="교육 과정이 없습니다.",
        title="교육 과정",
        intro="맡은 일에 따라 무엇을 얼마나 가르치는지입니다(개인정보의 안전성 확보조치 기준 제4조).",
        icon="list-ul",
        crumbs=[crumb(*PEOPLE)],
        actions=[add if may_keep else None],
    )


def _course_form(request: HttpRequest, course: TrainingCourse, title: str) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, CourseForm, instance=course),
        lambda form: courses.keep(
            TrainingCourse.objects.get(pk=course.pk) if course.pk else TrainingCourse(),
            by=officer(request),
            **form.cleaned_data,
        ),
        title=title,
        back=reverse(COURSES[1]),
        done=lambda made: f"‘{made}’ 과정을 저장했습니다.",
        crumbs=[crumb(*PEOPLE), crumb(*COURSES)],
    )


@requires(KEEP_COURSES)
def course_add(request: HttpRequest) -> HttpResponse:
    return _course_form(request, TrainingCourse(), "교육 과정 등록")


@requires(KEEP_COURSES)
def course_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(TrainingCourse, pk=pk)
    return _course_form(request, found, f"교육 과정: {found.title}")


@requires(SEE)
def plan_list(request: HttpRequest) -> HttpResponse:
    def sheet(found: list[TrainingPlan]) -> list[Any]:
        return [
            (
                Cell(row, reverse("training:plan", args=[row.pk])),
                f"{row.written_by}, {_moment(row.written_at)}",
                f"{row.approved_by}, {_moment(row.approved_at)}"
                if row.approved_at
                else Cell("승인 전", badge="due"),
                row.document_number,
            )
            for row in found
        ]

    year = timezone.localdate().year
    write = [
        Action(
            f"{each}년 계획 작성",
            reverse("training:plan_write", args=[each]),
            "edit",
            is_primary=each == year,
        )
        for each in (year, year + 1)
    ]
    return sheet_list(
        request,
        TrainingPlan.objects.select_related("written_by", "approved_by"),
        sheet,
        ("계획", "작성", "승인", "문서번호"),
        empty="교육 계획이 없습니다.",
        title="교육 계획",
        intro="해마다 목적, 대상, 내용, 일정, 방법을 정하고 작성한 사람이 아닌 사람이 승인합니다.",
        icon="doc-full",
        crumbs=[crumb(*PEOPLE)],
        actions=write if may(request.user, [KEEP]) else [],
    )


@requires(KEEP)
def plan_write(request: HttpRequest, year: int) -> HttpResponse:
    if not 2011 <= year <= timezone.localdate().year + 1:
        raise Http404("계획할 수 있는 해가 아닙니다.")
    last = TrainingPlan.objects.filter(year__lte=year).order_by("-year", "-version").first()
    initial = {name: getattr(last, name) for name in courses.PLAN_TEXTS} if last else {}
    return form_screen(
        request,
        filled_in(request, PlanForm, initial=initial),
        lambda form: courses.write_plan(year, form.cleaned_data, by=officer(request)),
        title=f"{year}년 교육 계획",
        back=reverse(PLANS[1]),
        to=lambda made: reverse("training:plan", args=[made.pk]),
        done=lambda made: f"{made}을 저장했습니다. 다른 사람이 승인하면 확정됩니다.",
        notes=["승인한 계획이 있으면 다음 판이 됩니다."],
        crumbs=[crumb(*PEOPLE), crumb(*PLANS)],
    )


@requires(SEE)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(TrainingPlan.objects.select_related("written_by", "approved_by"), pk=pk)
    labels = {each.name: str(each.verbose_name) for each in TrainingPlan._meta.concrete_fields}
    actions = []
    if row.approved_at is None and may(request.user, [APPROVE]):
        actions.append(
            Action("승인하기…", reverse("training:plan_approve", args=[pk]), "check", is_primary=True)
        )
    return sheet_page(
        request,
        facts=[
            *((labels[name], getattr(row, name)) for name in courses.PLAN_TEXTS),
            ("작성", f"{row.written_by}, {_moment(row.written_at)}"),
            (
                "승인",
                f"{row.approved_by}, {_moment(row.approved_at)} ({row.document_number})"
                if row.approved_at
                else "아직 승인하지 않았습니다.",
            ),
        ],
        title=str(row),
        icon="doc-full",
        crumbs=[crumb(*PEOPLE), crumb(*PLANS)],
        actions=actions,
    )


@requires(APPROVE)
def plan_approve(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(TrainingPlan, pk=pk)
    return confirm_screen(
        request,
        lambda form: courses.approve_plan(row, by=officer(request), **form.cleaned_data),
        question=f"{row}을 승인할까요?",
        consequences=["승인한 계획은 고칠 수 없습니다. 바꾸려면 다음 판을 작성합니다."],
        confirm="승인하기",
        title="교육 계획 승인",
        back=reverse("training:plan", args=[pk]),
        done=f"{row}을 승인했습니다.",
        form=filled_in(request, ApproveForm),
        crumbs=[crumb(*PEOPLE), crumb(*PLANS)],
    )


# ---------------------------------------------------------------- sessions


@requires(SEE)
def session_list(request: HttpRequest) -> HttpResponse:
    of_these = Q(trainings__withdrawn_at__isnull=True)
    rows = (
        TrainingSession.objects.select_related("course")
        .annotate(
            attended=Count("trainings", filter=of_these),
            passed=Count("trainings", filter=of_these & Q(trainings__certificate_number__isnull=False)),
        )
        .order_by("-starts_at", "-pk")
    )

    def sheet(found: list[TrainingSession]) -> list[Any]:
        return [
            (
                Cell(_moment(row.starts_at), reverse("training:session", args=[row.pk])),
                row.course.title,
                row.place,
                row.trainer,
                f"{row.attended:,}명",  # type: ignore[attr-defined]
                f"{row.passed:,}명",  # type: ignore[attr-defined]
                _state(row),
            )
            for row in found
        ]

    add = Action("교육 등록", reverse("training:session_add"), "plus", is_primary=True)
    return sheet_list(
        request,
        rows,
        sheet,
        ("시작", "과정", "장소", "강사", "출석", "이수", "상태"),
        empty="교육이 없습니다.",
        title="교육 실시",
        icon="calendar",
        crumbs=[crumb(*PEOPLE)],
        actions=[add if may(request.user, [KEEP]) else None],
    )


def _state(row: TrainingSession) -> Cell:
    if row.called_off_why:
        return Cell("취소", badge="cancelled")
    if row.closed_at:
        return Cell("이수 처리함", badge="ok")
    return Cell("이수 처리 전", badge="due") if row.ends_at < timezone.now() else Cell("예정·진행")


@requires(KEEP)
def session_add(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, SessionForm),
        lambda form: sessions.announce(by=officer(request), **form.cleaned_data),
        title="교육 등록",
        back=reverse(SESSIONS[1]),
        to=lambda made: reverse("training:session", args=[made.pk]),
        done="교육을 등록했습니다. 교육하는 동안 이 화면을 벽에 비춥니다. 출석 QR은 1분마다 바뀝니다.",
        notes=["이미 한 교육도 등록하고 참석 명단을 올릴 수 있습니다. 교육한 날부터 셉니다."],
        crumbs=[crumb(*PEOPLE), crumb(*SESSIONS)],
    )


def _session(pk: int) -> TrainingSession:
    return get_object_or_404(TrainingSession.objects.select_related("course"), pk=pk)


@requires(SEE)
def session(request: HttpRequest, pk: int) -> HttpResponse:
    row = _session(pk)
    is_open, may_keep = row.closed_at is None, may(request.user, [KEEP])
    shown = {
        "facts": [
            ("과정", f"{row.course.title} ({row.course.hours})"),
            ("시간", f"{_moment(row.starts_at)} ~ {_moment(row.ends_at)}"),
            ("장소", row.place),
            ("강사", row.trainer),
            ("상태", _state(row).text + (f": {row.called_off_why}" if row.called_off_why else "")),
        ],
        "sheets": [_attendance(row)],
        "attachments": row.attachments.all(),
    }
    if is_open and may_keep:
        shown |= wall.shown_code(request, row) | {"code_source": reverse("training:wall_code", args=[pk])}
    actions = []
    if may_keep and not row.called_off_why:
        actions.append(Action("참석 명단 올리기", reverse("training:session_list", args=[pk]), "upload"))
    if may_keep and wall.is_on(row, timezone.now()):
        actions.append(Action("벽에 비추기", reverse("training:wall_open", args=[pk]), "desktop"))
    if may_keep and is_open:
        actions.append(Action("교육 취소…", reverse("training:session_call_off", args=[pk]), "cross"))
    if may_keep and (is_open or sessions.is_waiting(row)):
        words = "출석을 확인하고 이수 처리…" if is_open else "더한 참석을 확인하고 이수 처리…"
        actions.append(Action(words, reverse("training:session_close", args=[pk]), "check", is_primary=True))
    return sheet_page(
        request,
        **shown,
        title=str(row),
        icon="calendar",
        crumbs=[crumb(*PEOPLE), crumb(*SESSIONS)],
        actions=actions,
    )


@requires(KEEP)
def wall_code(request: HttpRequest, pk: int) -> JsonResponse:
    return wall.code_as_json(request, _session(pk))


@requires(KEEP)
def wall_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the code on the wall: a page that outlives this login and shows nothing else (`portal.views.wall`)."""
    row = _session(pk)
    if not wall.is_on(row, timezone.now()):
        raise Http404("끝난 교육입니다.")
    return wall.open_wall(request, row)


def _attendance(row: TrainingSession) -> Sheet:
    rows = [
        (
            Cell(each.staff.number, reverse("training:person", args=[each.staff_id])),
            each.staff.get_kind_display(),
            each.get_way_display(),
            _moment(each.attended_at or each.recorded_at),
            each.score,
            each.certificate_number if not each.withdrawn_at else "취소",
        )
        for each in row.trainings.select_related("staff")
        .defer("staff__name", "staff__address")
        .order_by("staff__number")
    ]
    heads = ("사번", "구분", "방법", "출석·기록", "점수", "이수번호")
    return Sheet("출석", heads, rows_of(rows), "출석한 사람이 없습니다.")


@requires(KEEP)
def session_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    row = _session(pk)

    def read(path: str, *, dry_run: bool) -> ImportResult:
        if refusals := sessions.refuse_list(row):
            raise Refused(refusals)
        return sessions.take_list(row, path, by=officer(request), dry_run=dry_run)

    return import_screen(
        request,
        filled_in(request, ListForm),
        read,
        title=f"참석 명단: {row}",
        back=reverse("training:session", args=[pk]),
        notes=[
            columns_in_words(sessions.COLUMNS),
            "시험이 있는 과정이면 점수도 적습니다. 이미 출석한 사람은 점수만 더합니다.",
        ],
        crumbs=[crumb(*PEOPLE), crumb(*SESSIONS)],
    )


@requires(KEEP)
def session_close(request: HttpRequest, pk: int) -> HttpResponse:
    row = _session(pk)
    least = row.course.pass_score
    return confirm_screen(
        request,
        lambda form: sessions.close(row, by=officer(request)),
        question=f"{row} 교육을 마치고 이수를 처리할까요?",
        consequences=[
            "출석한 사람에게 이수번호를 매기고, 교육한 날부터 셉니다."
            if least is None
            else f"출석하고 {least}점 이상 받은 사람에게 이수번호를 매깁니다.",
            "교육을 등록하지 않았고 출석하지도 않은 다른 담당자가 출석한 사람을 확인합니다.",
            "QR로는 더 출석할 수 없습니다. 빠진 사람은 참석 명단으로 더하고, 다른 담당자가 다시 확인합니다.",
            "수탁자의 근무자가 있으면 그 위탁 계약의 교육으로도 기록합니다.",
        ],
        confirm="이수 처리하기",
        title="교육 마치기",
        back=reverse("training:session", args=[pk]),
        done="이수를 처리했습니다.",
        crumbs=[crumb(*PEOPLE), crumb(*SESSIONS)],
    )


@requires(KEEP)
def session_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    row = _session(pk)
    return confirm_screen(
        request,
        lambda form: sessions.call_off(row, by=officer(request), **form.cleaned_data),
        question=f"{row} 교육을 취소할까요?",
        consequences=["출석 QR이 더는 받아들여지지 않습니다."],
        confirm="교육 취소",
        title="교육 취소",
        back=reverse("training:session", args=[pk]),
        done="교육을 취소했습니다.",
        form=filled_in(request, ReasonForm),
        is_dangerous=True,
        crumbs=[crumb(*PEOPLE), crumb(*SESSIONS)],
    )


urlpatterns = [
    path("own/", own, name="own"),
    path("own/sign/", own_sign, name="own_sign"),
    path("sign-in/<slug:code>/<slug:shown>/", sign_in, name="sign_in"),
    path("", people, name="people"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/outside/", outside_add, name="outside_add"),
    path("outside/import/", outside_import, name="outside_import"),
    path("trainings/<int:pk>/withdraw/", withdraw, name="withdraw"),
    path("trainings/<int:pk>/certificate.pdf", certificate, name="certificate"),
    path("report/<int:year>.pdf", report, name="report"),
    path("courses/", course_list, name="courses"),
    path("courses/add/", course_add, name="course_add"),
    path("courses/<int:pk>/", course_edit, name="course_edit"),
    path("plans/", plan_list, name="plans"),
    path("plans/write/<int:year>/", plan_write, name="plan_write"),
    path("plans/<int:pk>/", plan, name="plan"),
    path("plans/<int:pk>/approve/", plan_approve, name="plan_approve"),
    path("sessions/", session_list, name="sessions"),
    path("sessions/add/", session_add, name="session_add"),
    path("sessions/<int:pk>/", session, name="session"),
    path("sessions/<int:pk>/code/", wall_code, name="wall_code"),
    path("sessions/<int:pk>/wall/", wall_open, name="wall_open"),
    path("sessions/<int:pk>/list/", session_attendance, name="session_list"),
    path("sessions/<int:pk>/close/", session_close, name="session_close"),
    path("sessions/<int:pk>/call-off/", session_call_off, name="session_call_off"),
]
