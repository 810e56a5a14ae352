"""The shell of the device: a page that holds nothing of anybody, and the worker that keeps it for days without a network."""

import hashlib
import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

STYLES = ("css/base.css", "css/parts.css", "css/events.css", "css/device.css", "css/slate.css")
IMAGES = ("img/mark.svg",)
SCRIPT = "js/device/start.js"
WORKER = "js/device/shell_worker.js"
# every module that the script imports, by whatever detour: a missing one would be missed on the day without a network
MODULES = (
    "js/code_camera.js",
    "js/codes.js",
    "js/csrf.js",
    "js/sender.js",
    *(f"js/device/{name}.js" for name in (
        "app", "asked", "bar", "bytes", "calling", "canonical", "chart", "child", "database", "day", "door", "drain", "draft", "files",
        "gathering", "hers", "keys", "manifest", "new_child", "outbox", "parts", "pictures", "room", "sealing", "server", "services",
        "sha256", "slate", "stands", "times", "told_back", "unlockers", "vault", "wiping")),
)  # fmt: skip


def _page(request: HttpRequest) -> str:
    return render_to_string("device/shell.html", {"styles": STYLES, "script": SCRIPT, "modules": MODULES}, request)


@require_safe
@login_not_required
def shell(request: HttpRequest) -> HttpResponse:
    """The same page for everyone, signed in or not: who works here is asked by the page itself."""
    return HttpResponse(_page(request))


@require_safe
@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """What the worker keeps, under a version that changes with any of it; how it does so stands in the file it imports."""
    addresses = [static(name) for name in (*STYLES, *IMAGES, SCRIPT, *MODULES)]
    whole = "\n".join([_page(request), static(WORKER), *addresses])
    kept = {
        "version": hashlib.sha256(whole.encode()).hexdigest()[:16],
        "shell": reverse("device"),
        "addresses": addresses,
    }
    script = f"self.KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(static(WORKER))});\n"
    return HttpResponse(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
