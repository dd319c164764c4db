"""Foreign scanners: found by their names on the path, run with a limit of time, their requests served by the site.

They are programs that are run, never imported or shipped; what licence they have binds nothing here.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path


class Missing(Exception):
    """A scanner is not on this machine; the message says how it comes here."""


def find_tool(name: str, package: str) -> str:
    """Return the path of a program. Raises Missing."""
    path = shutil.which(name)
    if path is None:
        raise Missing(f"{name} is not on the path: install the package {package} in an environment of its own.")
    return path


def run_tool(command: Sequence[str], folder: Path, seconds: float) -> str:
    """Run a program in a folder and return what it said; what is not done in time is cut off and said so."""
    try:
        told = subprocess.run(
            command, cwd=folder, timeout=seconds, capture_output=True, text=True, check=False, env=_environment(folder)
        )
    except subprocess.TimeoutExpired as cut:
        said = cut.stdout or b""
        return f"{said.decode(errors='replace') if isinstance(said, bytes) else said}\nCUT OFF after {seconds:.0f} s"
    return told.stdout + told.stderr


def _environment(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
