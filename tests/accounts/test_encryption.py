"""A column that a copy of the database does not give away. The field stands on a model of its own here."""

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import connection, models

from accounts.encryption import KEY_NAME, EncryptedTextField, Undecryptable
from config.keys import KeyStore


class Person(models.Model):
    name = EncryptedTextField(blank=True, null=True)

    class Meta:
        app_label = "tests"

    def __str__(self):
        return self.name or ""


@pytest.fixture(scope="module")
def _table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Person)


@pytest.fixture
def people(_table, db):
    return Person.objects


def stored(person):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM tests_person WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("name", ["홍길동", "뷁", "a" * 5000, "'; DROP TABLE x; --", "\n", "🙂"])
def test_what_is_stored_is_not_what_was_written_and_comes_back_whole(people, name):
    person = people.create(name=name)
    assert name not in stored(person)
    assert people.get(pk=person.pk).name == name


@pytest.mark.parametrize("name", [None, ""])
def test_nothing_stays_nothing(people, name):
    person = people.create(name=name)
    assert stored(person) == name
    assert people.get(pk=person.pk).name == name


def test_equal_names_are_stored_differently(people):
    assert stored(people.create(name="홍길동")) != stored(people.create(name="홍길동"))


def test_searching_is_refused_with_a_reason(people):
    people.create(name=None)
    with pytest.raises(FieldError, match="검색할 수 없습니다"):
        people.filter(name="홍길동").count()
    assert people.filter(name__isnull=True).count() == 1


def test_another_deployment_cannot_read_it(people, tmp_path, monkeypatch):
    person = people.create(name="홍길동")
    monkeypatch.setattr(settings, "KEY_STORE", KeyStore(tmp_path))
    with pytest.raises(Undecryptable, match="열쇠"):
        people.get(pk=person.pk)


def test_a_key_is_changed_by_a_new_first_line(people, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "KEY_STORE", KeyStore(tmp_path))
    old = people.create(name="홍길동")
    key_file = tmp_path / KEY_NAME
    key_file.write_bytes(Fernet.generate_key() + b"\n" + key_file.read_bytes())
    new = people.create(name="성춘향")
    assert [people.get(pk=row.pk).name for row in (old, new)] == ["홍길동", "성춘향"]
    key_file.write_bytes(key_file.read_bytes().split()[0])
    with pytest.raises(Undecryptable):
        people.get(pk=old.pk)
    assert people.get(pk=new.pk).name == "성춘향"


def test_key_files_are_for_their_owner_only(tmp_path):
    store = KeyStore(tmp_path / "keys")
    assert store.read("one", lambda: b"first") == store.read("one", lambda: b"second") == b"first"
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "one").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["one"]
