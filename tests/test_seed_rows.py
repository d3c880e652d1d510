"""The order of these tests is the point: the first empties the tables, the second must not notice."""

import pytest
from django.contrib.auth.models import Group

from accounts.roles import Role
from ordinance.models import Article


def assert_everything_is_there():
    assert Article.objects.count() >= 31
    group = Group.objects.get(name=Role.AUDITOR.label)
    assert group.permissions.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_starts_with_what_migrations_loaded():
    assert_everything_is_there()
    Group.objects.create(name="시험")


@pytest.mark.django_db(transaction=True)
def test_and_so_does_the_next_one():
    assert_everything_is_there()
    assert not Group.objects.filter(name="시험").exists()


@pytest.mark.django_db
def test_and_one_that_is_not():
    assert_everything_is_there()
