from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "teledent.accounts"
    label = "accounts"

    def ready(self) -> None:
        from teledent.accounts import jobs  # noqa: F401  registers its kinds
