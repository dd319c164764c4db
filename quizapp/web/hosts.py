"""The address of this site, and what is refused because it came for another one or from another one."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request

from quizapp.errors import NotAllowed
from quizapp.web.access import SAFE_METHODS
from quizapp.web.settings import settings_in_force

_ASKED_BY_MACHINES = ("health.healthz", "health.livez")  # by whatever address they know this process
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def absolute_url(path: str) -> str:
    """Return the public address of a path that begins with a slash: below the set one, else as it was asked for."""
    return (_base_url() or request.host_url.rstrip("/")) + path


def init_app(app: Flask) -> None:
    """Refuse what came for another host or from another site, before anything else looks at it."""
    app.before_request(_refuse_other_host)
    app.before_request(_refuse_foreign)


def _refuse_other_host() -> None:
    base = _base_url()
    if base and request.endpoint not in _ASKED_BY_MACHINES and _origin(request.host_url) != _origin(base):
        # A name that somebody else chose must not get into addresses, caches or mails.
        raise NotAllowed(f"This site is at {base}. Open it there.")


def _refuse_foreign() -> None:
    # The CSRF token guards too; this refuses before a body is read.
    if request.method in SAFE_METHODS:
        return
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from in ("cross-site", "same-site") or not _is_from_here(fetched_from):
        raise NotAllowed("This came from another site, so nothing was changed. Open the page here and try again.")


def _is_from_here(fetched_from: str | None) -> bool:
    here = _origin(request.host_url)
    origin = request.headers.get("Origin")
    if origin == "null":  # a sandboxed frame or a redirect through elsewhere; our own pages name themselves
        return fetched_from == "same-origin"
    if origin is not None:
        return _origin(origin) == here
    referrer = request.headers.get("Referer")
    return referrer is None or _origin(referrer) == here


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ''))}"


def _base_url() -> str:
    return settings_in_force().base_url
