"""The numbers in the menu after an act, asked for by the page that is already shown."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from portal import desk_counts, home, menu
from portal.access import officer, requires


@requires("wagtailadmin.access_admin")
def menu_counts(request: HttpRequest) -> JsonResponse:
    person = officer(request)
    if not desk_counts.are_known(person.pk):
        desk_counts.keep(person, home.desk(person, timezone.now()).mine)
    answer = JsonResponse(menu.counts(person.pk))
    answer["Cache-Control"] = "no-store"
    return answer
