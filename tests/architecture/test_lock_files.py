"""Lock files name packages and versions, never a host; each direct dependency has its line of reason."""

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
