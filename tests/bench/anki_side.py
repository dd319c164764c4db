"""Anki's side of `python -m tests.bench anki`: run by the Python of an environment that has `anki`, prints JSON.

Its arguments are a log and a folder for the collection; figures are in the units of the table.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import count

from anki import scheduler_pb2  # type: ignore[import-not-found]
from anki.buildinfo import version  # type: ignore[import-not-found]
from anki.collection import AddNoteRequest, Collection  # type: ignore[import-not-found]
from anki.scheduler.v3 import CardAnswer  # type: ignore[import-not-found]

_DAY_MS = 86_400_000


def main() -> None:
    """Make the collection, do what the table compares, and print it."""
    with open(sys.argv[1], encoding="utf-8") as file:
        asked = json.load(file)
    path = f"{sys.argv[2]}/collection.anki2"
    collection = Collection(path)
    _fill(collection, asked["cards"])
    found: dict[str, object] = {"version": version}
    queues = []
    for _ in range(5):
        collection.close()
        collection = Collection(path)
        queues.append(_seconds(partial(collection.sched.get_queued_cards, fetch_limit=1)) * 1000)
    found["queue"] = statistics.median(queues)
    assert collection.db.scalar("PRAGMA synchronous") == 2, "not FULL"
    began, given = time.perf_counter(), 0
    while given < asked["ratings"] and (due := collection.sched.get_queued_cards(fetch_limit=1).cards):
        queued = due[0]
        card = collection.get_card(queued.card.id)
        card.start_timer()
        answer = collection.sched.build_answer(card=card, states=queued.states, rating=CardAnswer.GOOD)
        collection.sched.answer_card(answer)
        given += 1
    found["ratings"] = given / (time.perf_counter() - began)
    statistics_page = [_seconds(lambda: collection._backend.graphs(search="", days=365)) for _ in range(5)]
    found["statistics"] = statistics.median(statistics_page) * 1000
    found["fit"] = _seconds(
        lambda: collection._backend.compute_fsrs_params(
            search="", current_params=[], ignore_revlogs_before_ms=0, num_of_relearning_steps=1, health_check=False
        )
    )
    study = scheduler_pb2.SimulateFsrsReviewRequest(
        params=asked["parameters"], desired_retention=0.9, deck_size=asked["study"]["cards"],
        days_to_simulate=asked["study"]["days"], new_limit=asked["study"]["new_a_day"], review_limit=9999,
        max_interval=365, search="deck:nothing", new_cards_ignore_review_limit=True, historical_retention=0.9,
        learning_step_count=1, relearning_step_count=1, easy_days_percentages=[1.0] * 7,
    )  # fmt: skip
    targets = 0

    def sweep() -> None:
        nonlocal targets
        targets = len(collection._backend.simulate_fsrs_workload(study).cost)

    seconds = _seconds(sweep)
    found["sweep"] = seconds / targets * 1000
    collection.close()
    print(json.dumps(found))


def _fill(collection: Collection, cards: list[list[list[float]]]) -> None:
    collection.set_config("fsrs", True)
    deck = collection.decks.id("Default")
    rules = collection.decks.config_dict_for_deck_id(deck)
    rules["rev"]["perDay"] = 9999
    collection.decks.update_config(rules)
    basic = collection.models.by_name("Basic")
    notes = []
    for number in range(len(cards)):
        note = collection.new_note(basic)
        note["Front"], note["Back"] = f"Question {number}", f"Answer {number}"
        notes.append(AddNoteRequest(note=note, deck_id=deck))
    collection.add_notes(notes)
    ids = collection.db.list("SELECT id FROM cards ORDER BY id")
    now, today = int(time.time() * 1000), collection.sched.today
    rows, log = [], []
    for id_, reviews in zip(ids, cards, strict=True):
        age, _, interval, stability, difficulty = reviews[-1]
        data = json.dumps({"s": round(stability, 4), "d": round(difficulty, 3), "dr": 0.9})
        rows.append((round(interval), today + round(interval - age), len(reviews), data, id_))
        before = 0
        for number, (age, rating, interval, _, _) in enumerate(reviews):
            log.append((now - round(age * _DAY_MS), id_, int(rating), round(interval), before, 7000, int(number > 0)))
            before = round(interval)
    collection.db.executemany(
        "UPDATE cards SET type = 2, queue = 2, ivl = ?, due = ?, factor = 2500, reps = ?, data = ? WHERE id = ?", rows
    )
    seen: set[int] = set()
    unique = []
    for wanted, card, rating, interval, before, milliseconds, kind in log:
        at = next(at for at in count(wanted) if at not in seen)
        seen.add(at)
        unique.append((at, card, -1, rating, interval, before, 2500, milliseconds, kind))
    collection.db.executemany("INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", unique)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
