"""What was made of a file, as plain data."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Derived:
    """One derived file: which recipe made it of which page (from 1), and its name in the folder it was written to."""

    recipe: str
    version: int
    page: int
    file_name: str
    media_type: str
    width: int
    height: int
    size: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """The same as a dict that json.dumps takes."""
        return asdict(self)
