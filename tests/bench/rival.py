"""The same cards and log here and in Anki: `python -m tests.bench anki`.

Anki is AGPL: it is installed into an environment of its own and run as a program there, and nothing here imports it.
Both sides answer in one process, on SQLite with `synchronous=FULL` and a commit for each rating.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
import uuid
import venv
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from quizapp.bootstrap import find_pip, python_of, run
from quizapp.core.memory import Fsrs6, Rating, fsrs6_batch
from quizapp.core.memory.costs import Study
from quizapp.core.memory.fitting import fit
from quizapp.core.memory.logs import LoggedReview
from quizapp.core.memory.workload import workload_curve
from quizapp.database import Database
from quizapp.learning.learners import learner
from quizapp.learning.queue import coming_cards, due_cards
from quizapp.learning.recall import topics_today
from quizapp.learning.reviews import rate
from quizapp.models import Card, DailyTotal, Item, ItemVersion, RecallTotal, Review, Topic
from quizapp.progress.history import year_done
from quizapp.progress.recalls import recalls
from quizapp.schema import migrate
from tests.builders import make_person

SIZES = (10_000, 100_000)
_RATINGS = 300
_TOPICS = 20
_TARGETS = (0.8, 0.85, 0.9, 0.95)
_STUDY = Study()
_ROWS = (
    ("due queue, ms", "queue", False), ("ratings a second", "ratings", True), ("statistics, ms", "statistics", False),
    ("fit, s", "fit", False), ("sweep, ms a target", "sweep", False),
)  # fmt: skip
Past = list[list[float]]  # of a card: days ago, rating, interval in days, stability, difficulty


class NotInstalled(Exception):
    """There is no `anki` to compare with."""


def rival_rows(folder: Path, environment: Path, sizes: tuple[int, ...]) -> list[list[str]]:
    """Return the table: each figure here, in Anki, and how many times better it is here. Raises NotInstalled."""
    python = _installed(environment)
    rows: list[list[str]] = []
    head: list[str] = []
    for cards in sizes:
        place = folder / str(cards)
        place.mkdir()
        pasts = made_up_cards(cards)
        log = place / "log.json"
        asked = {
            "cards": pasts, "ratings": _RATINGS, "study": asdict(_STUDY), "parameters": list(fsrs6_batch.DEFAULTS),
        }  # fmt: skip
        log.write_text(json.dumps(asked), encoding="utf-8")
        script = Path(__file__).with_name("anki_side.py")
        told = subprocess.run(
            [str(python), str(script), str(log), str(place)], check=True, stdout=subprocess.PIPE, text=True
        )
        theirs = json.loads(told.stdout.splitlines()[-1])
        ours = _figures(place, pasts)
        head = head or ["cards", "what", "here", f"Anki {theirs['version']}", "times better"]
        for name, key, is_rate in _ROWS:
            better = ours[key] / theirs[key] if is_rate else theirs[key] / ours[key]
            rows.append([str(cards), name, f"{ours[key]:.2f}", f"{theirs[key]:.2f}", f"{better:.2f}"])
    return [head, *rows]


def made_up_cards(number: int) -> list[Past]:
    """Return the past of so many cards over a year, each reviewed about when it was due."""
    rng, model = Random(1), Fsrs6()
    pasts = []
    for _ in range(number):
        ago, state, past = rng.uniform(1.0, 365.0), None, []
        while True:
            rating = rng.choices(tuple(Rating), (12, 8, 70, 10))[0]
            state = model.first(rating) if state is None else model.next(state, rating, round(past[-1][2]))
            interval = float(max(1, round(model.interval_days(state, 0.9))))
            past.append([ago, float(rating), interval, state.stability, state.difficulty])
            ago -= interval + rng.uniform(0.0, 0.3)
            if ago < rng.uniform(0.1, 1.5):
                break
        pasts.append(past)
    return pasts


def _installed(environment: Path) -> Path:
    python = python_of(environment)
    said = ""
    try:
        if not python.exists():
            venv.create(environment, with_pip=False)
        is_there = run([str(python), "-c", "import anki.collection"])
        if is_there.returncode:
            said = run([*find_pip(environment), "install", "--quiet", "anki"]).stderr
            is_there = run([str(python), "-c", "import anki.collection"])
    except (OSError, SystemExit) as problem:  # without pip, too
        raise NotInstalled(f"Anki could not be installed into {environment}: {problem}") from problem
    if is_there.returncode:
        reason = said.strip() or is_there.stderr.strip()
        raise NotInstalled(f"Anki could not be installed into {environment}: {reason[-300:]}")
    return python


def _figures(folder: Path, pasts: list[Past]) -> dict[str, float]:
    database, now = Database(f"sqlite:///{folder}/bench.sqlite3"), datetime.now(UTC)
    migrate(database)
    learner_id = _fill(database, pasts, now)
    with database.read_session() as session:
        person = learner(session, learner_id)
    today = person.study_day(now)

    def queue() -> None:
        with database.read_session() as session:
            due_cards(session, person, now)

    def page() -> None:
        with database.read_session() as session:
            topics_today(session, person, now)
            coming_cards(session, person, now, 14)
            year_done(session, learner_id, today)
            recalls(session, learner_id, today)

    found = {"queue": _median(queue) * 1000, "statistics": _median(page) * 1000}
    began, given = time.perf_counter(), 0
    while given < _RATINGS:
        with database.read_session() as session:
            cards = [(one.key, len(pasts[one.key[0] - 1])) for one in due_cards(session, person, datetime.now(UTC))]
        if not cards:
            break
        for key, seen in cards[: _RATINGS - given]:
            with database.write_session() as session:
                rate(session, learner_id, key, 3, review_id=uuid.uuid4(), seen_reviews=seen, milliseconds=7000,
                     now=datetime.now(UTC))  # fmt: skip
            given += 1
    found["ratings"] = given / (time.perf_counter() - began)
    log = [review for _, review in sorted(_logged(pasts), key=lambda pair: -pair[0])]
    found["fit"] = _seconds(lambda: fit("fsrs6", log))
    sweep = _seconds(lambda: workload_curve(fsrs6_batch, fsrs6_batch.DEFAULTS, _TARGETS, _STUDY, 1))
    found["sweep"] = sweep / len(_TARGETS) * 1000
    database.engine.dispose()
    return found


def _logged(pasts: list[Past]) -> list[tuple[float, LoggedReview]]:
    found = []
    for number, past in enumerate(pasts):
        before = past[0][0]
        for ago, rating, *_ in past:
            days = before - ago
            found.append((ago, LoggedReview(str(number), Rating(int(rating)), days, round(days))))
            before = ago
    return found


def _fill(database: Database, pasts: list[Past], now: datetime) -> int:
    with database.write_session() as session:
        learner_id = make_person(session, "Heavy Learner", now=now, new_cards_per_day=20)
        session.execute(
            insert(Topic),
            [{"id": n + 1, "slug": f"topic-{n}", "title": f"Topic {n}", "is_listed": True, "created_at": now}
             for n in range(_TOPICS)],
        )  # fmt: skip
        items, versions, cards, reviews = [], [], [], []
        days: Counter[tuple[int, Any]] = Counter()
        recalled: Counter[tuple[int, Any]] = Counter()
        for number, past in enumerate(pasts, start=1):
            topic = number % _TOPICS + 1
            items.append({"id": number, "kind": "flashcard", "topic_id": topic, "status": "published",
                          "is_listed": True, "created_at": now})  # fmt: skip
            content = {"kind": "flashcard", "stem": f"Question {number}", "answer": f"Answer {number}"}
            versions.append({"id": number, "item_id": number, "number": 1, "content": content, "created_at": now})
            common = {"learner_id": learner_id, "item_id": number, "topic_id": topic}
            before: dict[str, Any] = {"stability_before": None, "difficulty_before": None, "last_reviewed_before": None}
            for seen, (ago, rating, interval, stability, difficulty) in enumerate(past):
                at = now - timedelta(days=ago)
                day = at.date()
                due = at + timedelta(days=interval)
                reviews.append({
                    **common, **before, "id": uuid.uuid4(), "item_version_id": number, "source": "card",
                    "kind": "flashcard", "rating": int(rating), "milliseconds": 7000, "reviewed_at": at,
                    "received_at": at, "time_zone": "UTC", "study_day": day, "seen_reviews": seen,
                    "target_retention": 0.9, "interval_days": interval, "due_at": due,
                    "phase_before": "review" if seen else "new", "stability_after": stability,
                    "difficulty_after": difficulty, "phase_after": "review", "model": "fsrs6", "parameters_id": 0,
                })  # fmt: skip
                before = {"stability_before": stability, "difficulty_before": difficulty, "last_reviewed_before": at}
                days[topic, day] += 1
                recalled[topic, day] += rating > 1
            cards.append({
                **common, "phase": "review", "reviews": len(past), "model": "fsrs6", "parameters_id": 0,
                "stability": stability, "difficulty": difficulty, "last_reviewed_at": at, "last_study_day": day,
                "due_at": due, "chosen_at": now,
            })  # fmt: skip
        for model, rows in ((Item, items), (ItemVersion, versions), (Card, cards), (Review, reviews)):
            session.execute(insert(model), rows)
        session.execute(
            insert(DailyTotal),
            [{"learner_id": learner_id, "topic_id": topic, "study_day": day, "reviews": count,
              "recalled": recalled[topic, day], "milliseconds": 7000 * count}
             for (topic, day), count in days.items()],
        )  # fmt: skip
        by_day: Counter[Any] = Counter()
        for (_, day), count in days.items():
            by_day[day] += count
        session.execute(
            insert(RecallTotal),
            [{"learner_id": learner_id, "study_day": day, "is_due": True, "is_mature": False, "twentieth": 18,
              "reviews": count, "recalled": round(count * 0.9), "expected": count * 0.9}
             for day, count in by_day.items()],
        )  # fmt: skip
    return learner_id


def _median(act: Callable[[], object]) -> float:
    act()
    return statistics.median(_seconds(act) for _ in range(5))


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
