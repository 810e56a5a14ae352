"""An authority and a certificate of our own, made by the very commands of docs/howto/school-laptop.md."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

HOWTO = Path(__file__).resolve().parents[2] / "docs/howto/school-laptop.md"
NAMES = "NAME=localhost ADDRESS=127.0.0.1"


@dataclass(frozen=True)
class Authority:
    """The folder with what the commands made."""

    folder: Path

    @property
    def trusted(self) -> str:
        return str(self.folder / "authority.crt")

    @property
    def certificate(self) -> str:
        return str(self.folder / "laptop.crt")

    @property
    def key(self) -> str:
        return str(self.folder / "laptop.key")

    @property
    def environment(self) -> dict[str, str]:
        return {"TLS_CERT": self.certificate, "TLS_KEY": self.key}


def make(folder: Path) -> Authority:
    _run(0, folder)
    return Authority(folder)


def renew(own: Authority) -> None:
    _run(1, own.folder)


def _run(number: int, folder: Path) -> None:
    """The how-to's commands of that number about certificates, for the names of this machine."""
    commands = [block for block in HOWTO.read_text().split("```") if "openssl req" in block][number]
    script, changed = re.subn(r"^NAME=.*$", NAMES, commands, flags=re.M)
    assert changed == 1
    subprocess.run(["bash", "-e", "-c", script], cwd=folder, check=True, capture_output=True)
