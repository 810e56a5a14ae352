from importlib import import_module

from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "tests.ground"
    label = "ground"

    def ready(self) -> None:
        import_module("tests.ground.kinds")
