"""What the worker does for requests of citizens."""

from celery import shared_task

from records.viewing import persons


@shared_task(name="records.erase_requesters")
def erase_requesters() -> None:
    """Persons of decided requests, once their period is over."""
    while persons.erase():
        pass
