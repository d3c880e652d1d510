"""The duties that duty, handover, incidents and turns show (ordinance art. 10, 16, 18, 19)."""

from records.people.duty_rules import DUTY_COVERED
from records.people.handover_rules import HANDOVER_DONE
from records.people.incident_rules import INCIDENT_REPORTED
from records.people.turn_rules import PTZ_REASON
from records.people.visit_rules import VISIT_APPROVED

RULES = (DUTY_COVERED, HANDOVER_DONE, INCIDENT_REPORTED, PTZ_REASON, VISIT_APPROVED)
