"""Addresses of the portal's own screens, below /portal/. Wagtail puts its login and cache rules around them.

The camera and footage screens have their list in `portal.registers_urls`.
"""

from django.urls import URLPattern, URLResolver, include, path

from portal import (
    access_log_urls,
    citizens_urls,
    committee_urls,
    consultation_urls,
    contract_urls,
    duties_urls,
    life_urls,
    look_urls,
    provision_urls,
    redaction_urls,
    registers_urls,
    sign_urls,
)
from portal.views import (
    agenda,
    documents,
    drafts,
    filters,
    ledger,
    official_ledgers,
    ordinance,
    people,
    permissions,
    pledges,
    policy,
    privacy,
    reports,
    search,
    self_inspections,
    telling,
    training,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *registers_urls.urlpatterns,
    *life_urls.urlpatterns,
    *citizens_urls.urlpatterns,
    *consultation_urls.urlpatterns,
    path("agenda/", include((agenda.urlpatterns, "agenda"))),
    path("ordinance/", include((ordinance.urlpatterns, "ordinance"))),
    path("ledger/", include((ledger.urlpatterns, "ledger"))),
    path("letters/", include((documents.urlpatterns, "documents"))),
    path("official-ledgers/", include((official_ledgers.urlpatterns, "official_ledgers"))),
    path("committee-reports/", include((reports.urlpatterns, "reports"))),
    path("people/", include((people.urlpatterns, "people"))),
    path("duties/", include((duties_urls.urlpatterns, "duties"))),
    path("contracts/", include((contract_urls.urlpatterns, "contracts"))),
    path("provisions/", include((provision_urls.urlpatterns, "provision"))),
    path("training/", include((training.urlpatterns, "training"))),
    path("pledges/", include((pledges.urlpatterns, "pledges"))),
    path("permissions/", include((permissions.urlpatterns, "permissions"))),
    path("looks/", include((look_urls, "looks"))),
    path("access-log/", include((access_log_urls, "access_log"))),
    path("redactions/", include((redaction_urls, "redaction"))),
    path("committee/", include((committee_urls.urlpatterns, "committee"))),
    path("self-inspections/", include((self_inspections.urlpatterns, "self_inspection"))),
    path("signs/", include((sign_urls.urlpatterns, "signs"))),
    path("search/", search.search, name="search"),
    path("draft/", drafts.draft, name="draft"),
    path("filters/", filters.keep, name="filter_keep"),
    path("filters/<int:pk>/forget/", filters.forget, name="filter_forget"),
    path("tell/<str:label>/<int:pk>/", telling.tell, name="tell"),
    *policy.urlpatterns,
    *privacy.urlpatterns,
]
