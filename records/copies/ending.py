"""The end of a copy here: with its case's key, when it is withdrawn, and when nobody can download it any more."""

from django.db.models import F, Q
from django.utils import timezone

from casework import acts
from records.copies import findings
from records.copies.granting import told
from records.copies.leaving import destroy_files
from records.copy_enums import CopyWay
from records.models import CaseCopy

ACTOR = "system:copies"


def end_downloads() -> int:
    """Copies whose days or times are over: their files here go, each with its line. How many copies it was."""
    over = Q(leaving__expires_at__lte=timezone.now()) | Q(leaving__used__gte=F("leaving__most"))
    rows = list(CaseCopy.objects.here().filter(over, leaving__way=CopyWay.DOWNLOAD))
    for copy in rows:
        with acts.begin("records.copy_ended", copy, actor=ACTOR) as act:
            act.payload |= told(act.row) | {"files": destroy_files(act)}
            findings.follow(act)
    return len(rows)
