"""Addresses of the control centre: staff, duty, handover, incidents, turns of cameras."""

from django.urls import URLPattern, URLResolver, include, path

from portal.views import duty, duty_shifts, emergency, handover, incidents, people_files, staff, turns

_STAFF = [
    path("", staff.staff_list, name="list"),
    path("export/", staff.export, name="export"),
    path("add/", staff.enter, name="add"),
    path("import/", people_files.staff_file, name="import"),
    path("<int:pk>/", staff.staff_page, name="page"),
    path("<int:pk>/change/", staff.change, name="change"),
    path("<int:pk>/end/", staff.end, name="end"),
]
_DUTY = [
    path("", duty.month, name="month"),
    path("import/", people_files.duty_file, name="import"),
    path("rotas/", duty.rotas, name="rotas"),
    path("rotas/add/", duty.rota_add, name="rota_add"),
    path("rotas/<int:pk>/", duty.rota_edit, name="rota_edit"),
    path("rotas/<int:pk>/generate/", duty.generate, name="generate"),
    path("shifts/add/", duty_shifts.add, name="shift_add"),
    path("shifts/<int:pk>/", duty_shifts.shift_page, name="shift"),
    path("shifts/<int:pk>/remove/", duty_shifts.remove, name="shift_remove"),
    path("shifts/<int:pk>/absent/", duty_shifts.absent, name="absent"),
    path("shifts/<int:pk>/stand-in/", duty_shifts.stand_in, name="stand_in"),
    path("shifts/<int:pk>/swap/", duty_shifts.swap_ask, name="swap_ask"),
    path("swaps/", duty_shifts.swaps, name="swaps"),
    path("swaps/<int:pk>/agree/", duty_shifts.swap_agree, name="swap_agree"),
    path("swaps/<int:pk>/decline/", duty_shifts.swap_decline, name="swap_decline"),
    path("swaps/<int:pk>/withdraw/", duty_shifts.swap_withdraw, name="swap_withdraw"),
]
_HANDOVER = [
    path("", handover.handover_list, name="list"),
    path("give/", handover.give, name="give"),
    path("<int:pk>/", handover.handover_page, name="page"),
    path("<int:pk>/accept/", handover.accept, name="accept"),
    path("checks/", handover.checks, name="checks"),
    path("checks/add/", handover.check_add, name="check_add"),
    path("checks/<int:pk>/", handover.check_edit, name="check_edit"),
]
_INCIDENTS = [
    path("", incidents.incident_list, name="list"),
    path("export/", incidents.export, name="export"),
    path("add/", incidents.enter, name="add"),
    path("import/", people_files.incidents_file, name="import"),
    path("<int:pk>/", incidents.incident_page, name="page"),
    path("<int:pk>/complete/", incidents.complete, name="complete"),
    path("<int:pk>/hold/", incidents.hold, name="hold"),
]
_TURNS = [
    path("", turns.turn_list, name="list"),
    path("export/", turns.export, name="export"),
    path("add/", turns.enter, name="add"),
    path("<int:pk>/back/", turns.turn_back, name="back"),
]
_EMERGENCY = [
    path("", emergency.tree, name="tree"),
    path("add/", emergency.add, name="add"),
    path("<int:pk>/", emergency.change, name="change"),
    path("drill/", emergency.drill, name="drill"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/", include((_STAFF, "staff"))),
    path("duty/", include((_DUTY, "duty"))),
    path("handovers/", include((_HANDOVER, "handover"))),
    path("incidents/", include((_INCIDENTS, "incidents"))),
    path("emergency/", include((_EMERGENCY, "emergency"))),
    path("turns/", include((_TURNS, "turns"))),
]
