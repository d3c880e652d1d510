from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Viewing requests, provision, access, training."""

    name = "records"
    verbose_name = "열람·제공 기록"
