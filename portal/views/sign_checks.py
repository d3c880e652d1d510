"""안내판 사진: taken at the pole on a telephone, read at once, and kept with what came of it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cameras.models import SignCheck, Site
from cameras.signs import checking
from cameras.signs.photo import NoPicture
from ordinance import parameters
from portal import workplace
from portal.access import may, officer, requires
from portal.forms.signs import ConfirmForm, PhotoForm
from portal.pages import Action, crumb, page
from portal.screens import carry_out
from portal.views.signs import CHECK, LIST, SEE


@requires(CHECK)
def photo(request: HttpRequest) -> HttpResponse:
    """A photograph of any sign: the code says whose it is."""
    return _photograph(request, None)


@requires(CHECK)
def photo_at_site(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph of this site's sign: another sign's is refused."""
    return _photograph(request, get_object_or_404(Site, pk=pk))


def _photograph(request: HttpRequest, site: Site | None) -> HttpResponse:
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            check = checking.check(
                form.cleaned_data["photo"].read(), by=officer(request), site=site, position=form.position
            )
        except NoPicture as error:
            form.add_error("photo", str(error))
        except checking.NoSite as error:
            form.add_error(
                "photo", f"{error} 직접 확인하려면 목록에서 설치장소를 고른 뒤 ‘사진으로 확인’을 누르십시오."
            )
        else:
            if check.outcome == SignCheck.Outcome.READ:
                messages.success(request, f"{check.site.number} 안내판을 확인했습니다.")
                if next_url := workplace.after(request):
                    return redirect(next_url)
            return redirect(workplace.kept(request, reverse("signs:outcome", args=[check.pk])))
    crumbs = [crumb(*LIST)]
    if site is not None:
        crumbs.append(crumb(site.number, "signs:site", site.pk))
    return page(
        request,
        "portal/signs/photo.html",
        {
            "form": form,
            "site": site,
            "metres": parameters.value("sign_photo_metres").value,
            "days": parameters.value("sign_photo_days").value,
            "back_url": reverse("signs:site", args=[site.pk]) if site else reverse("signs:list"),
        },
        title="안내판 사진 찍기",
        intro=f"{site.number} {site.address}" if site else "QR 코드를 읽어 어느 안내판인지 알아냅니다.",
        icon="image",
        crumbs=crumbs,
    )


@requires(SEE, post=CHECK)
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a photograph; a refused one can be confirmed by hand, with a reason."""
    check = get_object_or_404(SignCheck.objects.select_related("site", "sign", "checked_by"), pk=pk)
    is_refused = check.outcome == SignCheck.Outcome.REFUSED
    has_photo = bool(check.photo)
    may_confirm = is_refused and has_photo and check.sign_id is not None and may(request.user, [CHECK])
    form = ConfirmForm(request.POST or None, has_time=check.taken_at is not None) if may_confirm else None
    if request.method == "POST" and form is not None and form.is_valid():
        answer = carry_out(
            request,
            form,
            lambda form: checking.confirm(check, **form.cleaned_data, by=officer(request)),
            done="사유를 적고 직접 확인한 것으로 기록했습니다.",
            to=lambda confirmed: reverse("signs:outcome", args=[confirmed.pk]),
        )
        if answer is not None:
            return answer
    return page(
        request,
        "portal/signs/outcome.html",
        {
            "check": check,
            "is_refused": is_refused,
            "form": form,
            "again_url": workplace.kept(request, reverse("signs:check", args=[check.site_id]))
            if may(request.user, [CHECK])
            else "",
        },
        title="안내판 사진 확인 결과",
        intro=f"{check.site.number} {check.site.address}",
        crumbs=[crumb(*LIST), crumb(check.site.number, "signs:site", check.site_id)],
        actions=[Action("다른 안내판 찍기", reverse("signs:photo"), "image")]
        if may(request.user, [CHECK])
        else (),
    )


@requires("cameras.view_signcheck")
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The copy without place and device data."""
    check = get_object_or_404(SignCheck.objects.exclude(public_photo=""), pk=pk)
    return _file(check.public_photo, "image/jpeg", f"sign-{check.pk}.jpg", is_download=False)


@requires("cameras.view_signcheck")
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photograph as taken, always as a download: nobody's browser runs what somebody sent."""
    check = get_object_or_404(SignCheck.objects.exclude(photo=""), pk=pk)
    return _file(check.photo, "application/octet-stream", f"sign-{check.pk}-original", is_download=True)


def _file(stored, content_type: str, name: str, *, is_download: bool) -> FileResponse:  # type: ignore[no-untyped-def]
    try:
        opened = stored.open("rb")
    except FileNotFoundError:
        raise Http404("사진 파일이 없습니다.") from None
    answer = FileResponse(opened, as_attachment=is_download, filename=name, content_type=content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
