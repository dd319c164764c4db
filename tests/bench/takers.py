"""A class of a thousand: `python -m tests.bench takers` lets so many people take one quiz on this machine.

They start at one moment, then think 30 to 90 seconds over each question while their page saves what is typed each
15 seconds, answer, and go on; some finish and begin anew. Then ever more of them come until one request in twenty
takes longer than half a second. Server, database and people share the machine's cores.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

from tests.bench.load import percentile
from tests.faults.client import Answer, Client, Fields, Traffic, Unanswered
from tests.faults.scene import SET_SLUG, Person

HEAD = ("people", "what", "requests", "a second", "p50 ms", "p95 ms", "p99 ms", "slowest", "errors")
THINKING = (30.0, 90.0)  # seconds, each as likely
SAVED_EACH = 15.0  # seconds
SLOW = 0.5  # seconds that p95 may take before it is too many
PUBLISHED_A_CORE = 125  # people taking a quiz that Moodle's documentation calls comfortable
_IDLE = 10.0  # seconds after which a line is opened anew, as the server may hang up at any moment
_GROWTH = 1.25
_OPEN = re.compile(r"/attempts/[0-9a-f-]{36}(?=\")")
_KINDS = ("start", "question", "save", "answer", "finish")


@dataclass
class Figures:
    """The seconds that requests took, by what they were for, and what went wrong."""

    people: int
    seconds: float = 0.0
    took: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in _KINDS})
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def slowest_twentieth(self) -> float:
        """Return the 95th percentile of all requests, in seconds; infinite when one failed."""
        everything = [seconds for took in self.took.values() for seconds in took]
        return percentile(everything, 95) if everything and not self.errors else float("inf")

    def rows(self) -> Iterator[list[str]]:
        """Return the cells under HEAD: a row for each kind of request that was sent, and one for all."""
        everything = [seconds for took in self.took.values() for seconds in took]
        for kind, took in [*self.took.items(), ("all", everything)]:
            if took:
                wrong = self.errors.total() if kind == "all" else self.errors[kind]
                times = [f"{percentile(took, share) * 1000:.0f}" for share in (50, 95, 99)]
                rate = f"{len(took) / self.seconds:.1f}" if self.seconds else "–"
                yield [str(self.people), kind, str(len(took)), rate, *times, f"{max(took) * 1000:.0f}", str(wrong)]


class Taker:
    """One person with one browser, in the middle of a quiz."""

    def __init__(self, port: int, person: Person, figures: Figures) -> None:
        self.client = Client(port, person.cookies, Traffic(), patience=60.0)
        self.figures = figures
        self.rng = Random(person.id)
        self.used_at = 0.0

    async def look(self) -> None:
        """Open the set's page."""
        self.page = await self._send("", f"/sets/{SET_SLUG}")

    async def start(self) -> str:
        """Start an attempt, or go on with the open one; return the path of the question that is on the screen then."""
        if found := _OPEN.search(self.page.text):
            path = found[0]
            answer = await self._send("question", path)
        else:
            form = self.page.form(f"/sets/{SET_SLUG}/start")
            answer = await self._send("start", form.action, form.fields)
        while answer.status == 303:
            path = urlsplit(answer.location).path
            answer = await self._send("question", path)
        self.question = answer
        return path

    async def take(self, path: str, end: float) -> None:
        """Go on from a question that is on the screen until the time is over; begin anew after some questions."""
        self.form = self.question.form(path)
        left = self.rng.randint(3, 10)
        while await self._think(path, end):
            left -= 1
            answer = await self._send("answer", path, {**self._typed(), "do": ["next"]})
            if left and "/finish" not in answer.location:
                path = urlsplit(answer.location).path
                self.form = (await self._send("question", path)).form(path)
                continue
            finish = f"{path.rpartition('/')[0]}/finish"
            page = await self._send("question", finish)
            await self._send("finish", finish, page.form(finish).fields)
            await self.look()
            path = await self.start()
            self.form = self.question.form(path)
            left = self.rng.randint(3, 10)

    async def _think(self, path: str, end: float) -> bool:
        """Think and let the page save what is typed; False when the time is over first."""
        until = time.monotonic() + self.rng.uniform(*THINKING)
        for number in range(1, 100):
            pause = min(until, time.monotonic() + SAVED_EACH) - time.monotonic()
            if time.monotonic() + pause >= end:
                await asyncio.sleep(max(0.0, end - time.monotonic()))
                return False
            await asyncio.sleep(max(0.0, pause))
            if time.monotonic() >= until:
                break
            await self._send("save", f"{path}/working", {**self._typed(), "save_number": [str(number)]})
        return True

    def _typed(self) -> Fields:
        form = self.form
        chosen = {name: [self.rng.choice(values)] for name, values in form.choices.items()}
        ticked = {name: [self.rng.choice(values)] for name, values in form.boxes.items()}
        written = {name: [self.rng.choice(["security", "troops", "a treaty"])] for name in form.texts}
        return {**form.fields, **chosen, **ticked, **written}

    async def _send(self, kind: str, path: str, fields: Fields | None = None) -> Answer:
        """Send one request, and measure it unless it has no kind. Raises Unanswered."""
        if time.monotonic() - self.used_at > _IDLE:
            self.client.close()
        began = time.monotonic()
        try:
            answer = await self.client.once(path, fields)
        except Unanswered:
            self.figures.errors[kind] += 1
            raise
        self.used_at = time.monotonic()
        if kind:
            self.figures.took[kind].append(self.used_at - began)
        if answer.status >= 400:
            self.figures.errors[kind] += 1
            raise Unanswered(f"{path}: {answer.status} {answer.text[:300]}")
        return answer


async def start_together(port: int, people: Sequence[Person]) -> Figures:
    """Let everybody press “Start” at one moment; `seconds` is how long until the last has a question."""
    figures = Figures(len(people))
    takers = [Taker(port, person, figures) for person in people]
    async with AsyncExitStack() as stack:
        for taker in takers:
            stack.callback(taker.client.close)
        for taker in takers:
            await taker.look()
        began = time.monotonic()
        await asyncio.gather(*(taker.start() for taker in takers), return_exceptions=True)
        figures.seconds = time.monotonic() - began
    return figures


async def take(port: int, people: Sequence[Person], seconds: float) -> Figures:
    """Let people take the quiz, each from another moment of the first half minute on; measured is what comes after."""
    figures = Figures(len(people))
    warm = Figures(len(people))
    takers = [Taker(port, person, warm) for person in people]
    began = time.monotonic()
    end = began + THINKING[0] + seconds

    async def one(taker: Taker, place: int) -> None:
        await asyncio.sleep(THINKING[0] * place / len(takers))
        try:
            await taker.look()
            await taker.take(await taker.start(), end)
        except Unanswered:
            return  # counted
        finally:
            taker.client.close()

    async def measure() -> None:
        await asyncio.sleep(THINKING[0])
        for taker in takers:
            taker.figures = figures

    async with asyncio.TaskGroup() as group:
        group.create_task(measure())
        for place, taker in enumerate(takers):
            group.create_task(one(taker, place))
    figures.seconds = seconds
    figures.errors += warm.errors
    return figures


def measured(port: int, people: Sequence[Person], number: int, seconds: float) -> Iterator[tuple[str, Figures]]:
    """Measure a common start and a quiz of `number` people, then ever more until it is slow or nobody is left."""
    yield "start", asyncio.run(start_together(port, people[:number]))
    figures = asyncio.run(take(port, people[:number], seconds))
    yield "quiz", figures
    while figures.slowest_twentieth <= SLOW and (more := max(number + 1, round(number * _GROWTH))) <= len(people):
        number = more
        figures = asyncio.run(take(port, people[:number], seconds / 2))
        yield "quiz", figures


def verdict(found: Sequence[tuple[str, Figures]]) -> str:
    """Say what the figures come to."""
    start = next(figures for what, figures in found if what == "start")
    quizzes = [figures for what, figures in found if what == "quiz"]
    good = [figures.people for figures in quizzes if figures.slowest_twentieth <= SLOW]
    most, cores = max(good, default=0), os.cpu_count() or 1
    is_passed = any(figures.slowest_twentieth > SLOW for figures in quizzes)
    reached = f"{most} people stay under {SLOW * 1000:.0f} ms" + ("" if is_passed else ", and more were not tried")
    return (
        f"{start.people} people who start at one moment have their question after {start.seconds:.1f} s. {reached}: "
        f"{most / cores:.0f} a core, {most / cores / PUBLISHED_A_CORE:.1f} times the {PUBLISHED_A_CORE} that Moodle "
        f"publishes. Load of the machine: {os.getloadavg()[0]:.1f} on {cores} cores."
    )
