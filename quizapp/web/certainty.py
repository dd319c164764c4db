"""How sure people said they were beside how often they were right: the rows of a table, and what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp.core.fading import whole_percent
from quizapp.core.proportions import Tally
from quizapp.web.findings import FEWEST_SHARED, number_word, share
from quizapp.web.questions import CERTAINTY_NAMES
from quizapp.web.rendering import count

_PAYS_FROM = 0.8  # of these chances of being right, “sure” earns most; see core.grading.behaviours
_PAYS_BELOW = 2 / 3  # and “not sure” below


@dataclass(frozen=True)
class CertaintyLine:
    """Answers given with one certainty, and how many of them were right in full."""

    certainty: str
    name: str
    answers: int
    right: int
    share: float
    low: float
    high: float

    @property
    def interval(self) -> str:
        """The 95 % interval of the share in words."""
        return f"{whole_percent(self.low)}–{share(self.high)}"


def certainty_lines(tallies: Mapping[str, Tally]) -> tuple[CertaintyLine, ...]:
    """Return a line for each certainty that was said, the surest first; `tallies` count answers and right ones."""
    return tuple(
        CertaintyLine(certainty, name, tally.reviews, tally.recalled, tally.share, *tally.interval)
        for certainty, name in reversed(CERTAINTY_NAMES.items())
        if (tally := tallies.get(certainty, Tally())).reviews
    )


def certainty_finding(lines: Sequence[CertaintyLine], who: str) -> str:
    """Return how far certainty can be trusted, in a sentence or two; `who` is “you” or “they”."""
    told = ""
    for line in lines:
        if line.certainty != "mid":
            how = "sure" if line.certainty == "high" else "not sure"
            said = f"{'of' if told else 'Of'} {count(line.answers, 'answer')} that {who} were {how} of, "
            told += f"{'; ' if told else ''}{said}{share(line.share)} {'was' if line.answers == 1 else 'were'} right"
    if not told:
        return ""
    return f"{told}. {_verdict(lines, who)}".strip()


def certainty_waits(answers: int) -> str:
    """Say from when one's own certainty is told of, and how far one has come."""
    so_far = f" So far there {'is' if answers == 1 else 'are'} {number_word(answers)}." if answers else ""
    return f"From {FEWEST_SHARED} answers for which you said how sure you were, this shows how right that was.{so_far}"


def _verdict(lines: Sequence[CertaintyLine], who: str) -> str:
    found = {line.certainty: line for line in lines}
    sure, unsure = found.get("high"), found.get("low")
    if sure and sure.high < _PAYS_FROM:
        return f"{who.capitalize()} are sure too often."
    if unsure and unsure.low > _PAYS_BELOW:
        return f"{who.capitalize()} know more than {who} say."
    return ""
