"""안내판: the state of every site's sign, one site's sign with its versions and checks, making, hanging, retiring."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from cameras.enums import SignSize
from cameras.models import Sign, Site
from cameras.signs import hanging, making, overview, substitutes
from cameras.signs.contents import address_warning, thaw
from cameras.signs.overview import SignState
from portal import downloads, workplace
from portal.access import may, officer, requires
from portal.corrections import corrections
from portal.forms.life import CorrectionForm
from portal.forms.signs import LAPSING, PutUpForm, RetireForm, SignFilter, SizeForm
from portal.pages import Action, crumb, page
from portal.row_keys import keys
from portal.screens import confirm_screen, export_screen, filled_in, list_screen
from reports import fonts

LIST = ("안내판", "signs:list")
SEE, MAKE, KEEP, CHECK = "cameras.view_sign", "cameras.add_sign", "cameras.change_sign", "cameras.check_sign"
WARNING_DAYS = 30
MOST_LETTERS = 20
MOST_PRINTED = 4
FROM_SITE = "site"
AS_FILE = "save"


@requires(SEE)
def sign_list(request: HttpRequest) -> HttpResponse:
    return _show_list(request, SignFilter(request.GET))


@requires(SEE)
def in_state(request: HttpRequest, state: str) -> HttpResponse:
    """The list with one state chosen: where reminders lead to."""
    if state not in (*SignState.values, LAPSING):
        raise Http404("그런 상태가 없습니다.")
    return _show_list(request, SignFilter({**request.GET.dict(), "state": state}))


def _show_list(request: HttpRequest, form: SignFilter) -> HttpResponse:
    today = timezone.localdate()
    counted = overview.counts(today)
    photo = Action("안내판 사진 찍기", reverse("signs:photo"), "image", is_primary=True)
    return list_screen(
        request,
        "portal/signs/list.html",
        _sites(form, today),
        title="안내판",
        intro="설치장소마다 안내판의 상태를 봅니다 (조례 제9조, 개인정보 보호법 제25조제4항).",
        icon="clipboard-list",
        form=form,
        actions=[
            Action("내려받기", f"{reverse('signs:export')}?{urlencode(_query(form))}"),
            photo if may(request.user, [CHECK]) else None,
        ],
        together=lambda sites: _rows(sites, today),
        states=[
            (state.label, counted[state.value], reverse("signs:in_state", args=[state.value]))
            for state in SignState
        ],
        query=_query(form),
        reset_url=reverse("signs:list"),
        is_filtered=any(form.value(name) for name in ("q", "state")),
        may_make=may(request.user, [MAKE]),
        # Where there is no sign, none can be put up.
        may_put_up=may(request.user, [KEEP]) and form.value("state") != SignState.NONE,
        may_keep=may(request.user, [KEEP]),
    )


def _query(form: SignFilter) -> dict[str, str]:
    return {name: form.value(name) for name in ("q", "state") if form.value(name)}


def filtered_sites(arguments: Any) -> "QuerySet[Any]":
    """The sites of a list asked for with these arguments, for a batch of all of them."""
    return _sites(SignFilter(arguments), timezone.localdate())


def _sites(form: SignFilter, today: dt.date) -> "QuerySet[Any]":
    found = overview.sites_with_state(today).order_by("number")
    if words := form.value("q").strip():
        for word in words.split():
            found = found.filter(
                Q(number__icontains=word) | Q(road_address__icontains=word) | Q(lot_address__icontains=word)
            )
    state = form.value("state")
    if state == LAPSING:
        soon = overview.lapsing(today, WARNING_DAYS).filter(
            last_checked_on__gte=overview.check_deadline(today)
        )
        return found.filter(pk__in=soon.order_by().values("site"))
    return found.filter(sign_state=state) if state else found


def _rows(sites: list[Any], today: dt.date) -> list[dict[str, Any]]:
    """Sites of one page with their signs, and in what they differ; the same number of queries for any page."""
    signs = {sign.site_id: sign for sign in making.signs_in_use([site.pk for site in sites])}
    differing = [
        signs[site.pk] for site in sites if site.sign_state == SignState.DIFFERS and site.pk in signs
    ]
    differences = overview.differences(differing, today) if differing else {}
    return [
        {
            "site": site,
            "state": SignState(site.sign_state),
            "sign": signs.get(site.pk),
            "differences": differences.get(signs[site.pk].pk, []) if site.pk in signs else [],
        }
        for site in sites
    ]


EXPORTED = ("관리번호", "소재지", "상태", "판", "크기", "작성일", "설치일", "최근 확인일", "부착 위치")


@requires(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, as a spreadsheet, after saying what for."""
    sites = _sites(SignFilter(request.GET), timezone.localdate()).prefetch_related(
        Prefetch("signs", queryset=Sign.objects.filter(retired_on__isnull=True), to_attr="in_use")
    )
    return export_screen(
        request,
        EXPORTED,
        _export_rows(sites),
        count=sites.count(),
        name="안내판",
        what="설치장소 {rows}곳",
        title="안내판 내려받기",
        back=reverse("signs:list"),
        crumbs=[crumb(*LIST)],
    )


def _export_rows(sites: "QuerySet[Any]") -> Iterable[Sequence[Any]]:
    for site in sites.iterator(chunk_size=500):
        sign = site.in_use[0] if site.in_use else None
        yield [
            site.number,
            site.address,
            SignState(site.sign_state).label,
            *(
                (sign.version, sign.size, sign.made_on, sign.put_up_on, sign.last_checked_on, sign.position)
                if sign
                else ("", "", "", "", "", "")
            ),
        ]


@requires(SEE)
def site_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """One site: what its sign says or would say, every version, every check."""
    site = get_object_or_404(Site.objects.select_related("institution"), pk=pk)
    today = timezone.localdate()
    state = overview.sites_with_state(today).filter(pk=pk).values_list("sign_state", flat=True).first()
    found = making.plan(Site.objects.filter(pk=pk))
    plan = found.plans[0] if found.plans else None
    signs = list(site.signs.select_related("made_by", "put_up_by").order_by("-version"))
    current = next((sign for sign in signs if sign.retired_on is None), None)
    return page(
        request,
        "portal/signs/site.html",
        {
            "site": site,
            "state": SignState(state) if state else None,
            "left_out": found.left_out[0][1] if found.left_out else "",
            "plan": plan,
            "missing": _missing(plan),
            "address_warning": address_warning(),
            "current": current,
            "differences": overview.differences([current], today).get(current.pk, []) if current else [],
            "signs": signs,
            "checks": site.sign_checks.select_related("sign", "checked_by")[:30],
            "corrections": corrections(hanging.KIND_CORRECTED, f"site:{site.number}"),
            "substitute": substitutes.in_force(today).filter(site=site).first(),
            "sizes": SignSize.choices,
            "put_up_query": f"ids={site.pk}&from=site",
            "may_make": may(request.user, [MAKE]),
            "may_keep": may(request.user, [KEEP]),
        },
        title=f"안내판 {site.number}",
        intro=site.address,
        icon="clipboard-list",
        crumbs=[crumb(*LIST)],
        actions=_site_actions(request, site, has_plan=plan is not None, has_sign=current is not None),
    )


def _missing(plan: making.Plan | None) -> list[str]:
    """Lines of the law for which the register has no value."""
    if plan is None:
        return []
    labels = {item.code: item.label for item in plan.contents.required}
    return [labels[code] for code in plan.contents.missing]


def _site_actions(request: HttpRequest, site: Site, *, has_plan: bool, has_sign: bool) -> list[Action]:
    actions = [Action("설치장소", reverse("cameras:site", args=[site.pk]), "site")]
    if may(request.user, ["cameras.decide_signsubstitute"]):
        actions.append(Action("누리집으로 갈음", reverse("signs:substitute", args=[site.pk])))
    if has_plan and may(request.user, [MAKE]):
        actions.append(
            Action("안내판 만들기", reverse("signs:make", args=[site.pk]), "doc-full", not has_sign)
        )
    if has_sign and may(request.user, [CHECK]):
        actions.append(
            Action("사진으로 확인", reverse("signs:check", args=[site.pk]), "image", is_primary=True)
        )
    return actions


@requires(MAKE)
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the size, say what it replaces, then make and record the sign."""
    from reports.documents import sign  # loads the PDF library
    from reports.pdf import TypesettingFailed

    site = get_object_or_404(Site, pk=pk)

    def make_one(form: SizeForm) -> Sign:
        made = sign.issue(site.number, size=form.cleaned_data["size"], by=officer(request)).sign
        if warning := address_warning():
            messages.error(request, warning)
        return made

    found = making.plan(Site.objects.filter(pk=pk))
    return confirm_screen(
        request,
        make_one,
        question="대장의 지금 내용으로 안내판을 만들까요?",
        consequences=_consequences(found),
        confirm="만들기",
        title="안내판 만들기",
        back=reverse("signs:site", args=[pk]),
        done=lambda made: format_html(
            '{} 안내판 제{}판을 만들었습니다. <a href="{}">이 설치장소의 안내판</a>에서 PDF를 받아 실제 크기(100%)로 인쇄하십시오.',
            site.number,
            made.version,
            workplace.kept(request, reverse("signs:site", args=[pk])),
        ),
        form=filled_in(request, SizeForm),
        intro=f"{site.number} {site.address}",
        crumbs=[crumb(*LIST), crumb(site.number, "signs:site", pk)],
        refusals=(sign.UnusableSign, making.Overtaken, TypesettingFailed),
        is_long=True,
    )


def letters_lacking(plans: Iterable[making.Plan]) -> str:
    """Told before it is printed: letters that no font of the sign has, and where they stand; empty where there are none."""
    found: dict[str, str] = {}
    for plan in plans:
        for letter in fonts.lacking("".join(plan.contents.texts)):
            found.setdefault(letter, plan.site.number)
    if not found:
        return ""
    shown = ", ".join(f"‘{letter}’ ({number})" for letter, number in list(found.items())[:MOST_LETTERS])
    return (
        f"안내판의 글꼴에 없어 [U+…] 같은 부호로 인쇄될 글자가 있습니다: {shown}. "
        "대장이나 위탁 계약에 적힌 말을 먼저 고치십시오."
    )


def _consequences(found: making.Plans) -> list[str]:
    if found.left_out:
        return [found.left_out[0][1]]
    (plan,) = found.plans
    lines = [
        f"대장에 값이 없어 안내판에 빠집니다: {label}. 먼저 대장을 고치는 것이 좋습니다."
        for label in _missing(plan)
    ]
    if letters := letters_lacking([plan]):
        lines.insert(0, letters)
    if warning := address_warning():
        lines.insert(0, warning)
    if plan.is_reprint:
        lines.append(f"내용이 제{plan.version}판과 같아 같은 판을 다시 인쇄합니다.")
    elif plan.current is not None:
        lines.append(
            f"쓰고 있는 제{plan.current.version}판은 교체한 것이 되고, 제{plan.version}판을 설치하고 사진으로 확인할 때까지 "
            "‘인쇄’ 상태가 됩니다."
        )
    lines.append("적은 내용은 고정되어, 나중에 대장이 바뀌면 ‘대장과 다름’으로 나옵니다.")
    return lines


@requires(SEE)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF as it would be made today; nothing is recorded."""
    from reports.documents import sign

    site = get_object_or_404(Site, pk=pk)
    size = request.GET.get("size", SignSize.A4)
    try:
        content = sign.preview(site, sign.size_of(size))
    except (sign.UnusableSign, sign.NothingToSay) as error:
        raise Http404(str(error)) from error
    return downloads.pdf(content, f"안내판_미리보기_{site.number}.pdf", is_shown=True)


@requires(SEE)
def sign_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A sign printed again as it was frozen, whatever the register says today."""
    from reports.documents import sign

    found = get_object_or_404(Sign.objects.select_related("site"), pk=pk)
    sheet = sign.Sheet(thaw(found.contents), found.version, found.made_on)
    try:
        size = sign.size_of(request.GET.get("size", found.size))
    except sign.UnusableSign as error:
        raise Http404(str(error)) from error
    content, _ = sign.render([sheet], size)
    return downloads.pdf(
        content,
        f"안내판_{found.site.number}_제{found.version}판_{size.value}.pdf",
        # From a page of acts it is saved: the page that somebody works on stays.
        is_shown=AS_FILE not in request.GET,
    )


def _print(sign: Sign) -> Action:
    return Action(
        f"{sign.site.number} PDF 받기", f"{reverse('signs:file', args=[sign.pk])}?{AS_FILE}=1", "download"
    )


def _back_from_put_up(request: HttpRequest, sites: Sequence[int]) -> str:
    """Where one came from: the page of the one site, or the list as it was filtered."""
    if len(sites) == 1 and request.GET.get("from") == FROM_SITE:
        return reverse("signs:site", args=[sites[0]])
    query = urlencode(_query(SignFilter(request.GET)))
    return f"{reverse('signs:list')}?{query}" if query else reverse("signs:list")


@requires(KEEP)
def put_up(request: HttpRequest) -> HttpResponse:
    """Mark the printed signs of the chosen sites as hanging, all with one day."""
    sites = keys(request.GET.getlist("ids"))
    waiting = making.signs_in_use(sites).filter(put_up_on__isnull=True).select_related("site")
    shown = list(waiting.order_by("site__number")[:20])
    total = waiting.count()
    lines = [f"{sign.site.number} 제{sign.version}판 · {sign.site.address}" for sign in shown]
    if total > len(shown):
        lines.append(f"그 밖에 {total - len(shown):,}개")
    return confirm_screen(
        request,
        lambda form: hanging.put_up(
            waiting.values_list("pk", flat=True), **form.cleaned_data, by=officer(request)
        ),
        question=f"안내판 {total:,}개를 설치한 것으로 적을까요?"
        if total
        else "고른 설치장소에 설치를 기다리는 안내판이 없습니다.",
        consequences=lines,
        confirm="설치로 적기",
        title="안내판 설치",
        back=_back_from_put_up(request, sites),
        done=lambda marked: (
            f"안내판 {len(marked):,}개를 설치한 것으로 적었습니다. 이제 사진으로 확인하십시오."
        ),
        form=filled_in(request, PutUpForm),
        is_empty=not total,
        # Whoever has just made them prints them first.
        actions=[_print(sign) for sign in shown[:MOST_PRINTED]],
        intro="설치만으로는 확인한 것이 아닙니다. 현장에서 사진을 찍어야 합니다.",
        crumbs=[crumb(*LIST)],
    )


@requires(KEEP)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Sign.objects.select_related("site"), pk=pk)
    return confirm_screen(
        request,
        lambda form: hanging.correct(found, by=officer(request), **form.cleaned_data),
        question=f"제{found.version}판의 설치일을 고칠까요?",
        consequences=[
            f"지금 적힌 설치일은 {found.put_up_on:%Y-%m-%d}입니다. 고친 뒤에도 두 날짜와 사유가 원장에 남습니다."
            if found.put_up_on
            else "아직 설치로 적지 않은 판입니다. ‘설치로 적기’를 쓰십시오.",
            "사진으로 확인한 날은 바뀌지 않습니다.",
        ],
        confirm="설치일 고치기",
        title="안내판 설치일 고치기",
        back=reverse("signs:site", args=[found.site_id]),
        done="설치일을 고쳤습니다. 앞의 날짜와 사유는 기록에 남았습니다.",
        form=filled_in(request, CorrectionForm, initial={"on": found.put_up_on}),
        is_empty=found.put_up_on is None,
        intro=f"{found.site.number} {found.site.address}",
        crumbs=[crumb(*LIST), crumb(found.site.number, "signs:site", found.site_id)],
    )


@requires(KEEP)
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Sign.objects.select_related("site"), pk=pk)
    return confirm_screen(
        request,
        lambda form: hanging.retire(found, by=officer(request), **form.cleaned_data),
        question=f"제{found.version}판을 더는 쓰지 않는 것으로 적을까요?",
        consequences=[
            "되돌릴 수 없습니다. 다시 쓰려면 안내판을 새로 만듭니다.",
            "새 안내판을 설치하고 확인할 때까지 이 설치장소의 안내판 의무(조례 제9조)는 미이행입니다.",
        ],
        confirm="교체·철거로 적기",
        title="안내판 교체·철거",
        back=reverse("signs:site", args=[found.site_id]),
        done=f"제{found.version}판을 교체·철거한 것으로 적었습니다.",
        form=filled_in(request, RetireForm),
        is_dangerous=True,
        intro=f"{found.site.number} {found.site.address}",
        crumbs=[crumb(*LIST), crumb(found.site.number, "signs:site", found.site_id)],
    )
