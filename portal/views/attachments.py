"""첨부 파일 내려받기: for those who may see what the file is attached to, and always as a download."""

import io
from collections.abc import Iterator

from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from casework import attachments
from casework.models import Attachment
from portal.access import officer, refuse, requires
from portal.views.documents import SEND
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
    "records.copyleaving": "records.make_casecopy",
}


@requires("casework.view_attachment")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself. An attachment has no right of its own: it is seen with the act, paper, opinion … it belongs to."""
    attachment = get_object_or_404(Attachment, pk=pk)
    ways = list(_ways_to(attachment))
    is_own_and_loose = not ways and attachment.added_by_id == officer(request).pk
    if not is_own_and_loose and not any(request.user.has_perms(rights) for rights in ways):
        return refuse(request, ways[0] if ways else ["cameras.file_paper"])
    return handed_out(attachment)


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


def _ways_to(attachment: Attachment) -> Iterator[list[str]]:
    """For each thing that the file is attached to, whichever app it belongs to: all the rights that let somebody see it."""
    for relation in Attachment._meta.related_objects:
        model = relation.related_model
        if model._meta.auto_created:
            continue
        for row in model._default_manager.filter(**{relation.field.name: attachment}):
            yield _rights_for(row)


def _rights_for(row: Model) -> list[str]:
    if isinstance(row, OutgoingDocument):
        # How a letter reached somebody is seen, like the letter, by who deals with its matter.
        return [SEND, KINDS[row.kind].permission] if row.kind in KINDS else [SEND]
    name = f"{row._meta.app_label}.view_{row._meta.model_name}"
    return [SEEN_WITH.get(row._meta.label_lower, name)]
