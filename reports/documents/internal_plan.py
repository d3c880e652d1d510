"""내부 관리계획 (Safety Standard art. 4) on paper, and the result of its yearly check: frozen, or a draft that says so."""

import datetime as dt
from typing import Any

from django.utils import timezone

from records.internal_plan import writing
from records.internal_plan.contents import ARTICLE
from records.models import InternalPlan, InternalPlanCheck
from reports import standby
from reports.figures.context import district_name

TEMPLATE = "reports/internal_plan.html"


def pdf_of(plan: InternalPlan) -> bytes:
    """PDF/A-3a. An approved version gives the same bytes on every day."""
    at = plan.approved_at or timezone.now()
    shown = writing.shown(plan, timezone.localdate(at))
    return _render(str(plan), "개인정보 내부 관리계획", shown, at, plan=plan, digest=plan.digest)


def check_pdf_of(check: InternalPlanCheck) -> bytes:
    heading = "내부 관리계획 이행 실태 점검 결과"
    return _render(
        f"{check.plan} 이행 점검",
        heading,
        check.contents,
        check.checked_at,
        digest=check.digest,
        is_check=True,
    )


def _render(title: str, heading: str, shown: dict[str, Any], at: dt.datetime, **more: Any) -> bytes:
    on = timezone.localdate(at)
    district = district_name(on)
    context = {
        "title": title,
        "author": district,
        "district": district,
        "description": heading,
        "keywords": heading,
        "citation": ARTICLE,
        "heading": heading,
        "shown": shown,
        "on": on,
        "plan": None,
        "is_check": False,
        **more,
    }
    return standby.render(TEMPLATE, context, style_sheets=["self_inspection.css"], created=at)
