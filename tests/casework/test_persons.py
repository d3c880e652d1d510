"""개인정보 목록: nothing is kept of people that no entry answers for."""

from dataclasses import replace
from functools import partial

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.encryption import EncryptedTextField
from accounts.models import SecondFactor
from cameras.models import Opinion
from casework import nightly, persons
from ordinance.models import ParameterDefinition
from portal.models import FormDraft, PortalSession

HOW = (
    "An encrypted column holds something about a person. Name it in the `PersonalData` of its matter "
    "(`casework.persons.register`, from the app's `ready`): as one of `columns`, or `along` with the person."
)
# Encrypted for another reason: it opens an opinion's page and tells nothing of who wrote it; an officer's own unsent
# words, gone within hours (`portal.drafts`); the key of an officer's second factor; from where an officer's own session
# came, shown to that officer alone for 90 days (`portal.open_sessions`).
NOT_OF_A_PERSON = {
    (Opinion, "receipt_secret"),
    (FormDraft, "content"),
    (SecondFactor, "secret"),
    (SecondFactor, "offered"),
    (PortalSession, "address"),
}


def test_every_encrypted_column_has_an_entry() -> None:
    stored = {
        (model, field.name)
        for model in apps.get_models()
        if not model._meta.app_label.startswith("tests")
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }
    assert len(stored) > 10
    assert stored - persons.columns() == NOT_OF_A_PERSON, HOW


def test_every_entry_says_what_the_law_wants_told() -> None:
    assert {entry.code for entry in persons.entries()} >= {"opinion", "sign_report", "viewing_request"}
    for entry in persons.entries():
        for text in (
            entry.title,
            entry.items,
            entry.purpose,
            entry.ground,
            entry.kept_from,
            entry.recipients,
        ):
            assert text.strip()
        assert bool(entry.purposes) == bool(entry.read_kind), (
            "who may read it is asked why, and it is recorded"
        )


@pytest.mark.django_db
def test_every_entry_is_kept_as_long_as_a_figure_says_and_not_longer() -> None:
    for entry in persons.entries():
        assert ParameterDefinition.objects.get(code=entry.days).unit == "일"
        assert entry.kept_days > 0
    assert set(persons.rehearse().values()) == {0}
    assert set(persons.erase_due(timezone.now()).values()) == {0}


def test_an_entry_that_fails_keeps_none_of_the_others_waiting(monkeypatch) -> None:
    tried = []

    def erase(code: str, at: object) -> int:
        tried.append(code)
        if code == "opinion":
            raise OSError("disk")
        return 0

    entries = [replace(entry, erase=partial(erase, entry.code)) for entry in persons.entries()]
    monkeypatch.setattr(persons, "entries", lambda: entries)
    with pytest.raises(nightly.Unfinished, match="opinion"):
        persons.erase_due(timezone.now())
    assert tried == [entry.code for entry in entries]
