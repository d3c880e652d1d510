"""Addresses of the assessment: articles, findings, exceptions, runs."""

from django.urls import path

from portal.views import duties, duty_exceptions, findings

urlpatterns = [
    path("", duties.articles, name="articles"),
    path("run/", duties.assess_now, name="assess_now"),
    path("runs/", duties.assessments, name="assessments"),
    path("runs/<int:pk>/", duties.assessment_page, name="assessment"),
    path("runs/<int:pk>/progress/", duties.assessment_progress, name="assessment_progress"),
    path("runs/<int:pk>/cancel/", duties.assessment_cancel, name="assessment_cancel"),
    path("runs/<int:pk>/run/", duties.assessment_run_here, name="assessment_run_here"),
    path("findings/", findings.finding_list, name="findings"),
    path("findings/export/", findings.export, name="findings_export"),
    path("findings/care/", findings.care, name="care"),
    path("findings/<int:pk>/", findings.finding_page, name="finding"),
    path("exceptions/", duty_exceptions.exception_list, name="exceptions"),
    path("exceptions/grant/", duty_exceptions.exception_grant, name="exception_grant"),
    path("exceptions/<int:pk>/", duty_exceptions.exception_page, name="exception"),
    path("exceptions/<int:pk>/revoke/", duty_exceptions.exception_revoke, name="exception_revoke"),
]
