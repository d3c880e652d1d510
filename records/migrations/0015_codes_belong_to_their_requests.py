"""The digest of a claim code is bound to its request: copied from another row it opened that one's content."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import migrations


def bind(apps, schema_editor):
    """As `records.viewing.claims.digest_of_code` does on the day of this migration, from the digest of before."""
    Request = apps.get_model("records", "ViewingRequest")
    rows = Request.objects.order_by("pk").values_list("pk", "receipt_number", "claim_digest")
    if not rows.exists():
        return
    key = settings.KEY_STORE.read("personal_digests", lambda: secrets.token_bytes(32))
    for pk, number, digest in rows.iterator(chunk_size=500):
        text = f"viewing_claim_of\n{number}\n{digest}"
        bound = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        Request.objects.filter(pk=pk).update(claim_digest=bound)


class Migration(migrations.Migration):
    dependencies = [("records", "0014_provisions")]

    operations = [migrations.RunPython(bind, migrations.RunPython.noop)]
