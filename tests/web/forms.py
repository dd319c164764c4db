"""Honest forms: what the site's own pages would send, found by opening them."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from tests.web.scene import Scene
from tests.web.test_leaks import addresses, links

Fields = list[tuple[str, str]]
# What somebody types into a field, by its name; fields that pages fill in themselves are left as they are.
TYPED = {
    "shown_name": "Another Name", "sign_in_name": "another.name", "title": "Another title", "name": "somebody",
    "comment": "A comment", "description": "Words", "text": "Ice floats on water. " * 12, "note": "A note",
    "stem": "Another stem?", "heading": "Another heading", "new_topic": "Another topic", "accepted": "a word",
    "option_0_text": "One", "option_1_text": "Two", "password": "a phrase that is long", "do": "save",
}  # fmt: skip


class _Forms(HTMLParser):
    """The forms of a page that are sent by a method: address, fields, and each button's own field."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.method = method
        self.forms: list[tuple[str, Fields]] = []
        self.open: tuple[str, Fields] | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method", "get").lower() == self.method:
            self.open = (given.get("action", ""), [])
            self.forms.append(self.open)
        if self.open is None:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or not dict(self.open[1]).get(self.select)):
            self.open[1][:] = [field for field in self.open[1] if field[0] != self.select]
            self.open[1].append((self.select, given.get("value", "")))
        elif name and (tag == "textarea" or (tag == "input" and kind not in ("radio", "checkbox"))):
            self.open[1].append((name, given.get("value", "") or TYPED.get(name, "")))
        elif name and tag == "input" and ("checked" in given or (kind == "radio" and not dict(self.open[1]).get(name))):
            self.open[1][:] = [field for field in self.open[1] if kind == "checkbox" or field[0] != name]
            self.open[1].append((name, given.get("value", "on")))
        elif name and tag == "button" and name not in dict(self.open[1]):
            self.open[1].append(
                (name, TYPED["do"] if name == "do" and "save" in given.get("value", "") else given.get("value", ""))
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "select":
            self.select = ""


def forms_of(text: str, method: str = "post") -> list[tuple[str, Fields]]:
    """Return the forms of a page that are sent by `method`: the address each names, and its fields filled in."""
    reader = _Forms(method)
    reader.feed(text)
    return reader.forms


def honest_forms(scene: Scene, persona: str, most: int = 160) -> dict[str, tuple[str, Fields]]:
    """Return a form for each unsafe route that this person's pages offer, by endpoint: its address and its fields."""
    client = scene.browsers[persona].client
    adapter = scene.app.url_map.bind("localhost")
    found: dict[str, tuple[str, Fields]] = {}
    waiting = [*own_addresses(scene, persona), "/"]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        if path in seen or len(seen) >= most:
            continue
        seen.add(path)
        response = client.get(path, headers={"Accept": "text/html"})
        if location := response.headers.get("Location"):
            waiting.append(urljoin(path, location))
        if response.mimetype != "text/html":
            continue
        text = response.get_data(as_text=True)
        waiting += [urljoin(path, link) for link in links(text)]
        for action, fields in forms_of(text):
            address = urljoin(path, action)
            try:
                endpoint, _ = adapter.match(urlsplit(address).path, method="POST")
            except HTTPException:
                continue
            found.setdefault(endpoint, (address, fields))
    return found


def own_addresses(scene: Scene, persona: str) -> list[str]:
    """Return the addresses of the person's own rows."""
    return list(addresses(scene, persona, (persona,) if persona in scene.things else ()))
