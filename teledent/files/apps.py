from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "teledent.files"
    label = "files"
