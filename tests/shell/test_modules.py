"""Our ES modules as the manifest storage needs them: imports stand first, end in `;` and form no cycle."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from cases.views.reading.stage import MODULES as NAMED
from cases.views.reading.stage import SCRIPTS

JS = Path(settings.BASE_DIR) / "static/js"
MODULES = sorted(JS.rglob("*.js"))
IMPORT = re.compile(r'^(?:import|export)\b[^;"\'=]*?["\'](\.[^"\']+)["\'](;?)', re.M)


def code_of(module):
    return re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), module.read_text(), flags=re.S)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_imports_stand_first_and_end_in_a_semicolon(module):
    statements = [line for line in code_of(module).splitlines() if line.strip() and not line.startswith("//")]
    imports = [number for number, line in enumerate(statements) if line.startswith("import")]
    assert imports == list(range(len(imports)))
    assert all(end == ";" for _, end in IMPORT.findall(code_of(module)))
    assert "import(" not in code_of(module)


def test_no_module_imports_itself_by_a_detour():
    graph = {
        module: {(module.parent / name).resolve() for name, _ in IMPORT.findall(code_of(module))} for module in MODULES
    }
    assert all(target.exists() for targets in graph.values() for target in targets)
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_the_reading_page_names_every_module_that_its_scripts_import():
    found, todo = set(), [JS.parent / script for script in SCRIPTS]
    while todo:
        module = todo.pop()
        imported = {(module.parent / name).resolve() for name, _ in IMPORT.findall(code_of(module))}
        todo += imported - found
        found |= imported
    assert sorted(NAMED) == sorted(str(module.relative_to(JS.parent)) for module in found)


def test_served_modules_import_each_other_by_hashed_names(tmp_path):
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "teledent.statics.ModuleManifestStorage"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    base = next(path for path in (tmp_path / "js").glob("base.*.js"))
    assert re.search(r'from "\./csrf\.[0-9a-f]{12}\.js";', base.read_text())
    assert not (tmp_path / "django_htmx/ext").exists()
