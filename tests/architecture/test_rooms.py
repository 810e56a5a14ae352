"""The walls of the house that no linter holds: names of rooms, sizes, and which app's migrations may need which."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("teledent", "cases", "billing")
OURS = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
FLOORS = {"accounts": 1, "files": 0, "jobs": 0, "cases": 2, "billing": 3}


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "services.py", "signals.py", "managers.py"])
def test_no_room_is_called_after_nothing(name):
    assert [path for path in OURS if path.name == name] == []


def test_no_file_of_the_product_is_longer_than_400_lines():
    assert [path.name for path in OURS if len(path.read_text().splitlines()) > 400] == []


IMPORT_EACH = """
import importlib, json, pkgutil, sys
with_django = []
for room in sys.argv[1:]:
    found = importlib.import_module(room)
    inside = pkgutil.walk_packages(getattr(found, "__path__", ()), f"{room}.")
    for name in (room, *(module.name for module in inside)):
        importlib.import_module(name)
        if "django" in sys.modules:
            with_django.append(name)
            for loaded in [one for one in sys.modules if one.partition(".")[0] == "django"]:
                del sys.modules[loaded]
print(json.dumps(with_django))
"""


def test_a_pure_room_brings_no_django_not_even_by_way_of_another():
    """import-linter sees what a room names; what those rooms bring with them is seen by importing it all afresh."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (pure,) = (one["source_modules"] for one in contracts if one["name"] == "Pure rooms know no Django")
    asked = subprocess.run(
        [sys.executable, "-c", IMPORT_EACH, *pure], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(asked.stdout) == []


def functions():
    for path in OURS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_every_function_fits_on_a_screen():
    long = [
        f"{path.relative_to(ROOT)}: {node.name}" for path, node in functions() if node.end_lineno - node.lineno >= 50
    ]
    assert long == []


def test_no_model_overrides_save_or_delete():
    in_models = [(path, node) for path, node in functions() if path.parent.name == "models" or path.name == "models.py"]
    assert [f"{path.name}: {node.name}" for path, node in in_models if node.name in ("save", "delete")] == []


def test_migrations_depend_downwards_only():
    loader = MigrationLoader(None)
    for (app, name), migration in loader.disk_migrations.items():
        if app in FLOORS:
            upwards = [needed for needed, _ in migration.dependencies if FLOORS.get(needed, -1) > FLOORS[app]]
            assert upwards == [], f"{app}.{name} needs {upwards}"


def test_foreign_keys_point_downwards_only():
    for model in apps.get_models():
        floor = FLOORS.get(model._meta.app_label)
        for field in model._meta.get_fields() if floor is not None else ():
            if field.concrete and field.related_model is not None:
                assert FLOORS.get(field.related_model._meta.app_label, -1) <= floor, f"{model.__name__}.{field.name}"


def test_the_only_signal_receiver_restores_the_guards():
    words = ("django.db.models.signals", "django.dispatch", "@receiver")
    naming = [path.relative_to(ROOT).as_posix() for path in OURS if any(word in path.read_text() for word in words)]
    assert naming == ["cases/apps.py"]


def test_the_only_celery_task_runs_a_job():
    tasks = [
        path.relative_to(ROOT).as_posix()
        for path in OURS
        if ".task(" in path.read_text() or "shared_task" in path.read_text()
    ]
    assert tasks == ["teledent/celery.py"]


def test_nothing_unfinished_is_tracked():
    words = "TO" + "DO|FIX" + "ME|console" + r"\.log|pragma: no " + "cover"
    found = subprocess.run(
        ["git", "grep", "-nE", words, "--", "*.py", "*.js", "*.html", "*.css"], cwd=ROOT, capture_output=True, text=True
    )
    assert found.stdout == ""


@pytest.mark.parametrize("pattern", [r"\|safe\b", r"mark_safe\(", r"\sstyle=\"", r"\son[a-z]+=\""])
def test_templates_hold_nothing_inline(pattern):
    found = subprocess.run(
        ["git", "grep", "-nE", pattern, "--", "templates/*.html"], cwd=ROOT, capture_output=True, text=True
    )
    assert found.stdout == ""
