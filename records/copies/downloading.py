"""The citizen's download: never without both secrets, its days, its times, and its matter in the right state.

Each one is a line of the ledger before the first byte leaves; one that breaks off has counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from footage.copies import keeping
from records.copies import findings, standing
from records.copies.granting import RELEASING, told
from records.copies.leaving import digest_of
from records.copy_enums import CopyWay
from records.models import CaseCopy, CopyLeaving, ViewingRequest

ACTOR = "system:website"


@dataclass(frozen=True)
class Stream:
    """A package on its way out."""

    name: str
    length: int
    content: Iterator[bytes]


def offered(request: ViewingRequest) -> list[CopyLeaving]:
    """What its person may download now; whoever shows both numbers of the receipt sees that it is there."""
    rows = CopyLeaving.objects.filter(copy__request=request, way=CopyWay.DOWNLOAD)
    return [row for row in rows.select_related("copy__package") if not refuse(row)]


def refuse(leaving: CopyLeaving) -> list[Refusal]:
    """Why it is not to be had, whatever somebody knows; in words for the citizen."""
    if standing.refuse_unsealed(leaving.copy) or leaving.expires_at is None:
        return [Refusal("ended", gettext("이 사본은 이제 내려받을 수 없습니다."))]
    if leaving.expires_at <= timezone.now():
        return [Refusal("expired", gettext("내려받을 수 있는 기간이 지났습니다."))]
    if leaving.used >= leaving.most:
        return [Refusal("exhausted", gettext("내려받을 수 있는 횟수를 다 썼습니다."))]
    return []


def download(leaving: CopyLeaving, secret: str) -> Stream:
    """The package; `Refused` otherwise, and then nothing was counted."""
    with acts.begin("records.copy_downloaded", leaving.copy, actor=ACTOR) as act:
        row = act.hold(leaving)
        row.copy = act.row
        act.refuse(_check(row, secret))
        package = act.row.package
        assert package is not None  # noqa: S101 - what is not sealed was refused
        try:
            content = keeping.content(package)
        except keeping.UNREADABLE:
            act.refuse([Refusal("gone", gettext("이 사본은 이제 내려받을 수 없습니다."))])
            raise
        row.used, row.at = row.used + 1, row.at or act.at
        row.save(update_fields=["used", "at"])
        act.payload |= told(act.row) | {
            "package_sha256": package.sha256,
            "downloads": row.used,
            "times": row.most,
        }
        findings.follow(act)
    return Stream(f"{act.row.number}.zip", package.bytes, content)


def _check(row: CopyLeaving, secret: str) -> list[Refusal]:
    if not constant_time_compare(row.secret_digest, digest_of(row.copy, secret)):
        return [Refusal("secret", gettext("두 번째 번호가 맞지 않습니다."), field="secret")]
    return refuse(row)


def taken(copy: CaseCopy, *, by: Officer) -> Stream:
    """The package for the official who puts it on a medium: a line as well."""
    with acts.begin("records.copy_taken", copy, by=by) as act:
        act.refuse([*_refuse_taking(act), *standing.refuse_holder(act.row, by=by)])
        package = act.row.package
        assert package is not None  # noqa: S101 - what is not sealed was refused
        content = keeping.content(package)
        act.payload |= told(act.row) | {"package_sha256": package.sha256}
    return Stream(f"{act.row.number}.zip", package.bytes, content)


def _refuse_taking(act: Act[CaseCopy]) -> list[Refusal]:
    if hasattr(act.row, "leaving"):
        return [Refusal("left", "이미 나간 사본입니다.", RELEASING)]
    return standing.refuse_unsealed(act.row)
