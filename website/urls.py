"""Public addresses that are not Wagtail pages; `/s/<number>/` is what a QR code on a sign holds."""

from django.urls import path
from django.views.generic import RedirectView

from reports import sealing
from website import consultation_urls
from website.views import (
    cameras,
    certificate,
    check_file,
    committee,
    committee_link,
    contractors,
    dataset,
    discovery,
    open_data,
    policy,
    privacy,
    provisions,
    published_figures,
    records,
    report_status,
    search,
    sign_reports,
    signs,
    steps,
    viewing,
    viewing_copies,
    viewing_request,
    visits,
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
    path("form/<str:key>/<slug:step>/", steps.form_step, name="website_form_step"),
    path("report-sign/status/", report_status.look_up, name="website_report_look_up"),
    path("report-sign/status/<str:number>/", report_status.report_status, name="website_report_status"),
    path(
        "report-sign/status/<str:number>/report.ics",
        report_status.report_calendar,
        name="website_report_calendar",
    ),
    path("report-sign/", sign_reports.start, name="website_report_start"),
    path("report-sign/<path:number>/", sign_reports.report_sign, name="website_report_sign"),
    path("viewing-request/", viewing_request.start, name="website_viewing_start"),
    path("viewing-request/status/", viewing.viewing_status, name="website_viewing_status"),
    path("viewing-request/letter/<str:token>/<slug:ending>/", viewing.letter, name="website_viewing_letter"),
    path("viewing-request/copy/", viewing_copies.download, name="website_viewing_copy"),
    path("viewing-request/status/of/<str:token>/", viewing.opened, name="website_viewing_opened"),
    path("viewing-request/status/of/<str:token>/<slug:code>/", viewing.act, name="website_viewing_act"),
    path("viewing-request/status/<slug:code>/", viewing.former_act, name="website_viewing_former_act"),
    path("viewing-request/around/", viewing_request.request_around, name="website_viewing_around"),
    path(
        "viewing-request/at/<path:number>/", viewing_request.request_viewing, name="website_viewing_request"
    ),
    # Where the form of a place was until 0.2.0; it stands in bookmarks.
    path(
        "viewing-request/<path:number>/",
        RedirectView.as_view(pattern_name="website_viewing_request"),
        name="website_viewing_former",
    ),
    path("visit/", visits.start, name="website_visit_start"),
    path("visit/status/", visits.look_up, name="website_visit_look_up"),
    path("visit/status/<str:number>/", visits.status, name="website_visit_status"),
    path("dataset/", dataset.dataset_page, name="website_dataset"),
    path("dataset/catalog.jsonld", open_data.catalogue, name="website_catalogue"),
    path("dataset/sites.json", open_data.sites, name="website_sites_data"),
    path("dataset/<slug:code>/", dataset.dataset_file, name="website_dataset_file"),
    path("committee/", committee.committee_page, name="website_committee"),
    path("committee/minutes/<str:number>/", committee.minutes_page, name="website_committee_minutes"),
    path("committee/answer/<str:secret>/", committee_link.signed_link, name="website_committee_link"),
    path("training-certificate/", certificate.check, name="website_certificate"),
    path("contractors/", contractors.contractor_list, name="website_contractors"),
    path("provisions/", provisions.provision_list, name="website_provisions"),
    path("policy/", policy.current_policy, name="website_policy"),
    path("policy/<int:version>/", policy.policy_version, name="website_policy_version"),
    path("privacy/", privacy.current_policy, name="website_privacy"),
    path("privacy/<int:version>/", privacy.policy_version, name="website_privacy_version"),
    path(sealing.RECORDS_PATH, records.records_page, name="website_records"),
    path(sealing.CHECK_PATH, check_file.check_page, name="website_check"),
    path(f"{sealing.CHECK_PATH}<slug:digest>.json", check_file.check_digest, name="website_check_digest"),
    path(f"{sealing.RECORDS_PATH}<slug:stem>.py", records.checker, name="website_checker"),
    path("figures/", published_figures.figures_page, name="website_figures"),
    path(
        "figures/yearly/<int:year>/<slug:kind>/", published_figures.yearly_page, name="website_yearly_paper"
    ),
    path("figures/<slug:period>/", published_figures.figures_page, name="website_figures_of"),
    path("figures/<slug:period>/summary/", published_figures.summary_page, name="website_figures_summary"),
    path("figures/<slug:period>/figures.csv", published_figures.figures_data, name="website_figures_data"),
    path(
        "figures/<slug:period>/<slug:kind>.pdf",
        published_figures.edition_file,
        name="website_figures_edition",
    ),
    path("robots.txt", discovery.robots, name="website_robots"),
    path("sitemap.xml", discovery.sitemap, name="website_sitemap"),
    path("consultations.atom", discovery.consultation_feed, name="website_consultation_feed"),
    path("changes.atom", discovery.change_feed, name="website_change_feed"),
    path("search/", search.search, name="website_search"),
]
