"""What a finished quiz amounts to, in words and by topic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from quizapp.core.scheduling import describe_interval
from quizapp.quizzes.reviewing import GivenMark, ReviewedQuestion
from quizapp.quizzes.sections import part_at
from quizapp.quizzes.sittings import LISTED_ATTEMPTS, OpenQuestion, Sitting
from quizapp.web.access import Viewer
from quizapp.web.findings import number_word, sentence, share
from quizapp.web.questions import CERTAINTY_NAMES
from quizapp.web.rendering import count, day_name, moment_name

_DAY_SECONDS = 86400
_HAIR = 1e-9  # thirds sum to a hair less than a whole
_LATER = {"score": "your score", "correctness": "what was right", "key": "the right answers"}


@dataclass(frozen=True)
class TopicResult:
    """How one topic or section went in one attempt."""

    title: str
    score: float
    max_score: float

    @property
    def words(self) -> str:
        """Return “2 of 3”, with a decimal where part of a mark was earned."""
        return f"{_figure(self.score)} of {_figure(self.max_score)}"

    @property
    def share(self) -> float:
        """Credit as a share, 0..1."""
        return self.score / self.max_score if self.max_score else 0.0


@dataclass(frozen=True)
class ListedSitting:
    """An attempt in the list of mine."""

    sitting: Sitting
    figure: str
    figure_note: str
    when: str


@dataclass(frozen=True)
class SittingList:
    """One page of my attempts."""

    going_on: list[ListedSitting]
    done: list[ListedSitting]
    older: str  # start of the last one shown, when there are older ones


def headline(sitting: Sitting, questions: list[ReviewedQuestion]) -> str:
    """Say how the attempt went: “6 of 8 right”."""
    if why := _without_score(sitting):
        return why
    marked = [question for question in questions if question.max_mark > 0]
    if not marked:
        cards = sum(question.answered.kind == "flashcard" for question in questions)
        return f"{count(cards, 'card')} recalled and rated"
    if any(question.answered.state == "waits" for question in marked):
        return _so_far(marked)
    if not sitting.is_by_certainty and all(
        question.score in (0.0, 1.0) and question.max_mark == 1 for question in marked
    ):
        right = sum(question.score == 1.0 for question in marked)
        return f"All {right} right" if right == len(marked) > 1 else f"{right} of {len(marked)} right"
    return f"{_figure(sitting.score or 0.0)} of {_figure(sitting.max_score or 0.0)} marks"


def later_in_words(sitting: Sitting) -> str:
    """Say what is told of a finished attempt later, when there is more to come."""
    if sitting.is_released or sitting.told == frozenset(sitting.rules.told_closed):
        return ""
    more = [name for word, name in _LATER.items() if word in sitting.rules.told_closed and word not in sitting.told]
    return f"You see {' and '.join(more)} when the quiz has closed." if more else ""


def again_in_words(shown: OpenQuestion) -> str:
    """Say how a try went that may be followed by another, and what is left; empty before the first."""
    if not shown.wrong_tries:
        return ""
    left = shown.sitting.rules.tries - shown.wrong_tries
    went = "Partly right" if (shown.grade().score or 0) > 0 else "Not right"
    return f"{went}. You have {number_word(left)} more {'try' if left == 1 else 'tries'}."


def tries_in_words(shown: OpenQuestion) -> str:
    """Say what a question earned where there could be several tries, and how many it took when it was right."""
    if shown.sitting.rules.tries == 1 or shown.score is None or shown.item.kind == "flashcard":
        return ""
    if (shown.grade().score or 0) >= 1:
        earned = "" if shown.sitting.is_by_certainty else f": {share(shown.score)} of the mark"
        return f"{_tries(shown.revision)}{earned}"
    return "" if shown.sitting.is_by_certainty else f"{share(shown.score)} of the mark earned"


def said_of(sitting: Sitting, questions: list[ReviewedQuestion]) -> dict[int, str]:
    """Say by position how each question was tried, how sure one was, and what that made of the mark."""
    said = {}
    for question in questions:
        parts = []
        if sitting.rules.tries > 1 and question.tries and question.score is not None:
            earned = "" if sitting.is_by_certainty else f": {share(question.score)} of the mark"
            parts.append(f"{_tries(question.tries)}{earned}")
        if question.certainty and question.score is not None:
            mark = f": {_signed(question.share * question.max_mark)}" if sitting.is_by_certainty else ""
            parts.append(f"You were {CERTAINTY_NAMES[question.certainty].lower()}{mark}")
        said[question.position] = ". ".join(parts)
    return said


def marks_in_words(questions: list[ReviewedQuestion]) -> dict[int, str]:
    """Say by position of a mark that is not the machine's by whom it is and what it comes to."""
    return {question.position: _mark_words(question, question.mark) for question in questions if question.mark}


def _mark_words(question: ReviewedQuestion, mark: GivenMark) -> str:
    by = f" by {mark.by}" if mark.by and not mark.is_own else ""
    if question.is_dropped:
        return f"Taken out of the marks{by}"
    what = "You said that you were right" if mark.is_own else "Marked again" if mark.is_regrade else "Marked"
    earned = f"{_figure((question.score or 0.0) * question.max_mark)} of {_figure(question.max_mark)}"
    return f"{what}{by}: {earned}"


def calibration(sitting: Sitting, questions: list[ReviewedQuestion]) -> list[tuple[str, int, int]]:
    """Return how often each certainty was said and how often the answer was then right, in full, the surest first."""
    rows = []
    for certainty, name in reversed(CERTAINTY_NAMES.items()):
        scores = [question.score for question in questions if question.certainty == certainty]
        if sitting.rules.asks_certainty and scores:
            rows.append((name, len(scores), sum((score or 0.0) >= 1 for score in scores)))
    return rows


def by_topic(questions: list[ReviewedQuestion]) -> list[TopicResult]:
    """Return the results per topic, the weakest first; topics without marks are left out."""
    results = _totals((question.topic_title, question) for question in questions)
    return sorted(results, key=lambda result: (result.share, result.title))


def by_section(sitting: Sitting, questions: list[ReviewedQuestion]) -> list[TopicResult]:
    """Return the results per section, in their order; none without sections."""
    parts = [(part_at(sitting.parts, question.position), question) for question in questions]
    return _totals((part.title or "Before the sections", question) for part, question in parts if part)


def _totals(named: Iterable[tuple[str, ReviewedQuestion]]) -> list[TopicResult]:
    """Sum marks by name in the order of first appearance; answers that wait for a mark are left out."""
    totals: dict[str, list[float]] = {}
    for name, question in named:
        if question.max_mark > 0 and question.answered.state != "waits":
            total = totals.setdefault(name, [0.0, 0.0])
            total[0] += question.share * question.max_mark
            total[1] += question.max_mark
    return [TopicResult(title, score, max_score) for title, (score, max_score) in totals.items()]


def listed(sittings: list[Sitting], zone: ZoneInfo, now: datetime) -> SittingList:
    """Sort a page of attempts into those going on and those done, with their words."""
    shown = sittings[:LISTED_ATTEMPTS]
    rows = [_listed(sitting, zone, now) for sitting in shown]
    return SittingList(
        going_on=[row for row in rows if not row.sitting.is_over(now)],
        done=[row for row in rows if row.sitting.is_over(now)],
        older=shown[-1].started_at.isoformat() if len(sittings) > LISTED_ATTEMPTS else "",
    )


def returns_in_words(shown: OpenQuestion, now: datetime, viewer: Viewer) -> str:
    """Say when the question's card comes back; empty when it is on no schedule."""
    if shown.due_at is None:
        return ""
    seconds = (shown.due_at - now).total_seconds()
    if seconds <= 0:
        return "Its card is due now"
    if seconds < _DAY_SECONDS / 2:
        return f"Its card returns in {describe_interval(seconds / _DAY_SECONDS)}"
    day = day_name(viewer.study_day(shown.due_at), viewer.study_day(now))
    return f"Its card returns {day if day in ('today', 'tomorrow') else 'on ' + day}"


def _without_score(sitting: Sitting) -> str:
    if sitting.outcome == "abandoned":
        return "This quiz was abandoned"
    if "score" not in sitting.told:
        return "Finished, and your answers are kept"
    return "" if sitting.is_graded else "The marks are not worked out yet"


def band_text(sitting: Sitting) -> str:
    """Return what the teacher says to a score like this one; empty for none, or where the score is not told."""
    if "score" not in sitting.told or not sitting.is_graded or not sitting.max_score:
        return ""
    earned = (sitting.score or 0.0) / sitting.max_score
    reached = [band for band in sitting.rules.bands if earned >= band.least - _HAIR]
    return max(reached, key=lambda band: band.least).text if reached else ""


def _so_far(marked: list[ReviewedQuestion]) -> str:
    judged = [question for question in marked if question.answered.state != "waits"]
    if not judged:
        return f"{count(len(marked), 'answer')} handed in, to be marked"
    earned = sum((question.score or 0.0) * question.max_mark for question in judged)
    return f"{_figure(earned)} of {_figure(sum(question.max_mark for question in judged))} marks so far"


def _listed(sitting: Sitting, zone: ZoneInfo, now: datetime) -> ListedSitting:
    if not sitting.is_over(now):
        figure, note = f"{sitting.answered_count}/{sitting.item_count}", "answered"
        when = f"Saved {moment_name(sitting.saved_at, now, zone)}"
    elif not sitting.is_closed:
        figure, note = f"{sitting.answered_count}/{sitting.item_count}", "answered"
        when = f"Time was up {moment_name(sitting.deadline_at or sitting.saved_at, now, zone)}"
    elif sitting.outcome == "abandoned":
        figure, note = "–", "no marks"
        when = f"Abandoned {moment_name(sitting.closed_at or sitting.saved_at, now, zone)}"
    elif "score" not in sitting.told:
        figure, note = "–", "not told" if sitting.is_released else "told later"
        when = f"Finished {moment_name(sitting.closed_at or sitting.saved_at, now, zone)}"
    else:
        figure = f"{_figure(sitting.score or 0.0)}/{_figure(sitting.max_score or 0.0)}"
        note = "so far" if sitting.waits else "right" if sitting.max_score else "rated"
        when = f"Finished {moment_name(sitting.closed_at or sitting.saved_at, now, zone)}"
    return ListedSitting(sitting, figure, note, when)


def _tries(tries: int) -> str:
    return f"{sentence(number_word(tries))} {'try' if tries == 1 else 'tries'}"


def _signed(number: float) -> str:
    shown = _figure(number)
    unit = "mark" if abs(number) == 1 else "marks"
    return f"+{shown} {unit}" if number > 0 else f"{shown} {unit}"


def _figure(number: float) -> str:
    shown = f"{number:.1f}".rstrip("0").rstrip(".").replace("-", "\N{MINUS SIGN}")
    return "0" if shown in ("", "\N{MINUS SIGN}0") else shown
