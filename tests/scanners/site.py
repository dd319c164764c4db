"""The site that is scanned: every kind of person and row on it, holes planted beside, and put back after writes."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from flask import has_request_context, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from quizapp.database import Database
from quizapp.web import throttles
from quizapp.web.access import SAFE_METHODS
from tests.chromium import served
from tests.conftest import prepare
from tests.scanners import planted
from tests.web.scene import Scene, make_scene

# Each persona, and the narrowest rule of the site that admits them.
PERSONAS = {"nobody": "anyone", "guest": "person", "student": "account", "teacher": "teacher", "admin": "admin"}
# What takes the row or the device away that other requests of a scan are about: done and put back at once.
TAKES_AWAY = {
    "accounts.disable_person", "accounts.end_device", "accounts.end_other_devices", "accounts.keep_or_discard",
    "accounts.leave_now", "accounts.sign_out", "accounts.sign_out_everywhere", "admin.carry_out",
    "authoring.remove_item", "authoring.remove_passage", "authoring.remove_set",
}  # fmt: skip
Start = Callable[..., Any]


@dataclass
class Site:
    """A running site: its scene, its address, what its pages failed with and how many requests it answered."""

    scene: Scene
    address: str = ""
    failures: list[tuple[str, str]] = field(default_factory=list)
    answered: int = 0
    cookie: str = ""  # that every request over the line comes with, whatever the scanner does with its own
    puts_all_back: bool = False  # after every write; else only what takes something away
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, persona: str, *, puts_all_back: bool) -> None:
        """Begin a scan anew: everything as it was made, the holes open to this persona and those above."""
        self.scene.restore()
        self.failures.clear()
        self.answered = 0
        self.puts_all_back = puts_all_back
        kept = self.scene.browsers[persona].client.get_cookie(self.scene.app.config["SESSION_COOKIE_NAME"])
        self.cookie = f"{kept.key}={kept.value}" if kept else ""
        planted.open_to(self.scene.app, PERSONAS[persona])

    def failures_elsewhere(self) -> list[str]:
        """Return what pages failed with, but for the planted ones, each once."""
        return sorted({failure for place, failure in self.failures if not place.startswith(planted.PREFIX)})

    def answer(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer a request over the line, one at a time, and put back what it may not change."""
        with self._lock:
            self.answered += 1
            environ["HTTP_COOKIE"] = self.cookie
            puts_back = self.puts_all_back or self._takes_away(environ)
            kept = self.scene.copied() if puts_back and not self.puts_all_back else None
            body = b"".join(self.scene.app(environ, start_response))
            if kept is not None:
                self.scene.put(kept)
            elif puts_back and environ["REQUEST_METHOD"] not in SAFE_METHODS:
                self.scene.restore()
            return [body]

    def _takes_away(self, environ: dict[str, Any]) -> bool:
        asked = Request(environ)
        try:
            endpoint, _ = self.scene.app.url_map.bind("localhost").match(asked.path, method=asked.method)
        except HTTPException:
            return False
        return endpoint in TAKES_AWAY


class _Failures(logging.Handler):
    """Keeps what pages failed with, whoever asked and whatever they were told."""

    def __init__(self, failures: list[tuple[str, str]]) -> None:
        super().__init__()
        self.failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            error = record.exc_info[1] if record.exc_info else None
            place = request.path if has_request_context() else ""
            self.failures.append((place, f"{place} {record.getMessage()}: {error!r}"[:300]))


@contextmanager
def made_site(*, checks_tokens: bool) -> Iterator[Site]:
    """Make a site of its own in a temporary folder; throttles count and never wait.

    Foreign scanners know no tokens against forged requests: without the check for them, what they send reaches the
    forms. That forms refuse requests without a token is shown elsewhere.
    """
    with tempfile.TemporaryDirectory() as folder, _made_scene(Path(folder)) as scene:
        scene.app.config["WTF_CSRF_ENABLED"] = checks_tokens
        planted.init_app(scene.app)
        site = Site(scene)
        logger, handler = logging.getLogger("quizapp"), _Failures(site.failures)
        before = logger.handlers[:]
        logger.handlers[:] = [handler]
        try:
            with mock.patch.object(throttles, "check", return_value=None):
                yield site
        finally:
            logger.handlers[:] = before


@contextmanager
def running(site: Site) -> Iterator[Site]:
    """Serve the site on a free port while the block runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with served(site.answer) as address:
        site.address = address
        yield site


@contextmanager
def _made_scene(folder: Path) -> Iterator[Scene]:
    template = folder / "template.sqlite3"
    database = Database(f"sqlite:///{template}")
    prepare(database)
    database.engine.dispose()
    (folder / "data").mkdir()
    with make_scene(template, folder / "data", base_url="") as scene:
        yield scene
