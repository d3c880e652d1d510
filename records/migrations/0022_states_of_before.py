"""Requests of before stand where their own steps lead by the one table of states; each step keeps who, when and why."""

from django.db import migrations

WORK = ("received", "identified", "searched")
SOURCES = {
    "dismiss": "closing",
    "correct": "correction",
    "extend_objection": "extension",
    "answer_objection": "objection",
    "postpone": "postponement",
}


def replay(apps, schema_editor):
    request_model = apps.get_model("records", "ViewingRequest")
    for request in request_model.objects.only("pk", "state").order_by("pk").iterator(chunk_size=200):
        state = _replay_one(apps, request)
        if state and state != request.state:
            request_model.objects.filter(pk=request.pk).update(state=state)


def _replay_one(apps, request):
    """The state after its last step; every step of it says from where it led and to where."""
    move_model = apps.get_model("records", "ViewingMove")
    facts, state = _Facts(apps, request), ""
    for move in move_model.objects.filter(request=request).order_by("at", "pk"):
        came_from, state = state, facts.after(move, state)
        if (move.from_state, move.to_state) != (came_from, state):
            move_model.objects.filter(pk=move.pk).update(from_state=came_from, to_state=state)
    return state


class _Facts:
    """What was known of a request at each of its steps."""

    def __init__(self, apps, request):
        self.apps, self.request, self.is_identified = apps, request, False

    def standing(self, at):
        if not self.is_identified:
            return "received"
        return "searched" if self._is_searched(at) else "identified"

    def _is_searched(self, at):
        lines = self.apps.get_model("records", "RequestedCamera").objects.filter(
            request_id=self.request.pk, dropped_at__isnull=True
        )
        results = self.apps.get_model("records", "SearchResult").objects.filter(
            line__request_id=self.request.pk, found_at__lte=at
        )
        return not lines.exclude(pk__in=results.values("line")).exists()

    def after(self, move, state):
        event = move.event
        if event == "identify":
            self.is_identified = True
        if event in ("receive", "resume", "reopen"):
            return self.standing(move.at)
        if event in ("identify", "search") and state in WORK:
            return self.standing(move.at)
        if event in ("postpone", "decide", "dismiss"):
            return {"postpone": "postponed", "decide": "decided", "dismiss": "dismissed"}[event]
        if event == "notify":
            return "appointed" if self._has_appointment(move) else "notified"
        if event == "show" and state in ("appointed", "notified"):
            return "notified" if self._is_correction_open(move) else "done"
        if event == "miss" and state == "appointed":
            return "notified"
        if event == "reschedule" and state in ("appointed", "notified", "done"):
            return "appointed"
        if event == "correct" and state in ("notified", "done"):
            return "done"
        return state

    def _has_appointment(self, move):
        notices = self.apps.get_model("records", "ViewingNotice").objects
        return notices.filter(request_id=self.request.pk, at=move.at, viewing_at__isnull=False).exists()

    def _is_correction_open(self, move):
        granted = self.apps.get_model("records", "ViewingDecision").objects.filter(
            request_id=self.request.pk, kind="correction", outcome__in=("granted", "partly")
        )
        moves = self.apps.get_model("records", "ViewingMove").objects
        done = moves.filter(request_id=self.request.pk, event="correct", at__lte=move.at)
        return granted.exists() and not done.exists()


def name_notices(apps, schema_editor):
    """Each letter is of the step that was taken with it."""
    moves = apps.get_model("records", "ViewingMove").objects
    notice_model = apps.get_model("records", "ViewingNotice")
    for event, kind in SOURCES.items():
        for request, at in moves.filter(event=event).values_list("request", "at"):
            notice_model.objects.filter(request=request, at=at).update(kind=kind)


class Migration(migrations.Migration):
    dependencies = [("records", "0021_requests_in_one_table_of_states")]

    operations = [
        migrations.RunPython(replay, migrations.RunPython.noop),
        migrations.RunPython(name_notices, migrations.RunPython.noop),
    ]
