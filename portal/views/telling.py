"""알리기: a mail to those who act next in a matter."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import queueing
from casework import next_steps
from portal import telling
from portal.access import refuse, requires
from portal.tasks import tell_next


@require_POST
@requires("wagtailadmin.access_admin")
def tell(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    matter = telling.find(label, pk)
    step = next_steps.of(matter, timezone.now()) if matter is not None else None
    if matter is None:
        raise Http404
    if step is not None and not telling.may_see(request, step, label):
        return refuse(request, [f"{label.replace('.', '.view_')}"])
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    if step is None or not step.needs:
        messages.info(request, "지금은 알릴 차례가 없습니다. 이미 처리되었습니다.")
    elif (notice := telling.tell(request, matter, step)) is None:
        messages.info(request, "하루 안에 이미 알렸습니다.")
    else:
        queueing.start(tell_next, notice.pk)
        messages.success(request, "다음 담당자에게 메일로 알렸습니다.")
    return redirect(back if is_ours else "agenda:list")
