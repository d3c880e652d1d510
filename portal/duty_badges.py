"""의무 이행: on a camera's page, every duty that is not met today, judged live, and what was met before."""

from typing import Any

from django.http import HttpRequest

from cameras.models import Camera
from ordinance import findings, problems, rules
from ordinance.models import RuleException
from ordinance.rules import Context, Subject
from portal.access import may
from portal.camera_sections import Section
from portal.duty_subjects import Place, way_to_mend

CLOSED_SHOWN = 10


def section(request: HttpRequest, camera: Camera) -> Section | None:
    if not may(request.user, ["ordinance.view_finding"]):
        return None
    return Section(
        "의무 이행", "portal/components/duty_badges.html", badges(camera, request.user), anchor="duties"
    )


def badges(camera: Camera, person: Any) -> dict[str, Any]:
    """What the component shows: one query per rule, and three for what is on record."""
    context = Context.today()
    of_cameras = [rule for rule in rules.all_rules() if rule.subject == Subject.CAMERA]
    row = Camera.objects.filter(pk=camera.pk)
    unmet = {problem.rule.code for problem in problems.among(of_cameras, row, context, ahead=False)}
    known = {finding.rule.code: finding for finding in findings.open_of(Subject.CAMERA, camera.number)}
    place = Place(camera.number, pk=camera.pk)
    return {
        "problems": [
            {"rule": rule, "finding": known.get(rule.code), "remedy": way_to_mend(person, rule.code, place)}
            for rule in of_cameras
            if rule.code in unmet
        ],
        "rules": len(of_cameras),
        "exceptions": list(
            RuleException.objects.in_force(context.on).filter(
                subject_kind=Subject.CAMERA.value, number=camera.number
            )
        ),
        "closed": list(findings.history_of(Subject.CAMERA, camera.number)[:CLOSED_SHOWN]),
    }
