"""Addresses of the screens of entrustment, below /portal/contracts/."""

from django.urls import URLPattern, path

from portal.views import contract_acts, contracts

urlpatterns: list[URLPattern] = [
    path("", contracts.contract_list, name="list"),
    path("export/", contracts.export, name="export"),
    path("add/", contract_acts.enter, name="enter"),
    path("<int:pk>/", contracts.contract_page, name="contract"),
    path("<int:pk>/change/", contract_acts.change, name="change"),
    path("<int:pk>/end/", contract_acts.end, name="end"),
    path("<int:pk>/project/", contract_acts.name_project, name="name_project"),
    path("cameras/", contract_acts.contract_cameras, name="cameras"),
    path("<int:pk>/training/", contract_acts.training_add, name="training_add"),
    path("<int:pk>/inspection/", contract_acts.inspection_add, name="inspection_add"),
    path("inspections/<int:pk>/remedy/", contract_acts.remedy, name="remedy"),
    path("<int:pk>/reentrustment/", contract_acts.reentrustment_add, name="reentrustment_add"),
    path("reentrustments/<int:pk>/answer/", contract_acts.reentrustment_answer, name="reentrustment_answer"),
    path("reentrustments/<int:pk>/end/", contract_acts.reentrustment_end, name="reentrustment_end"),
    path("contractors/", contracts.contractor_list, name="contractors"),
    path("contractors/add/", contract_acts.contractor_add, name="contractor_add"),
    path("contractors/<int:pk>/", contracts.contractor_page, name="contractor"),
    path("contractors/<int:pk>/edit/", contract_acts.contractor_edit, name="contractor_edit"),
    path("items/", contracts.items, name="items"),
    path("items/add/", contract_acts.item_add, name="item_add"),
    path("items/<int:pk>/", contract_acts.item_edit, name="item_edit"),
]
