"""Addresses of the committee's screens, below /portal/committee/."""

from django.urls import URLPattern, path

from portal.views import committee, committee_meetings, committee_members

urlpatterns: list[URLPattern] = [
    path("meetings/", committee.meeting_list, name="meetings"),
    path("meetings/add/", committee.meeting_add, name="meeting_add"),
    path("meetings/<int:pk>/", committee.meeting_page, name="meeting"),
    path("meetings/<int:pk>/change/", committee.meeting_change, name="meeting_change"),
    path("meetings/<int:pk>/resolutions/add/", committee.resolution_add, name="resolution_add"),
    path("meetings/<int:pk>/items/add/", committee_meetings.item_add, name="item_add"),
    path("items/<int:pk>/change/", committee_meetings.item_change, name="item_change"),
    path("items/<int:pk>/papers/", committee_meetings.item_papers, name="item_papers"),
    path("items/<int:pk>/drop/", committee_meetings.item_drop, name="item_drop"),
    path("items/<int:pk>/recuse/", committee_meetings.recuse, name="recuse"),
    path("items/<int:pk>/resolve/", committee.item_resolve, name="item_resolve"),
    path("recusals/<int:pk>/", committee_meetings.challenge, name="challenge"),
    path("meetings/<int:pk>/notice/", committee_meetings.notice, name="notice"),
    path("meetings/<int:pk>/attendance/", committee_meetings.attend, name="attend"),
    path("meetings/<int:pk>/experts/", committee_meetings.expert, name="expert"),
    path("meetings/<int:pk>/cancel/", committee_meetings.cancel, name="meeting_cancel"),
    path("meetings/<int:pk>/close/", committee_meetings.close, name="written_close"),
    path("meetings/<int:pk>/ballots/<int:term>/", committee_meetings.paper_ballot, name="paper_ballot"),
    path(
        "meetings/<int:pk>/links/<int:term>/<slug:purpose>/", committee_meetings.issue_link, name="issue_link"
    ),
    path("conditions/<int:pk>/due/", committee_meetings.condition_due, name="condition_due"),
    path("conditions/<int:pk>/fulfil/", committee_meetings.condition_fulfil, name="condition_fulfil"),
    path("resolutions/", committee.resolution_list, name="resolutions"),
    path("resolutions/export/", committee.export, name="export"),
    path("resolutions/<int:pk>/", committee.resolution_page, name="resolution"),
    path("resolutions/<int:pk>/correct/", committee.correct, name="correct"),
    path("resolutions/<int:pk>/carry-out/", committee.carry_out, name="carry_out"),
    path("members/", committee_members.member_list, name="members"),
    path("members/add/", committee_members.add, name="member_add"),
    path("members/<int:pk>/change/", committee_members.change, name="member_change"),
    path("members/<int:pk>/contact/", committee_members.contact, name="member_contact"),
    path("members/<int:pk>/appoint/", committee_members.appoint_again, name="member_appoint"),
    path("terms/<int:pk>/", committee_members.term_page, name="term"),
    path("terms/<int:pk>/renew/", committee_members.renew, name="term_renew"),
    path("terms/<int:pk>/substitute/", committee_members.substitute, name="term_substitute"),
    path("terms/<int:pk>/end/", committee_members.end, name="term_end"),
    path("terms/<int:pk>/vacant/", committee_members.leave_vacant, name="term_vacant"),
]
