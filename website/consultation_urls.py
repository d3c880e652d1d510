"""Addresses of consultations. A number is `2026-007`, so the words below are never one."""

from django.urls import path

from website.views import consultations, opinions

urlpatterns = [
    path("consultations/", consultations.consultation_list, name="website_consultations"),
    path("consultations/my-opinion/", opinions.own_opinion, name="website_own_opinion"),
    path("consultations/preview/<str:number>/", consultations.preview, name="website_consultation_preview"),
    path(
        "consultations/preview/<str:number>/points.json",
        consultations.consultation_points,
        {"is_preview": True},
        name="website_consultation_preview_points",
    ),
    path(
        "consultations/preview/<str:number>/files/<int:pk>/",
        consultations.consultation_file,
        {"is_preview": True},
        name="website_consultation_preview_file",
    ),
    path("consultations/<str:number>/", consultations.consultation_page, name="website_consultation"),
    path(
        "consultations/<str:number>/points.json",
        consultations.consultation_points,
        name="website_consultation_points",
    ),
    path(
        "consultations/<str:number>/files/<int:pk>/",
        consultations.consultation_file,
        name="website_consultation_file",
    ),
]
