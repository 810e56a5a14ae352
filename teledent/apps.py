from importlib import import_module

from django.apps import AppConfig
from django.forms import ChoiceField, Field


class TeledentConfig(AppConfig):
    """The composition root: puts the ground floor together with what the environment offers."""

    name = "teledent"
    label = "composition"

    def ready(self) -> None:
        import_module("teledent.composition").put_together()
        Field.default_error_messages["required"] = "Fill this in."  # every form says it in our words
        ChoiceField.default_error_messages["required"] = "Choose one."
