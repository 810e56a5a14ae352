"""The WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teledent.settings")
application = get_wsgi_application()

from teledent.warming import warm  # noqa: E402 - settings first

warm()
