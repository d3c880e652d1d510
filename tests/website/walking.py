"""Walks a citizen's form page by page with the same answers, as somebody who never goes back."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.test import Client

MOST_PAGES = 15
WITH_FILES = ("photo", "person")


def walk(
    client: Client, path: str, answers: dict[str, Any], *, until: str = "", checked: Any = None, **extra: Any
) -> Any:
    """The last answer: where sending led, the page that was not passed, or the page of the step `until`.

    `checked` is what is pressed on the page of the answers.
    """
    texts = {name: value for name, value in answers.items() if not isinstance(value, UploadedFile)}
    answer = client.post(path, texts, **extra)
    for _ in range(MOST_PAGES):
        if answer.status_code != 302:
            return answer
        address = answer["Location"]
        if "/form/" not in address:
            return client.get(address)
        step = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        if step in (until, "sent"):
            return client.get(address)
        sent = (checked or {}) if step == "check" else answers if step in WITH_FILES else texts
        answer = client.post(address, sent, **extra)
    raise AssertionError("the form leads nowhere")
