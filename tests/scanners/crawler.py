"""Every page that a person can get to, by links and by the table of routes, and every form on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.scanners import planted
from tests.scanners.values import Fields
from tests.web.forms import forms_of, own_addresses
from tests.web.matrix import BESIDES, GROUPS, routes
from tests.web.scene import Scene
from tests.web.test_leaks import addresses, links
from tests.web.verdicts import ADMITTED, VERDICTS

HTML = {"Accept": "text/html"}


@dataclass
class Form:
    """A form as its page would send it: route, method, address, and fields without the token."""

    endpoint: str
    method: str
    address: str
    fields: Fields

    @property
    def shape(self) -> tuple[str, str, frozenset[str]]:
        """What makes it another form than one of the same route."""
        return self.endpoint, self.method, frozenset(name for name, _ in self.fields)


@dataclass
class Crawl:
    """What one persona found: an answer a page, the forms, and for each route an address that opened."""

    answers: dict[str, TestResponse] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    opened: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, set[str]] = field(default_factory=dict)  # names that addresses of a route carry


def crawl(scene: Scene, persona: str, most: int) -> Crawl:
    """Open pages from `/` on by links, then what the table of routes names; of one route at most `most`."""
    found, opened = Crawl(), Counter[tuple[str, bool]]()
    client = scene.browsers[persona].client
    shapes = set()
    waiting = ["/", planted.PREFIX + "/", *own_addresses(scene, persona)]
    others = [*addresses(scene, persona), *_links_handed_over(scene, persona)]
    while waiting or others:
        path = waiting.pop(0) if waiting else others.pop(0)
        endpoint, _ = match(scene, path, "GET")
        if path in found.answers or opened[endpoint, True] >= most or opened[endpoint, False] >= most:
            continue
        response = client.get(path, headers=HTML)
        scene.restore()
        opened[endpoint, response.status_code < 400] += 1
        found.answers[path] = response
        found.parameters.setdefault(endpoint, set()).update(name for name, _ in parse_qsl(urlsplit(path).query))
        if response.status_code < 400:
            found.opened.setdefault(endpoint, path)
        if response.headers.get("Location"):
            waiting.append(urljoin(path, response.headers["Location"]))
        if response.mimetype == "text/html":
            text = response.get_data(as_text=True)
            waiting += [urljoin(path, link) for link in links(text)]
            for form in _forms(scene, path, text):
                if form.shape not in shapes:
                    shapes.add(form.shape)
                    found.forms.append(form)
    offered = {form.endpoint for form in found.forms if form.method == "post"}
    found.forms += [form for form in _unoffered(scene, persona) if form.endpoint not in offered]
    return found


def reachable(scene: Scene, persona: str, method: str) -> set[str]:
    """Return the routes that this persona may open by this method, and on which there is something for them."""
    return {
        rule.endpoint
        for rule, offered in routes(scene.app)
        if offered == method and persona in ADMITTED.get(VERDICTS.get((rule.endpoint, method), ""), ())
    }


def match(scene: Scene, path: str, method: str) -> tuple[str, dict[str, Any]]:
    """Return the route of a path and the values that it reads from it; nothing for what is no route."""
    try:
        endpoint, values = scene.app.url_map.bind("localhost").match(urlsplit(path).path, method=method)
    except HTTPException:
        return "", {}
    return endpoint, dict(values)


def _forms(scene: Scene, path: str, text: str) -> Iterator[Form]:
    for method in ("get", "post"):
        for action, fields in forms_of(text, method):
            address = urljoin(path, action or path)
            endpoint, _ = match(scene, address, method.upper())
            if endpoint:
                yield Form(endpoint, method, address, [field for field in fields if field[0] != "csrf_token"])


def _links_handed_over(scene: Scene, persona: str) -> Iterator[str]:
    """Give the one-time link that somebody without an account of their own got from its owner."""
    if "shared link" not in scene.things.get(persona, {}):
        for rule, method in routes(scene.app):
            if method == "GET" and GROUPS.get(rule.endpoint) == "shared link":
                yield scene.address(rule, scene.things["student"]["shared link"])


def _unoffered(scene: Scene, persona: str) -> Iterator[Form]:
    """Give the forms that stand on no page as it is now, made of the persona's own row and what must be beside it."""
    wanted = reachable(scene, persona, "POST")
    for rule, method in routes(scene.app):
        if method != "POST" or rule.endpoint not in wanted:
            continue
        group = GROUPS[rule.endpoint]
        values = scene.things.get(persona, {}).get(group, scene.things["student"].get(group, {}))
        if rule._converters.keys() <= {*values, "stamp", "name"}:
            rest = {key: value for key, value in values.items() if key not in rule._converters}
            rest |= BESIDES.get(rule.endpoint, {})
            query = f"?kind={rest['kind']}" if "kind" in rest else ""
            fields = [(name, str(value)) for name, value in rest.items()]
            yield Form(rule.endpoint, "post", scene.address(rule, values) + query, fields)
