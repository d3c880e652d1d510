"""Public addresses that are not Wagtail pages; `/s/<number>/` is what a QR code on a sign holds."""

from django.urls import path

from website.views import cameras, policy, search

urlpatterns = [
    path("cameras/", cameras.camera_list, name="website_cameras"),
    path("cameras/map/", cameras.camera_map, name="website_camera_map"),
    path("cameras/map/points.json", cameras.map_points, name="website_map_points"),
    path("cameras/map/outline.json", cameras.map_outline, name="website_map_outline"),
    path("s/<str:number>/", cameras.site_page, name="website_site"),
    path("policy/", policy.current_policy, name="website_policy"),
    path("policy/<int:version>/", policy.policy_version, name="website_policy_version"),
    path("search/", search.search, name="website_search"),
]
