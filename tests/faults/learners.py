"""Learners at work: quizzes from the builder to the review, cards between them, each write entered in the ledger."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random

from tests.faults.client import Answer, Client, Fields, Form, GaveUp, Traffic, Unexpected
from tests.faults.ledger import Ledger, Write, save_id
from tests.faults.scene import Person

KINDS = ["single_choice", "multiple_choice", "true_false", "short_answer", "cloze"]
_QUESTIONS = 6
_CARDS = 3
_SAVED, _ONLY_SAVED = 0.5, 0.3  # shares of the answers that are saved while typed, and of these, left at that
_GRACE_SECONDS = 20.0  # to get an answer to what was sent before the end


@dataclass
class Learner:
    """One person, one browser."""

    person: Person
    client: Client
    ledger: Ledger
    rng: Random
    pause_seconds: float = 0.0  # thinking, on average
    is_undaunted: bool = False  # takes what a faulty server says for good, and begins anew
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def study(self) -> None:
        """Take quizzes and rate cards until stopped; what was sent before is still seen through."""
        try:
            while not self.stopped.is_set():
                try:
                    await self.take_quiz()
                    await self.rate_cards()
                except Unexpected:
                    if not self.is_undaunted:
                        raise
        except GaveUp:
            pass
        finally:
            self.client.close()

    async def take_quiz(self) -> None:
        """Build a quiz, answer its questions, finish it."""
        feedback = self.rng.choice(["at_once", "at_once", "at_end"])
        attempt_id, number = await self.start(feedback)
        for position in range(1, number + 1):
            if self.stopped.is_set():
                return
            await self.answer(attempt_id, position, "check" if feedback == "at_once" else "next")
            await self._think()
        path = f"/attempts/{attempt_id}/finish"
        form = (await self.client.get(path)).form(path)
        await self.tell(Write("finish", self.person.id, attempt_id), form, form.fields)

    async def start(self, feedback: str = "at_once") -> tuple[uuid.UUID, int]:
        """Start a quiz; return its id and the number of its questions."""
        form = (await self.client.get("/quizzes/new")).form("/quizzes/new")
        write, fields = self.starting(form, feedback)
        answer = await self.tell(write, form, fields)
        page = await self.client.get(answer.location)
        found = re.search(r"Question 1 of (\d+)", page.text)
        if found is None:
            raise Unexpected(f"{answer.location}: {page.status} {page.text[:1500]}")
        return write.id, int(found[1])

    def starting(self, form: Form, feedback: str) -> tuple[Write, Fields]:
        """Fill in the builder's form."""
        fields = {**form.fields, "number": [str(_QUESTIONS)], "kinds": KINDS, "feedback": [feedback], "do": ["start"]}
        return Write("start", self.person.id, uuid.UUID(form.fields["submission_id"][0])), fields

    async def answer(self, attempt_id: uuid.UUID, position: int, do: str) -> None:
        """Answer one question; every other time its page saves what is typed first, and now and then that is all."""
        path = f"/attempts/{attempt_id}/{position}"
        form = (await self.client.get(path)).form(path)
        write, _, fields = self.answering(form, attempt_id, position, do)
        if self.rng.random() < _SAVED:
            await self.save(write, form, fields)
            if do == "next" and self.rng.random() < _ONLY_SAVED:
                return
        await self.tell(write, form, fields)

    async def type(self, attempt_id: uuid.UUID, position: int) -> None:
        """Type an answer, which the page saves, and go away."""
        path = f"/attempts/{attempt_id}/{position}"
        form = (await self.client.get(path)).form(path)
        write, _, fields = self.answering(form, attempt_id, position, "next")
        await self.save(write, form, fields)

    async def save(self, write: Write, form: Form, fields: Fields) -> None:
        """Save what is typed of an answer without giving it, as the page does by itself."""
        attempt_id, position = write.place
        assert isinstance(attempt_id, uuid.UUID)
        assert isinstance(position, int)
        saved = replace(write, kind="save", id=save_id(attempt_id, position))
        self.ledger.note_sent(saved)
        answer = await self.client.post(f"{form.action}/working", fields)
        if answer.status != 200:
            raise Unexpected(f"{saved}: {answer.status} {answer.text[:1500]}")
        self.ledger.note_told(saved)

    def answering(self, form: Form, attempt_id: uuid.UUID, position: int, do: str) -> tuple[Write, Form, Fields]:
        """Choose or type something in a question's form."""
        given = self._filled(form)
        content = tuple(sorted(value for values in given.values() for value in values))
        response_id = uuid.UUID(form.fields["submission_id"][0])
        write = Write("answer", self.person.id, response_id, (attempt_id, position), content)
        return write, form, {**form.fields, **given, "do": [do]}

    async def rate_cards(self) -> None:
        """Rate a few cards, as long as any are due."""
        for _ in range(_CARDS):
            if self.stopped.is_set() or (sides := await self.turn_card()) is None:
                return
            await self.tell(*self.rating(sides))
            await self._think()

    async def turn_card(self) -> Form | None:
        """Look at the answer side of the next card; None when none is due."""
        page = await self.client.get("/cards")
        asked = [form for form in page.forms if form.action.partition("?")[0] == "/cards/answer"]
        if not asked:
            return None
        return (await self.client.post("/cards/answer", asked[0].fields)).form("/cards/rate")

    def rating(self, form: Form) -> tuple[Write, Form, Fields]:
        """Choose a rating."""
        rating = str(self.rng.randint(1, 4))
        item_id, _, part = form.fields["card"][0].partition(".")
        write = Write("rating", self.person.id, uuid.UUID(form.fields["id"][0]), (int(item_id), int(part)), (rating,))
        return write, form, {**form.fields, "rating": [rating]}

    async def tell(self, write: Write, form: Form, fields: Fields) -> Answer:
        """Send a write until it is answered; a redirect is what tells success."""
        self.ledger.note_sent(write)
        answer = await self.client.post(form.action, fields)
        if answer.status != 303:
            raise Unexpected(f"{write}: {answer.status} {answer.text[:1500]}")
        self.ledger.note_told(write)
        return answer

    def _filled(self, form: Form) -> Fields:
        filled = {name: [self.rng.choice(values)] for name, values in form.choices.items()}
        filled |= {
            name: self.rng.sample(values, self.rng.randint(1, len(values))) for name, values in form.boxes.items()
        }
        return filled | {name: [self.rng.choice(["security", "troops", "a treaty"])] for name in form.texts}

    async def _think(self) -> None:
        if self.pause_seconds:
            await asyncio.sleep(self.rng.uniform(0.5, 1.5) * self.pause_seconds)


def learner_at(port: int, person: Person, ledger: Ledger, traffic: Traffic, *, patience: float = 15.0) -> Learner:
    """Return a person who never pauses, at a browser that waits `patience` seconds for an answer."""
    return Learner(person, Client(port, person.cookies, traffic, patience=patience), ledger, Random(person.id))


@asynccontextmanager
async def at_work(
    port: int,
    people: Sequence[Person],
    ledger: Ledger,
    traffic: Traffic,
    *,
    pause_seconds: float,
    patience: float = 15.0,
    is_planted: bool = False,
) -> AsyncIterator[list[Learner]]:
    """Let people study while the block runs; at its end each sees through what was sent.

    Of a server with a fault planted they believe everything.
    """
    learners = [
        replace(
            learner_at(port, person, ledger, traffic, patience=patience),
            pause_seconds=pause_seconds,
            is_undaunted=is_planted,
        )
        for person in people
    ]
    async with asyncio.TaskGroup() as group:
        for learner in learners:
            group.create_task(learner.study())
        try:
            yield learners
        finally:
            end = asyncio.get_running_loop().time() + _GRACE_SECONDS
            for learner in learners:
                learner.stopped.set()
                learner.client.deadline = end


async def until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so while others work. Raises TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.02)


def has_told(ledger: Ledger, number: int) -> bool:
    """Whether so many writes have been told as stored."""
    return len(ledger.told) >= number
