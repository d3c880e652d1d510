"""People and departments of a district office."""

import factory
from factory.django import DjangoModelFactory

from accounts import roles
from accounts.models import Department, Institution, Officer, ResponsibleDesignation


class InstitutionFactory(DjangoModelFactory):
    class Meta:
        model = Institution
        django_get_or_create = ["name"]

    name = "서울특별시 강서구청"
    code = "3150000"
    phone = "02-2600-6114"


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department
        django_get_or_create = ["institution", "name"]

    institution = factory.SubFactory(InstitutionFactory)
    name = factory.Sequence(lambda n: f"안전관리{n}과")


class ResponsibleDesignationFactory(DjangoModelFactory):
    class Meta:
        model = ResponsibleDesignation

    department = factory.SubFactory(DepartmentFactory)
    from_on = factory.Faker("date_object")


class OfficerFactory(DjangoModelFactory):
    """An account without a role; `OfficerFactory(role=Role.OFFICIAL)` gives one."""

    class Meta:
        model = Officer
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"officer{n}")
    last_name = "김"
    first_name = factory.Sequence(lambda n: f"담당{n}")
    department = factory.SubFactory(DepartmentFactory)
    password = factory.django.Password("gangseo-2026")

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        if create and extracted:
            roles.assign(self, extracted)
