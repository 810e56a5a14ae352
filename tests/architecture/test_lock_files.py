"""Lock files name packages and versions, never a host; each direct dependency has its line of reason."""

import ast
import importlib.metadata
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REASONS = (ROOT / "docs/decisions/0002-dependencies.md").read_text()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements.in", "requirements-dev.in"])
def test_no_lock_file_names_a_host(name):
    assert "://" not in (ROOT / name).read_text()


def direct(name):
    lines = (ROOT / name).read_text().splitlines()
    return [re.split(r"[<>=\[; ]", line)[0] for line in lines if line and not line.startswith(("#", "-"))]


@pytest.mark.parametrize("package", [*direct("requirements.in"), *direct("requirements-dev.in")])
def test_each_direct_dependency_has_its_reason(package):
    assert f"`{package}`" in REASONS, f"docs/decisions/0002-dependencies.md says nothing about {package}"


INSEPARABLE = {"botocore", "playwright", "redis"}  # what boto3, pytest-playwright and celery[redis] are there to bring


def imported(*rooms):
    """Top names of what the files of these rooms import, wherever in a file."""
    for path in (path for room in rooms for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("rooms", "named_in"),
    [(("teledent", "cases", "billing"), ["requirements.in"]), (("tests",), ["requirements.in", "requirements-dev.in"])],
    ids=["the product", "tests"],
)
def test_what_is_imported_is_named_and_not_only_brought_along(rooms, named_in):
    named = {canonical(package) for name in named_in for package in direct(name)}
    packages = importlib.metadata.packages_distributions()
    unnamed = {
        top
        for top in set(imported(*rooms)) - INSEPARABLE
        if top in packages and not named & {canonical(one) for one in packages[top]}
    }
    assert unnamed == set()


def canonical(package):
    return re.sub(r"[-_.]+", "-", package).casefold()
