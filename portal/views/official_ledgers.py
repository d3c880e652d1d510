"""관리대장: the two official ledgers on screen and as files. Persons in them are seen for a stated purpose, on record."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from portal import downloads
from portal.access import may, officer, requires
from portal.forms.official_ledgers import LedgerFilter, LookForm, TakeForm
from portal.listing import PAGE_ARGUMENT, query_without
from portal.pages import Action, crumb
from portal.screens import filled_in, form_screen, list_screen
from reports import wording
from reports.documents import official_ledger
from reports.documents.official_ledger import Name

# Requests and provisions are both in it: who sees both may see the ledger; persons and files are for those who handle them.
SEE, HANDLE = "records.view_provision", "records.handle_provision"


def _name(text: str) -> Name:
    try:
        return Name(text)
    except ValueError:
        raise Http404("그런 대장이 없습니다.") from None


@requires(SEE, post=HANDLE)
def ledger(request: HttpRequest, name: str) -> HttpResponse:
    """Lines without persons; with them once a purpose was given."""
    which = _name(name)
    form = LedgerFilter(request.GET, name=which)
    look = LookForm(request.POST or None)
    purpose = look.cleaned_data["purpose"] if request.method == "POST" and look.is_valid() else ""
    from_on, until_on = form.span
    shown: Any = None
    try:
        shown = official_ledger.show(
            which, from_on, until_on, form.where, purpose=purpose, by=officer(request)
        )
    except official_ledger.UnusableLedger as problem:
        form.add_error(None, str(problem))
    may_handle = may(request.user, [HANDLE])
    query = query_without(request.GET, PAGE_ARGUMENT)
    other = next(each for each in Name if each != which)
    answer = list_screen(
        request,
        "portal/documents/ledger.html",
        shown.rows if shown else [],
        title=official_ledger.TITLES[which],
        intro=f"{official_ledger.FORMS[which]}. {wording.day(from_on)}부터 {wording.day(until_on)}까지. 일어난 일에서 저절로 적히며 손으로 고칠 수 없습니다.",
        icon="list-ol",
        form=form,
        look=look if may_handle and not purpose else None,
        is_named=bool(purpose),
        ledger_headings=official_ledger.HEADINGS[which],
        each=lambda row: list(zip(official_ledger.HEADINGS[which], row, strict=True)),
        actions=[
            Action(official_ledger.TITLES[other], reverse("official_ledgers:ledger", args=[other.value])),
            Action("내려받기…", f"{reverse('official_ledgers:take', args=[name])}?{query}", "download")
            if may_handle
            else None,
        ],
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@requires(HANDLE)
def take(request: HttpRequest, name: str) -> HttpResponse:
    """The ledger as a file, with persons: for a purpose, on record."""
    which = _name(name)
    chosen = LedgerFilter(request.GET, name=which)
    from_on, until_on = chosen.span
    back = f"{reverse('official_ledgers:ledger', args=[name])}?{query_without(request.GET, PAGE_ARGUMENT)}"

    def made(form: TakeForm) -> HttpResponse:
        ending = form.cleaned_data["format"]
        try:
            file = official_ledger.make(
                which,
                from_on,
                until_on,
                ending,
                actor=f"officer:{officer(request).pk}",
                where=chosen.where,
                purpose=form.cleaned_data["purpose"],
            )
        except official_ledger.UnusableLedger as problem:
            raise ValidationError(str(problem)) from problem
        title = official_ledger.TITLES[which].replace("·", "")
        return downloads.document(file.content, f"{title}_{from_on}_{until_on}{ending}")

    return form_screen(
        request,
        filled_in(request, TakeForm),
        made,
        title=f"{official_ledger.TITLES[which]} 내려받기",
        back=back,
        done="",
        submit="내려받기",
        notes=[
            f"{wording.day(from_on)}부터 {wording.day(until_on)}까지, 화면에서 고른 조건에 맞는 줄입니다.",
            "성명이 들어 있습니다. 내려받은 사실과 목적은 원장에 남습니다.",
        ],
        crumbs=[crumb(official_ledger.TITLES[which], "official_ledgers:ledger", name)],
        icon="download",
        is_long=True,
    )


urlpatterns = [
    path("", ledger, {"name": Name.PERSONAL_VIDEO.value}, name="home"),
    path("<slug:name>/", ledger, name="ledger"),
    path("<slug:name>/take/", take, name="take"),
]
