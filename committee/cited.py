"""의결번호 that a review of a provision outside the purpose cites (ordinance art. 28 no. 5): one on record here, and carried.

A resolution from before the office kept them here stands on paper alone. It is entered as such, with its day, which must
lie before the first one on record; whoever reads the review sees that nothing here vouches for it.
"""

import datetime as dt

from accounts.korean import josa
from committee.enums import CommitteeFunction
from committee.models import Resolution


def problem(number: str, paper_on: dt.date | None, today: dt.date) -> str:
    """Why this number cannot be cited, in Korean; empty when it can."""
    row = Resolution.objects.filter(number=number.strip()).select_related("correction").first()
    if row is not None:
        return (
            _against(row)
            if paper_on is None
            else "이 시스템에 있는 의결입니다. 종이 의결의 의결일을 지우십시오."
        )
    since = Resolution.objects.order_by("on").values_list("on", flat=True).first()
    if paper_on is None:
        return f"‘{number.strip()}’{josa(number.strip(), '은/는')} 이 시스템에 기록된 의결이 아닙니다. 의결번호를 확인하거나, 시스템 이전의 종이 의결이면 의결일을 적으십시오."
    if paper_on > today:
        return "종이 의결의 의결일은 오늘보다 뒤일 수 없습니다."
    if since is not None and paper_on >= since:
        return f"이 시스템은 {since:%Y-%m-%d}부터 의결을 기록합니다. 그 뒤의 의결은 먼저 위원회의 의결로 기록하십시오."
    return ""


def _against(row: Resolution) -> str:
    if row.is_corrected:
        return f"의결 {row.correction.number}{josa(row.correction.number, '으로/로')} 정정된 의결입니다. 정정한 의결의 번호를 적으십시오."
    if not row.is_carried:
        return "부결된 의결입니다."
    if row.function_no != CommitteeFunction.OUTSIDE_PURPOSE:
        return "보유 목적 외의 이용·제공(조례 제28조제5호)에 관한 의결이 아닙니다."
    return ""
