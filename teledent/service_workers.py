"""How far each service worker reaches: the pages below its own address, unless the answer with its file says more."""

from typing import Any

SCOPES = {"/js/reading/ahead_worker.": "/reading/"}


def add_headers(headers: Any, path: str, url: str) -> None:
    """Called by WhiteNoise for each static file."""
    for worker, scope in SCOPES.items():
        if worker in url:
            headers["Service-Worker-Allowed"] = scope
