"""A witness that is not served is said at once and becomes a finding; when it is served again the finding closes."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from casework import witnessing
from ledger import witness
from ledger.seal import seal
from ordinance import due
from ordinance.models import Finding
from tests.ledger.factories import make_entries

pytestmark = pytest.mark.django_db
LATE = witness.WRITTEN_WITHIN + dt.timedelta(seconds=1)


@pytest.fixture
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.LEDGER_WITNESS = str(tmp_path / "audit")
    (tmp_path / "audit").mkdir()
    make_entries(1)
    seal()
    return tmp_path / "audit"


def said():
    return [item.detail for item in due.collect() if item.code == "casework.witness"]


def is_found():
    return Finding.objects.open().filter(rule__code="ledger_witnessed").exists()


def test_nothing_is_said_where_no_witness_is_set(folder, settings):
    settings.LEDGER_WITNESS = ""
    with time_machine.travel(timezone.now() + LATE, tick=False):
        assert witness.trouble() == ""
        assert not witnessing.watch()
        assert said() == []


def test_a_witness_that_was_never_written_to(folder):
    assert witness.trouble() == ""
    assert "한 번도" in witness.trouble(timezone.now() + LATE)


def test_it_is_found_and_closed_again(folder):
    witness.export()
    assert witness.trouble() == ""
    folder.rename(folder.with_name("gone"))
    with time_machine.travel(timezone.now() + LATE, tick=False):
        with pytest.raises(OSError, match="audit"):
            witness.export()
        assert said()
        assert "쓰지 못했습니다" in said()[0]
        assert str(folder) in said()[0], "what went wrong stands beside it"
        assert witnessing.watch()
        assert is_found()
        assert not witnessing.watch(), "it is open already"
        folder.with_name("gone").rename(folder)
        witness.export()
        assert witnessing.watch()
        assert not is_found()
        assert said() == []
