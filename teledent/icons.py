"""Icons as inline SVG, out of the archive that the lucide package brings.

The package's own tag opens that archive anew for each icon and reads its list of 1,745 names: some 20 ms an icon, which was
most of the first page of a process. Here it is opened once.
"""

from functools import cache
from importlib import resources
from io import BytesIO
from zipfile import ZipFile

from django.utils.safestring import SafeString, mark_safe

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'  # inline SVG needs none


@cache
def archive() -> ZipFile:
    """In memory and never closed; several threads may read from it."""
    return ZipFile(BytesIO(resources.files("lucide").joinpath("lucide.zip").read_bytes()))


def draw(name: str, classes: str) -> SafeString:
    """The `<svg>` of an icon with these classes, hidden from screen readers. KeyError where lucide has none of that name."""
    drawn = " ".join(archive().read(f"{name}.svg").decode().split())
    drawn = drawn.replace(NAMESPACE, f'class="{classes}" aria-hidden="true"', 1).replace("> <", "><")
    return mark_safe(drawn)  # noqa: S308 - the package's own files; classes are written in templates
