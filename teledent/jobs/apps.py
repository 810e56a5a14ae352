from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "teledent.jobs"
    label = "jobs"

    def ready(self) -> None:
        import_module("teledent.jobs.tidying")
