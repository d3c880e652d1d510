from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Users, departments, roles, encrypted columns, long runs."""

    name = "accounts"
    verbose_name = "계정"

    def ready(self) -> None:
        from accounts import networks, resealing, roles

        # What cannot be read stops the start.
        networks.rules()
        post_migrate.connect(roles.grant_after_migrate, dispatch_uid="accounts.roles")
        post_migrate.connect(resealing.after_migrate, sender=self, dispatch_uid="accounts.resealing")
