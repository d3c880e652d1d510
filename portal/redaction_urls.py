"""Addresses of redactions within a matter, below /portal/redactions/."""

from django.urls import URLPattern, URLResolver, path

from portal.views import redactions

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:pk>/", redactions.workspace, name="workspace"),
    path("<int:pk>/result/", redactions.result, name="result"),
    path("<int:pk>/open/", redactions.open_look, name="open"),
    path("<int:pk>/state/", redactions.state, name="state"),
    path("<int:pk>/choose/", redactions.choose, name="choose"),
    path("<int:pk>/tick/", redactions.tick, name="tick"),
    path("<int:pk>/run/", redactions.run, name="run"),
    path("<int:pk>/progress/", redactions.progress, name="progress"),
    path("runs/<int:pk>/cancel/", redactions.cancel, name="cancel"),
    path("<int:pk>/make/", redactions.make, name="make"),
    path("<int:pk>/check/", redactions.check, name="check"),
    path("<int:pk>/send-back/", redactions.send_back, name="send_back"),
    path("<int:pk>/drop/", redactions.drop, name="drop"),
    path("<slug:kind>/<int:pk>/", redactions.propose, name="propose"),
]
