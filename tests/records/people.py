"""People of the control centre as tests need them: on the list, taught, sworn in; through the product's own acts."""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from records.competence import outside, pledges
from records.models import StaffKind, StaffMember, TrainingCourse
from tests.accounts.factories import OfficerFactory

# What a released installation has from `migrate` on.
FIRST_COURSE = "영상정보 보호와 비밀유지 (기본)"


def course() -> TrainingCourse:
    return TrainingCourse.objects.get(title=FIRST_COURSE)


def person(officer: Officer | None = None, **values) -> StaffMember:
    number = values.pop("number", f"S{StaffMember.objects.count() + 1:03d}")
    given = {
        "kind": StaffKind.OFFICIAL,
        "name": "김하나",
        "account": officer.username if officer else "",
        **values,
    }
    return StaffMember.objects.create(number=number, officer=officer, **given)


def taught(staff: StaffMember, by: Officer, on: dt.date | None = None):
    return outside.record(
        staff, course(), on=on or timezone.localdate(), minutes=60, issuer="개인정보 보호위원회", by=by
    )


def sworn(staff: StaffMember, by: Officer):
    """By the person alone."""
    text = pledges.text_of(pledges.kind_to_sign(staff), timezone.localdate())
    assert text is not None
    return pledges.sign(staff, text, by=by)


def _another(officer: Officer) -> Officer:
    """Nobody enters the own training."""
    return Officer.objects.exclude(pk=officer.pk).first() or OfficerFactory()


def competent(officer: Officer) -> Officer:
    """On the list, taught today and sworn in; once."""
    staff = StaffMember.objects.filter(officer=officer).first()
    if staff is None:
        staff = person(officer)
        taught(staff, _another(officer))
        sworn(staff, officer)
    return officer
