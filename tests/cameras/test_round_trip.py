"""Random registers: what is exported imports back unchanged, here and into an empty register."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cameras.enums import CameraState, DatasetPurpose
from cameras.models import Camera, Site
from cameras.register import export_file, import_file
from tests.accounts.factories import InstitutionFactory
from tests.cameras.factories import CameraFactory, SiteFactory

pytestmark = pytest.mark.django_db

# Text as officials and hostile files write it: formulas, apostrophes, blanks around, Hangul in parts, lines.
PIECES = st.sampled_from(
    [
        "=",
        "+",
        "-",
        "@",
        "'",
        "''=",
        "\t",
        "\r",
        "\n",
        " ",
        "\u3000",
        '"',
        ",",
        ";",
        "가",
        "뷁",
        "가",
        "_x000D_",
        "x",
        "1",
    ]
)
# The shortest column holds 20 characters; `_x000D_` alone has seven.
TEXT = st.lists(PIECES, max_size=8).map("".join).map(lambda text: text[:20])
CAMERAS = st.fixed_dictionaries(
    {
        "dataset_purpose": st.sampled_from(DatasetPurpose.values),
        "pixel_10k": st.sampled_from([None, 41, 200]),
        "retention_days": st.sampled_from([7, 30]),
        "installed_month": st.sampled_from([None, date(2013, 12, 1), date(2020, 1, 1)]),
        "state": st.sampled_from([CameraState.OPERATING, CameraState.SUSPENDED, CameraState.PLANNED]),
        "is_sign_exempt": st.sampled_from([False, False, True]),
        "filming_direction": TEXT,
        "phone": TEXT,
        "provider_name": TEXT,
        "dataset_update_kind": TEXT,
        "reference_on": st.sampled_from([None, date(2026, 5, 18)]),
        "dataset_updated_at": st.sampled_from([None, datetime(2026, 5, 18, 1, 2, 3, 999, tzinfo=UTC)]),
    }
)
SITES = st.lists(
    st.tuples(
        st.tuples(TEXT, TEXT).map(lambda parts: (f"가{parts[0]}", parts[1])),
        st.sampled_from([None, Decimal("37.550910000"), Decimal("37.123456789")]),
        st.lists(CAMERAS, min_size=1, max_size=5),
    ),
    max_size=4,
)


def listed():
    return Camera.objects.in_dataset()


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sites=SITES, institution=TEXT, mark=st.sampled_from(["=", "-", "가-", "'+", "2026"]))
def test_a_register_survives_the_way_out_and_in(tmp_path, name, sites, institution, mark):
    with transaction.atomic():
        for number, ((road, lot), latitude, cameras) in enumerate(sites):
            site = SiteFactory(
                number=f"{mark}{number}",
                institution=InstitutionFactory(name=f"기관 {institution}".strip()),
                road_address=road,
                lot_address=lot,
                latitude=latitude,
                longitude=latitude and Decimal("126.849530000"),
            )
            for camera in cameras:
                CameraFactory(site=site, **camera)
        before = Camera.history.count(), Site.history.count()

        written = export_file(tmp_path / name)
        if written.rows:
            result = import_file(tmp_path / name)
            assert result.errors == []
            assert (result.unchanged, result.created, result.updated) == (written.rows, 0, 0)
            assert (result.sites, result.cameras) == (written.sites, written.cameras)
            assert (Camera.history.count(), Site.history.count()) == before

            Camera.objects.all().delete()
            Site.objects.all().delete()
            assert import_file(tmp_path / name).created == written.rows
            again = export_file(tmp_path / f"again-{name}")
            assert again == written
            if name.endswith(".csv"):
                assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()
        transaction.set_rollback(True)
