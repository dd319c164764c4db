"""How a refusal is told in the browser: the only place that knows HTTP status and error together."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # the package ships no types
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from quizapp.errors import Conflict, Invalid, NotAllowed, NotFound, QuizappError, TooManyTries, Unreadable
from quizapp.web.access import stop_asking_who

STATUS: dict[type[QuizappError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,  # which is Invalid, too
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
}

_RETRY_SECONDS = 5
_WORDS = {
    400: ("This request is incomplete", "Go back, reload the page and try again. Nothing was changed."),
    403: ("This is not open to you", "Nothing was changed."),
    404: ("There is nothing here", "The address may be mistyped, or what it showed is gone."),
    405: ("This page can’t be used that way", "Go back and use the buttons on the page."),
    409: ("This changed in the meantime", "Nothing was overwritten. Reload to see how it stands now."),
    413: ("That is too large", "Send less at a time. Nothing was stored."),
    422: ("Something needs a look", "Nothing was changed."),
    429: ("Too many tries", "Wait a minute, then try again."),
    500: ("Something broke on our side", "What was saved is safe. Try again; report it if it breaks again."),
    503: ("Too busy just now", "What you had saved is safe. Try again in a moment."),
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Tell every refusal and failure as a page."""
    app.register_error_handler(QuizappError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    for failure in (OperationalError, InterfaceError, NoConnectionFree):
        app.register_error_handler(failure, _database_away)
    app.register_error_handler(Exception, _broken)


def error_page(status: int, message: str = "") -> tuple[str, int]:
    """Render the page of `status`; `message`, a sentence, takes the place of the usual one."""
    title, usual = _WORDS.get(status, _WORDS[500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400])
    return render_template(
        "errors/error.html", title=title, message=message or usual, request_id=g.get("request_id")
    ), status


def with_refusal(page: str, refusal: Invalid) -> ResponseReturnValue:
    """Answer with the page of a form that was refused, whose form tells why: 429 when it came too often, else 422."""
    if isinstance(refusal, TooManyTries):
        return page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(refusal.seconds)}
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _refused(refusal: QuizappError) -> ResponseReturnValue:
    status = next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), HTTPStatus.BAD_REQUEST)
    # What a stranger may not know of reads exactly like what does not exist.
    page, _ = error_page(status, "" if isinstance(refusal, NotFound) else refusal.message)
    return with_refusal(page, refusal) if isinstance(refusal, TooManyTries) else (page, status)


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    return error_page(
        400, "This page was open too long, or cookies are off. Reload it and try again. Nothing was changed."
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    return _come_again() if error.code == HTTPStatus.SERVICE_UNAVAILABLE else error_page(error.code)


def _database_away(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("database did not answer", exc_info=error)
    stop_asking_who()
    return _come_again()


def _come_again() -> ResponseReturnValue:
    return *error_page(HTTPStatus.SERVICE_UNAVAILABLE), {"Retry-After": str(_RETRY_SECONDS)}


def _broken(error: Exception) -> tuple[str, int]:
    if current_app.testing:
        raise error
    current_app.logger.error("request failed", exc_info=error, extra={"method": request.method})
    return error_page(500)
