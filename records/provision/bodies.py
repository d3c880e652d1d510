"""제공받는 기관의 명부: agencies and their units, so that a recipient is named the same way every time."""

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, unwritten
from records.models import Agency, AgencyUnit

ARTICLE = "표준 개인정보 보호지침 제42조제1항제2호"


def add_unit(agency_name: str, name: str, *, phone: str = "", address: str = "", by: Officer) -> AgencyUnit:
    """A unit of an agency; the agency comes into being with its first unit."""
    with acts.begin("records.agency_unit_added", AgencyUnit(name=name.strip()), by=by) as act:
        act.refuse(
            [
                *unwritten(agency_name, "agency", "기관명을 적으십시오.", ARTICLE),
                *unwritten(name, "name", "부서를 적으십시오.", ARTICLE),
            ]
        )
        agency, _ = Agency.objects.get_or_create(name=" ".join(agency_name.split()))
        if agency.units.filter(name=" ".join(name.split())).exists():
            act.refuse([Refusal("known", "그 기관에 이미 있는 부서입니다.", ARTICLE, field="name")])
        act.write(agency=agency, name=" ".join(name.split()), phone=phone, address=address)
        act.payload |= {"agency": agency.name, "unit": act.row.name}
    return act.row


def correct_unit(unit: AgencyUnit, *, name: str, phone: str, address: str, by: Officer) -> AgencyUnit:
    with acts.begin("records.agency_unit_changed", unit, by=by) as act:
        act.refuse(unwritten(name, "name", "부서를 적으십시오.", ARTICLE))
        act.write(name=" ".join(name.split()), phone=phone, address=address)
        act.payload |= {"agency": act.row.agency.name, "unit": act.row.name}
    return act.row
