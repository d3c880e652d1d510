"""Addresses of the consultation screens, below /portal/consultations/."""

from django.urls import URLPattern, URLResolver, include, path

from portal.views import consultation_experts as experts
from portal.views import consultation_opinions as opinions
from portal.views import consultation_results as results
from portal.views import consultations

patterns: list[URLPattern | URLResolver] = [
    path("", consultations.consultation_list, name="list"),
    path("add/", consultations.add, name="add"),
    path("<int:pk>/", consultations.consultation_page, name="page"),
    path("<int:pk>/edit/", consultations.edit, name="edit"),
    path("<int:pk>/files/", consultations.files, name="files"),
    path("<int:pk>/questions/", consultations.question_add, name="question_add"),
    path("<int:pk>/remove/<str:part>/<int:number>/", consultations.part_remove, name="part_remove"),
    path("<int:pk>/publish/", consultations.publish, name="publish"),
    path("<int:pk>/extend/", consultations.extend, name="extend"),
    path("<int:pk>/close/", consultations.close, name="close"),
    path("<int:pk>/discard/", consultations.discard, name="discard"),
    path("<int:pk>/experts/add/", experts.expert_add, name="expert_add"),
    path("experts/<int:pk>/remove/", experts.expert_remove, name="expert_remove"),
    path("<int:pk>/opinions/", opinions.opinion_list, name="opinions"),
    path("<int:pk>/opinions/enter/", opinions.enter, name="enter"),
    path("<int:pk>/result/", results.result_page, name="result"),
    path("<int:pk>/result/publish/", results.result_publish, name="result_publish"),
    path("<int:pk>/result/correct/", results.correct, name="result_correct"),
    path("<int:pk>/result.<str:kind>", results.document, name="document"),
    path("opinions/<int:pk>/", opinions.opinion_page, name="opinion"),
    path("opinions/<int:pk>/answer/", opinions.answer_one, name="answer"),
    path("opinions/<int:pk>/hide/", opinions.hide, name="hide"),
    path("opinions/<int:pk>/show/", opinions.show, name="show"),
    path("opinions/<int:pk>/person/", opinions.read_person, name="person"),
    path("opinions/<int:pk>/file/", opinions.opinion_file, name="opinion_file"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("consultations/", include((patterns, "consultation"), namespace="consultation")),
]
