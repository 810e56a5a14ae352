"""/healthz: the process answers. /readyz: it can also do its work. Neither tells anything about a person."""

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from teledent.files.storage import private
from teledent.jobs import queue
from teledent.jobs.models import Schedule
from teledent.kit import clock, readiness

SWEEP_OVERDUE = timedelta(seconds=60)


@require_safe
def healthz(_: HttpRequest) -> HttpResponse:
    """No database, no storage: a supervisor must not restart the web because something else is away."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(_: HttpRequest) -> HttpResponse:
    """200 when every registered check is well, else 503 with the names of those that are not."""
    found = readiness.problems()
    ready = not any(found.values())
    checks = {name: problem or "ok" for name, problem in found.items()}
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def database_answers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def storage_answers() -> str:
    private().exists("readiness")
    return ""


def work_is_done() -> str:
    """Some worker swept lately: where that stands still, photographs are received and never examined."""
    swept = Schedule.objects.filter(kind=queue.SWEEP, next_run__gt=clock.now() - SWEEP_OVERDUE).exists()
    return "" if swept else "no worker has looked for work for a minute"


def register_checks() -> None:
    readiness.register("database", database_answers)
    readiness.register("storage", storage_answers)
    readiness.register("worker", work_is_done)
