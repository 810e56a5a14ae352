"""A process that serves has read everything once before the first person asks."""

from pathlib import Path

from django.conf import settings
from django.template import engines
from django.template.loaders.cached import Loader
from django.urls import clear_url_caches, get_resolver

from teledent import icons
from teledent.warming import warm


def test_after_warming_no_template_is_compiled_for_a_request():
    (loader,) = engines["django"].engine.template_loaders
    assert isinstance(loader, Loader)
    loader.reset()
    warm()
    templates = Path(settings.BASE_DIR, "templates")
    files = {str(path.relative_to(templates)) for path in templates.rglob("*") if path.is_file()}
    assert files <= loader.get_template_cache.keys()


def test_after_warming_every_address_is_known():
    clear_url_caches()
    warm()
    assert get_resolver()._populated


def test_after_warming_the_archive_of_icons_is_open():
    icons.archive.cache_clear()
    warm()
    assert icons.archive.cache_info().currsize == 1
