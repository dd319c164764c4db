"""A browser without a screen: it judges every page it opens and finds links, forms and buttons by their words."""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from tests.builders import make_sign_in

PAGES_DIR = os.environ.get("QUIZAPP_TEST_PAGES_DIR", "")
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


class Page:
    """One answer of the application, parsed and judged when it is HTML."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response = response
        self.path = path
        self.status = response.status_code
        self.text = "" if response.mimetype == "application/zip" else response.get_data(as_text=True)
        self.is_html = response.mimetype == "text/html"
        if self.is_html:
            self.root = parse(self.text)
            self.parents = {child: parent for parent in self.root.iter() for child in parent}
            judge(self.root, path)
            _keep(self.text, path, self.status)

    @property
    def heading(self) -> str:
        """The words of the one h1."""
        return words(next(self.root.iter("h1")))

    @property
    def words(self) -> str:
        """What a reader sees of `main`, white space folded."""
        main = next((element for element in self.root.iter("main")), self.root)
        return words(main)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements with this tag and these attributes."""
        return [
            element
            for element in self.root.iter(tag)
            if all(element.get(name.rstrip("_").replace("_", "-")) == value for name, value in attributes.items())
        ]

    def links(self) -> dict[str, str]:
        """Return the addresses of links by their words (the first of equal ones)."""
        found: dict[str, str] = {}
        for element in self.root.iter("a"):
            found.setdefault(words(element), element.get("href", ""))
        return found

    def buttons(self) -> list[str]:
        """Return the words of all buttons that submit."""
        return [words(element) for element in self.root.iter("button") if element.get("type", "submit") == "submit"]

    def form_of(self, button: Element) -> Element:
        """Return the form that a button belongs to."""
        if owner := button.get("form"):
            return next(form for form in self.root.iter("form") if form.get("id") == owner)
        element = button
        while element.tag != "form":
            element = self.parents[element]
        return element

    def values(self, form: Element) -> dict[str, list[str]]:
        """Return what a browser would send for a form as it stands, without its buttons."""
        owned = [element for element in self.root.iter() if element.get("form") == form.get("id") and form.get("id")]
        found: dict[str, list[str]] = {}
        for element in [*form.iter(), *owned]:
            name = element.get("name")
            if not name or element.get("disabled") is not None:
                continue
            if element.tag == "input":
                kind = element.get("type", "text")
                if kind in ("submit", "button") or (kind in ("checkbox", "radio") and element.get("checked") is None):
                    continue
                found.setdefault(name, []).append(element.get("value", "on" if kind == "checkbox" else ""))
            elif element.tag == "textarea":
                found.setdefault(name, []).append((element.text or "").removeprefix("\n"))
            elif element.tag == "select":
                found.setdefault(name, []).extend(_selected(element))
        return found


class Visitor:
    """A person at a browser without a screen."""

    def __init__(self, app: Flask, person_id: int | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        self.page: Page | None = None
        if person_id is not None:
            self._sign_in(person_id)

    def open(self, path: str, status: int = 200) -> Page:
        """Open an address, following redirects; the last answer must have `status`."""
        response = self.client.get(path, headers={"Accept": "text/html"})
        return self._arrive(response, path, status)

    def follow(self, link: str, status: int = 200) -> Page:
        """Click the link with these words on the page that is open."""
        assert self.page is not None
        links = self.page.links()
        assert link in links, f"no link {link!r} among {sorted(links)}"
        return self.open(urljoin(self.page.path, links[link]), status)

    def press(self, label: str, status: int = 200, **fields: Any) -> Page:
        """Fill `fields` in and press the button with these words (or whose words begin with them)."""
        assert self.page is not None
        page = self.page
        found = [button for button in page.root.iter("button") if _is_labelled(button, label)]
        assert found, f"no button {label!r} among {page.buttons()}"
        button = found[0]
        form = page.form_of(button)
        data: dict[str, Any] = dict(page.values(form))
        for name, value in fields.items():
            data[name] = list(value) if isinstance(value, list | tuple) else [str(value)]
        if pressed := button.get("name"):
            # As a browser does: a field of the same name is sent too, and comes first.
            data[pressed] = [*data.get(pressed, []), button.get("value", "")]
        action = urljoin(page.path, button.get("formaction") or form.get("action") or page.path)
        if form.get("method", "get").lower() == "post":
            response = self.client.post(action, data=data, headers={"Accept": "text/html"})
        else:
            response = self.client.get(action, query_string=data, headers={"Accept": "text/html"})
        return self._arrive(response, action, status)

    def _arrive(self, response: TestResponse, path: str, status: int) -> Page:
        hops = 0
        while response.status_code in (301, 302, 303, 307, 308) and status not in (301, 302, 303, 307, 308):
            hops += 1
            assert hops < 8, f"redirects go round in a circle at {path}"
            path = urljoin(path, str(response.headers["Location"]))
            parts = urlsplit(path)
            assert not parts.netloc or parts.netloc == "localhost", f"a redirect leaves the site: {path}"
            path = (
                parts.path
                + (f"?{parts.query}" if parts.query else "")
                + (f"#{parts.fragment}" if parts.fragment else "")
            )
            response = self.client.get(path, headers={"Accept": "text/html"})
        self.page = Page(response, path)
        assert response.status_code == status, f"{path}: {response.status_code}, not {status}\n{self.page.text[-2000:]}"
        return self.page

    def _sign_in(self, person_id: int) -> None:
        database = self.app.extensions["quizapp.database"]
        with database.write_session() as session:
            sign_in_id = make_sign_in(session, person_id, now=self.app.extensions["quizapp.clock"]())
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = sign_in_id.hex
            cookie["_fresh"] = True


def parse(text: str) -> Element:
    """Parse a page strictly: any error in the HTML fails."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root: Element = parser.parse(text)
    for element in root.iter():  # SVG keeps its namespace; tests speak of plain names
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]
    return root


def judge(root: Element, path: str) -> None:
    """Fail a page that no browser refuses and somebody stumbles over."""
    title = words(next(root.iter("title")))
    assert title.strip(" ·") not in ("", "Quizapp"), f"{path}: no title of its own"
    assert len(list(root.iter("h1"))) == 1, f"{path}: {len(list(root.iter('h1')))} h1"
    assert len(list(root.iter("main"))) == 1, f"{path}: not one main"
    ids = [element.attrib["id"] for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"{path}: repeated ids {sorted({i for i in ids if ids.count(i) > 1})}"
    labels = {element.get("for") for element in root.iter("label") if element.get("for")}
    wrapped = {control for label in root.iter("label") for control in label.iter()}
    for element in root.iter():
        _judge_element(element, path, set(ids), labels, wrapped)
    for form in root.iter("form"):
        if form.get("method", "get").lower() == "post":
            names = {element.get("name") for element in form.iter()}
            assert "csrf_token" in names, f"{path}: a form to {form.get('action')} without a token"


def words(element: Element) -> str:
    """Return the text of an element as read aloud: white space folded, keyboard hints left out."""
    return re.sub(r"\s+", " ", "".join(_texts(element))).strip()


def _texts(element: Element) -> list[str]:
    if element.tag in ("kbd", "script", "style"):
        return []
    texts = [element.text or ""]
    for child in element:
        texts += [*_texts(child), child.tail or ""]
    return texts


def _judge_element(element: Element, path: str, ids: set[Any], labels: set[Any], wrapped: set[Element]) -> None:
    assert element.get("style") is None, f"{path}: a style attribute on {element.tag}"
    assert not [name for name in element.attrib if str(name).startswith("on")], f"{path}: an inline handler"
    if element.tag == "script":
        assert element.get("src"), f"{path}: an inline script"
    assert element.tag != "style", f"{path}: an inline style sheet"
    for name in ("aria-labelledby", "aria-describedby"):
        for target in (element.get(name) or "").split():
            assert target in ids, f"{path}: {name} names {target}, which is not there"
    if element.tag == "a":
        assert element.get("href"), f"{path}: a link without an address: {words(element)}"
    if element.tag in ("a", "button"):
        assert words(element) or element.get("aria-label"), f"{path}: a {element.tag} without words"
    if element.tag in ("input", "select", "textarea") and element.get("type") not in UNLABELLED:
        is_named = element.get("aria-label") or element.get("aria-labelledby") or element.get("id") in labels
        assert is_named or element in wrapped, f"{path}: a control without a label: {element.attrib}"


def _selected(element: Element) -> list[str]:
    options = list(element.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and element.get("multiple") is None:
        chosen = options[:1]
    return [option.get("value", words(option)) for option in chosen]


def _is_labelled(button: Element, label: str) -> bool:
    text = words(button) or button.get("aria-label", "")
    return text == label or text.startswith(label + " ") or button.get("aria-label", "") == label


def _keep(text: str, path: str, status: int) -> None:
    if PAGES_DIR:
        pattern = re.sub(r"[0-9a-f-]{36}|[0-9]+", "n", path.lower().partition("?")[0])
        stem = re.sub(r"[^a-z0-9]+", "-", pattern).strip("-") or "start"
        skeleton = re.sub(r'>[^<]+|="[^"]*"', "", text)  # one of each build is enough, whatever it says
        digest = hashlib.sha256(skeleton.encode()).hexdigest()[:8]
        Path(PAGES_DIR, f"{stem[:60]}-{status}-{digest}.html").write_text(text, encoding="utf-8")
