"""전담부서의 지정 (ordinance art. 4): exactly one responsible department of an institution on any date."""

from datetime import date, timedelta

from django.db import transaction

from accounts.models import Department, Institution, ResponsibleDesignation


def responsible_on(on: date, institution: Institution | None = None) -> Department | None:
    """The responsible department on that date; None when nobody was designated."""
    designations = ResponsibleDesignation.objects.in_force(on).select_related("department__institution")
    if institution is not None:
        designations = designations.filter(institution=institution)
    designation = designations.first()
    return designation.department if designation else None


@transaction.atomic
def designate(
    department: Department, *, from_on: date, document_number: str = "", manager_post: str = ""
) -> ResponsibleDesignation:
    """Make the department responsible from that date; the one in force until then ends the day before."""
    open_ended = ResponsibleDesignation.objects.select_for_update().filter(
        institution=department.institution, until_on__isnull=True, from_on__lt=from_on
    )
    for predecessor in open_ended:
        predecessor.until_on = from_on - timedelta(days=1)
        predecessor.full_clean()
        predecessor.save()
    designation = ResponsibleDesignation(
        department=department,
        from_on=from_on,
        document_number=document_number,
        manager_post=manager_post.strip(),
    )
    designation.full_clean()
    designation.save()
    return designation
