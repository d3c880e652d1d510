"""첨부 파일 내려받기: for those who may see what the file is attached to, and always as a download."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework import attachments, persons
from casework.models import Attachment
from portal.access import may, officer, refuse, requires
from portal.person_screens import person_file
from portal.views.documents import SEND
from records.competence import pledges
from records.models import CopyLeaving
from records.provision import persons as provision_persons
from records.viewing import persons as viewing_persons
from reports.letters.kinds import KINDS
from reports.models import OutgoingDocument

# Papers of a part are seen with the whole that they stand in on screen.
SEEN_WITH = {
    "committee.agendaitem": "committee.view_meeting",
    "committee.paperanswer": "committee.change_meeting",
    "committee.resolutioncondition": "committee.view_resolution",
    "cameras.contractortraining": "cameras.view_entrustmentcontract",
    "cameras.contractorinspection": "cameras.view_entrustmentcontract",
    "records.trainingsession": "records.view_training",
}


# Of whose persons the file tells: the entry of the catalogue, and the matter.
PERSONS_OF: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "records.provision": (provision_persons.CODE, lambda row: row),
    "records.provisionrestriction": (provision_persons.CODE, lambda row: row.provision),
    "records.handover": (provision_persons.CODE, lambda row: row.provision),
    "records.copyending": (provision_persons.CODE, lambda row: row.hand_over.provision),
    "records.pledge": (pledges.CODE, lambda row: row),
}


@requires("casework.view_attachment")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself. An attachment has no right of its own: it is seen with the act, paper, opinion … it belongs to.

    One that tells of persons is read as they are: for a purpose, by the same gates, each time with its line.
    """
    attachment = get_object_or_404(Attachment, pk=pk)
    rows = list(_rows_with(attachment))
    if matter := next(filter(None, map(_persons_of, rows)), None):
        return _of_persons(request, attachment, *matter)
    ways = [_rights_for(row) for row in rows]
    is_own_and_loose = not ways and attachment.added_by_id == officer(request).pk
    if not is_own_and_loose and not any(request.user.has_perms(rights) for rights in ways):
        return refuse(request, ways[0] if ways else ["cameras.file_paper"])
    return handed_out(attachment)


def _persons_of(row: Model) -> tuple[str, Any] | None:
    if isinstance(row, CopyLeaving):
        case = row.copy
        return (
            (viewing_persons.CODE, case.request) if case.request else (provision_persons.CODE, case.provision)
        )
    code, matter = PERSONS_OF.get(row._meta.label_lower, ("", None))
    return (code, matter(row)) if matter else None


def _of_persons(request: HttpRequest, attachment: Attachment, code: str, matter: Any) -> HttpResponseBase:
    permission = persons.entry(code).permission
    if not may(request.user, [permission]):
        return refuse(request, [permission])
    return person_file(
        request,
        code,
        matter,
        sha256=attachment.sha256,
        hand_out=lambda: handed_out(attachment),
        title=f"첨부 파일: {attachment.name}",
        back=reverse("wagtailadmin_home"),
    )


def handed_out(attachment: Attachment) -> FileResponse:
    """Always a download, never shown by the browser and never kept by it."""
    try:
        content = attachments.content_of(attachment)
    except attachments.Damaged as error:
        raise Http404(f"첨부 파일을 내줄 수 없습니다: {error}") from None
    answer = FileResponse(
        io.BytesIO(content),
        as_attachment=True,
        filename=attachment.name,
        content_type="application/octet-stream",
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _rows_with(attachment: Attachment) -> Iterator[Model]:
    """Each thing that the file is attached to, whichever app it belongs to."""
    for relation in Attachment._meta.related_objects:
        model = relation.related_model
        if model._meta.auto_created:
            continue
        yield from model._default_manager.filter(**{relation.field.name: attachment})


def _rights_for(row: Model) -> list[str]:
    """All the rights that let somebody see it."""
    if isinstance(row, OutgoingDocument):
        # How a letter reached somebody is seen, like the letter, by who deals with its matter.
        return [SEND, KINDS[row.kind].permission] if row.kind in KINDS else [SEND]
    name = f"{row._meta.app_label}.view_{row._meta.model_name}"
    return [SEEN_WITH.get(row._meta.label_lower, name)]
