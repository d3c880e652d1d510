"""Addresses of the access log's imports and reviews, below /portal/access-log/."""

from django.urls import URLPattern, URLResolver, include, path

from portal.views import access_imports, access_reviews

urlpatterns: list[URLPattern | URLResolver] = [
    path("imports/", include(access_imports.urlpatterns)),
    *access_reviews.urlpatterns,
]
