"""Style sheets and scripts: joined at start from small files, stamped with their hash, compressed once.

`static/css/ORDER` lists the style sheets in the order they are joined; `static/js/<layout>.ORDER` the scripts.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, current_app, request

from quizapp.errors import NotFound
from quizapp.web.access import access

_EXTENSION = "quizapp.assets"
_STATIC = Path(__file__).resolve().parent.parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_REMARKS = re.compile(rb"/\*.*?\*/\n?|^ +", re.DOTALL | re.MULTILINE)  # and indentation: a seventh of what is sent

room = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    stamp: str  # of the content, in its address
    media_type: str
    body: bytes
    compressed: bytes


def asset(name: str) -> str:
    """Return the address of `page.css`, `page.js`, `focus.js`, `icons.svg` or `favicon.svg`."""
    return f"{request.script_root}/assets/{_assets()[name].stamp}/{name}"  # a page has dozens: url_for is slow


@room.get("/assets/<stamp>/<name>")
@access("anyone")
def send(stamp: str, name: str) -> Response:
    """Send one asset; its address changes with its content, so it may be kept for ever."""
    found = _assets().get(name)
    if found is None:
        raise NotFound
    is_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(found.compressed if is_gzip else found.body, mimetype=found.media_type)
    response.headers["Vary"] = "Accept-Encoding"
    if is_gzip:
        response.headers["Content-Encoding"] = "gzip"
    is_current = stamp == found.stamp
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-cache"
    return response


def init_app(app: Flask) -> None:
    """Join the files of `static/` and serve them."""
    app.extensions[_EXTENSION] = {
        "page.css": _join("css/ORDER", ".css"),
        "page.js": _join("js/page.ORDER", ".js"),
        "focus.js": _join("js/focus.ORDER", ".js"),
        "icons.svg": _single("icons.svg"),
        "favicon.svg": _single("favicon.svg"),
    }
    app.register_blueprint(room)
    app.jinja_env.globals["asset"] = asset


def _assets() -> dict[str, Asset]:
    return cast(dict[str, Asset], current_app.extensions[_EXTENSION])


def _join(order: str, suffix: str) -> Asset:
    path = _STATIC / order
    names = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    text = b"\n".join((path.parent / name).read_bytes() for name in names)
    return _made(_REMARKS.sub(b"", text) if suffix == ".css" else text, suffix)


def _single(name: str) -> Asset:
    return _made((_STATIC / name).read_bytes(), Path(name).suffix)


def _made(body: bytes, suffix: str) -> Asset:
    return Asset(hashlib.sha256(body).hexdigest()[:12], _TYPES[suffix], body, gzip.compress(body, 9, mtime=0))
