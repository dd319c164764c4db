"""What a finished quiz amounts to, in words and by topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from quizapp.core.scheduling import describe_interval
from quizapp.quizzes.sittings import LISTED_ATTEMPTS, OpenQuestion, ReviewedQuestion, Sitting
from quizapp.web.access import Viewer
from quizapp.web.rendering import count, day_name, moment_name

_DAY_SECONDS = 86400


@dataclass(frozen=True)
class TopicResult:
    """How one topic went in one attempt."""

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
    if sitting.outcome == "abandoned":
        return "This quiz was abandoned"
    if not sitting.is_graded:
        return "The marks are not worked out yet"
    marked = [question for question in questions if question.max_mark > 0]
    if not marked:
        cards = sum(question.answered.kind == "flashcard" for question in questions)
        return f"{count(cards, 'card')} recalled and rated"
    if any(question.answered.state == "waits" for question in marked):
        return _so_far(marked)
    if all(question.score in (0.0, 1.0) and question.max_mark == 1 for question in marked):
        right = sum(question.score == 1.0 for question in marked)
        return f"All {right} right" if right == len(marked) > 1 else f"{right} of {len(marked)} right"
    return f"{_figure(sitting.score or 0.0)} of {_figure(sitting.max_score or 0.0)} marks"


def by_topic(questions: list[ReviewedQuestion]) -> list[TopicResult]:
    """Return the results per topic, the weakest first; topics without marks are left out."""
    totals: dict[str, list[float]] = {}
    for question in questions:
        if question.max_mark > 0 and question.answered.state != "waits":
            total = totals.setdefault(question.topic_title, [0.0, 0.0])
            total[0] += (question.score or 0.0) * question.max_mark
            total[1] += question.max_mark
    results = [TopicResult(title, score, max_score) for title, (score, max_score) in totals.items()]
    return sorted(results, key=lambda result: (result.share, result.title))


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
    else:
        figure = f"{_figure(sitting.score or 0.0)}/{_figure(sitting.max_score or 0.0)}"
        note = "so far" if sitting.waits else "right" if sitting.max_score else "rated"
        when = f"Finished {moment_name(sitting.closed_at or sitting.saved_at, now, zone)}"
    return ListedSitting(sitting, figure, note, when)


def _figure(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
