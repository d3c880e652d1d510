"""Addresses of use and provision, below /portal/provisions/."""

from django.urls import URLPattern, URLResolver, path

from portal.views import (
    provision_approval,
    provision_duties,
    provision_intake,
    provision_letters,
    provision_list,
    provision_registers,
    provision_release,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", provision_list.provision_list, name="list"),
    path("export/", provision_list.export, name="export"),
    path("outside/", provision_list.outside, name="outside"),
    path("add/", provision_intake.add, name="add"),
    path("agencies/", provision_registers.agencies, name="agencies"),
    path("agencies/add/", provision_registers.agency_add, name="agency_add"),
    path("agencies/<int:pk>/", provision_registers.agency_edit, name="agency_edit"),
    path("authorities/", provision_registers.authorities, name="authorities"),
    path("authorities/add/", provision_registers.authority_add, name="authority_add"),
    path("authorities/<int:pk>/end/", provision_registers.authority_end, name="authority_end"),
    path("<int:pk>/", provision_list.provision_page, name="page"),
    path("<int:pk>/person/", provision_list.person, name="person"),
    path("<int:pk>/cameras/", provision_intake.add_cameras, name="add_cameras"),
    path("cameras/<int:pk>/secure/", provision_intake.secure, name="secure"),
    path("cameras/<int:pk>/drop/", provision_intake.drop, name="drop"),
    path("<int:pk>/review/", provision_intake.put_forward, name="review"),
    path("<int:pk>/approve/", provision_approval.approve, name="approve"),
    path("<int:pk>/call/", provision_approval.call, name="call"),
    path("<int:pk>/confirm-call/", provision_approval.confirm_call, name="confirm_call"),
    path("<int:pk>/send-back/", provision_approval.send_back, name="send_back"),
    path("<int:pk>/refuse/", provision_approval.refuse, name="refuse"),
    path("<int:pk>/withdraw/", provision_approval.withdraw, name="withdraw"),
    path("<int:pk>/mayor-approve/", provision_approval.mayor_approve, name="mayor_approve"),
    path("<int:pk>/mayor-refuse/", provision_approval.mayor_refuse, name="mayor_refuse"),
    path("<int:pk>/unidentifiable/", provision_approval.unidentifiable, name="unidentifiable"),
    path("<int:pk>/restrict/", provision_release.restrict, name="restrict"),
    path("<int:pk>/answer/", provision_release.answer, name="answer"),
    path("<int:pk>/hand-over/", provision_release.hand_over, name="hand_over"),
    path("copies/<int:pk>/receipt/", provision_release.file_receipt, name="file_receipt"),
    path("copies/<int:pk>/end/", provision_release.end_copy, name="end_copy"),
    path("<int:pk>/extend/", provision_release.extend, name="extend"),
    path("<int:pk>/chase/", provision_release.chase, name="chase"),
    path("<int:pk>/recall/", provision_release.order_recall, name="recall"),
    path("<int:pk>/end/", provision_release.end, name="end"),
    path("<int:pk>/release/", provision_release.release_holds, name="release"),
    path("<int:pk>/publish/", provision_duties.publish, name="publish"),
    path("<int:pk>/tell-subject/", provision_duties.tell_subject, name="tell_subject"),
    path("<int:pk>/withdraw-consent/", provision_duties.withdraw_consent, name="withdraw_consent"),
    path("<int:pk>/letters/<slug:kind>/", provision_letters.letter, name="letter"),
    path(
        "<int:pk>/letters/<slug:kind>.hwpx", provision_letters.letter, {"ending": "hwpx"}, name="letter_hwpx"
    ),
    path("copies/<int:pk>/receipt.pdf", provision_letters.receipt, name="receipt"),
]
