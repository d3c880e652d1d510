"""작성 중인 양식: what a citizen typed on the earlier pages of a form, until it is sent.

It is kept here and not in the browser: no cookie is needed, a file that was chosen survives every error, and going back finds each
page as it was left. The address of the form is its key. What was typed is encrypted, read by nobody, emptied when the
form is sent and erased `form_draft_days` after the last change.
"""

import base64
import json
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.encryption import keyed_digest
from casework import persons
from ordinance import parameters
from website.models import FormDraft

CODE = "form_draft"
KEY_BYTES = 24
ERASED_AT_ONCE = 500
Answers = dict[str, list[str]]


def listen() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="누리집 양식의 작성",
            model=FormDraft,
            columns=("answers", "photo"),
            items="보내기 전까지 양식에 적은 내용과 고른 파일",
            purpose="양식을 다 적어 보낼 때까지 적은 내용을 잃지 않게 하는 데 씁니다.",
            ground="정보주체의 요청에 따른 조치 (개인정보 보호법 제15조제1항제4호)",
            days="form_draft_days",
            kept_from="마지막으로 고친 날부터",
            erase=erase_due,
            count_due=lambda now: _due(now).count(),
        )
    )


def begin(form: str, about: str, answers: Answers) -> tuple[str, FormDraft]:
    """A new draft, and the key that opens it."""
    key = secrets.token_urlsafe(KEY_BYTES)
    draft = FormDraft.objects.create(
        key_digest=_digest(key),
        form=form,
        about=about,
        answers=json.dumps(answers),
        changed_at=timezone.now(),
    )
    return key, draft


def is_first(form: str, about: str, submission: str) -> bool:
    """False where the same form was sent before: a double click, a reload. Part of the transaction of its act."""
    try:
        with transaction.atomic():
            FormDraft.objects.create(
                key_digest=_digest(f"{form}\n{about}\n{submission}"),
                form=f"{form}.sent",
                about=about,
                changed_at=timezone.now(),
            )
    except IntegrityError:
        return False
    return True


def find(key: str) -> FormDraft | None:
    return FormDraft.objects.filter(key_digest=_digest(key)).first()


def answers_of(draft: FormDraft) -> Answers:
    answers: Answers = json.loads(draft.answers or "{}")
    return answers


def keep(draft: FormDraft, answers: Answers) -> None:
    draft.answers, draft.changed_at = json.dumps(answers), timezone.now()
    draft.save(update_fields=["answers", "changed_at"])


def keep_file(draft: FormDraft, content: bytes | None) -> None:
    draft.photo = base64.b64encode(content).decode() if content else ""
    draft.changed_at = timezone.now()
    draft.save(update_fields=["photo", "changed_at"])


def file_of(draft: FormDraft) -> bytes | None:
    return base64.b64decode(draft.photo) if draft.photo else None


def finish(draft: FormDraft, led_to: str) -> None:
    """Sent: nothing of it is needed here any more."""
    draft.answers, draft.photo, draft.led_to, draft.changed_at = "", "", led_to, timezone.now()
    draft.save(update_fields=["answers", "photo", "led_to", "changed_at"])


def days(now: datetime | None = None) -> int:
    return int(parameters.value("form_draft_days", timezone.localdate(now)).value)


def _due(now: datetime) -> "QuerySet[FormDraft]":
    return FormDraft.objects.filter(changed_at__lte=now - timedelta(days=days(now)))


def erase_due(now: datetime | None = None) -> int:
    portion = list(_due(now or timezone.now()).order_by("pk").values_list("pk", flat=True)[:ERASED_AT_ONCE])
    return FormDraft.objects.filter(pk__in=portion).delete()[0]


def _digest(key: str) -> str:
    return keyed_digest("website.form_draft", key)
