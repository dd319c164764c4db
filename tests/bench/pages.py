"""What a first visit of each main page costs in Chromium on a slow phone: `python -m tests.bench pages`.

Four times slower than this machine, at 1.6 Mbit/s and 150 ms, with nothing in the cache; the median of some visits.
Largest contentful paint, layout shift and the slowest answer to an input are told by the browser; sizes are gzipped.
"""

from __future__ import annotations

import gzip
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Response

from quizapp.authoring.seed_files import read_seed_files
from quizapp.authoring.seeding import seed
from quizapp.config import shipped
from quizapp.database import Database
from quizapp.schema import migrate
from tests.browser.conftest import Town, settled
from tests.chromium import started, windows
from tests.conftest import MONDAY

PAGES = (
    ("nobody", "/"), ("nobody", "/sign-up"), ("nobody", "/topics/{topic}"), ("student", "/"),
    ("student", "/topics"), ("student", "/topics/{topic}"), ("student", "/quizzes/new"),
    ("student", "/attempts/{open}/{asked}"), ("student", "/attempts/{open}/1"),
    ("student", "/attempts/{finished}/review"), ("student", "/cards"), ("student", "/cards/browse"),
    ("student", "/progress"), ("student", "/progress/{topic}"), ("teacher", "/teach"), ("teacher", "/teach/sets/{set}"),
    ("teacher", "/teach/sets/{set}/items/{item}"),
)  # fmt: skip
BUDGETS = {
    "lcp ms": 1200.0, "inp ms": 100.0, "cls": 0.02, "html": 15_000.0, "css": 15_000.0, "js": 40_000.0, "requests": 12.0,
}  # fmt: skip
HEAD = ("page", *BUDGETS, "over its budget")
_KINDS = {"document": "html", "stylesheet": "css", "script": "js"}
_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
_OBSERVE = """
window.measured = {lcp: 0, cls: 0, inp: 0};
const watch = (type, note, more) => new PerformanceObserver((list) => list.getEntries().forEach(note))
    .observe({type, buffered: true, ...more});
watch("largest-contentful-paint", (entry) => { measured.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) measured.cls += entry.value; });
watch("event", (entry) => { if (entry.interactionId) measured.inp = Math.max(measured.inp, entry.duration); },
    {durationThreshold: 16});
"""
_PAINTED = """() => new Promise((done, fail) => {
    const look = (left) => measured.lcp ? done() : left ? setTimeout(look, 20, left - 1) : fail("nothing was painted");
    look(200);
})"""


@dataclass
class Visits:
    """What the visits of one page measured, by the names of BUDGETS."""

    who: str
    path: str
    measured: dict[str, list[float]] = field(default_factory=dict)

    @property
    def medians(self) -> dict[str, float]:
        """The figure of each measure that stands for all visits."""
        return {name: statistics.median(self.measured[name]) for name in BUDGETS}

    def row(self) -> list[str]:
        """Return the cells of its row, under HEAD."""
        figures = self.medians
        over = [name for name, most in BUDGETS.items() if figures[name] > most]
        cells = [f"{figures[name]:.3f}" if name == "cls" else f"{figures[name]:.0f}" for name in BUDGETS]
        return [f"{self.who} {self.path}", *cells, ", ".join(over) or "–"]


def visits(rounds: int) -> Iterator[Visits]:
    """Visit every page that many times, with the figures of each as soon as they are there."""
    with tempfile.TemporaryDirectory(prefix="quizapp-pages-") as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'quizapp.sqlite3'}")
        migrate(database)
        with database.write_session() as session:
            seed(session, read_seed_files(shipped("seed")), MONDAY)
        database.engine.dispose()
        with settled(folder) as town, started() as chromium, windows(chromium, town.app, town.address) as open_window:
            for who, path in PAGES:
                found = Visits(who, path)
                _visit(open_window(town.people.get(who)), town, path)  # templates compiled, statements cached
                for _ in range(rounds):
                    page = open_window(town.people.get(who), width=390, height=844)
                    _slow_down(page.context, page)
                    for measure, figure in _visit(page, town, path).items():
                        found.measured.setdefault(measure, []).append(figure)
                    page.context.close()
                yield found


def _slow_down(context: BrowserContext, page: Page) -> None:
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def _visit(page: Page, town: Town, path: str) -> dict[str, float]:
    page.add_init_script(_OBSERVE)
    answers: list[Response] = []

    def on_response(answer: Response) -> None:
        answers.append(answer)

    page.on("response", on_response)
    page.goto(path.format(**town.names), wait_until="networkidle")
    page.evaluate(_PAINTED)
    page.keyboard.press("Tab")
    page.locator("h1").first.click()
    page.keyboard.press("Escape")
    told = page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(measured), 100)))"
    )
    sizes = dict.fromkeys(_KINDS.values(), 0.0)
    for answer in answers:
        if answer.request.resource_type in _KINDS:
            sizes[_KINDS[answer.request.resource_type]] += len(gzip.compress(answer.body(), 6, mtime=0))
    return {"lcp ms": told["lcp"], "inp ms": told["inp"], "cls": told["cls"], "requests": float(len(answers)), **sizes}
