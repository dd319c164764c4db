"""Pictures and sounds of questions: who may see the question gets them; and room for those that authors send."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, request, send_file
from sqlalchemy import Select, or_, select

from quizapp.core.media import LARGEST_UPLOAD, TYPES, is_stored_name
from quizapp.database import reading
from quizapp.errors import NotFound
from quizapp.models import Item, ItemMedia, Media
from quizapp.web.access import access, viewer

View = TypeVar("View", bound=Callable[..., Any])
_FORM_BYTES = 1024 * 1024  # of a form beside its file
room = Blueprint("media", __name__)


@room.get("/media/<file_name>")
@access("anyone")
def send(file_name: str) -> Response:
    """Send one file, or a part of it; it never changes, and is nobody else's to keep."""
    digest, _, extension = file_name.partition(".")
    person = viewer()
    seen = _seen_by(person.id if person else None, digest, extension)
    content = reading().scalar(seen) if is_stored_name(file_name) else None
    if content is None:
        raise NotFound
    response = send_file(
        io.BytesIO(content), mimetype=TYPES[extension], download_name=file_name, etag=digest, conditional=True
    )
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def takes_files(view: View) -> View:
    """Mark a view whose form may carry a file: its requests may be larger than others."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Serve the files; before anything reads a form, make room where one may carry a file."""
    app.register_blueprint(room)
    app.before_request(_make_room)


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False):
        request.max_content_length = LARGEST_UPLOAD + _FORM_BYTES


def _seen_by(person_id: int | None, digest: str, extension: str) -> Select[Any]:
    """Select a file that the person may see: of a question that was published, or of their own."""
    is_open = Item.status.in_(("published", "retired"))
    is_theirs = (Media.owner_id == person_id, Item.owner_id == person_id) if person_id is not None else ()
    return (
        select(Media.content)
        .outerjoin(ItemMedia, ItemMedia.media_id == Media.id)
        .outerjoin(Item, Item.id == ItemMedia.item_id)
        .where(Media.digest == digest, Media.extension == extension, or_(is_open, *is_theirs))
        .limit(1)
    )
