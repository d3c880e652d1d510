"""The duties that duty, handover and incidents show (ordinance art. 16, 18, 19)."""

from records.people.duty_rules import DUTY_COVERED
from records.people.handover_rules import HANDOVER_DONE
from records.people.incident_rules import INCIDENT_REPORTED
from records.people.visit_rules import VISIT_APPROVED

RULES = (DUTY_COVERED, HANDOVER_DONE, INCIDENT_REPORTED, VISIT_APPROVED)
