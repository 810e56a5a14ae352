"""The product's settings with the ground floor only. Processes get DATA_DIR, DATABASE_URL and so on from their test."""

from teledent.settings import *  # noqa: F403

INSTALLED_APPS = [
    "teledent.files",
    "teledent.jobs",
    "tests.ground",
    "teledent",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
]
AUTH_USER_MODEL = "auth.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "tests.ground.addresses"
MIDDLEWARE = []
TEMPLATES = []
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STATICFILES_DIRS = []
DECODER_PRELOAD = ["tests.ground.bombs"]
FREE_DISK_FLOOR = 0
SILENCED_SYSTEM_CHECKS = ["security.W003", "security.W001", *SILENCED_SYSTEM_CHECKS]  # noqa: F405
