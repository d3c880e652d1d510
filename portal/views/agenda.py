"""할 일과 기한: the list, the month, how one wants to be told, and the address for one's calendar program."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.queueing import start
from ordinance.periods import shift_month
from portal import agenda, calendar_feeds, exports, reminders
from portal.access import officer, refuse, requires
from portal.forms.agenda import AgendaFilter, MonthForm, ReminderForm
from portal.models import CalendarFeed, ReminderMail
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, export_screen, filled_in, form_screen, list_screen
from portal.tasks import deliver_reminder

ENTER = "wagtailadmin.access_admin"
KEEP_ACCOUNTS = "accounts.change_officer"
LIST = ("할 일과 기한", "agenda:list")
SETTINGS = ("알림 설정", "agenda:settings")
DELIVERY = ("알림과 달력 주소", "agenda:delivery")
FEED_CONSEQUENCES = [
    "이 주소를 아는 사람은 로그인하지 않고 제목과 기한을 볼 수 있습니다. 다른 사람에게 알리지 마십시오.",
    "주소는 한 번만 보여 드립니다. 잃어버리면 새로 만듭니다.",
]


@requires(ENTER)
def agenda_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = AgendaFilter(request.GET, entries=agenda.seen_by(officer(request), now))
    return page(
        request,
        "portal/agenda/list.html",
        {
            **_frame(request, form),
            "groups": agenda.grouped(form.narrowed()),
            "now": now,
        },
        title="할 일과 기한",
        intro="해야 할 일, 지난 기한, 다가오는 기한을 한곳에서 봅니다. 열어 볼 수 있는 화면의 일만 나옵니다.",
        icon="calendar-check",
        actions=[
            Action("내려받기", _with_query(request, "agenda:export"), icon="download"),
            _settings_action(),
        ],
    )


HEADINGS = ("긴급도", "할 일", "건수", "내용", "기한", "남은 날수", "언제부터", "종류", "근거", "담당")


@requires(ENTER)
def agenda_export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, in its order, as a spreadsheet; on record like every list that leaves."""
    entries = AgendaFilter(request.GET, entries=agenda.seen_by(officer(request), timezone.now())).narrowed()
    return export_screen(
        request,
        HEADINGS,
        _lines(entries),
        count=len(entries),
        name="할일목록",
        what="할 일 {rows}건",
        title="할 일 내려받기",
        back=reverse("agenda:list"),
        initial={"format": exports.ExportFormat.XLSX},
        crumbs=[crumb(*LIST)],
    )


def _lines(entries: Iterable[agenda.Entry]) -> Iterator[tuple[Any, ...]]:
    """In the order of the screen: by urgency, then by date."""
    for group in agenda.grouped(entries):
        for entry in group.entries:
            item = entry.item
            yield (
                group.bucket.label,
                item.title,
                item.count,
                item.detail,
                item.due_on,
                (item.due_on - entry.today).days if item.due_on else "",
                entry.since_on,
                entry.kind,
                item.article,
                "내 일" if entry.is_own else entry.owner_name,
            )


@requires(ENTER)
def agenda_month(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    form = AgendaFilter(request.GET, entries=agenda.seen_by(officer(request), now))
    first_on = MonthForm(request.GET).first_on(today)
    entries = form.narrowed()
    days = agenda.month(first_on, entries, today)
    return page(
        request,
        "portal/agenda/month.html",
        {
            **_frame(request, form),
            "days": days,
            "first_on": first_on,
            "leading": (first_on.weekday() + 1) % 7,
            "previous": _month_url(request, *shift_month(first_on, -1)),
            "next": _month_url(request, *shift_month(first_on, 1)),
            "this_month": _month_url(request, today.year, today.month),
            "matters": sum(len(day.entries) for day in days),
            "undated": sum(entry.item.due_on is None for entry in entries),
        },
        title=f"{first_on.year}년 {first_on.month}월 기한",
        icon="calendar-alt",
        crumbs=[crumb(*LIST)],
        actions=[_settings_action()],
    )


@requires(ENTER)
def settings(request: HttpRequest) -> HttpResponse:
    person = officer(request)
    return form_screen(
        request,
        filled_in(request, ReminderForm, instance=reminders.choice_of(person)),
        lambda form: form.save(),
        title="알림 설정",
        back=reverse("agenda:settings"),
        done="알림 설정을 저장했습니다.",
        crumbs=[crumb(*LIST)],
        icon="mail",
        template="portal/agenda/settings.html",
        person=person,
        feed=calendar_feeds.current(person),
        mails=ReminderMail.objects.filter(officer=person, state=ReminderMail.State.SENT)[:5],
    )


@requires(ENTER)
def feed_make(request: HttpRequest) -> HttpResponse:
    return _make_feed(request, officer(request), SETTINGS)


@requires(ENTER)
def feed_revoke(request: HttpRequest) -> HttpResponse:
    return _revoke_feed(request, officer(request), SETTINGS)


@requires(KEEP_ACCOUNTS)
def delivery(request: HttpRequest) -> HttpResponse:
    """For those who keep the accounts: mails that did not arrive, and addresses in force."""
    feeds = CalendarFeed.objects.in_force().select_related("officer__department", "made_by")
    failed = reminders.failures(timezone.now()).select_related("officer")
    return list_screen(
        request,
        "portal/agenda/delivery.html",
        feeds.order_by("officer__username"),
        title="알림과 달력 주소",
        intro="보내지 못한 아침 메일과, 로그인 없이 달력을 읽는 주소입니다.",
        icon="mail",
        failed=failed,
        today=timezone.localdate(),
    )


@requires(KEEP_ACCOUNTS)
def mail_retry(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(ReminderMail, pk=pk)
    if request.method == "POST":
        if reminders.allow_again(mail):
            start(deliver_reminder, mail.pk)
            messages.success(request, "다시 보냅니다. 잠시 뒤 이 화면을 새로 고쳐 결과를 확인하십시오.")
        else:
            messages.info(request, "오늘 실패한 메일만 다시 보냅니다. 지난 알림은 다음 아침 메일에 담깁니다.")
    return redirect("agenda:delivery")


@requires(KEEP_ACCOUNTS)
def officer_feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Officer, pk=pk)
    if _is_out_of_reach(request, person):
        return refuse(request, [KEEP_ACCOUNTS])
    return _revoke_feed(request, person, DELIVERY)


def _is_out_of_reach(request: HttpRequest, person: Officer) -> bool:
    """Who ends the address of somebody that may do more takes something from that account."""
    return person.is_superuser and not request.user.is_superuser


def _make_feed(request: HttpRequest, person: Officer, back: tuple[str, str]) -> HttpResponse:
    """Asks first, then shows the address on the answer itself: it is stored nowhere, a session included."""
    has_one = calendar_feeds.current(person) is not None
    replaced = ["지금 쓰는 주소는 바로 끊깁니다. 달력 프로그램에 새 주소를 넣어야 합니다."] if has_one else []
    return confirm_screen(
        request,
        lambda form: _shown_once(request, calendar_feeds.make(person, by=officer(request)), person, back),
        title="달력 주소 새로 만들기" if has_one else "달력 주소 만들기",
        question=f"{person} 담당자의 달력 주소를 {'새로 ' if has_one else ''}만들까요?",
        consequences=[*replaced, *FEED_CONSEQUENCES],
        confirm="새로 만들기" if has_one else "만들기",
        is_dangerous=has_one,
        back=reverse(back[1]),
        done="",
        crumbs=[crumb(*LIST), crumb(*back)],
        refusals=(calendar_feeds.AccountEnded,),
    )


def _shown_once(request: HttpRequest, secret: str, person: Officer, back: tuple[str, str]) -> HttpResponse:
    answer = page(
        request,
        "portal/agenda/feed.html",
        {"address": calendar_feeds.address(secret), "person": person, "back_url": reverse(back[1])},
        title="달력 주소",
        crumbs=[crumb(*LIST), crumb(*back)],
    )
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _revoke_feed(request: HttpRequest, person: Officer, back: tuple[str, str]) -> HttpResponse:
    return confirm_screen(
        request,
        lambda form: calendar_feeds.revoke(person, by=officer(request)),
        title="달력 주소 폐기",
        question=f"{person} 담당자의 달력 주소를 폐기할까요?",
        consequences=[
            "이 주소를 쓰는 달력 프로그램은 바로 읽지 못합니다.",
            "되돌릴 수 없습니다. 필요하면 새 주소를 만듭니다.",
        ],
        confirm="폐기",
        is_dangerous=True,
        back=reverse(back[1]),
        done=lambda was_one: (
            "달력 주소를 폐기했습니다. 그 주소로는 더 이상 볼 수 없습니다."
            if was_one
            else "쓰고 있는 달력 주소가 없습니다."
        ),
        crumbs=[crumb(*LIST), crumb(*back)],
    )


def _frame(request: HttpRequest, form: AgendaFilter) -> dict[str, Any]:
    """What list and month share: the filter, and the way from one to the other with it."""
    return {
        "form": form,
        "month": request.GET.get("month", ""),
        "is_filtered": bool(form.chosen),
        "reset_url": request.path,
        "list_url": _with_query(request, "agenda:list"),
        "month_url": _with_query(request, "agenda:month"),
    }


def _with_query(request: HttpRequest, url_name: str) -> str:
    """Another view of the same filtered list."""
    query = request.GET.copy()
    query.pop("month", None)
    return reverse(url_name) + (f"?{query.urlencode()}" if query else "")


def _month_url(request: HttpRequest, year: int, number: int) -> str:
    query = request.GET.copy()
    query["month"] = f"{year:04}-{number:02}"
    return f"?{query.urlencode()}"


def _settings_action() -> Action:
    return Action("알림 설정", reverse("agenda:settings"), icon="mail")


urlpatterns = [
    path("", agenda_list, name="list"),
    path("month/", agenda_month, name="month"),
    path("export/", agenda_export, name="export"),
    path("settings/", settings, name="settings"),
    path("settings/calendar/new/", feed_make, name="feed_make"),
    path("settings/calendar/revoke/", feed_revoke, name="feed_revoke"),
    path("delivery/", delivery, name="delivery"),
    path("delivery/mails/<int:pk>/retry/", mail_retry, name="mail_retry"),
    path("delivery/officers/<int:pk>/calendar/revoke/", officer_feed_revoke, name="officer_feed_revoke"),
]
