"""Who acts next in a matter, as its page shows it, and the mail that tells them so.

The mail names the matter by its number, the step and the portal's address, nothing of a person and nothing of what the
matter says. Each step is told once a day, whoever presses the button.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import Officer
from casework import next_steps
from casework.next_steps import NextStep
from portal.access import may_open, officer, roles_with
from portal.district import portal_name
from portal.models import StepNotice

ONCE_IN = datetime.timedelta(days=1)
KEPT = datetime.timedelta(days=90)
SHOWN = 3


@dataclass(frozen=True)
class Told:
    """What the page says."""

    step: NextStep
    roles: Sequence[str]
    people: Sequence[Officer]
    more: int
    url: str
    is_mine: bool
    tell_url: str
    notice: StepNotice | None
    back: str


def told(request: HttpRequest, matter: models.Model) -> Told | None:
    step = next_steps.of(matter, timezone.now())
    if step is None:
        return None
    people = list(able(step)[: SHOWN + 20]) if step.needs else []
    is_mine = step.is_for(request.user)
    # What nobody can do yet leads nowhere, and nobody is sent a mail about it; nor does a page lead to itself.
    is_this_page = _url(step) == request.path
    is_here = step.may_wait and is_this_page
    return Told(
        step=step,
        roles=[role.label for role in roles_with([step.needs])] if step.needs else [],
        people=people[:SHOWN],
        more=max(0, len(people) - SHOWN),
        url=_url(step) if is_mine and not is_this_page else "",
        is_mine=is_mine,
        tell_url=""
        if is_mine or is_here or not people
        else reverse("tell", args=[matter._meta.label_lower, matter.pk]),
        notice=_last(matter, step),
        back=request.get_full_path(),
    )


def able(step: NextStep) -> "models.QuerySet[Officer]":
    """Those whose right it is and who may be the one."""
    labels = [role.label for role in roles_with([step.needs])]
    having = Officer.objects.filter(Q(groups__name__in=labels), is_active=True).exclude(
        pk__in=step.not_by - {None}
    )
    if step.only is not None:
        having = having.filter(pk__in=step.only)
    return having.select_related("department").distinct().order_by("department__name", "pk")


def find(label: str, pk: int) -> models.Model | None:
    model = next_steps.known().get(label)
    return model._base_manager.filter(pk=pk).first() if model else None


def may_see(request: HttpRequest, step: NextStep, label: str) -> bool:
    """Whoever sees such matters may say that one of them waits."""
    app, _, model = label.partition(".")
    return request.user.has_perm(f"{app}.view_{model}") or may_open(
        request.user, step.url_name, *step.url_args
    )


def tell(request: HttpRequest, matter: models.Model, step: NextStep) -> StepNotice | None:
    """None when it was told within a day."""
    with transaction.atomic():
        if _last(matter, step) is not None:
            return None
        notice = StepNotice.objects.create(
            matter=_name(matter),
            code=step.code,
            words=f"{step.matter}: {step.verb}"[:200],
            address=_url(step),
            told_by=officer(request),
        )
        notice.recipients.set(able(step).exclude(email=""))
    return notice


def send(notice_id: int) -> None:
    """One mail to each, so that nobody reads the others' addresses; sent twice does less harm than never."""
    notice = StepNotice.objects.filter(pk=notice_id, sent_at=None).first()
    if notice is None:
        return
    for person in notice.recipients.filter(is_active=True).exclude(email=""):
        text = (
            f"{notice.words}\n\n업무 포털에서 다음 차례를 기다리고 있습니다.\n{settings.PUBLIC_URL}{notice.address}\n\n"
            "내용은 로그인한 뒤에 보입니다. 답장하지 마십시오."
        )
        EmailMessage(f"[{portal_name(None)}] {notice.words}", text, None, [person.email]).send()
    notice.sent_at = timezone.now()
    notice.save(update_fields=["sent_at"])


def unsent() -> "models.QuerySet[StepNotice]":
    """Of today, which no worker took."""
    at = timezone.now()
    return StepNotice.objects.filter(
        sent_at=None, told_at__gt=at - ONCE_IN, told_at__lt=at - datetime.timedelta(minutes=5)
    )


def forget_old() -> int:
    return StepNotice.objects.filter(told_at__lt=timezone.now() - KEPT).delete()[0]


def _last(matter: models.Model, step: NextStep) -> StepNotice | None:
    since = timezone.now() - ONCE_IN
    found = StepNotice.objects.filter(matter=_name(matter), code=step.code, told_at__gte=since)
    return found.select_related("told_by").first()


def _name(matter: models.Model) -> str:
    return f"{matter._meta.label_lower}:{matter.pk}"


def _url(step: NextStep) -> str:
    try:
        return reverse(step.url_name, args=step.url_args) + (f"?{step.query}" if step.query else "")
    except NoReverseMatch:
        return ""
