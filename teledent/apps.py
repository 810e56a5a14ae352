from importlib import import_module

from django.apps import AppConfig


class TeledentConfig(AppConfig):
    """The composition root: puts the ground floor together with what the environment offers."""

    name = "teledent"
    label = "composition"

    def ready(self) -> None:
        import_module("teledent.composition").put_together()
