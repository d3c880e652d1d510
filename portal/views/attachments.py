"""첨부 파일 내려받기: for those who may see what the file is attached to, and always as a download."""

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from casework import attachments
from casework.models import Attachment
from portal.access import officer, refuse, requires


@requires("casework.view_attachment")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself. An attachment has no right of its own: it is seen with the act, paper, opinion … it belongs to."""
    attachment = get_object_or_404(Attachment, pk=pk)
    needed = _rights_of(attachment)
    is_own_and_loose = not needed and attachment.added_by_id == officer(request).pk
    if not is_own_and_loose and not any(request.user.has_perm(right) for right in needed):
        return refuse(request, needed or ["cameras.file_paper"])
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


def _rights_of(attachment: Attachment) -> list[str]:
    """The right to view each thing that the file is attached to, whichever app it belongs to."""
    rights = []
    for relation in Attachment._meta.related_objects:
        model = relation.related_model
        if model._meta.auto_created:
            continue
        if model._default_manager.filter(**{relation.field.name: attachment}).exists():
            rights.append(f"{model._meta.app_label}.view_{model._meta.model_name}")
    return rights
