"""The bill of materials of what is shipped, as CycloneDX JSON: `python -m tests.scanners.bill` prints it.

It is made of `requirements.lock` and of what the installed packages say of themselves each time, so that no copy of it
can go stale. Raises Incomplete where a package is locked without a version, a hash or a licence.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from quizapp import __version__
from quizapp.config import CHECKOUT

LOCK = CHECKOUT / "requirements.lock"
# What is installed on another system only, and so can't say it here.
_ELSEWHERE = {"gunicorn": "MIT", "waitress": "ZPL-2.1"}
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:==(?P<version>\S+))?(?P<rest>.*)$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Incomplete(Exception):
    """A locked package lacks what a bill must say; the message names it."""


def bill(lock: str) -> dict[str, Any]:
    """Return the bill of a lock file. Raises Incomplete."""
    entries = [line for line in lock.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    application = {"type": "application", "bom-ref": "quizapp", "name": "quizapp", "version": __version__}
    components = [_component(entry) for entry in entries]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**application, "licenses": [{"license": {"id": "MIT"}}]}},
        "components": components,
        "dependencies": [{"ref": "quizapp", "dependsOn": [component["bom-ref"] for component in components]}],
    }


def _component(entry: str) -> dict[str, Any]:
    read = _ENTRY.match(entry.strip())
    hashes = _HASH.findall(entry)
    if read is None or not read["version"] or not hashes:
        raise Incomplete(f"{entry.split(maxsplit=1)[0]} is locked without a version or a hash.")
    name, version = read["name"].lower(), read["version"]
    address = f"pkg:pypi/{name}@{version}"
    # A package has a file for each system: all of their hashes stand in the bill, the installer takes one of them.
    files = [
        {"type": "distribution", "url": address, "hashes": [{"alg": "SHA-256", "content": digest}]} for digest in hashes
    ]
    return {
        "type": "library", "bom-ref": address, "name": name, "version": version, "purl": address,
        "licenses": [{"license": {"name": licence_of(name)}}], "externalReferences": files,
    }  # fmt: skip


def licence_of(name: str) -> str:
    """Return what an installed package says its licence is. Raises Incomplete."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        if name in _ELSEWHERE:
            return _ELSEWHERE[name]
        raise Incomplete(f"{name} is not installed here, and its licence is not known.") from None
    classified = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License")]
    expression, text = ("".join(said.get_all(field) or [""]) for field in ("License-Expression", "License"))
    licence = expression or ", ".join(classified) or text.partition("\n")[0]
    if not licence:
        raise Incomplete(f"{name} does not say its licence.")
    return licence


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(LOCK.read_text(encoding="utf-8")), indent=2) + "\n")
