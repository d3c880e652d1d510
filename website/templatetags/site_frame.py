"""What every public page shows around its content: menu, office, language, the texts of officials."""

from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse, translate_url
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override
from django.utils.translation.trans_real import parse_accept_lang_header
from wagtail.models import Page, Site
from wagtail.rich_text import expand_db_html

from accounts import designations
from cameras import outline
from casework.persons import PersonalData
from website import site_page
from website.models import ContentPage, HomePage, OfficeDetails, SiteTexts
from website.models.settings import CONSENT_ITEMS

register = template.Library()
LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}
# What citizens come for, in the order of the menu; a page that does not exist is not offered.
MENU = (
    ("CCTV 찾기", "website_cameras"),
    ("영상 열람 청구", "website_viewing_start"),
    ("안내판 신고", "website_report_start"),
    ("CCTV 지도", "website_camera_map"),
    ("의견수렴", "website_consultations"),
    ("운영·관리 방침", "website_policy"),
)
FOOTER = (
    ("개인정보 처리방침", "website_privacy"),
    ("고정형 영상정보처리기기 운영·관리 방침", "website_policy"),
    ("열람등 청구 조회", "website_viewing_status"),
    ("안내판 신고 조회", "website_report_look_up"),
    ("통제구역 출입 신청", "website_visit_start"),
    ("의견수렴", "website_consultations"),
    ("위탁 현황", "website_contractors"),
    ("안내판을 갈음하는 공고", "website_sign_substitutes"),
    ("목적 외 이용·제공", "website_provisions"),
    ("공개 데이터", "website_dataset"),
    ("공개 수치", "website_figures"),
    ("기록의 확인", "website_records"),
)


@register.simple_tag(takes_context=True)
def office(context: dict[str, Any]) -> OfficeDetails:
    """The office's details; its defaults when nothing was entered, also on error pages."""
    details: OfficeDetails = _setting(context, OfficeDetails)
    return details


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom citizens ask: what the office entered, else the responsible department of the register."""

    department: str
    phone: str
    address: str
    viewing_place: str
    viewing_hours: str


_KNOWN = "office_contact"


@register.simple_tag(takes_context=True)
def contact(context: dict[str, Any]) -> Contact:
    request: HttpRequest | None = context.get("request")
    # Asked by several parts of a page, and the same for all.
    if not hasattr(request, _KNOWN):
        found = _contact(context)
        if request is None:
            return found
        setattr(request, _KNOWN, found)
    known: Contact = getattr(request, _KNOWN)
    return known


def _contact(context: dict[str, Any]) -> Contact:
    details = office(context)
    department = designations.responsible_on(timezone.localdate())
    return Contact(
        department=department.name if department else "",
        phone=details.phone or (department.phone if department else ""),
        address=details.address,
        viewing_place=details.viewing_place,
        viewing_hours=details.viewing_hours,
    )


def _setting(context: dict[str, Any], kind: type[OfficeDetails] | type[SiteTexts]) -> Any:
    """Read once for each page, however many of its parts ask."""
    request: HttpRequest | None = context.get("request")
    return kind.for_request(request) if request and Site.find_for_request(request) else kind()


@register.simple_tag(takes_context=True)
def site_text(context: dict[str, Any], name: str) -> SafeString:
    """A text that officials may change, marked with its language; nothing where they emptied it."""
    return _prose(*texts_of(context).spoken(name))


def texts_of(context: dict[str, Any]) -> SiteTexts:
    texts: SiteTexts = _setting(context, SiteTexts)
    return texts


def _prose(text: str, language: str) -> SafeString:
    if not text:
        return SafeString("")
    html = SafeString(expand_db_html(text))
    if language == translation.get_language():
        return format_html('<div class="site-prose">{}</div>', html)
    return format_html('<div class="site-prose" lang="{}">{}</div>', language, html)


@register.inclusion_tag("website/includes/consent.html", takes_context=True)
def consent_notice(context: dict[str, Any], form: str, period: str) -> dict[str, Any]:
    """What somebody is told before consenting (PIPA art. 15(2)): three items and further words from the texts of
    officials, and the period as the page counts it, which no text takes away."""
    texts = texts_of(context)
    purpose, items, refusal = (texts.consent_item(form, item) for item in CONSENT_ITEMS)
    kept = (f"{period} {gettext('기간이 지나면 자동으로 파기합니다.')}", translation.get_language())
    labels = ("수집 목적", "수집 항목", "보유 기간", "거부할 권리")
    told = (purpose, items, kept, refusal)
    # What stands apart from the rest (개인정보 처리 방법에 관한 고시 제4조): how long, and that one may refuse.
    apart = (False, False, True, True)
    rows = [
        (gettext(label), text, language, is_apart)
        for label, (text, language), is_apart in zip(labels, told, apart, strict=True)
    ]
    return {"rows": rows, "more": _prose(*texts.spoken(f"{form}_consent"))}


@register.inclusion_tag("website/includes/personal_data.html")
def personal_data_notice(entry: PersonalData) -> dict[str, Any]:
    """What somebody is told where no consent is asked, out of the catalogue of personal data."""
    kept = gettext("%(from)s %(days)d일. 기간이 지나면 자동으로 파기합니다.")
    return {
        "rows": [
            (gettext("처리 목적"), gettext(entry.purpose)),
            (gettext("처리 항목"), gettext(entry.items)),
            (gettext("처리 근거"), gettext(entry.ground)),
            (gettext("보유 기간"), kept % {"from": gettext(entry.kept_from), "days": entry.kept_days}),
            (gettext("제3자 제공"), gettext(entry.recipients)),
        ]
    }


@register.filter
def first_input(field: BoundField) -> str:
    """The id of what takes the focus: a group of boxes has none of its own."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return str(field.subwidgets[0].id_for_label) if field.subwidgets else ""
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def home_url() -> str:
    return reverse("website_english_home") if translation.get_language() == "en" else "/"


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Fixed services first, then the pages that officials put into the menu, in the reader's language."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    home = HomePage.objects.live().first()
    language = translation.get_language()
    pages: list[Page] = (
        list(ContentPage.objects.child_of(home).live().public().in_menu().filter(language=language))
        if home
        else []
    )
    entries = [*_existing(MENU), *((page.title, page.get_url(request) or page.url) for page in pages)]
    chosen = max((url for _, url in entries if url and path.startswith(url)), key=len, default="")
    return [{"title": title, "url": url, "is_current": url == chosen} for title, url in entries]


@register.simple_tag
def footer_links() -> list[tuple[str, str]]:
    return _existing(FOOTER)


def _existing(entries: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    found = []
    for title, name in entries:
        try:
            found.append((gettext(title), reverse(name)))
        except NoReverseMatch:
            continue
    return found


@register.simple_tag(takes_context=True)
def language_switch(context: dict[str, Any]) -> dict[str, str]:
    """This very page in the other language, its query kept; the other front page where there is none."""
    request: HttpRequest | None = context.get("request")
    other = "ko" if translation.get_language() == "en" else "en"
    return {
        "code": other,
        "name": LANGUAGE_NAMES[other],
        "url": _elsewhere(request, context.get("page"), other),
    }


@register.simple_tag(takes_context=True)
def offers_english(context: dict[str, Any]) -> bool:
    """Whether the browser would rather have another language than the Korean of this page."""
    request: HttpRequest | None = context.get("request")
    if request is None or translation.get_language() != "ko":
        return False
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return bool(asked) and not asked[0][0].startswith("ko") and asked[0][0] != "*"


def _elsewhere(request: HttpRequest | None, page: Any, language: str) -> str:
    front = "/" if language == "ko" else reverse("website_english_home")
    if request is None or isinstance(page, HomePage):
        return front
    if isinstance(page, ContentPage):
        twin = page.counterpart
        return (twin.get_url(request) or front) if twin and twin.live else front
    path = translate_url(request.get_full_path(), language)
    try:
        with override(language):
            resolve(path.partition("?")[0])
    except Resolver404:
        return front
    return path if path != request.get_full_path() else front


@register.inclusion_tag("website/includes/pagination.html")
def pagination(page: Any, kept_query: str) -> dict[str, Any]:
    """Page numbers around the current one; `kept_query` is the list's filter."""
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "ellipsis": page.paginator.ELLIPSIS,
        "prefix": f"{kept_query}&" if kept_query else "",
    }


@register.simple_tag
def consultation_address(consultation: Any) -> str:
    return site_page.consultation_url(consultation)


@register.simple_tag
def map_base_url() -> str:
    """Where a map finds the office's file with boundary, roads and names; empty without one."""
    return reverse("website_map_outline") if outline.exists() else ""
