"""Duties of every matter of the office: that its records cannot be altered unseen (PIPA art. 29)."""

from typing import Any

from django.db.models import QuerySet

from ledger import witness
from ordinance.models import Ordinance
from ordinance.rules import Citation, Context, Rule, Subject


def _district_with_witness(context: Context) -> QuerySet[Any]:
    """Where no witness is set (`LEDGER_WITNESS`) there is none to serve."""
    districts = Ordinance.objects.order_by().of(context.profile).in_force(context.on)
    return districts if witness.folder() else districts.none()


def _not_witnessed(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows if witness.trouble() else rows.none()


LEDGER_WITNESSED = Rule(
    code="ledger_witnessed",
    title="원장 봉인의 외부 보관",
    article=None,
    other_law="개인정보 보호법 제29조",
    subject=Subject.DISTRICT,
    subjects=_district_with_witness,
    unmet=_not_witnessed,
    message="원장의 봉인이 증인 폴더에 쓰이지 않고 있습니다. 그동안 원장이 바뀌어도 밖에서는 알 수 없습니다.",
    remedy="증인 폴더가 연결되어 있는지 확인하고, 봉인이 이어지지 않는다고 나오면 감사 담당자에게 알리십시오.",
    remedy_url="ledger:continuity",
    mended_by="ledger.confirm_loss",
    citations=(Citation("제25조제6항, 제29조", "pipa"),),
    covers="봉인을 감사 부서의 폴더에 쓰도록 설정한 자치구. 접속기록이 위조·변조되지 않게 하는 조치입니다.",
    number_field="profile",
    order=2,
)

RULES = (LEDGER_WITNESSED,)
