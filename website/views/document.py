"""Files that the office publishes with its pages: handed out as files, never as something that a browser runs.

New ones are of a closed list of kinds (`WAGTAILDOCS_EXTENSIONS`). One that was stored earlier, or whose name deceives,
comes as bytes to be saved: a script among them would run under the site's own policy, which trusts its own host.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from wagtail.documents.views.serve import serve

POLICY = "default-src 'none'; sandbox"


def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    answer: HttpResponseBase = serve(request, document_id, document_filename)
    if answer.status_code != 200:
        return answer
    kind = document_filename.rpartition(".")[2].lower()
    if kind not in settings.WAGTAILDOCS_EXTENSIONS:
        answer.headers["Content-Type"] = "application/octet-stream"
    if kind != "pdf":
        disposition = answer.headers.get("Content-Disposition", "attachment")
        answer.headers["Content-Disposition"] = disposition.replace("inline", "attachment", 1)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
