"""Logs as one JSON object a line, with the request's id and without anything personal."""

from __future__ import annotations

import json
import logging
import sys
import time
import uuid
from typing import Any

from flask import Flask, Response, g, request

_PLAIN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "asctime", "taskName"}
_log = logging.getLogger("quizapp.request")


class JsonLines(logging.Formatter):
    """Format a record as one JSON object; values given as `extra` become its fields."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update({name: value for name, value in vars(record).items() if name not in _PLAIN})
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def init_app(app: Flask, log_format: str) -> None:
    """Give every request an id, answer with it, and log the request when it ends."""
    configure(log_format)
    app.before_request(_begin)
    app.after_request(_end)


def configure(log_format: str) -> None:
    """Send the program's logs to standard error, as `json` or `plain`."""
    logger = logging.getLogger("quizapp")
    if not any(isinstance(handler, _OwnHandler) for handler in logger.handlers):
        logger.addHandler(_OwnHandler(sys.stderr))
    for handler in logger.handlers:
        if isinstance(handler, _OwnHandler):
            handler.setFormatter(
                JsonLines() if log_format == "json" else logging.Formatter("%(levelname)s %(message)s")
            )
    logger.setLevel(logging.INFO)


class _OwnHandler(logging.StreamHandler):  # type: ignore[type-arg]  # generic only in stubs
    pass


def _begin() -> None:
    g.request_id = uuid.uuid4().hex[:16]
    g.request_started = time.perf_counter()


def _end(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers["X-Request-Id"] = g.request_id
    # The route's pattern, never the path: a path can carry a one-time secret.
    route = request.url_rule.rule if request.url_rule else None
    milliseconds = round((time.perf_counter() - g.request_started) * 1000, 1)
    _log.info("request", extra={
        "request_id": g.request_id, "method": request.method, "route": route,
        "status": response.status_code, "milliseconds": milliseconds,
    })  # fmt: skip
    return response
