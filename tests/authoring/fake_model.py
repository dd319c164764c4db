"""A server on this machine that speaks the OpenAI protocol as a script tells it to."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class FakeModel:
    """Answers calls in order with what `script` holds: a status, a dict as the reply's JSON, or text as its content."""

    def __init__(self, script: Sequence[Any]) -> None:
        self.script = list(script)
        self.asked: list[dict[str, Any]] = []

    def next(self, request: dict[str, Any]) -> Any:
        self.asked.append(request)
        return self.script.pop(0) if self.script else 500


def said(content: str, finish: str = "stop", usage: Any = None) -> dict[str, Any]:
    """Return a reply of the protocol."""
    reply: dict[str, Any] = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "fake",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}],
    }  # fmt: skip
    if usage is not None:
        reply["usage"] = {"prompt_tokens": usage, "completion_tokens": 0, "total_tokens": usage}
    return reply


@contextmanager
def serving(model: FakeModel) -> Iterator[str]:
    """Serve the model on a free port; gives the base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = model.next(json.loads(body))
            if isinstance(answer, tuple):
                time.sleep(answer[0])
                answer = answer[1]
            status = answer if isinstance(answer, int) else 200
            if isinstance(answer, int):
                content = json.dumps({"error": {"message": "no"}}).encode()
            elif isinstance(answer, bytes):
                content = answer
            else:
                content = json.dumps(said(answer) if isinstance(answer, str) else answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("retry-after-ms", "1")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
