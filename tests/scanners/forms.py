"""Our own scanner: every page and form as each persona, with values that no browser would send.

It sends what it found honestly first, then spoilt by a generator whose seed is the route and the persona, and puts
the site back after each write. `NEVER` names, with the reason, what a persona may open and can't get to here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.scanners import planted
from tests.scanners.crawler import HTML, Crawl, Form, crawl, match, reachable
from tests.scanners.figures import Outcome
from tests.scanners.judging import Judge
from tests.scanners.site import Site, made_site
from tests.scanners.values import BODIES, odd_value, odd_values, spoilt, spoilt_addresses

NAME = "forms"
HOLES = {
    "SQL injection": ("/planted/search", "answers 5"),
    "script": ("/planted/echo", "writes what was sent as markup"),
    "redirect": ("/planted/go", "leads to"),
    "NUL": ("/planted/note", "answers 5"),
}
NEVER: dict[str, dict[str, str]] = {}
_PAGES = {False: 6, True: 60}  # of one route
_TRIES = {False: 1, True: 20}  # odd values for one field


def scan(personas: list[str], *, is_long: bool) -> Iterator[Outcome]:
    """Scan as each persona."""
    with made_site(checks_tokens=True) as site:
        for persona in personas:
            site.begin(persona, puts_all_back=True)
            yield Scan(site, persona, _TRIES[is_long]).run(_PAGES[is_long])


class Scan:
    """One persona's way through the site."""

    def __init__(self, site: Site, persona: str, tries: int) -> None:
        self.site, self.persona, self.tries = site, persona, tries
        self.scene = site.scene
        self.judge = Judge()
        self.outcome = Outcome(NAME, persona)
        self.found: dict[tuple[str, str], str] = {}  # (route, fault): the first request that showed it

    def run(self, most_pages: int) -> Outcome:
        """Crawl, spoil and judge; `most_pages` of one route."""
        began = time.monotonic()
        pages = crawl(self.scene, self.persona, most_pages)
        for path, response in pages.answers.items():
            self._judge(response, path, "GET", "as it is")
        for form in pages.forms:
            self._spoil(form)
        for endpoint, path in pages.opened.items():
            self._spoil_address(endpoint, path, pages)
        self._miss(pages)
        is_planted = [
            (f"{key[0]} {key[1]}", line) for key, line in self.found.items() if key[0].startswith(planted.PREFIX)
        ]
        self.outcome.findings = [line for key, line in self.found.items() if not key[0].startswith(planted.PREFIX)]
        self.outcome.planted = {
            hole: any(key.startswith(path) and fault in key for key, _ in is_planted)
            for hole, (path, fault) in HOLES.items()
        }
        self.outcome.pages, self.outcome.forms = len(pages.answers), len(pages.forms)
        self.outcome.requests += len(pages.answers)
        self.outcome.seconds = time.monotonic() - began
        return self.outcome

    def _spoil(self, form: Form) -> None:
        rng = self._rng(form.endpoint)
        self._send(form, form.fields)
        for fields in spoilt(rng, form.fields, self.tries):
            self._send(form, fields)
        if form.method == "post":
            for body, kind in BODIES:
                self._ask(form.address, "POST", f"{kind} {body!r}", data=body, content_type=kind)

    def _spoil_address(self, endpoint: str, path: str, pages: Crawl) -> None:
        rng = self._rng(path)
        everywhere = sorted(set().union(*pages.parameters.values()))
        bare = urlsplit(path).path
        for name in sorted(pages.parameters[endpoint]):
            for value in odd_values(rng, "", self.tries):
                self._ask(f"{bare}?{urlencode([(name, value[:3000])])}", "GET", "")
        for _ in range(self.tries):
            query = [(name, odd_value(rng)[:900]) for name in everywhere for _ in range(rng.choice((1, 1, 2)))]
            self._ask(f"{bare}?{urlencode(query)}", "GET", "")
        self._ask(f"{bare}?%ff=%00&a[]=1&&=", "GET", "")
        _, values = match(self.scene, path, "GET")
        for address in spoilt_addresses(rng, bare, [str(value) for value in values.values()], self.tries):
            self._ask(address, "GET", "")

    def _send(self, form: Form, fields: list[tuple[str, str]]) -> None:
        said = str([(name, value[:40]) for name, value in fields])[:300]
        if form.method == "get":
            query = urlencode([(name, value[:3000]) for name, value in fields])
            self._ask(f"{urlsplit(form.address).path}?{query}"[:20_000], "GET", said)
        else:
            data = MultiDict([*fields, ("csrf_token", self.scene.token(self.persona))])
            self._ask(form.address, "POST", said, data=data)

    def _ask(self, path: str, method: str, said: str, **sent: Any) -> None:
        client = self.scene.browsers[self.persona].client
        name = self.scene.app.config["SESSION_COOKIE_NAME"]
        before = client.get_cookie(name)
        response = client.open(path, method=method, headers=HTML, **sent)
        self.scene.restore()
        if before is not None:
            client.set_cookie(before.key, before.value)
        self.outcome.requests += 1
        self._judge(response, path, method, said)

    def _judge(self, response: TestResponse, path: str, method: str, said: str) -> None:
        endpoint, _ = match(self.scene, path, method)
        route = urlsplit(path).path if endpoint.startswith("planted.") else endpoint or path[:100]
        failures = [f"logs {failure}" for _, failure in self.site.failures]
        self.site.failures.clear()
        for fault in [*self.judge.faults(response), *failures]:
            self.found.setdefault((route, fault[:60]), f"{method} {route} {fault} ({path[:200]} {said})")

    def _miss(self, pages: Crawl) -> None:
        excused = NEVER.get(self.persona, {})
        sent = {form.endpoint for form in pages.forms if form.method == "post"}
        for method, seen in (("GET", pages.opened.keys()), ("POST", sent)):
            for endpoint in sorted(reachable(self.scene, self.persona, method) - seen - excused.keys()):
                self.found[endpoint, f"{method} not reached"] = f"{method} {endpoint} was not reached"

    def _rng(self, what: str) -> Random:
        return Random(f"{self.persona} {what}")
