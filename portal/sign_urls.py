"""Addresses of the screens of signs, below /portal/signs/."""

from django.urls import URLPattern, URLResolver, path

from portal.views import sign_batches, sign_checks, sign_substitutes, signs

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signs.sign_list, name="list"),
    path("state/<str:state>/", signs.in_state, name="in_state"),
    path("export.csv", signs.export, name="export"),
    path("sites/<int:pk>/", signs.site_sign, name="site"),
    path("sites/<int:pk>/make/", signs.make, name="make"),
    path("sites/<int:pk>/preview.pdf", signs.preview, name="preview"),
    path("<int:pk>/sign.pdf", signs.sign_file, name="file"),
    path("<int:pk>/retire/", signs.retire, name="retire"),
    path("<int:pk>/correct/", signs.correct, name="correct"),
    path("put-up/", signs.put_up, name="put_up"),
    path("photo/", sign_checks.photo, name="photo"),
    path("sites/<int:pk>/photo/", sign_checks.photo_at_site, name="check"),
    path("checks/<int:pk>/", sign_checks.outcome, name="outcome"),
    path("checks/<int:pk>/picture.jpg", sign_checks.picture, name="picture"),
    path("checks/<int:pk>/original", sign_checks.original, name="original"),
    path("batches/", sign_batches.batch_list, name="batches"),
    path("batches/add/", sign_batches.add, name="batch_add"),
    path("batches/<int:pk>/", sign_batches.batch_page, name="batch"),
    path("batches/<int:pk>/progress/", sign_batches.progress, name="batch_progress"),
    path("batches/<int:pk>/cancel/", sign_batches.cancel, name="batch_cancel"),
    path("batches/<int:pk>/signs.pdf", sign_batches.batch_file, name="batch_file"),
    path("substitutes/", sign_substitutes.substitute_list, name="substitutes"),
    path("sites/<int:pk>/substitute/", sign_substitutes.decide, name="substitute"),
    path("substitutes/<int:pk>/end/", sign_substitutes.end, name="substitute_end"),
]
