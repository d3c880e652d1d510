"""Addresses of what citizens sent: reports of signs and requests to see footage, below /portal/."""

from django.urls import URLPattern, URLResolver, include, path

from portal.views import (
    sign_reports,
    viewing_course,
    viewing_intake,
    viewing_ranges,
    viewing_remedies,
    viewing_requests,
    viewing_results,
    viewing_steps,
)

sign_report_patterns: list[URLPattern | URLResolver] = [
    path("", sign_reports.report_list, name="list"),
    path("sites/<int:pk>/", sign_reports.site_reports, name="site"),
    path("<int:pk>/", sign_reports.report_page, name="report"),
    path("<int:pk>/place/", sign_reports.place, name="place"),
    path("<int:pk>/close/", sign_reports.close, name="close"),
    path("<int:pk>/contact/", sign_reports.contact, name="contact"),
    path("<int:pk>/photo/", sign_reports.photo, name="photo"),
]

viewing_patterns: list[URLPattern | URLResolver] = [
    path("", viewing_requests.request_list, name="list"),
    path("<int:pk>/", viewing_requests.request_page, name="request"),
    path("add/", viewing_intake.choose_place, name="add"),
    path("add/<int:pk>/", viewing_intake.receive, name="add_at"),
    path("add/around/", viewing_intake.receive_around, name="add_around"),
    path("<int:pk>/search/", viewing_ranges.search, name="search"),
    path("<int:pk>/ranges/add/", viewing_ranges.add, name="add_range"),
    path("cameras/<int:pk>/drop/", viewing_ranges.drop, name="drop_range"),
    path("cameras/<int:pk>/take-back/", viewing_ranges.take_back, name="take_back_range"),
    path("cameras/<int:pk>/release/", viewing_ranges.let_go, name="release_range"),
    path("<int:pk>/person/", viewing_requests.person, name="person"),
    path("dismiss/", viewing_steps.dismiss, name="dismiss"),
    path("cameras/<int:pk>/secure/", viewing_steps.secure, name="secure"),
    path("<int:pk>/confirm/", viewing_steps.confirm, name="confirm"),
    path("<int:pk>/identify/", viewing_steps.identify, name="identify"),
    path("<int:pk>/new-code/", viewing_steps.new_code, name="new_code"),
    path("notices/<int:pk>/arrived/", viewing_steps.arrive, name="arrive"),
    path("<int:pk>/freeze/", viewing_steps.freeze, name="freeze"),
    path("<int:pk>/not-freeze/", viewing_steps.not_freeze, name="not_freeze"),
    path("<int:pk>/supplement/", viewing_course.ask_supplement, name="ask_supplement"),
    path("<int:pk>/supplemented/", viewing_course.supplemented, name="supplemented"),
    path("<int:pk>/lapse/", viewing_course.lapse, name="lapse"),
    path("<int:pk>/withdraw/", viewing_course.withdraw, name="withdraw"),
    path("<int:pk>/transfer/", viewing_course.transfer, name="transfer"),
    path("<int:pk>/mask/", viewing_course.mask, name="mask"),
    path("<int:pk>/masked/", viewing_course.masked, name="masked"),
    path("<int:pk>/prepare/", viewing_course.prepare, name="prepare"),
    path("<int:pk>/send-back/", viewing_course.send_back, name="send_back"),
    path("<int:pk>/decide/", viewing_steps.decide, name="decide"),
    path("<int:pk>/notify/", viewing_steps.notify, name="notify"),
    path("<int:pk>/postpone/", viewing_steps.postpone, name="postpone"),
    path("<int:pk>/resume/", viewing_steps.resume, name="resume"),
    path("<int:pk>/object/", viewing_remedies.object_, name="object"),
    path("<int:pk>/remedy/", viewing_remedies.record, name="remedy"),
    path("<int:pk>/waive/", viewing_remedies.waive, name="waive"),
    path("<int:pk>/correct/", viewing_results.correct, name="correct"),
    path("remedies/<int:pk>/answer/", viewing_remedies.answer, name="answer_objection"),
    path("remedies/<int:pk>/extend/", viewing_remedies.extend, name="extend_objection"),
    path("remedies/<int:pk>/end/", viewing_remedies.end, name="remedy_end"),
    path("appointments/<int:pk>/shown/", viewing_results.show, name="shown"),
    path("appointments/<int:pk>/missed/", viewing_results.miss, name="missed"),
    path("appointments/<int:pk>/move/", viewing_results.reschedule, name="reschedule"),
    path("<int:pk>/release/", viewing_steps.release_holds, name="release"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-reports/", include((sign_report_patterns, "sign_reports"))),
    path("viewing-requests/", include((viewing_patterns, "viewing"))),
]
