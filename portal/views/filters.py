"""Filters of lists, kept by name: one's own, or shared with all who may open the list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from portal.access import may, officer, refuse, requires
from portal.models import SavedFilter

ENTER = "wagtailadmin.access_admin"
MOST = 50


@require_POST
@requires(ENTER)
def keep(request: HttpRequest) -> HttpResponse:
    """The same name again is the new meaning of that name."""
    path, name = request.POST.get("path", ""), " ".join(request.POST.get("name", "").split())[:60]
    query = QueryDict(request.POST.get("query", "")[:1000]).urlencode()
    try:
        view = resolve(path).func
    except Resolver404:
        return redirect("agenda:list")
    needed = getattr(view, "required_permissions", None)
    if needed is None or not may(request.user, needed):
        return refuse(request, needed or [ENTER])
    person = officer(request)
    if not name:
        messages.error(request, "거르기에 붙일 이름을 적어 주십시오.")
    elif SavedFilter.objects.filter(officer=person).exclude(path=path, name=name).count() >= MOST:
        messages.error(request, f"거르기는 {MOST}개까지 보관합니다. 쓰지 않는 것을 지워 주십시오.")
    else:
        given = {"query": query, "is_shared": request.POST.get("is_shared") == "on"}
        SavedFilter.objects.update_or_create(officer=person, path=path, name=name, defaults=given)
        messages.success(request, f"‘{name}’ 거르기를 보관했습니다.")
    return HttpResponseRedirect(f"{path}?{query}")


@require_POST
@requires(ENTER)
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own alone."""
    found = get_object_or_404(SavedFilter, pk=pk, officer=officer(request))
    found.delete()
    messages.success(request, f"‘{found.name}’ 거르기를 지웠습니다.")
    return HttpResponseRedirect(found.path)
