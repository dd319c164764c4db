"""Judging what is generated, by readers who don't know which questions are made.

python -m tests.generation sheets FOLDER [--part held|open] [--seed S]   a sheet for each of two readers, and a key
python -m tests.generation report [FOLDER]    put their marks into the record, and print what they come to
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.generation.marks import record, recorded, report
from tests.generation.sheets import write_sheets


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m tests.generation", description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=["sheets", "report"])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--part", choices=["held", "open"], default="held")
    parser.add_argument("--seed", default="1")
    chosen = parser.parse_args()
    if chosen.step == "report":
        sys.stdout.write(report(record(chosen.folder) if chosen.folder else recorded()) + "\n")
        return
    if chosen.folder is None:
        parser.error("name a folder for the sheets")
    number = write_sheets(chosen.folder, chosen.part, chosen.seed)
    sys.stdout.write(f"{number} questions for two readers are in {chosen.folder}; key.json is not for them\n")


if __name__ == "__main__":
    main()
