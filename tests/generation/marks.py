"""The marks of blind readers, kept as data, and what they come to."""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from tests.generation.sheets import MARKS, READERS, REASONS, entries_of

RECORD = Path(__file__).parent / "judging" / "marks.csv"
_KEY_REASONS = ("wrong key", "several keys")
_Z = 1.959964


@dataclass(frozen=True)
class Marked:
    """A question with both readers' marks; the last reading of a fingerprint counts."""

    passage: str
    origin: str
    rule: str
    version: str
    fingerprint: str
    first: str
    first_reason: str
    second: str
    second_reason: str

    @property
    def marks(self) -> tuple[str, str]:
        return self.first, self.second

    @property
    def has_key_fault(self) -> bool:
        """Whether a reader holds the key to be wrong or not the only one."""
        return any(reason.startswith(_KEY_REASONS) for reason in (self.first_reason, self.second_reason))


def record(folder: Path, path: Path = RECORD) -> list[Marked]:
    """Put the marks of a folder into the record, in place of one of the same questions, and return them."""
    given = [_read(folder / f"reader-{reader}.csv") for reader in READERS]
    made = []
    for entry in entries_of(folder):
        missing = [reader for reader, marks in zip(READERS, given, strict=True) if entry.number not in marks]
        if missing:
            sys.exit(f"{folder}/reader-{missing[0]}.csv: question {entry.number} has no mark.")
        (first, first_reason), (second, second_reason) = (marks[entry.number] for marks in given)
        made.append(
            Marked(
                entry.passage, entry.origin, entry.rule, entry.version, entry.fingerprint,
                first, first_reason, second, second_reason,
            )
        )  # fmt: skip
    known = {mark.fingerprint: mark for mark in recorded(path)} | {mark.fingerprint: mark for mark in made}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Marked)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            asdict(mark) for mark in sorted(known.values(), key=lambda mark: (mark.passage, mark.fingerprint))
        )
    return made


def recorded(path: Path = RECORD) -> list[Marked]:
    """Return all marks of the record."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [Marked(**row) for row in csv.DictReader(file)]


def report(marked: Sequence[Marked]) -> str:
    """Return the figures as a table: shares with 95 % intervals by origin and rule, kappa, the gap to naive items."""
    lines = [f"{len(marked)} questions, two readers, kappa {kappa(marked):.2f} (accepted or not)", "", _HEAD]
    for origin in ("rules", "hand", "naive"):
        lines.append(_row(origin, [mark for mark in marked if mark.origin == origin]))
    made = [mark for mark in marked if mark.origin == "rules"]
    rules = Counter(mark.rule for mark in made)
    lines += ["", _HEAD, *(_row(rule, [mark for mark in made if mark.rule == rule]) for rule, _ in rules.most_common())]
    gap = 100 * (_share(made, _accepts) - _share([mark for mark in marked if mark.origin == "naive"], _accepts))
    lines += ["", f"made items are accepted {gap:.0f} points more often than naive ones"]
    why = Counter(
        reason.split(":", 1)[0] for mark in made for reason in (mark.first_reason, mark.second_reason) if reason
    )
    lines.append(
        "reasons against made items: " + ", ".join(f"{reason} {number}" for reason, number in why.most_common())
    )
    return "\n".join(lines)


def wilson(share: float, number: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of so many (Wilson 1927); 7 of 10 give .397–.892."""
    if number == 0:
        return 0.0, 1.0
    middle = share + _Z**2 / (2 * number)
    spread = _Z * math.sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    return (middle - spread) / (1 + _Z**2 / number), (middle + spread) / (1 + _Z**2 / number)


def kappa(marked: Sequence[Marked]) -> float:
    """Return Cohen's kappa (1960) of the readers on accepted or not; 1 where both always agree."""
    if not marked:
        return 0.0
    agreed = sum((mark.first == "accept") == (mark.second == "accept") for mark in marked) / len(marked)
    first = sum(mark.first == "accept" for mark in marked) / len(marked)
    second = sum(mark.second == "accept" for mark in marked) / len(marked)
    by_chance = first * second + (1 - first) * (1 - second)
    return 1.0 if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


_HEAD = f"{'':22}{'items':>6}{'accept':>8}{'95 %':>12}{'+ edit':>8}{'both':>7}{'key fault':>11}"


def _row(name: str, marked: Sequence[Marked]) -> str:
    share = _share(marked, _accepts)
    low, high = wilson(share, len(marked))
    edited = _share(marked, lambda mark: sum(each != "reject" for each in mark.marks) / 2)
    both = _share(marked, lambda mark: float(mark.marks == ("accept", "accept")))
    faults = _share(marked, lambda mark: float(mark.has_key_fault))
    interval = f"{low:.0%}–{high:.0%}"
    return f"{name:22}{len(marked):6}{share:8.1%}{interval:>12}{edited:8.0%}{both:7.0%}{faults:11.1%}"


def _accepts(mark: Marked) -> float:
    return sum(each == "accept" for each in mark.marks) / 2


def _share(marked: Sequence[Marked], value: Callable[[Marked], float]) -> float:
    return sum(map(value, marked)) / len(marked) if marked else 0.0


def _read(path: Path) -> dict[int, tuple[str, str]]:
    if not path.exists():
        sys.exit(f"{path} is not there. It needs the columns number, mark, reason.")
    marks: dict[int, tuple[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            mark, reason = (row.get("mark") or "").strip().lower(), (row.get("reason") or "").strip()
            if mark not in MARKS:
                sys.exit(f"{path}: question {row.get('number')}: the mark must be one of: {', '.join(MARKS)}.")
            if mark != "accept" and not reason.startswith(REASONS):
                sys.exit(
                    f"{path}: question {row.get('number')}: the reason must begin with one of: {', '.join(REASONS)}."
                )
            marks[int(row["number"])] = mark, "" if mark == "accept" else reason
    return marks
