"""Addresses of what citizens sent: reports of signs and requests to see footage, below /portal/."""

from django.urls import URLPattern, URLResolver, include, path

from portal.views import sign_reports, viewing_requests

sign_report_patterns: list[URLPattern | URLResolver] = [
    path("", sign_reports.report_list, name="list"),
    path("sites/<int:pk>/", sign_reports.site_reports, name="site"),
    path("<int:pk>/", sign_reports.report_page, name="report"),
    path("<int:pk>/close/", sign_reports.close, name="close"),
    path("<int:pk>/contact/", sign_reports.contact, name="contact"),
    path("<int:pk>/photo/", sign_reports.photo, name="photo"),
]

viewing_patterns: list[URLPattern | URLResolver] = [
    path("", viewing_requests.request_list, name="list"),
    path("<int:pk>/", viewing_requests.request_page, name="request"),
    path("<int:pk>/person/", viewing_requests.person, name="person"),
    path("<int:pk>/decide/", viewing_requests.decide, name="decide"),
    path("<int:pk>/resume/", viewing_requests.resume, name="resume"),
    path("<int:pk>/release/", viewing_requests.release, name="release"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-reports/", include((sign_report_patterns, "sign_reports"))),
    path("viewing-requests/", include((viewing_patterns, "viewing"))),
]
