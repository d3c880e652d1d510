"""Whether purpose, ground and what belongs to them fit together (ordinance art. 6, PIPA art. 25(1)).

The table is data (`ordinance.purposes`). It is asked in two ways: of one statement, where somebody enters it, and as
conditions on the register, where a rule judges what stands. Both give the same codes of what is wrong; a test holds them
together.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from cameras.enums import DatasetPurpose, InstallPurpose, Pipa25Ground
from casework.refusals import Refusal
from ordinance import purposes
from ordinance.models import PurposeGround
from ordinance.purposes import Table

Need = PurposeGround.Need
# What is stated of a camera, by its columns.
FIELDS = ("install_purpose", "pipa25_ground", "special_law_basis", "purpose_detail", "retention_days")
# 보관일수 of a camera that stores nothing: the least that the register can hold, so that the sweep takes whatever is
# stored all the same within a day. Zero would be no period at all (`footage.policy.cutoff`).
NOT_STORED_DAYS = 1
NOT_STORED = "저장하지 않음"

FIT, LAW, DETAIL, STORED = "fit", "law", "detail", "stored"
WORDS = {
    FIT: "설치목적에 맞지 않는 설치 근거입니다.",
    LAW: "법 제25조제1항제1호인데 허용한 법령을 적지 않았습니다.",
    DETAIL: "조례 제6조제7호의 목적인데 무엇을 위한 것인지 적지 않았습니다.",
    STORED: "법 제25조제1항제6호는 영상을 저장하지 않을 때만 근거가 되는데 보관일수가 있습니다.",
}
REMEDIES = {
    FIT: "맞는 설치 근거를 고르십시오: {fitting}.",
    LAW: "특별법 근거에 법령의 이름과 조문을 적으십시오.",
    DETAIL: "설치목적 상세를 글로 적으십시오.",
    STORED: "보관일수를 비우십시오(일괄 변경에서는 1일). 이미 저장된 영상은 다른 사람이 보관기간 단축을 확인하면 하루가 지난 것부터 파기됩니다.",
}
_FIELD = {
    FIT: "pipa25_ground",
    LAW: "special_law_basis",
    DETAIL: "purpose_detail",
    STORED: "retention_days",
}
_NEED = {LAW: Need.LAW, DETAIL: Need.DETAIL, STORED: Need.NOTHING_STORED}
_LACKS = {
    LAW: Q(special_law_basis=""),
    DETAIL: Q(purpose_detail=""),
    STORED: Q(retention_days__gt=NOT_STORED_DAYS),
}


@dataclass(frozen=True, slots=True)
class Stated:
    purpose: str
    ground: int
    law: str = ""
    detail: str = ""
    retention_days: int | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Stated":
        return cls(*(values[name] for name in FIELDS))


def faults(stated: Stated, table: Table) -> list[str]:
    """Codes of `WORDS`; none where the table does not judge the purpose."""
    fitting = table.get(stated.purpose)
    if fitting is None:
        return []
    fit = fitting.get(stated.ground)
    if fit is None:
        return [FIT]
    is_lacking = {
        LAW: not stated.law.strip(),
        DETAIL: not stated.detail.strip(),
        STORED: (stated.retention_days or 0) > NOT_STORED_DAYS,
    }
    return [code for code, need in _NEED.items() if need in fit.needs and is_lacking[code]]


def conditions(table: Table) -> dict[str, Q]:
    """By code of what is wrong: the cameras of which it is."""
    judged = Q(install_purpose__in=sorted(table))
    fitting = _any(
        Q(install_purpose=purpose, pipa25_ground__in=sorted(fits)) for purpose, fits in table.items()
    )
    found = {FIT: judged & ~fitting}
    for code, need in _NEED.items():
        asked = _any(
            Q(
                install_purpose=purpose,
                pipa25_ground__in=[item for item, fit in fits.items() if need in fit.needs],
            )
            for purpose, fits in table.items()
        )
        found[code] = asked & _LACKS[code]
    return found


def _any(parts: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for part in parts:
        found |= part
    return found


def refusals(
    stated: Stated, on: datetime.date | None = None, *, leaving_out: Iterable[str] = ()
) -> list[Refusal]:
    """Why this may not be entered, each with provision and remedy."""
    table = purposes.fits(on)
    return [_refusal(code, stated, table) for code in faults(stated, table) if code not in leaving_out]


def _refusal(code: str, stated: Stated, table: Table) -> Refusal:
    fitting = table[stated.purpose]
    fit = fitting.get(stated.ground)
    return Refusal(
        f"purpose_{code}",
        WORDS[code],
        f"조례 제6조, {fit.citation}" if fit else "조례 제6조, 개인정보 보호법 제25조제1항",
        REMEDIES[code].format(fitting=", ".join(str(Pipa25Ground(item).label) for item in sorted(fitting))),
        field=_FIELD[code],
    )


# Any purpose may stand beside these: they say none.
_SAY_NO_PURPOSE = frozenset({DatasetPurpose.MULTI_PURPOSE, DatasetPurpose.OTHER})
# The columns that `dataset_refusals` compares.
DATASET_FIELDS = ("install_purpose", "dataset_purpose")


def dataset_refusals(purpose: str, dataset: str, mapping: Mapping[str, str]) -> list[Refusal]:
    """Where the dataset's purpose says another one. `mapping`: 설치목적 대응표, dataset's purpose → purpose.

    Not judged: a purpose for which the dataset has no word of its own.
    """
    fitting = [word for word, meant in mapping.items() if meant == purpose]
    if not fitting or dataset in _SAY_NO_PURPOSE or mapping.get(dataset, purpose) == purpose:
        return []
    said = InstallPurpose(mapping[dataset]).label
    offered = ", ".join(
        dict.fromkeys([*fitting, *(word.value for word in DatasetPurpose if word in _SAY_NO_PURPOSE)])
    )
    return [
        Refusal(
            "purpose_dataset",
            f"설치목적은 ‘{InstallPurpose(purpose).label}’인데 설치목적구분 ‘{dataset}’의 설치목적은 ‘{said}’입니다.",
            "조례 제6조, 설치목적 대응표",
            f"설치목적을 바로잡거나 설치목적구분을 다음에서 고르십시오: {offered}.",
            field="dataset_purpose",
        )
    ]


def stores_nothing(ground: int | None) -> bool:
    """Its ground holds only as long as nothing is stored (PIPA art. 25(1) item 6)."""
    return ground == Pipa25Ground.NOT_STORED
