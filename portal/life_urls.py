"""Addresses of the screens from plan to removal, below /portal/: projects, acts, papers, prior consultations, files."""

from django.urls import URLPattern, URLResolver, include, path

from portal.views import attachments, lifecycle, papers, prior_consultation, projects

project_patterns: list[URLPattern | URLResolver] = [
    path("", projects.project_list, name="list"),
    path("add/", projects.project_add, name="add"),
    path("<int:pk>/", projects.project_page, name="page"),
    path("<int:pk>/edit/", projects.project_edit, name="edit"),
    path("<int:pk>/close/", projects.project_close, name="close"),
    path("<int:pk>/place/", projects.place, name="place"),
    path("<int:pk>/installed/", projects.installed, name="installed"),
    path("<int:pk>/cameras/add/", projects.cameras_add, name="cameras_add"),
    path("<int:pk>/cameras/take-out/", projects.cameras_take_out, name="cameras_take_out"),
]

lifecycle_patterns: list[URLPattern | URLResolver] = [
    path("", lifecycle.act_list, name="list"),
    path("act/", lifecycle.act, name="act"),
    path("<int:pk>/", lifecycle.act_page, name="page"),
    path("<int:pk>/correct/", lifecycle.correct, name="correct"),
]

paper_patterns: list[URLPattern | URLResolver] = [
    path("", papers.paper_list, name="list"),
    path("file/", papers.paper_file, name="file"),
    path("<int:pk>/", papers.paper_page, name="page"),
    path("<int:pk>/withdraw/", papers.paper_withdraw, name="withdraw"),
]

prior_consultation_patterns: list[URLPattern | URLResolver] = [
    path("", prior_consultation.consultation_list, name="list"),
    path("projects/<int:pk>/ask/", prior_consultation.ask, name="ask"),
    path("conditions/<int:pk>/fulfil/", prior_consultation.fulfil, name="fulfil"),
    path("<int:pk>/", prior_consultation.consultation_page, name="page"),
    path("<int:pk>/reply/", prior_consultation.reply, name="reply"),
    path("<int:pk>/reply.pdf", prior_consultation.letter, name="letter"),
    path("<int:pk>/reply.hwpx", prior_consultation.letter, {"ending": "hwpx"}, name="letter_hwpx"),
    path("<int:pk>/withdraw/", prior_consultation.withdraw, name="withdraw"),
]

attachment_patterns: list[URLPattern | URLResolver] = [
    path("<int:pk>/", attachments.download, name="download"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("projects/", include((project_patterns, "projects"), namespace="projects")),
    path("lifecycle/", include((lifecycle_patterns, "lifecycle"), namespace="lifecycle")),
    path("papers/", include((paper_patterns, "papers"), namespace="papers")),
    path(
        "prior-consultations/",
        include((prior_consultation_patterns, "prior_consultation"), namespace="prior_consultation"),
    ),
    path("attachments/", include((attachment_patterns, "attachments"), namespace="attachments")),
]
