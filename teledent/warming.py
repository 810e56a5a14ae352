"""What the first request would pay for otherwise: addresses with the views behind them, compiled templates, icons."""

from pathlib import Path
from typing import Any

from django.forms.renderers import DjangoTemplates as FormTemplates
from django.forms.renderers import get_default_renderer
from django.template import engines
from django.urls import get_resolver

from teledent import icons


def warm() -> None:
    """Load every address and compile every template, those of form fields too: most of a second, once a process.

    Raises what a broken template or view raises: better at the start than on somebody's page.
    """
    get_resolver().reverse_dict  # noqa: B018 - filled by the first look
    icons.archive()
    for engine in engines.all():
        _compile(engine)
    renderer = get_default_renderer()
    if isinstance(renderer, FormTemplates):
        _compile(renderer.engine)


def _compile(engine: Any) -> None:
    for folder in engine.engine.dirs:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                engine.get_template(str(path.relative_to(folder)))
