"""파일의 확인: whether a file is as the office issued it. The browser reads the file and sends its SHA-256 alone.

The answer comes from the ledger's lines about what was issued: reports with volumes, editions and attached files,
certificates, letters, bundles, official ledgers, packages of copies with their sheet, and every finished paper that was
downloaded (`reports.handed_out`). It names the document, never a person: who has the file has read it.
"""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from ledger.models import Entry, SignedHead
from reports.handed_out import HANDED_OUT, TITLES, Paper
from reports.inspection.bundle import MADE as BUNDLED
from reports.letters.outgoing import SENT

KINDS = {
    "reports.issued": gettext_lazy("운영위원회 보고서"),
    "reports.certified": gettext_lazy("영상정보 파기 확인서"),
    SENT: gettext_lazy("공문"),
    BUNDLED: gettext_lazy("점검 묶음"),
    "reports.official_ledger_made": gettext_lazy("관리대장"),
    "records.copy_sealed": gettext_lazy("영상 사본 꾸러미"),
    HANDED_OUT: gettext_lazy("확정한 문서"),
}
PARTS = {
    "annex": gettext_lazy("부록"),
    "editions": gettext_lazy("공개판"),
    "enclosures": gettext_lazy("첨부 파일"),
}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@require_safe
def check_page(request: HttpRequest) -> HttpResponse:
    """Without script, the SHA-256 can be typed."""
    typed = request.GET.get("sha256", "").strip().lower()
    is_digest = bool(_SHA256.fullmatch(typed))
    return render(
        request,
        "website/check_file.html",
        {
            "typed": typed[:64],
            "is_wrong": bool(typed) and not is_digest,
            "answer": answer_to(typed) if is_digest else None,
        },
        status=400 if typed and not is_digest else 200,
    )


@require_safe
def check_digest(request: HttpRequest, digest: str) -> JsonResponse:
    if not _SHA256.fullmatch(digest):
        return JsonResponse({"error": "64 hexadecimal digits"}, status=400)
    answer = JsonResponse(answer_to(digest))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def answer_to(digest: str) -> dict[str, Any]:
    """What the ledger says of a file: `is_found`, and then what it is, of which day, under which line."""
    entry = (
        Entry.objects.of_kind(*KINDS).filter(payload__contains=f'"{digest}"').order_by("-sequence").first()
    )
    if entry is None:
        return {"is_found": False}
    head = SignedHead.objects.filter(size__gte=entry.sequence).order_by("size").first()
    return {
        "is_found": True,
        "what": _name(entry, digest),
        "on": timezone.localdate(entry.at).isoformat(),
        "entry": entry.sequence,
        "is_sealed": head is not None,
    }


def _name(entry: Entry, digest: str) -> str:
    content = entry.content
    if entry.kind == HANDED_OUT:
        return f"{TITLES[Paper(content['paper'])]} {content['number']}"
    name = gettext(str(KINDS[entry.kind]))
    if content.get("sheet_sha256") == digest:
        return gettext("영상 사본 안내")
    if period := content.get("period"):
        name = gettext("%(name)s %(period)s 제%(version)s판") % {
            "name": name,
            "period": period,
            "version": content.get("version"),
        }
    for part, label in PARTS.items():
        if any(one.get("sha256") == digest for one in content.get(part, ())):
            name = f"{name} · {label}"
    return name
