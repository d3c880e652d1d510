"""Exactly one responsible department on any date (ordinance art. 4)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from accounts.designations import designate, responsible_on
from accounts.models import Institution, ResponsibleDesignation
from tests.accounts.factories import DepartmentFactory, InstitutionFactory, ResponsibleDesignationFactory

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2023, 5, 10), date(2025, 9, 30)


@pytest.fixture
def smart_city():
    return DepartmentFactory(name="스마트도시과")


@pytest.fixture
def safety():
    return DepartmentFactory(name="안전관리과")


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [
        (date(2023, 1, 1), FIRST),  # ends on the first day
        (LAST, None),  # starts on the last day
        (date(2024, 1, 1), date(2024, 1, 1)),  # one day inside
        (date(2020, 1, 1), None),  # all around
        (FIRST, LAST),  # the same days
    ],
)
def test_overlap_is_refused_by_form_and_database(smart_city, safety, from_on, until_on):
    ResponsibleDesignationFactory(department=smart_city, from_on=FIRST, until_on=LAST)
    second = ResponsibleDesignation(department=safety, from_on=from_on, until_on=until_on)
    with pytest.raises(ValidationError, match="이미 지정된 전담부서"):
        second.full_clean()
    with pytest.raises(DatabaseError, match="designation_once_per_date"), transaction.atomic():
        second.save()


def test_the_days_before_and_after_are_free(smart_city, safety):
    ResponsibleDesignationFactory(department=smart_city, from_on=FIRST, until_on=LAST)
    for from_on, until_on in [(date(2020, 1, 1), date(2023, 5, 9)), (date(2025, 10, 1), None)]:
        neighbour = ResponsibleDesignation(department=safety, from_on=from_on, until_on=until_on)
        neighbour.full_clean()
        neighbour.save()
    assert ResponsibleDesignation.objects.count() == 3


def test_a_change_into_an_overlap_is_refused_too(smart_city, safety):
    ResponsibleDesignationFactory(department=smart_city, from_on=FIRST, until_on=LAST)
    later = ResponsibleDesignationFactory(department=safety, from_on=date(2025, 10, 1))
    later.full_clean()  # not in its own way
    with pytest.raises(DatabaseError, match="designation_once_per_date"), transaction.atomic():
        ResponsibleDesignation.objects.filter(pk=later.pk).update(from_on=LAST)


def test_two_institutions_of_one_hub_have_one_each(smart_city):
    designate(smart_city, from_on=FIRST)
    other = DepartmentFactory(institution=InstitutionFactory(name="서울특별시 양천구청"), name="스마트도시과")
    designate(other, from_on=FIRST)
    assert responsible_on(FIRST, Institution.objects.get(name="서울특별시 양천구청")) == other
    assert responsible_on(FIRST, smart_city.institution) == smart_city


def test_designating_ends_the_predecessor_the_day_before(smart_city, safety):
    designate(smart_city, from_on=FIRST, document_number="스마트도시과-1")
    designate(safety, from_on=date(2025, 10, 1), document_number="안전관리과-7")
    assert responsible_on(date(2023, 5, 9)) is None
    assert responsible_on(LAST) == smart_city
    assert responsible_on(date(2025, 10, 1)) == safety
    assert responsible_on(date(2030, 1, 1)) == safety


def test_designating_into_the_past_of_another_is_refused(smart_city, safety):
    designate(smart_city, from_on=FIRST)
    with pytest.raises(ValidationError):
        designate(safety, from_on=date(2022, 1, 1))
    assert responsible_on(FIRST) == smart_city


def test_an_end_before_the_start_is_refused(smart_city):
    with pytest.raises(ValidationError, match="해제일"):
        ResponsibleDesignation(department=smart_city, from_on=LAST, until_on=FIRST).full_clean()
