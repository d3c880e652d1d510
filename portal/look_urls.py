"""Addresses of looks at footage, below /portal/looks/."""

from django.urls import URLPattern, URLResolver, path

from portal.views import looks

urlpatterns: list[URLPattern | URLResolver] = [
    path("", looks.look_list, name="list"),
    path("<uuid:group>/", looks.player, name="player"),
    path("<uuid:group>/tell/", looks.tell, name="tell"),
    path("<uuid:group>/close/", looks.close, name="close"),
    path("<uuid:group>/again/", looks.again, name="again"),
    path("<int:pk>/part/", looks.part, name="part"),
    path("<int:pk>/still/", looks.still, name="still"),
    path("<slug:kind>/<int:pk>/", looks.ask, name="ask"),
]
