"""Public addresses that are not Wagtail pages; `/s/<number>/` is what a QR code on a sign holds."""

from django.urls import path

from reports import sealing
from website import consultation_urls
from website.views import (
    cameras,
    contractors,
    dataset,
    policy,
    privacy,
    records,
    search,
    sign_reports,
    signs,
    viewing,
)

urlpatterns = [
    *consultation_urls.urlpatterns,
    path("cameras/", cameras.camera_list, name="website_cameras"),
    path("cameras/map/", cameras.camera_map, name="website_camera_map"),
    path("cameras/map/points.json", cameras.map_points, name="website_map_points"),
    path("cameras/map/outline.json", cameras.map_outline, name="website_map_outline"),
    # A number may hold "/" or "#", which the QR code encodes.
    path("s/<path:number>/", cameras.site_page, name="website_site"),
    path("signs/", signs.sign_substitutes, name="website_sign_substitutes"),
    path("report-sign/", sign_reports.start, name="website_report_start"),
    path("report-sign/<path:number>/", sign_reports.report_sign, name="website_report_sign"),
    path("viewing-request/", viewing.start, name="website_viewing_start"),
    path("viewing-request/status/", viewing.viewing_status, name="website_viewing_status"),
    path("viewing-request/at/<path:number>/", viewing.request_viewing, name="website_viewing_request"),
    path("dataset/", dataset.dataset_page, name="website_dataset"),
    path("dataset/<slug:code>/", dataset.dataset_file, name="website_dataset_file"),
    path("contractors/", contractors.contractor_list, name="website_contractors"),
    path("policy/", policy.current_policy, name="website_policy"),
    path("policy/<int:version>/", policy.policy_version, name="website_policy_version"),
    path("privacy/", privacy.current_policy, name="website_privacy"),
    path("privacy/<int:version>/", privacy.policy_version, name="website_privacy_version"),
    path(sealing.RECORDS_PATH, records.records_page, name="website_records"),
    path(f"{sealing.RECORDS_PATH}{sealing.CHECKER_NAME}", records.checker, name="website_checker"),
    path("search/", search.search, name="website_search"),
]
