"""Static files under names that carry their content's hash, module imports included."""

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage

NOT_SERVED = ["ext", "htmx-4*", "htmax*"]  # of django-htmx: its extensions import a bare "htmx", which no browser finds


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites `import ... from "./x.js";` to hashed names. So imports stand first, end in `;` and form no cycle."""

    support_js_module_import_aggregation = True


class PackagesFinder(AppDirectoriesFinder):
    """The static files that packages bring, without those that nothing here uses."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return super().list([*(ignore_patterns or []), *NOT_SERVED])
