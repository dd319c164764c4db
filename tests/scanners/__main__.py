"""Run the scanners and print the table; exits 1 for a finding on the site, and for a planted hole that is not found."""

from __future__ import annotations

import argparse
import sys
import time

from tests.scanners import forms, lighthouse, sqlmap, wapiti
from tests.scanners.figures import Outcome, table
from tests.scanners.site import PERSONAS
from tests.scanners.tools import Missing

SCANNERS = {scanner.NAME: scanner.scan for scanner in (forms, wapiti, sqlmap, lighthouse)}


def main() -> int:
    """Read the command line and scan."""
    parser = argparse.ArgumentParser(prog="python -m tests.scanners", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCANNERS)}; all without a name")
    parser.add_argument("--long", action="store_true", help="more pages, more values, deeper tests")
    parser.add_argument("--as", dest="personas", choices=PERSONAS, action="append", help="only this persona, or these")
    given = parser.parse_args()
    if unknown := set(given.names) - SCANNERS.keys():
        parser.error(f"no scanner {', '.join(sorted(unknown))}")
    began, is_complete = time.monotonic(), True
    outcomes: list[Outcome] = []
    for name in given.names or SCANNERS:
        try:
            outcomes += SCANNERS[name](given.personas or list(PERSONAS), is_long=given.long)
        except Missing as missing:
            sys.stdout.write(f"{missing}\n")
            is_complete = False
    sys.stdout.write(f"{table(outcomes)}\n{time.monotonic() - began:.0f} s\n")
    return 0 if is_complete and all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
