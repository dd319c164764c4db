"""A browser's side of the line: keep-alive, cookies, forms with their tokens, timeouts, one policy of sending again."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, TypeVar
from urllib.parse import urlencode

Fields = dict[str, list[str]]
Outcome = TypeVar("Outcome")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5  # seconds before a request is sent again
_SENTENCE = re.compile(r"<h1[^>]*>[^<]+</h1>.*?[a-z]\.\s*<", re.DOTALL)


class Unanswered(Exception):
    """The connection broke, or no answer came in time: nobody knows whether the request was carried out."""


class Unexpected(Exception):
    """A page answered what no learner should see."""


class GaveUp(Exception):
    """No answer came until the client's deadline."""


def run_apart(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Run a coroutine in a thread of its own: tests in a browser leave an event loop running in the first one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass
class Form:
    """One form of a page: what it sends as it stands, and what can be filled in."""

    action: str
    fields: Fields = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)  # radio buttons and lists, by name
    boxes: dict[str, list[str]] = field(default_factory=dict)  # by name
    texts: list[str] = field(default_factory=list)  # names of fields to type in


@dataclass(frozen=True)
class Answer:
    """What a server answered; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode()

    @property
    def location(self) -> str:
        """Where a redirect leads; empty without one."""
        return self.headers.get("location", "")

    @property
    def forms(self) -> list[Form]:
        """The forms of the page that are sent by POST."""
        reader = _FormReader()
        reader.feed(self.text)
        return reader.forms

    def form(self, action: str) -> Form:
        """Return the form that is sent to this path; the address may carry more."""
        found = [form for form in self.forms if form.action.partition("?")[0] == action]
        if not found:
            raise Unexpected(f"no form to {action} on a page of status {self.status}: {self.text[:1500]}")
        return found[0]

    @property
    def is_polite(self) -> bool:
        """Whether a refusal to serve says so in a sentence, and when to come again."""
        return self.headers.get("retry-after", "").isdecimal() and bool(_SENTENCE.search(self.text))


@dataclass
class Traffic:
    """What went over all lines of a run."""

    sent: int = 0
    unanswered: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    impolite: list[str] = field(default_factory=list)  # 503 without a sentence or a Retry-After
    broken: list[str] = field(default_factory=list)  # 500

    @property
    def acknowledged(self) -> int:
        """Requests that were answered, and not with a failure."""
        return sum(number for status, number in self.statuses.items() if status < 500)


class Client:
    """One person's browser, on one connection at a time."""

    def __init__(self, port: int, cookies: dict[str, str], traffic: Traffic, *, patience: float = 15.0) -> None:
        """Open nothing yet; `patience` is how many seconds an answer may take."""
        self.port = port
        self.cookies = dict(cookies)
        self.traffic = traffic
        self.patience = patience
        self.deadline = float("inf")  # of all sending again, on the clock of `time.monotonic`
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Open a page, however often it takes."""
        return await self._insist(path, None)

    async def post(self, path: str, fields: Fields) -> Answer:
        """Send a form, however often it takes: the same form, with the same ids in it."""
        return await self._insist(path, fields)

    async def connect(self) -> None:
        """Open the line, so that the first request need not."""
        self._line = await asyncio.open_connection("127.0.0.1", self.port)

    async def once(self, path: str, fields: Fields | None = None) -> Answer:
        """Send one request. Raises Unanswered."""
        self.traffic.sent += 1
        try:
            async with asyncio.timeout(self.patience):
                answer = await self._exchange(path, fields)
        except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.close()
            self.traffic.unanswered += 1
            raise Unanswered(f"{path}: {error!r}") from error
        self.traffic.statuses[answer.status] += 1
        if answer.status == 503 and path != "/healthz" and not answer.is_polite:
            self.traffic.impolite.append(f"{path}: {answer.headers} {answer.text[:500]}")
        if answer.status >= 500 and answer.status != 503:
            self.traffic.broken.append(f"{path}: {answer.status} {answer.headers.get('x-request-id', '')}")
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line[1].close()
            self._line = None

    async def _insist(self, path: str, fields: Fields | None) -> Answer:
        pause = _FIRST_PAUSE
        while True:
            try:
                answer = await self.once(path, fields)
            except Unanswered as error:
                why = str(error)
            else:
                if answer.status < 500:
                    return answer
                why = f"{path}: {answer.status}"
            if time.monotonic() + pause > self.deadline:
                raise GaveUp(why)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _exchange(self, path: str, fields: Fields | None) -> Answer:
        if self._line is None:
            await self.connect()
        assert self._line is not None
        reader, writer = self._line
        writer.write(self._encoded(path, fields))
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in filter(None, head[1:]):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                self._keep(value.strip())
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(head[0].split()[1]), headers, body)

    def _encoded(self, path: str, fields: Fields | None) -> bytes:
        method = "GET" if fields is None else "POST"
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: text/html"]
        if self.cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        body = b""
        if fields is not None:
            body = urlencode(fields, doseq=True).encode()
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        if value:
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values.get("method", "").lower() == "post":
            self._form = Form(values.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and "name" in values:
            self._add_input(self._form, values)
        elif tag == "textarea" and "name" in values:
            self._form.texts.append(values["name"])
        elif tag == "select":
            self._list = values.get("name", "")
        elif tag == "option" and self._list and values.get("value"):
            self._form.choices.setdefault(self._list, []).append(values["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._list = ""

    @staticmethod
    def _add_input(form: Form, values: dict[str, str]) -> None:
        kind, name, value = values.get("type", "text"), values["name"], values.get("value", "")
        if kind in ("radio", "checkbox"):
            (form.choices if kind == "radio" else form.boxes).setdefault(name, []).append(value)
            if "checked" not in values:
                return
        elif kind != "hidden":
            form.texts.append(name)
        form.fields.setdefault(name, []).append(value)
