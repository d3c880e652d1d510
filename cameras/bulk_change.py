"""One change to many cameras: checked for all, stored for all, each with its history, reason and common group.

The statements do not grow with the number of cameras. Either every camera may take the change, or none is changed
and the refusal says how many may not and why.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Officer
from cameras import bulk, findings, periods, purposes
from cameras.enums import LinkStatus, Pipa25Ground
from cameras.models import Camera, PurposeMapping
from cameras.models.register import NOT_A_LAW, SIGN_EXEMPTION
from cameras.querysets import CameraQuerySet
from casework.refusals import Refusal, Refused, refuse_if
from ledger import append
from ordinance import parameters
from ordinance.citations import names_an_article

# What may be set on many cameras at once; names, keys and places belong to one camera each.
CHANGEABLE = (
    "install_purpose",
    "purpose_detail",
    "dataset_purpose",
    "pipa25_ground",
    "special_law_basis",
    "device_kind",
    "pixel_10k",
    "filming_direction",
    "filming_range",
    "filming_hours",
    "retention_days",
    "retention_law",
    "retention_document",
    "retention_approver",
    "retention_until_on",
    "installed_month",
    "reference_on",
    "phone",
    "has_ptz",
    "lpr_enabled",
    "analytics",
    "audio_disabled",
    "audio_checked_on",
    "audio_checked_by",
    "installing_department",
    "link_status",
    "link_exemption_reason",
    "link_exemption_document",
    "is_sign_exempt",
    "sign_exemption_ground",
    "sign_exemption_document",
    "sign_exemption_approver",
    "place_kind",
    "monitoring_scope",
    "monitoring_document",
    "operating_hours",
    "after_hours_purpose",
)

BULK_CHANGED = "cameras.bulk_changed"
RETENTION_GROUND = ("retention_law", "retention_document", "retention_approver", "retention_until_on")


@dataclass(frozen=True, slots=True)
class BulkChange:
    changed: int
    unchanged: int
    group: uuid.UUID


def bulk_change(
    cameras: CameraQuerySet, changes: Mapping[str, Any], *, by: Officer | None, reason: str
) -> BulkChange:
    """Set fields of all these cameras; those that already have the values get no history row."""
    reason = reason.strip()
    if not reason:
        raise Refused([Refusal("reason", "변경 사유를 적어야 합니다.", field="reason")])
    values = _clean(changes)
    group = uuid.uuid4()
    with transaction.atomic():
        chosen = list(cameras.order_by("pk").values_list("pk", flat=True))
        affected = Camera.objects.filter(pk__in=chosen) if len(chosen) < 500 else Camera.objects.among(chosen)
        _refuse_impossible(affected, values)
        ids = list(
            affected.select_for_update().filter(_differs(values)).order_by("pk").values_list("pk", flat=True)
        )
        _set(ids, values, by=by, reason=reason, group=group)
        findings.follow(ids, fields=values)
        if ids:
            append.record(
                BULK_CHANGED,
                actor=f"officer:{by.pk}" if by else "system:cameras",
                subject=subject_of(group),
                payload={"cameras": len(ids), "fields": sorted(values)},
            )
    return BulkChange(changed=len(ids), unchanged=len(chosen) - len(ids), group=group)


def subject_of(group: uuid.UUID) -> str:
    return f"change-group:{group.hex}"


def write(ids: Sequence[int], values: Mapping[str, Any], *, by: Officer | None, reason: str) -> uuid.UUID:
    """Set columns of these cameras, with history, for acts that have their own rules and hold the rows already.

    `values` are by attribute name (`project_id`). What people may change freely goes through `bulk_change`.
    """
    group = uuid.uuid4()
    if ids:
        _set(ids, values, by=by, reason=reason, group=group)
    return group


def _set(
    ids: Sequence[int], values: Mapping[str, Any], *, by: Officer | None, reason: str, group: uuid.UUID
) -> None:
    cameras = Camera.objects.among(ids)
    if "retention_days" in values:
        periods.note_same(cameras, values["retention_days"], by=by, reason=reason)
    cameras.update(**values)
    bulk.record_history(Camera, ids, bulk.CHANGED, by=by.pk if by else None, reason=reason, group=group)


def _clean(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Each value as its field takes it."""
    if not changes:
        raise Refused([Refusal("none", "바꿀 항목을 고르세요.")])
    refusals: list[Refusal] = []
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in CHANGEABLE:
            refusals.append(Refusal("unchangeable", "일괄 변경할 수 없는 항목입니다.", field=name))
            continue
        field: Any = Camera._meta.get_field(name)
        try:
            raw = value.pk if field.is_relation and value is not None else value
            values[field.attname] = field.clean(raw, None)
        except ValidationError as error:
            refusals += [Refusal("value", message, field=name) for message in error.messages]
    refuse_if(refusals)
    if values.get("installed_month"):
        values["installed_month"] = values["installed_month"].replace(day=1)
    if "link_status" in values and values["link_status"] != LinkStatus.NOT_LINKED:
        values.setdefault("link_exemption_reason", "")
        values.setdefault("link_exemption_document", "")
    if values.get("is_sign_exempt") is False:
        values |= dict.fromkeys(SIGN_EXEMPTION, "")
    return values


def _differs(values: Mapping[str, Any]) -> Q:
    """Cameras on which the change changes something."""
    different = Q()
    for name, value in values.items():
        if value is None:
            different |= Q(**{f"{name}__isnull": False})
        elif Camera._meta.get_field(name.removesuffix("_id")).null:
            different |= ~Q(**{name: value}) | Q(**{f"{name}__isnull": True})
        else:
            different |= ~Q(**{name: value})
    return different


def _refuse_impossible(cameras: CameraQuerySet, values: Mapping[str, Any]) -> None:
    _refuse_long_retention(cameras, values)
    _refuse_exemption_of_linked(cameras, values)
    _refuse_sign_exemption(cameras, values)
    _refuse_unfitting_purpose(cameras, values)
    _refuse_other_dataset_purpose(cameras, values)


def _refuse_unfitting_purpose(cameras: CameraQuerySet, values: Mapping[str, Any]) -> None:
    """Purpose and ground as they will be, of cameras of which the change states any of it."""
    if not set(purposes.FIELDS) & set(values):
        return
    if set(purposes.FIELDS) & set(values) == {"retention_days"}:
        cameras = cameras.filter(pipa25_ground=Pipa25Ground.NOT_STORED)
    counts: dict[Refusal, int] = {}
    combinations = cameras.order_by().values(*purposes.FIELDS).annotate(count=Count("pk"))
    for row in combinations.iterator(chunk_size=2_000):
        stated = purposes.Stated.of(
            {**row, **{name: values[name] for name in purposes.FIELDS if name in values}}
        )
        for refusal in purposes.refusals(stated):
            counts[refusal] = counts.get(refusal, 0) + row["count"]
    _refuse_counted(counts)


def _refuse_other_dataset_purpose(cameras: CameraQuerySet, values: Mapping[str, Any]) -> None:
    names = purposes.DATASET_FIELDS
    if not set(names) & set(values):
        return
    mapping = PurposeMapping.by_dataset()
    counts: dict[Refusal, int] = {}
    for row in cameras.order_by().values(*names).annotate(count=Count("pk")):
        purpose, dataset = (values.get(name, row[name]) for name in names)
        for refusal in purposes.dataset_refusals(purpose, dataset, mapping):
            counts[refusal] = counts.get(refusal, 0) + row["count"]
    _refuse_counted(counts)


def _refuse_counted(counts: Mapping[Refusal, int]) -> None:
    if counts:
        raise Refused(
            [replace(each, text=f"카메라 {count:,}대: {each.text}") for each, count in counts.items()]
        )


def _refuse_sign_exemption(cameras: CameraQuerySet, values: Mapping[str, Any]) -> None:
    """Free from the sign only with ground, document and approver; and these only where it is (Decree art. 24(4))."""
    after_all = values.get("is_sign_exempt")
    if after_all is False or not {"is_sign_exempt", *SIGN_EXEMPTION}.intersection(values):
        return
    if after_all is None and (count := cameras.filter(is_sign_exempt=False).count()):
        raise _refused_exemption(
            f"안내판 제외 시설이 아닌 카메라 {count:,}대에는 안내판 제외 근거를 적을 수 없습니다."
        )
    unsaid = Q(pk__in=[])
    for name in SIGN_EXEMPTION:
        unsaid |= Q(pk__isnull=False) if not values.get(name, "x").strip() else Q(pk__in=[])
        unsaid |= Q(**{name: ""}) if name not in values else Q(pk__in=[])
    if count := cameras.filter(unsaid).count():
        raise _refused_exemption(
            f"카메라 {count:,}대에 안내판 제외 근거, 문서번호와 승인자가 함께 있어야 합니다."
        )


def _refused_exemption(text: str) -> Refused:
    article = "개인정보 보호법 시행령 제24조제4항"
    return Refused([Refusal("sign_exemption", text, article, field="is_sign_exempt")])


def _refuse_long_retention(cameras: CameraQuerySet, values: Mapping[str, Any]) -> None:
    """More than the ordinance allows only under a law that says so, on record before or in this very change."""
    given = [name for name in RETENTION_GROUND if values.get(name)]
    if given and len(given) < len(RETENTION_GROUND):
        text = "초과 보관은 근거 법령, 결정 문서번호, 승인자, 끝을 모두 적거나 모두 비웁니다."
        raise Refused([Refusal("ground", text, "조례 제24조제1항제1호", field="retention_law")])
    if values.get("retention_law") and not names_an_article(values["retention_law"]):
        raise Refused([Refusal("law", NOT_A_LAW, "조례 제24조제1항제1호", field="retention_law")])
    if not {"retention_days", *RETENTION_GROUND} & set(values):
        return
    maximum, today = parameters.value("retention_max_days"), timezone.localdate()
    if values.get("retention_days", maximum.value + 1) <= maximum.value:
        return
    over = cameras if "retention_days" in values else cameras.over_retention(int(maximum.value))
    if set(RETENTION_GROUND) <= set(values):
        if given and values["retention_until_on"] >= today:
            return
    else:
        over = over.without_retention_ground(today)
    if count := over.count():
        raise Refused(
            [
                Refusal(
                    "retention",
                    f"카메라 {count:,}대가 최대 보관기간 {maximum.value}일을, 그렇게 정한 다른 법령 없이 넘게 됩니다.",
                    maximum.citation,
                    field="retention_days",
                )
            ]
        )


def _refuse_exemption_of_linked(cameras: CameraQuerySet, values: Mapping[str, Any]) -> None:
    if not values.get("link_exemption_reason"):
        return
    status = values.get("link_status")
    if status is None:
        linked = cameras.exclude(link_status=LinkStatus.NOT_LINKED).count()
    else:
        linked = 0 if status == LinkStatus.NOT_LINKED else cameras.count()
    if linked:
        raise Refused(
            [
                Refusal(
                    "linked",
                    f"‘미연계’가 아닌 카메라 {linked:,}대에는 연계 제외 사유를 적을 수 없습니다.",
                    "조례 제13조",
                    "관제센터 연계 여부도 함께 바꾸세요.",
                    field="link_exemption_reason",
                )
            ]
        )
