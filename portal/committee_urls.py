"""Addresses of the committee's screens, below /portal/committee/."""

from django.urls import URLPattern, path

from portal.views import committee

urlpatterns: list[URLPattern] = [
    path("meetings/", committee.meeting_list, name="meetings"),
    path("meetings/add/", committee.meeting_add, name="meeting_add"),
    path("meetings/<int:pk>/", committee.meeting_page, name="meeting"),
    path("meetings/<int:pk>/change/", committee.meeting_change, name="meeting_change"),
    path("meetings/<int:pk>/resolutions/add/", committee.resolution_add, name="resolution_add"),
    path("resolutions/", committee.resolution_list, name="resolutions"),
    path("resolutions/export/", committee.export, name="export"),
    path("resolutions/<int:pk>/", committee.resolution_page, name="resolution"),
    path("resolutions/<int:pk>/correct/", committee.correct, name="correct"),
    path("resolutions/<int:pk>/carry-out/", committee.carry_out, name="carry_out"),
]
