"""A column that a copy of the database does not give away, and that opens in its own place only."""

import json

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction

from accounts import encryption, resealing
from accounts.encryption import EncryptedTextField, Sealed, Undecryptable
from config.keys import KeyStore


class Person(models.Model):
    number = models.CharField(max_length=20)
    name = EncryptedTextField(bound_to="number", blank=True, null=True)
    contact = EncryptedTextField(bound_to="number", blank=True, null=True)

    class Meta:
        app_label = "tests"

    def __str__(self):
        return self.number


@pytest.fixture(scope="module")
def _table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Person)


@pytest.fixture
def people(_table, db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "KEY_STORE", KeyStore(tmp_path / "keys"))
    monkeypatch.setattr(
        resealing,
        "columns",
        lambda: [(Person, [Person._meta.get_field(name) for name in ("name", "contact")])],
    )
    return Person.objects


def stored(person, column="name"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM tests_person WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def put(person, value, column="name"):
    """What somebody with the database, and not our code, writes."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE tests_person SET {column} = %s WHERE id = %s", [value, person.pk])


@pytest.mark.parametrize("name", ["홍길동", "뷁", "a" * 5000, "'; DROP TABLE x; --", "\n", "🙂", "p2:x:y"])
def test_what_is_stored_is_not_what_was_written_and_comes_back_whole(people, name):
    person = people.create(number="1", name=name)
    assert name not in stored(person)
    assert people.get(pk=person.pk).name == name


@pytest.mark.parametrize("name", [None, ""])
def test_nothing_stays_nothing(people, name):
    person = people.create(number="1", name=name)
    assert stored(person) == name
    assert people.get(pk=person.pk).name == name


def test_equal_names_are_stored_differently(people):
    assert stored(people.create(number="1", name="홍길동")) != stored(
        people.create(number="2", name="홍길동")
    )


def test_a_cell_of_another_row_or_column_does_not_open(people):
    victim = people.create(number="1", name="피해자", contact="010-7777-8888")
    mine = people.create(number="2", name="나", contact="010-0000-0000")
    put(mine, stored(victim))
    with pytest.raises(Undecryptable, match="다른 자리"):
        _ = people.get(pk=mine.pk).name
    put(victim, stored(victim, "contact"))
    with pytest.raises(Undecryptable):
        _ = people.get(pk=victim.pk).name


def test_the_tables_keys_differ(people):
    token = encryption.seal("홍길동", purpose="one", place="p")
    assert encryption.unseal(token, purpose="one", place="p") == "홍길동"
    with pytest.raises(Undecryptable):
        encryption.unseal(token, purpose="two", place="p")


def test_without_its_row_a_cell_stays_sealed(people):
    people.create(number="1", name="홍길동")
    value = people.values_list("name", flat=True).get()
    assert isinstance(value, Sealed)
    assert "홍길동" not in f"{value} {value!r}"


def test_rows_are_read_without_being_opened_and_stored_again_unchanged(people, monkeypatch):
    person = people.create(number="1", name="홍길동")
    before = stored(person)
    monkeypatch.setattr(encryption, "unseal", lambda *args, **kwargs: pytest.fail("opened"))
    again = people.get(pk=person.pk)
    again.save()
    assert stored(person) == before


def test_many_at_once_can_only_be_emptied(people):
    person = people.create(number="1", name="홍길동")
    with pytest.raises(FieldError, match="행을 저장할 때만"), transaction.atomic():
        people.update(name="성춘향")
    people.update(name="")
    assert stored(person) == ""


def test_a_column_bound_to_nothing_is_a_mistake_that_is_seen():
    with pytest.raises(FieldError, match="bound_to"):

        class Loose(models.Model):
            name = EncryptedTextField()

            class Meta:
                app_label = "tests"


def test_it_is_not_stored_before_what_it_is_bound_to(people):
    with pytest.raises(FieldError, match="must be set"):
        people.create(name="홍길동")


def test_searching_is_refused_with_a_reason(people):
    people.create(number="1", name=None)
    with pytest.raises(FieldError, match="검색할 수 없습니다"):
        people.filter(name="홍길동").count()
    assert people.filter(name__isnull=True).count() == 1


def test_another_deployment_cannot_read_it(people, tmp_path, monkeypatch):
    person = people.create(number="1", name="홍길동")
    monkeypatch.setattr(settings, "KEY_STORE", KeyStore(tmp_path / "other"))
    with pytest.raises(Undecryptable, match="열쇠"):
        _ = people.get(pk=person.pk).name


def figures(capsys, *arguments) -> dict:
    call_command("reencrypt", "--json", *arguments)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_new_key_seals_everything_again_and_the_old_one_is_gone(people, capsys):
    row = people.create(number="1", name="홍길동", contact="010")
    before, old = stored(row), next(iter(encryption.keys()))
    assert figures(capsys, "--dry-run", "--new-key")["rewritten"] == 0
    assert figures(capsys, "--new-key") == {
        "cells": 2,
        "rewritten": 2,
        "unreadable": 0,
        "keys_dropped": 1,
        "dry_run": False,
    }
    assert old not in list(encryption.keys())
    assert stored(row) != before
    assert people.get(pk=row.pk).name == "홍길동"
    assert figures(capsys)["rewritten"] == 0


def test_a_cell_that_does_not_open_is_named_and_keeps_the_old_key(people, capsys):
    one, two = people.create(number="1", name="하나"), people.create(number="2", name="둘")
    put(two, stored(one))
    with pytest.raises(CommandError) as failed:
        figures(capsys, "--new-key")
    assert failed.value.returncode == 1
    assert f"tests_person {two.pk} name" in capsys.readouterr().err
    assert len(encryption.keys()) == 2
    assert people.get(pk=one.pk).name == "하나"


def test_after_an_upgrade_old_cells_are_sealed_for_their_place_and_the_old_key_opens_no_more(people):
    folder = settings.KEY_STORE.folder
    key = settings.KEY_STORE.read(resealing.LEGACY_KEY, Fernet.generate_key)
    fernet, clear = people.create(number="1"), people.create(number="2")
    put(fernet, Fernet(key).encrypt("홍길동".encode()).decode())
    put(clear, "7KQ2MX")
    with pytest.raises(Undecryptable):
        _ = people.get(pk=fernet.pk).name
    resealing.after_migrate()
    assert [row.name for row in people.order_by("number")] == ["홍길동", "7KQ2MX"]
    assert not (folder / resealing.LEGACY_KEY).exists()
    put(clear, Fernet(key).encrypt(b"planted").decode())
    resealing.after_migrate()
    with pytest.raises(Undecryptable):
        _ = people.get(pk=clear.pk).name


def test_a_digest_needs_the_key_and_knows_its_purpose(people, tmp_path, monkeypatch):
    first = encryption.keyed_digest("receipt", "7KQ2MX")
    assert first == encryption.keyed_digest("receipt", "7KQ2MX") != encryption.keyed_digest("other", "7KQ2MX")
    monkeypatch.setattr(settings, "KEY_STORE", KeyStore(tmp_path / "other"))
    assert encryption.keyed_digest("receipt", "7KQ2MX") != first


def test_key_files_are_for_their_owner_only(tmp_path):
    store = KeyStore(tmp_path / "keys")
    assert store.read("one", lambda: b"first") == store.read("one", lambda: b"second") == b"first"
    store.write("one", b"third")
    assert store.read("one", lambda: b"second") == b"third"
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "one").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["one"]
