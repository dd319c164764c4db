"""What templates know: author text made safe, dates in the reader's zone, figures in words, the navigation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from flask import Flask, Response, current_app, get_flashed_messages, request, url_for
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]  # the package ships no types
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from quizapp.core import formatting
from quizapp.core.fading import whole_percent
from quizapp.web.access import Viewer, viewer
from quizapp.web.guests import GUEST_DAYS

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_INLINE_TAGS = {"em", "strong", "code", "sub", "sup", "br", "span", *formatting.MATHS}
_BLOCK_TAGS = _INLINE_TAGS | {"p", "ul", "ol", "li", "blockquote", "pre", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {name: set(formatting.MATHS_ATTRIBUTES) for name in formatting.MATHS}
_SPANS = {"span": {"class": {"formula"}, "role": {"group"}, "aria-label": {"Formula"}, "tabindex": {"0"}}}

# What HTML forbids as a character, in UTF-8: controls but white space, and what Unicode says is none.
_CONTROLS = bytes([*range(9), 11, *range(14, 32), 127])
_HINTS = re.compile(rb"\xc2[\x80-\x9f]"), re.compile(rb"\xef\xb7[\x90-\xaf]"), re.compile(rb"\xbf[\xbe\xbf]")
_NO_CHARACTER = re.compile(
    rb"\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|\xef\xbf[\xbe\xbf]|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)


@dataclass(frozen=True)
class Link:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class Text:
    """A stretch of text, marked as evidence or not."""

    text: str
    is_marked: bool

    def __iter__(self) -> Any:
        return iter((self.text, self.is_marked))


def markdown(text: str) -> Markup:
    """Render an author's Markdown as blocks; sanitised last."""
    return _cleaned(formatting.blocks(text), _BLOCK_TAGS)


def rich(text: str, text_format: str = "plain") -> Markup:
    """Render one line of author text, plain or with inline Markdown; sanitised last."""
    if text_format != "markdown":
        return escape(text)
    return _cleaned(formatting.line(text), _INLINE_TAGS)


def _cleaned(markup: str, tags: set[str]) -> Markup:
    return Markup(nh3.clean(markup, tags=tags, attributes=_ATTRIBUTES, tag_attribute_values=_SPANS))  # noqa: S704  # nh3 has seen it


def marked(text: str, spans: Iterable[tuple[int, int]], margin: tuple[int, int] | None = None) -> list[Text]:
    """Cut `text` into runs, the given spans (code points, may overlap) marked; `margin` cuts out a part first."""
    start, end = margin or (0, len(text))
    runs: list[Text] = []
    at = start
    for begin, stop in sorted(spans):
        begin, stop = max(begin, at), min(stop, end)  # noqa: PLW2901  # clipped to what is shown
        if stop <= begin:
            continue
        if begin > at:
            runs.append(Text(text[at:begin], False))
        runs.append(Text(text[begin:stop], True))
        at = stop
    if at < end:
        runs.append(Text(text[at:end], False))
    return runs


def count(number: int, one: str, many: str = "") -> str:
    """Return “1 card”, “2 cards”; numbers stay digits."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def day_name(day: date, today: date) -> str:
    """Return today, yesterday, tomorrow, a weekday of the week ahead, or “8 November”, with another year named."""
    distance = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if distance in near:
        return near[distance]
    if 1 < distance < 7:
        return day.strftime("%A")
    return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def exam_words(exam_on: date, today: date) -> str:
    """Return “tomorrow”, “in 21 days, on 22 December”, or “on 22 December” of one that is over."""
    words, days = f"on {exam_on.day} {exam_on:%B}", (exam_on - today).days
    if days < 1:
        return "today" if days == 0 else words
    return "tomorrow" if days == 1 else f"in {days} days, {words}"


def moment_name(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return “today at 10:42”, “8 November at 21:14” in `zone`."""
    local = moment.astimezone(zone)
    return f"{day_name(local.date(), now.astimezone(zone).date())} at {local:%H:%M}"


def duration_name(seconds: float) -> str:
    """Return a length of time in words: “under a minute”, “6 minutes”, “1 hour 5 minutes”."""
    minutes = round(timedelta(seconds=seconds).total_seconds() / 60)
    if minutes < 1:
        return "under a minute"
    hours, minutes = divmod(minutes, 60)
    parts = [count(hours, "hour")] if hours else []
    return " ".join(parts + ([count(minutes, "minute")] if minutes else []))


def only_characters(page: bytes) -> bytes:
    """Return a page, in UTF-8, without what HTML forbids as a character."""
    page = page.translate(None, _CONTROLS)
    # One search for all takes fifty times as long, on every page.
    return _NO_CHARACTER.sub(b"", page) if any(hint.search(page) for hint in _HINTS) else page


def init_app(app: Flask) -> None:
    """Give the templates their filters and values, and every answer its headers."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(markdown=markdown, rich=rich, whole_percent=whole_percent)
    environment.globals.update(
        count=count,
        csrf_token=generate_csrf,
        get_flashed_messages=get_flashed_messages,
        page_address=page_address,
        url_for=url_for,
    )
    app.context_processor(_page_values)
    app.after_request(_headers)
    app.after_request(_drop_what_is_no_character)


def _page_values() -> dict[str, Any]:
    person = viewer()
    return {"viewer": person, "nav": navigation(), "kept_until": kept_until(person) if person else ""}


def kept_until(person: Viewer) -> str:
    """Return the day on which a guest is removed, “16 December”; empty for an account."""
    if not person.is_guest:
        return ""
    day = (person.created_at + timedelta(days=GUEST_DAYS)).astimezone(person.zone)
    return f"{day.day} {day:%B}"


def page_address() -> str:
    """Return the address of the page that is open, to come back to; the start page where it was a form's answer."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def navigation() -> list[Link]:
    """Return the navigation of whoever looks; rooms that are not there are left out."""
    person = viewer()
    entries = [("Topics", "topics.index", "book"), ("Question sets", "topics.sets", "set")]
    if person is not None:
        entries = [
            ("Today", "today.start", "today"),
            ("Topics", "topics.index", "book"),
            ("Cards", "flashcards.review", "cards"),
            ("Progress", "progress.overview", "curve"),
        ]
        if person.is_teacher:
            entries.append(("Teach", "authoring.home", "pen"))
        if person.role == "admin":
            entries.append(("Admin", "admin.home", "people"))
    return [
        Link(label, url_for(endpoint), icon, _is_within(url_for(endpoint)))
        for label, endpoint, icon in entries
        if endpoint in current_app.view_functions
    ]


def _is_within(url: str) -> bool:
    return request.path == url or (url != "/" and request.path.startswith(url + "/"))


def _drop_what_is_no_character(response: Response) -> Response:
    # A refused form shows what was sent as it came, and a page with a NUL in it is none.
    if response.mimetype == "text/html":
        response.set_data(only_characters(response.get_data()))
    return response


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    # Pages differ by person; what may be kept says so itself.
    response.headers.setdefault("Cache-Control", "no-store")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
