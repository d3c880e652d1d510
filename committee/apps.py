from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """Members, meetings, resolutions."""

    name = "committee"
    verbose_name = "운영위원회"
