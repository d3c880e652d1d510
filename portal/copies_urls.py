"""Addresses of copies that leave, below /portal/copies/."""

from django.urls import URLPattern, URLResolver, path

from portal.views import copies

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:pk>/", copies.copy_page, name="page"),
    path("<int:pk>/progress/", copies.progress, name="progress"),
    path("<int:pk>/cancel/", copies.cancel, name="cancel"),
    path("<int:pk>/decide/", copies.decide, name="decide"),
    path("<int:pk>/seal/", copies.seal, name="seal"),
    path("<int:pk>/package/", copies.package, name="package"),
    path("<int:pk>/hand-over/", copies.hand_over, name="hand_over"),
    path("<int:pk>/receipt/", copies.file_receipt, name="file_receipt"),
    path("<int:pk>/download/", copies.open_download, name="open_download"),
    path("<int:pk>/withdraw/", copies.withdraw, name="withdraw"),
    path("<slug:kind>/<int:pk>/ask/", copies.ask, name="ask"),
]
