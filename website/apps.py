from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """Public pages in KRDS."""

    name = "website"
    verbose_name = "누리집"

    def ready(self) -> None:
        from website import drafts, office

        drafts.listen()
        office.listen()
