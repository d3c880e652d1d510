from django.apps import AppConfig


class LinkageConfig(AppConfig):
    """API for linked agencies."""

    name = "linkage"
    verbose_name = "연계"
