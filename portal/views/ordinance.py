"""조례·기한: the articles and figures in force, grounds, holidays, and how a due date is reached."""

import base64
import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import DateField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone

from accounts.korean import josa
from cameras.enums import InstallPurpose
from ordinance import articles as ordinance_articles
from ordinance import decisions, duedates
from ordinance import holiday_import as importing
from ordinance import holidays as holiday_table
from ordinance import parameters as parameter_table
from ordinance.holiday_changes import Moved
from ordinance.models import (
    Article,
    DueDate,
    Ground,
    Holiday,
    Ordinance,
    Parameter,
    ParameterDefinition,
    PurposeGround,
)
from ordinance.unchecked import FROM_MEMORY
from portal import ledger_words
from portal.access import may, officer, requires
from portal.forms.ordinance import (
    DeadlineForm,
    DecisionForm,
    HolidayFileForm,
    HolidayForm,
    ReasonForm,
    YearForm,
    missing_year_warning,
)
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, filled_in, form_screen, list_screen, preview_screen

HOLIDAYS = ("공휴일", "ordinance:holidays")
# Reading the law and counting days is open to everyone who may see the articles.
SEE_LAW = "ordinance.view_article"


@requires(SEE_LAW)
def articles(request: HttpRequest) -> HttpResponse:
    """The articles of the version in force on a day; `?on=` looks at another day."""
    on = _day(request)
    version = ordinance_articles.version(on)
    return page(
        request,
        "portal/ordinance/articles.html",
        {
            "on": on,
            "version": version,
            "versions": list(ordinance_articles.versions().order_by("-effective_on")),
            "articles": list(ordinance_articles.current(on)),
        },
        title="조문",
        intro="조례의 조문 번호, 제목과 이 시스템이 정리한 요약입니다. 정확한 문구는 공식 본문에서 확인하십시오.",
        icon="list-ol",
    )


@requires(SEE_LAW)
def article(request: HttpRequest, number: int) -> HttpResponse:
    """One article through all versions, with the figures that come from it."""
    profile = parameter_table.active_profile()
    rows = list(
        Article.objects.filter(ordinance__in=Ordinance.objects.of(profile), number=number)
        .select_related("ordinance")
        .order_by("-ordinance__effective_on")
    )
    if not rows:
        raise Http404
    figures = Parameter.objects.filter(profile=profile, article_number=number).order_by(
        "code", "-effective_on"
    )
    return page(
        request,
        "portal/ordinance/article.html",
        {"rows": rows, "figures": _with_words(figures)},
        title=str(rows[0]),
        crumbs=[crumb("조문", "ordinance:articles")],
    )


def _day(request: HttpRequest) -> datetime.date:
    """The day asked for; today when none is or it is none."""
    try:
        return DateField(required=False).clean(request.GET.get("on", "")) or timezone.localdate()
    except ValidationError:
        return timezone.localdate()


@requires("ordinance.view_parameter")
def parameters(request: HttpRequest) -> HttpResponse:
    on = _day(request)
    profile = parameter_table.active_profile()
    known = parameter_table.snapshot(on)
    rows = Parameter.objects.filter(profile__in=[profile, ""]).order_by("code", "-profile", "-effective_on")
    in_force = {(value.code, value.profile, value.effective_on) for value in known.values()}
    return page(
        request,
        "portal/ordinance/parameters.html",
        {
            "on": on,
            "from_memory": FROM_MEMORY,
            "rows": [
                (row, words, (row.code, row.profile, row.effective_on) in in_force)
                for row, words in _with_words(rows)
            ],
        },
        title="기준값",
        intro="조례와 법령이 정한 수치와 선택입니다. 값마다 근거와 시행일이 있고, 바뀌면 새 값이 추가됩니다.",
        icon="sliders",
        actions=[Action("설치 의결의 요구 정하기…", reverse("ordinance:decide"), "edit")]
        if may(request.user, ["ordinance.decide_parameter"])
        else (),
    )


@requires("ordinance.decide_parameter")
def decide(request: HttpRequest) -> HttpResponse:
    """Whether each installation needs a resolution: only a document of the mayor or a local rule can ask for it."""
    return form_screen(
        request,
        filled_in(request, DecisionForm),
        lambda form: decisions.decide(
            decisions.RESOLUTION_ON_INSTALLATION,
            form.cleaned_data["value"],
            effective_on=form.cleaned_data["effective_on"],
            document=form.document,
            by=officer(request),
        ),
        title="설치 의결의 요구",
        back=reverse("ordinance:parameters"),
        done="결정을 기록했습니다. 조례 점검이 곧 다시 판정합니다.",
        crumbs=[crumb("기준값", "ordinance:parameters")],
        intro="조례 제28조는 위원회가 심의할 사항을 열거할 뿐 설치마다 의결하라고 하지 않습니다. 요구하려면 구청장의 결정이나 규칙이 있어야 합니다.",
        icon="",
        template="portal/ordinance/decision.html",
        rows=Parameter.objects.filter(
            profile=parameter_table.active_profile(), code=decisions.RESOLUTION_ON_INSTALLATION
        ).order_by("-effective_on"),
    )


def _with_words(rows: Any) -> list[tuple[Parameter, dict[str, str]]]:
    definitions = {each.code: each for each in ParameterDefinition.objects.all()}
    return [(row, _words(row, definitions.get(row.code))) for row in rows]


def _words(row: Parameter, definition: ParameterDefinition | None) -> dict[str, str]:
    """The parameter's name and its value as a clerk would say it."""
    if definition is None:
        return {"label": row.code, "value": _value_text(row.value), "description": "", "unused": ""}
    value = _value_text(row.value)
    if definition.kind == ParameterDefinition.Kind.CHOICE and isinstance(row.value, str):
        value = definition.choices.get(row.value, row.value)
    elif definition.unit and row.value is not None:
        value = f"{value}{definition.unit}"
    if row.code in decisions.ARTICLES and row.value and not row.document:
        value = f"{value} (결정 문서가 없어 적용하지 않음)"
    return {
        "label": definition.label,
        "value": value,
        "description": definition.description,
        "unused": definition.unused_because,
    }


def _value_text(value: Any) -> str:
    if value is None:
        return "정하지 않음"
    if isinstance(value, bool):
        return "예" if value else "아니오"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


@requires("ordinance.view_ground")
def grounds(request: HttpRequest) -> HttpResponse:
    on = _day(request)
    profile = parameter_table.active_profile()
    rows = (
        Ground.objects.filter(profile__in=[profile, ""])
        .in_force(on)
        .prefetch_related("national")
        .order_by("layer", "position")
    )
    groups = [
        (label, [ground for ground in rows if ground.layer == layer]) for layer, label in Ground.Layer.choices
    ]
    return page(
        request,
        "portal/ordinance/grounds.html",
        {
            "on": on,
            "groups": [(label, found) for label, found in groups if found],
            "purposes": _purposes(on, profile),
        },
        title="제공·이용 근거",
        intro="법과 조례가 열거한 근거입니다. 두 층이 다르면 법이 우선합니다. 게시 대상인 근거는 30일 이내에 누리집에 게시해야 합니다.",
        icon="key",
    )


def _purposes(on: datetime.date, profile: str) -> list[tuple[str, list[PurposeGround]]]:
    """Which ground of PIPA art. 25(1) fits which purpose; the district's rows of a purpose instead of the nation's."""
    rows = PurposeGround.objects.filter(profile__in=[profile, ""]).in_force(on).order_by("item")
    found = [(label, [row for row in rows if row.purpose == code]) for code, label in InstallPurpose.choices]
    own = [(label, [row for row in fits if row.profile] or fits) for label, fits in found]
    return [(label, fits) for label, fits in own if fits]


@requires("ordinance.view_holiday", SEE_LAW)
def holidays(request: HttpRequest) -> HttpResponse:
    form = YearForm(request.GET)
    year = form.chosen
    actions = [
        Action("공휴일 추가", reverse("ordinance:holiday_add"), icon="plus", is_primary=True),
        Action("파일 가져오기", reverse("ordinance:holiday_import"), icon="upload"),
    ]
    return page(
        request,
        "portal/ordinance/holidays.html",
        {
            "form": form,
            "reset_url": request.path,
            "year": year,
            "years": [year - 1, year, year + 1],
            "is_known": holiday_table.is_year_known(year),
            "rows": list(Holiday.objects.of_year(year).order_by("on", "name")),
            "warning": missing_year_warning(),
            "may_change": may(request.user, ["ordinance.change_holiday"]),
        },
        title="공휴일",
        intro="기한을 셈할 때 쓰는 공휴일입니다. 일요일은 적지 않아도 공휴일입니다. 바꾸면 진행 중인 건의 기한이 바로 다시 계산됩니다.",
        icon="calendar-alt",
        actions=actions if may(request.user, ["ordinance.add_holiday"]) else (),
    )


@requires("ordinance.add_holiday")
def holiday_add(request: HttpRequest) -> HttpResponse:
    return _holiday_screen(request, filled_in(request, HolidayForm), title="공휴일 추가", remove_url="")


@requires("ordinance.change_holiday")
def holiday_edit(request: HttpRequest, pk: int) -> HttpResponse:
    holiday = get_object_or_404(Holiday, pk=pk)
    before = Holiday(on=holiday.on, name=holiday.name)
    may_remove = may(request.user, ["ordinance.delete_holiday"])
    return _holiday_screen(
        request,
        filled_in(request, HolidayForm, instance=holiday),
        before,
        title=f"공휴일: {before.name}",
        remove_url=reverse("ordinance:holiday_remove", args=[pk]) if may_remove else "",
    )


def _holiday_screen(
    request: HttpRequest, form: HolidayForm, before: Holiday | None = None, *, title: str, remove_url: str
) -> HttpResponse:
    """Which deadlines would move is shown first; where none does there is nothing to ask."""

    def moved(form: HolidayForm) -> dict[str, Any] | None:
        chosen = form.cleaned_data
        removing = [before] if before else ()
        found = duedates.affected_by(adding=[(chosen["on"], chosen["name"])], removing=removing)
        return {"moved": found} if found else None

    def store(form: HolidayForm) -> Any:
        with holiday_table.changing(by=_actor(request)) as change:
            form.save()
        return change

    return preview_screen(
        request,
        form,
        store,
        preview=moved,
        template="portal/ordinance/holiday.html",
        title=title,
        back=reverse("ordinance:holidays"),
        done=lambda change: _moved_in_words(change.moved),
        to=lambda change: f"{reverse('ordinance:holidays')}?year={form.instance.on.year}",
        crumbs=[crumb(*HOLIDAYS)],
        icon="",
        remove_url=remove_url,
    )


def _moved_in_words(moved: list[Moved]) -> str:
    if moved:
        return f"저장했습니다. 진행 중인 {len(moved):,}건의 기한이 바뀌었습니다."
    return "저장했습니다. 바뀐 기한은 없습니다."


@requires("ordinance.delete_holiday")
def holiday_remove(request: HttpRequest, pk: int) -> HttpResponse:
    holiday = get_object_or_404(Holiday, pk=pk)
    moved = duedates.affected_by(removing=[holiday])
    return confirm_screen(
        request,
        lambda form: holiday_table.remove(holiday, by=_actor(request), reason=form.cleaned_data["reason"]),
        question=f"{holiday.on:%Y-%m-%d} '{holiday.name}'{josa(holiday.name, '을/를')} 공휴일에서 뺄까요?",
        consequences=[_moved_text(each) for each in moved] or ["바뀌는 기한은 없습니다."],
        confirm="공휴일에서 빼기",
        title="공휴일 빼기",
        back=reverse("ordinance:holiday_edit", args=[pk]),
        done=lambda change: _moved_in_words(change.moved),
        to=lambda change: f"{reverse('ordinance:holidays')}?year={holiday.on.year}",
        form=filled_in(request, ReasonForm),
        is_dangerous=True,
        crumbs=[crumb(*HOLIDAYS)],
    )


@requires("ordinance.add_holiday")
def holiday_import(request: HttpRequest) -> HttpResponse:
    """A file of holidays: first what it would do and everything wrong with it, then the act."""
    if "confirmed" in request.POST:
        return _import_confirmed(request)
    form = HolidayFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "result": None, "payload": ""}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            result = importing.import_content(content, name=file.name, by=_actor(request), dry_run=True)
        except importing.UnusableFile as error:
            form.add_error("file", str(error))
        else:
            kept = {"name": file.name, "content": base64.b64encode(content).decode()}
            context |= {"result": result, "payload": signing.dumps(kept, salt=_IMPORT_SALT, compress=True)}
    return page(
        request,
        "portal/ordinance/holiday_import.html",
        {**context, "back_url": reverse("ordinance:holidays")},
        title="공휴일 가져오기",
        intro="파일을 고르면 무엇이 추가되고 어떤 기한이 바뀌는지 먼저 보여 줍니다. 확인하기 전에는 저장되지 않습니다.",
        crumbs=[crumb(*HOLIDAYS)],
    )


_IMPORT_SALT = "portal.holiday_import"
# The preview is of the table as it was then; after a day nobody remembers what it showed.
_PREVIEW_HOLDS = datetime.timedelta(days=1)


def _import_confirmed(request: HttpRequest) -> HttpResponse:
    """Store the very file that was previewed; it travels with the form, signed."""
    try:
        kept = signing.loads(request.POST.get("payload", ""), salt=_IMPORT_SALT, max_age=_PREVIEW_HOLDS)
        result = importing.import_content(
            base64.b64decode(kept["content"]),
            name=kept["name"],
            by=_actor(request),
            dry_run=False,
            confirmed=request.POST.get("days_off") == "yes",
        )
    except (signing.BadSignature, importing.UnusableFile):
        messages.error(request, "미리보기가 오래되었습니다. 파일을 다시 골라 주십시오.")
        return redirect("ordinance:holiday_import")
    if result.is_asked:
        messages.error(
            request, "공휴일인지 확실하지 않은 날이 있어 저장하지 않았습니다. 확인 칸에 표시하십시오."
        )
        return redirect("ordinance:holiday_import")
    if not result.is_ok:
        messages.error(request, f"{result.rejected}행이 잘못되어 아무것도 저장하지 않았습니다.")
        return redirect("ordinance:holiday_import")
    messages.success(
        request,
        f"공휴일 {result.created}일을 추가하고 {result.updated}일을 고쳤습니다. "
        f"진행 중인 {len(result.moved)}건의 기한이 바뀌었습니다.",
    )
    return redirect("ordinance:holidays")


def _actor(request: HttpRequest) -> str:
    return f"officer:{request.user.pk}"


def _moved_text(moved: Moved) -> str:
    subject = ledger_words.subject_label(f"{moved.subject_kind}:{moved.subject_number}")
    return f"{subject}: {moved.old_due_on:%Y-%m-%d} → {moved.new_due_on:%Y-%m-%d}"


@requires(SEE_LAW)
def deadline(request: HttpRequest) -> HttpResponse:
    """Counts a deadline and shows every step. It stores nothing."""
    form = DeadlineForm(request.GET or None)
    counted = form.count() if form.is_bound else None
    return page(
        request,
        "portal/ordinance/deadline.html",
        {"form": form, "deadline": counted, "steps": counted.explain().splitlines() if counted else []},
        title="기한 계산",
        intro="시작일과 기간을 넣으면 기한과, 그 날짜가 어떻게 나왔는지를 보여 줍니다. 저장되지 않습니다.",
        icon="calendar-check",
    )


@requires(SEE_LAW)
def due_dates(request: HttpRequest) -> HttpResponse:
    """Open due dates, soonest first, and those that have moved, with every date that they had."""
    moved_only = request.GET.get("moved") == "1"
    rows = DueDate.objects.filter(Q(closed_at__isnull=True)).prefetch_related("earlier").in_order()
    if moved_only:
        rows = rows.filter(earlier__isnull=False).distinct()
    return list_screen(
        request,
        "portal/ordinance/due_dates.html",
        rows,
        title="처리기한",
        intro="진행 중인 건의 기한입니다. 공휴일이 바뀌어 기한이 달라지면 이전 기한도 함께 남습니다.",
        icon="time",
        moved_only=moved_only,
        now=timezone.now(),
    )


urlpatterns = [
    path("articles/", articles, name="articles"),
    path("articles/<int:number>/", article, name="article"),
    path("parameters/", parameters, name="parameters"),
    path("parameters/decide/", decide, name="decide"),
    path("grounds/", grounds, name="grounds"),
    path("holidays/", holidays, name="holidays"),
    path("holidays/new/", holiday_add, name="holiday_add"),
    path("holidays/import/", holiday_import, name="holiday_import"),
    path("holidays/<int:pk>/", holiday_edit, name="holiday_edit"),
    path("holidays/<int:pk>/remove/", holiday_remove, name="holiday_remove"),
    path("deadline/", deadline, name="deadline"),
    path("due/", due_dates, name="due_dates"),
]
