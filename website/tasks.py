"""What the worker does for the public site."""

from celery import shared_task

from website import dataset, floods


@shared_task(name="website.forget_floods")
def forget_floods() -> None:
    """Counts of public forms, once no limit looks at them any more."""
    floods.forget()


@shared_task(name="website.refresh_dataset")
def refresh_dataset() -> None:
    """The public dataset's files, where the register has changed."""
    dataset.refresh()
