"""The dataset for programs: a description (DCAT), and questions about places (`/dataset/sites.json`)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from cameras.enums import InstallPurpose
from cameras.models import Camera, Site
from website import dataset, licences
from website.forms.nearby import Nearby
from website.places import public_sites, with_cameras
from website.templatetags.site_frame import office, texts_of

PAGE_SIZE = 100


@require_safe
def catalogue(request: HttpRequest) -> JsonResponse:
    """DCAT 3 as JSON-LD; what the office has not decided (the licence) is left out, not guessed."""
    context = {"request": request}
    licence = licences.of(texts_of(context))
    distributions = []
    for form in dataset.FORMATS.values():
        made = dataset.newest(form)
        found: dict[str, Any] = {
            "@type": "dcat:Distribution",
            "dct:title": form.label,
            "dcat:mediaType": form.content_type.partition(";")[0],
            "dcat:downloadURL": request.build_absolute_uri(reverse("website_dataset_file", args=[form.code])),
        }
        if made:
            found |= {"dcat:byteSize": made.facts.bytes, "dct:modified": made.facts.made_at}
            if made.facts.sha256:
                found["spdx:checksum"] = {
                    "spdx:algorithm": "spdx:checksumAlgorithm_sha256",
                    "spdx:checksumValue": made.facts.sha256,
                }
            if made.facts.ledger_root:
                # The ledger's signed head of that moment, by which its register can be checked later.
                found["dct:provenance"] = {
                    "@type": "dct:ProvenanceStatement",
                    "rdfs:label": f"ledger size {made.facts.ledger_size}, root {made.facts.ledger_root}",
                }
        if licence and licence.url:
            found["dct:license"] = licence.url
        distributions.append(found)
    described = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "spdx": "http://spdx.org/rdf/terms#",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@type": "dcat:Dataset",
        "@id": request.build_absolute_uri(reverse("website_dataset")),
        "dct:title": "전국CCTV표준데이터",
        "dct:language": "ko",
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": office(context).district},
        "dcat:landingPage": request.build_absolute_uri(reverse("website_dataset")),
        "dcat:distribution": distributions,
    }
    return JsonResponse(
        described,
        json_dumps_params={"ensure_ascii": False},
        content_type="application/ld+json; charset=utf-8",
    )


@require_safe
def sites(request: HttpRequest) -> JsonResponse:
    """Places with public cameras: `near`, `within`, `purpose`, `page`."""
    purpose = request.GET.get("purpose", "")
    try:
        near = Nearby.of(request)
    except ValueError:
        return JsonResponse({"error": "near=latitude,longitude&within=metres"}, status=400)
    if purpose and purpose not in InstallPurpose.values:
        return JsonResponse({"error": f"purpose: {', '.join(InstallPurpose.values)}"}, status=400)
    rows = public_sites(purpose).order_by("number").values_list("pk", "latitude", "longitude")
    keys = [pk for pk, latitude, longitude in rows if near is None or near.holds(latitude, longitude)]
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    found = with_cameras(page.object_list, purpose)
    answer = JsonResponse(
        {
            "count": len(keys),
            "page": page.number,
            "pages": page.paginator.num_pages,
            "sites": [_site(request, found[pk]) for pk in page.object_list if pk in found],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    # Reading what is public in any page of any other site is what it is for.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _site(request: HttpRequest, site: Site) -> dict[str, Any]:
    with override("ko"):
        address = reverse("website_site", args=[site.number])
    cameras: list[Camera] = getattr(site, "shown", [])
    return {
        "number": site.number,
        "address": site.address,
        "latitude": None if site.latitude is None else float(site.latitude),
        "longitude": None if site.longitude is None else float(site.longitude),
        "url": request.build_absolute_uri(address),
        "cameras": [
            {
                "number": camera.number,
                "purpose": camera.install_purpose,
                "retention_days": None if camera.stores_nothing else camera.retention_days,
            }
            for camera in cameras
        ],
    }
