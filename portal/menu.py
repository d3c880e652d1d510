"""The portal's menu, by duty. An item is shown to those who may open its page: the view says who that is."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.sidebar import MenuItem as Component

from portal import desk_counts
from portal.access import may, may_open


@dataclass(frozen=True)
class Entry:
    """A screen in the menu. `permissions` only where the screen is Wagtail's own and cannot say it itself."""

    label: str
    url_name: str
    icon: str
    permissions: tuple[str, ...] = ()
    # Whether the tasks on the screens of its part of the portal are counted beside it: once for each part.
    is_counted: bool = False


@dataclass(frozen=True)
class Duty:
    """A duty of the office and its screens, in the order in which they are needed."""

    name: str
    label: str
    icon: str
    entries: Sequence[Entry]


HOME = Entry("오늘 할 일", "wagtailadmin_home", "home", is_counted=True)
AGENDA = Entry("할 일과 기한", "agenda:list", "calendar-check")
ASSESSMENT = Entry("조례 점검", "duties:articles", "clipboard-list")

DUTIES: tuple[Duty, ...] = (
    Duty(
        "register",
        "카메라 대장",
        "view",
        (
            Entry("카메라 대장", "cameras:list", "list-ul"),
            Entry("지도", "cameras:map", "site"),
            Entry("표준데이터 가져오기", "cameras:imports", "upload"),
            Entry("지도 밑그림", "cameras:outline", "crop"),
            Entry("찾기용 지명", "cameras:landmarks", "tag"),
        ),
    ),
    Duty(
        "installation",
        "설치·협의",
        "pick",
        (
            Entry("설치 사업", "projects:list", "folder-open-1", is_counted=True),
            Entry("사전협의", "prior_consultation:list", "comment", is_counted=True),
            Entry("의견수렴", "consultation:list", "group", is_counted=True),
            Entry("서류", "papers:list", "doc-full", is_counted=True),
            Entry("상태 변경 처리", "lifecycle:list", "order"),
            Entry("안내판", "signs:list", "clipboard-list", is_counted=True),
            Entry("누리집으로 갈음", "signs:substitutes", "globe"),
        ),
    ),
    Duty(
        "footage",
        "영상 보관·파기",
        "media",
        (
            Entry("일자별 영상", "footage:days", "calendar"),
            Entry("삭제 유예", "footage:holds", "lock"),
            Entry("영상 재생 기록", "looks:list", "view"),
            Entry("보관기간 단축", "footage:shortenings", "time"),
            Entry("파기 실행", "footage:sweeps", "bin", is_counted=True),
            Entry("파기 목록", "footage:destroyed", "list-ol"),
            Entry("일일 파기 확인", "footage:proofs", "success"),
            Entry("자동삭제 확인", "footage:confirmations", "clipboard-list"),
            Entry("미등록 폴더", "footage:folders", "folder-open-1"),
            Entry("인식하지 못한 파일", "footage:unrecognised", "warning"),
            Entry("시계 확인", "footage:clock", "time"),
            Entry("저장소", "footage:storages", "folder-inverse"),
        ),
    ),
    Duty(
        "citizens",
        "주민 청구·신고",
        "user",
        (
            Entry("열람등 청구", "viewing:list", "view", is_counted=True),
            Entry("안내판 신고", "sign_reports:list", "mail", is_counted=True),
            Entry("운영·관리 방침", "policy:overview", "doc-full", is_counted=True),
            Entry("개인정보 처리방침", "privacy:overview", "doc-full", is_counted=True),
        ),
    ),
    Duty(
        "provisions",
        "이용·제공",
        "redirect",
        (
            Entry("이용·제공", "provision:list", "list-ul", is_counted=True),
            Entry("나간 사본", "provision:outside", "download"),
            Entry("관리대장", "official_ledgers:home", "list-ol"),
            Entry("기관 명부", "provision:agencies", "group"),
            Entry("결재권", "provision:authorities", "key"),
        ),
    ),
    Duty(
        "centre",
        "관제센터",
        "desktop",
        (
            Entry("근무표", "duty:month", "calendar", is_counted=True),
            Entry("인수인계", "handover:list", "redirect", is_counted=True),
            Entry("관제 상황", "incidents:list", "warning"),
            Entry("회전·확대", "turns:list", "rotate"),
            Entry("비상연락망", "emergency:tree", "mail"),
            Entry("통제구역 출입", "visits:list", "key", is_counted=True),
            Entry("인력", "staff:list", "group"),
        ),
    ),
    Duty(
        "contracts",
        "위탁",
        "clipboard-list",
        (
            Entry("위탁 계약", "contracts:list", "doc-full", is_counted=True),
            Entry("수탁자", "contracts:contractors", "group"),
            Entry("점검 항목", "contracts:items", "list-ul"),
        ),
    ),
    Duty(
        "committee",
        "운영위원회",
        "group",
        (
            Entry("회의", "committee:meetings", "calendar", is_counted=True),
            Entry("의결", "committee:resolutions", "doc-full-inverse"),
            Entry("위원", "committee:members", "group"),
        ),
    ),
    Duty(
        "documents",
        "공문·보고서",
        "doc-full-inverse",
        (
            Entry("발송 대장", "documents:list", "mail"),
            Entry("공문 문안", "documents:templates", "edit"),
            Entry("운영위원회 보고서", "reports:list", "doc-full"),
            Entry("파기 확인서", "reports:certificate", "clipboard-list"),
            Entry("내부 관리계획", "internal_plan:overview", "lock", is_counted=True),
            Entry("자체점검", "self_inspection:list", "clipboard-list", is_counted=True),
            Entry("연간 문서", "yearly:list", "calendar-alt", is_counted=True),
        ),
    ),
    Duty(
        "law",
        "조례·기한",
        "openquote",
        (
            Entry("조문", "ordinance:articles", "list-ol"),
            Entry("기준값", "ordinance:parameters", "sliders"),
            Entry("제공·이용 근거", "ordinance:grounds", "key"),
            Entry("공휴일", "ordinance:holidays", "calendar-alt"),
            Entry("기한 계산", "ordinance:deadline", "calendar-check"),
        ),
    ),
    Duty(
        "ledger",
        "원장",
        "history",
        (
            Entry("기록", "ledger:entries", "list-ol"),
            Entry("봉인", "ledger:heads", "lock"),
            Entry("검증", "ledger:verifications", "check"),
            Entry("외부 대조", "ledger:continuity", "view"),
        ),
    ),
    Duty(
        "people",
        "사람·권한",
        "group",
        (
            Entry("담당자", "wagtailusers_users:index", "user", ("accounts.view_officer",)),
            Entry("권한 변경", "people:role_changes", "key", is_counted=True),
            Entry("접속기록 점검", "access_log:reviews", "view", is_counted=True),
            Entry("접속기록 가져오기", "access_log:imports", "upload"),
            Entry("나에게 묻는 것", "access_log:own", "help"),
            Entry("내 교육·서약", "training:own", "user", is_counted=True),
            Entry("교육", "training:people", "group", is_counted=True),
            Entry("보안서약", "pledges:list", "edit"),
            Entry("카메라 접근권한", "permissions:list", "key", is_counted=True),
            Entry("부서", "people:departments", "group"),
            Entry("관리기관", "people:institutions", "site"),
            Entry("전담부서 지정", "people:designations", "tag"),
            Entry("역할별 권한", "people:roles", "key"),
            Entry("로그인과 접속", "own_login", "lock"),
            Entry("알림과 달력 주소", "agenda:delivery", "mail"),
        ),
    ),
)

# Wagtail's own items that stay, gathered under one duty; the rest of its main menu is not for officials.
WEBSITE_ITEMS = frozenset({"explorer", "images", "documents"})


class EntryItem(MenuItem):
    """A menu item that asks its page's view whom to show it to."""

    def __init__(self, entry: Entry, order: int) -> None:
        super().__init__(
            entry.label, "", name=entry.url_name.replace(":", "-"), icon_name=entry.icon, order=order
        )
        self.entry = entry
        self.url = ""

    def render_component(self, request: HttpRequest) -> Component:
        """With the number of tasks that wait on its screens, where it is known."""
        shown = copy(self)
        shown.label = self.label + self._count(request)
        return MenuItem.render_component(shown, request)

    def _count(self, request: HttpRequest) -> str:
        count = desk_counts.of(request.user.pk).get(_place(self.entry), 0) if self.entry.is_counted else 0
        return f" ({count:,})" if count else ""

    def is_shown(self, request: HttpRequest) -> bool:
        self.url = self.url or reverse(self.entry.url_name)
        if self.entry.permissions:
            return may(request.user, self.entry.permissions)
        return may_open(request.user, self.entry.url_name)


class DutyMenu(Menu):
    """The screens of one duty; the items are made once, their visibility is asked at each request."""


def duty_item(duty: Duty, order: int) -> SubmenuMenuItem:
    items = [EntryItem(entry, position) for position, entry in enumerate(duty.entries)]
    return SubmenuMenuItem(
        duty.label, DutyMenu(items=items), name=f"duty-{duty.name}", icon_name=duty.icon, order=order
    )


_TOP_ITEMS = [EntryItem(HOME, 0), EntryItem(AGENDA, 1), EntryItem(ASSESSMENT, 2)]
_DUTY_ITEMS = [duty_item(duty, 10 * position) for position, duty in enumerate(DUTIES, start=1)]


def counts(person_id: int | None) -> dict[str, int]:
    """By the address of each counted entry, as it stands in the menu."""
    found = desk_counts.of(person_id)
    counted = [HOME, *(entry for duty in DUTIES for entry in duty.entries if entry.is_counted)]
    return {reverse(entry.url_name): found[_place(entry)] for entry in counted if found.get(_place(entry))}


def _place(entry: Entry) -> str:
    """Under which name `desk_counts` counts it."""
    return desk_counts.ALL if entry is HOME else entry.url_name.rpartition(":")[0]


def arrange(request: HttpRequest, items: list[MenuItem]) -> None:
    """Replace Wagtail's main menu: our duties, then the website, and the settings for those who have any."""
    website = [item for item in items if item.name in WEBSITE_ITEMS]
    settings = [item for item in items if item.name == "settings"]
    items[:] = [item for item in (*_TOP_ITEMS, *_DUTY_ITEMS) if item.is_shown(request)]
    if website:
        items.append(
            SubmenuMenuItem("누리집", Menu(items=website), name="duty-website", icon_name="globe", order=900)
        )
    items.extend(settings)
