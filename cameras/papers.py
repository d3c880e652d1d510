"""서류: file a document that proves a duty met for cameras, and withdraw a wrong one.

A paper names cameras, each in the installation that it has now, or stands for all cameras of a project. Some kinds
also write the camera's own fields (the audio check, the scope of monitoring, the exemption from linking); withdrawing
such a paper takes back what it wrote, so that nothing goes on counting by a paper that does not stand.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from accounts.models import Officer
from cameras import bulk_change, findings, paper_contents
from cameras.enums import CameraState, LinkStatus, MonitoringScope, PaperKind
from cameras.models import Camera, InstallationProject, Paper, PaperCamera
from cameras.querysets import CameraQuerySet
from casework.models import Attachment
from ledger import append
from ordinance import excuses, rules
from ordinance.rules import Context, Subject

FIRST_YEAR = 1990


def file(
    kind: str,
    *,
    on: datetime.date,
    document_number: str,
    by: Officer,
    cameras: CameraQuerySet | None = None,
    project: InstallationProject | None = None,
    contents: Mapping[str, Any] | None = None,
    attachments: Iterable[Attachment] = (),
    title: str = "",
) -> Paper:
    """File one paper for these cameras, or for a project with all its cameras.

    One transaction, a number of statements that does not grow with the cameras, one ledger line. ValidationError
    (Korean, by field) for contents that prove nothing, a date to come, no camera, or a removed camera.
    """
    cleaned = check(
        kind,
        on=on,
        document_number=document_number,
        cameras=cameras,
        project=project,
        contents=contents or {},
    )
    files = list(attachments)
    with transaction.atomic():
        chosen = list(
            _named(cameras, project).select_for_update(of=("self",)).order_by("pk").only("pk", "installation")
        )
        paper = Paper(
            kind=kind,
            on=on,
            document_number=document_number.strip(),
            title=title.strip(),
            contents=cleaned,
            project=project,
            filed_by=by,
        )
        paper.full_clean()
        paper.save()
        paper.attachments.set(files)
        if project is None:
            PaperCamera.objects.bulk_create(
                [
                    PaperCamera(paper=paper, camera=camera, installation=camera.installation)
                    for camera in chosen
                ],
                batch_size=2_000,
            )
        _WRITING.get(kind, _write_nothing)(paper, [camera.pk for camera in chosen], by)
        findings.follow([camera.pk for camera in chosen], fields=_WRITTEN.get(kind, ()))
        append.record(
            "cameras.paper_filed",
            actor=f"officer:{by.pk}",
            subject=f"paper:{paper.pk}",
            payload={
                "kind": kind,
                "on": on.isoformat(),
                "document": paper.document_number,
                "project": project.number if project else "",
                "cameras": len(chosen),
                "files": [attachment.sha256 for attachment in files],
            },
        )
    return paper


def check(
    kind: str,
    *,
    on: datetime.date,
    document_number: str,
    cameras: CameraQuerySet | None,
    project: InstallationProject | None,
    contents: Mapping[str, Any],
) -> dict[str, Any]:
    """What `file` would refuse, without filing; returns the contents as they would be stored."""
    errors: dict[str, Any] = {}
    if (cameras is None) == (project is None):
        raise TypeError("a paper stands for cameras or for a project")
    if on > timezone.localdate():
        errors["on"] = "문서일자는 오늘보다 뒤일 수 없습니다."
    elif on.year < FIRST_YEAR:
        errors["on"] = f"{FIRST_YEAR}년보다 앞선 날짜입니다."
    if not document_number.strip():
        errors["document_number"] = "문서번호를 적어 주십시오."
    if errors:
        raise ValidationError(errors)
    cleaned = paper_contents.clean(kind, contents, on)
    named = _named(cameras, project)
    if not named.exists():
        raise ValidationError("서류가 말하는 카메라가 없습니다. 카메라를 고르십시오.")
    removed = named.filter(state=CameraState.REMOVED).in_order()
    if numbers := list(removed.values_list("number", flat=True)[:5]):
        raise ValidationError(f"철거한 카메라에는 서류를 등록하지 않습니다: {', '.join(numbers)}")
    return cleaned


def _named(cameras: CameraQuerySet | None, project: InstallationProject | None) -> CameraQuerySet:
    if project is not None:
        of_project: CameraQuerySet = Camera.objects.not_removed().filter(project=project)
        return of_project
    assert cameras is not None  # noqa: S101 - `check` has made sure
    return cameras


def withdraw(paper: Paper, *, reason: str, by: Officer) -> Paper:
    """A wrong paper stops counting from now on; it stays on record with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": "취소 사유를 적어야 합니다."})
    with transaction.atomic():
        locked = Paper.objects.select_for_update().get(pk=paper.pk)
        if locked.withdrawn_at is not None:
            raise ValidationError("이미 취소한 서류입니다.")
        locked.withdrawn_at = timezone.now()
        locked.withdrawn_by = by
        locked.withdrawn_reason = reason.strip()
        locked.full_clean()
        locked.save()
        cameras = list(
            cameras_of(locked).select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
        )
        _TAKING_BACK.get(locked.kind, _write_nothing)(locked, cameras, by)
        findings.follow(cameras, fields=_WRITTEN.get(locked.kind, ()))
        append.record(
            "cameras.paper_withdrawn",
            actor=f"officer:{by.pk}",
            subject=f"paper:{locked.pk}",
            payload={"kind": locked.kind, "document": locked.document_number, "cameras": len(cameras)},
        )
    return locked


def cameras_of(paper: Paper) -> CameraQuerySet:
    """The cameras for which the paper counts: in the installation that it named, or of its project."""
    by_line = PaperCamera.objects.filter(
        paper=paper, camera=OuterRef("pk"), installation=OuterRef("installation")
    )
    found: CameraQuerySet = Camera.objects.all()
    if paper.project_id is not None:
        return found.filter(project=paper.project_id)
    return found.filter(pk__in=paper.lines.values("camera")).filter(Exists(by_line))


def papers_of(camera: Camera) -> QuerySet[Paper]:
    """Every paper that ever named the camera or its project, newest first; `counts` says whether it still does."""
    lines = PaperCamera.objects.filter(paper=OuterRef("pk"), camera=camera)
    current = lines.filter(installation=camera.installation)
    of_project = Q(project__isnull=False, project=camera.project_id)
    return (
        Paper.objects.filter(of_project | Q(Exists(lines)))
        .annotate(
            counts=Case(
                When(Q(withdrawn_at__isnull=True) & (of_project | Q(Exists(current))), then=True),
                default=False,
            )
        )
        .select_related("filed_by", "project")
        .prefetch_related("attachments")
        .order_by("-on", "-pk")
    )


# What some kinds write into the cameras' own fields, and how it is taken back.

Writing = Callable[[Paper, Sequence[int], Officer], None]


def _write_nothing(paper: Paper, cameras: Sequence[int], by: Officer) -> None:
    """Most kinds prove something by standing in the register."""


def _reason(paper: Paper) -> str:
    return f"{paper.get_kind_display()} {paper.document_number}"


def _write_audio_check(paper: Paper, cameras: Sequence[int], by: Officer) -> None:
    """An older paper filed late does not stand before a younger check."""
    older = Camera.objects.among(cameras).filter(
        Q(audio_checked_on__isnull=True) | Q(audio_checked_on__lte=paper.on) | Q(audio_disabled=False)
    )
    values = {"audio_disabled": True, "audio_checked_on": paper.on, "audio_checked_by_id": by.pk}
    bulk_change.write(list(older.values_list("pk", flat=True)), values, by=by, reason=_reason(paper))


def _take_back_audio_check(paper: Paper, cameras: Sequence[int], by: Officer) -> None:
    """Back to the day of the youngest check that still stands on paper, or to none."""
    set_by_it = Camera.objects.among(cameras).filter(audio_checked_on=paper.on)
    standing = _standing(PaperKind.AUDIO_CHECK).order_by("-on", "-pk")
    values = {
        "audio_checked_on": Subquery(standing.values("on")[:1]),
        "audio_checked_by_id": Subquery(standing.values("filed_by")[:1]),
    }
    ids = list(set_by_it.values_list("pk", flat=True))
    bulk_change.write(ids, values, by=by, reason=f"{_reason(paper)} 취소")


def _standing(kind: PaperKind) -> QuerySet[Paper]:
    """Papers of a kind that count for the camera of an outer query."""
    line = PaperCamera.objects.filter(
        paper=OuterRef("pk"), camera=OuterRef(OuterRef("pk")), installation=OuterRef(OuterRef("installation"))
    )
    return Paper.objects.filter(kind=kind, withdrawn_at__isnull=True).filter(
        Q(project__isnull=False, project=OuterRef("project")) | Q(Exists(line))
    )


def _write_newest(
    kind: PaperKind,
    cameras: Sequence[int],
    said: Callable[[Paper | None], dict[str, Any]],
    by: Officer,
    reason: str,
) -> None:
    """Each camera gets what the newest paper that stands for it says, or what no paper leaves."""
    newest = _standing(kind).order_by("-on", "-pk").values("pk")[:1]
    found = Camera.objects.among(cameras).annotate(newest=Subquery(newest)).order_by("pk")
    by_paper: defaultdict[int | None, list[int]] = defaultdict(list)
    for camera, paper in found.values_list("pk", "newest"):
        by_paper[paper].append(camera)
    papers = Paper.objects.in_bulk([key for key in by_paper if key is not None])
    for key, ids in by_paper.items():
        paper = papers[key] if key is not None else None
        bulk_change.write(ids, said(paper), by=by, reason=reason)


def _written_by(paper: Paper, cameras: Sequence[int], field: str) -> list[int]:
    """Cameras whose column names this paper; what was entered by hand since is not the paper's to take back."""
    found = Camera.objects.among(cameras).filter(**{field: paper.document_number})
    return list(found.values_list("pk", flat=True))


def _monitoring(paper: Paper | None) -> dict[str, Any]:
    contents = paper.contents if paper else {}
    return {
        "monitoring_scope": contents.get("scope", MonitoringScope.UNKNOWN),
        "monitoring_document": paper.document_number if paper else "",
        "operating_hours": contents.get("operating_hours", ""),
        "after_hours_purpose": contents.get("after_hours_purpose", ""),
    }


def _write_monitoring(paper: Paper, cameras: Sequence[int], by: Officer) -> None:
    _write_newest(PaperKind.MONITORING_SCOPE, cameras, _monitoring, by, _reason(paper))


def _take_back_monitoring(paper: Paper, cameras: Sequence[int], by: Officer) -> None:
    written = _written_by(paper, cameras, "monitoring_document")
    _write_newest(PaperKind.MONITORING_SCOPE, written, _monitoring, by, f"{_reason(paper)} 취소")


def _link_exemption(paper: Paper | None) -> dict[str, Any]:
    """Without a paper the camera is not linked and has no reason for it: a duty that is unmet."""
    return {
        "link_status": LinkStatus.NOT_LINKED,
        "link_exemption_reason": paper.contents["reason"] if paper else "",
        "link_exemption_document": paper.document_number if paper else "",
    }


def _write_link_exemption(paper: Paper, cameras: Sequence[int], by: Officer) -> None:
    _write_newest(PaperKind.LINK_EXEMPTION, cameras, _link_exemption, by, _reason(paper))


def _take_back_link_exemption(paper: Paper, cameras: Sequence[int], by: Officer) -> None:
    written = _written_by(paper, cameras, "link_exemption_document")
    _write_newest(PaperKind.LINK_EXEMPTION, written, _link_exemption, by, f"{_reason(paper)} 취소")


_WRITING: dict[str, Writing] = {
    PaperKind.AUDIO_CHECK: _write_audio_check,
    PaperKind.MONITORING_SCOPE: _write_monitoring,
    PaperKind.LINK_EXEMPTION: _write_link_exemption,
}
# Columns whose change concerns more than the camera itself (`findings.follow`).
_WRITTEN: dict[str, tuple[str, ...]] = {PaperKind.LINK_EXEMPTION: ("link_status",)}
_TAKING_BACK: dict[str, Writing] = {
    PaperKind.AUDIO_CHECK: _take_back_audio_check,
    PaperKind.MONITORING_SCOPE: _take_back_monitoring,
    PaperKind.LINK_EXEMPTION: _take_back_link_exemption,
}


# What a paper would change, for the preview of the bulk screen.


@dataclass(frozen=True)
class PaperPreview:
    """How many cameras a paper would name, how many lack it today, how many would lack nothing afterwards."""

    cameras: int
    removed: int
    lacking: int
    becoming_complete: int
    still_lacking: Sequence[tuple[str, int]]


def preview(kind: str, cameras: CameraQuerySet) -> PaperPreview:
    """Judged by the rules as they stand today, one query per rule."""
    standing = cameras.not_removed()
    ids = set(standing.values_list("pk", flat=True))
    proves = paper_contents.KINDS[kind].rule
    unmet = unmet_by_rule(Camera.objects.among(sorted(ids)))
    others: set[int] = set()
    for code, (_, lacking) in unmet.items():
        if code != proves:
            others |= lacking
    # Who is only planned lacks it for the step to come, although nothing asks for it today.
    lacking = unmet_by_rule(Camera.objects.among(sorted(ids)), ahead=True, only=proves).get(
        proves, ("", set())
    )[1]
    rest = [(title, len(found)) for code, (title, found) in unmet.items() if code != proves and found]
    return PaperPreview(
        cameras=len(ids),
        removed=cameras.count() - len(ids),
        lacking=len(lacking),
        becoming_complete=len(lacking - others),
        still_lacking=sorted(rest, key=lambda pair: -pair[1]),
    )


def unmet_by_rule(
    cameras: CameraQuerySet, *, ahead: bool = False, only: str = ""
) -> dict[str, tuple[str, set[int]]]:
    """Which of these cameras do not meet which rule today: code -> (title, keys). `ahead`: as the next step will ask."""
    context = replace(Context.today(), ahead=ahead)
    found: dict[str, tuple[str, set[int]]] = {}
    for rule in rules.all_rules():
        if rule.subject != Subject.CAMERA or (only and rule.code != only):
            continue
        covered = rule.subjects(context).filter(pk__in=cameras.values("pk"))
        lacking = excuses.exclude_excepted(rule, rule.unmet(covered, context), context)
        found[rule.code] = (rule.title, set(lacking.order_by().values_list("pk", flat=True)))
    return found
