"""A small load of our own: keep-alive connections on loopback, each on its thread, for a number of seconds."""

from __future__ import annotations

import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from typing import Self
from urllib.parse import urlencode

from tests.bench.bare import PREFIX

_TRIES = 400


@dataclass(frozen=True)
class Call:
    """One request; with `fields` a POST of a form, else a GET."""

    path: str
    cookie: str = ""
    fields: dict[str, str | list[str]] | None = None

    def encoded(self) -> bytes:
        """Return it as it goes over the line."""
        head = [
            f"{'GET' if self.fields is None else 'POST'} {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Accept: text/html",
        ]
        if self.cookie:
            head.append(f"Cookie: {self.cookie}")
        body = b""
        if self.fields is not None:
            body = urlencode(self.fields, doseq=True).encode()
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@dataclass
class Sample:
    """What one stretch of load came to."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)  # seconds
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.lines.close()
        self.socket.close()

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return the status and the body of the answer."""
        self.socket.sendall(request)
        status = self.lines.readline()
        length = 0
        while (line := self.lines.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not status:
            raise ConnectionError("the server closed the connection")
        return int(status.split()[1]), self.lines.read(length)


def connections(port: int, number: int, workers: int) -> list[Connection]:
    """Open connections in equal numbers to each of the server's processes, which share the port by chance."""
    opened: list[Connection] = []
    taken: Counter[bytes] = Counter()
    for _ in range(_TRIES):
        connection = Connection(port)
        _, process = connection.exchange(Call(f"{PREFIX}/process").encoded())
        if taken[process] < -(-number // workers):
            taken[process] += 1
            opened.append(connection)
        else:
            connection.__exit__()
        if len(opened) == number:
            return opened
    raise RuntimeError(f"no {number} connections spread over {workers} processes")


def load(opened: Sequence[Connection], feeds: Sequence[Iterator[Call]], seconds: float) -> Sample:
    """Send each feed's calls over its connection, one after the other, until the time or the feed ends."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(opened)) as pool:
        parts = list(pool.map(_send, opened, feeds, repeat(began + seconds)))
    sample = Sample(time.perf_counter() - began)
    for part in parts:
        sample.latencies += part.latencies
        sample.statuses += part.statuses
    return sample


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that `share` percent of the values do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1] if len(values) > 1 else values[0]


def _send(connection: Connection, feed: Iterator[Call], end: float) -> Sample:
    part = Sample()
    while (at := time.perf_counter()) < end and (call := next(feed, None)) is not None:
        status, _ = connection.exchange(call.encoded())
        part.latencies.append(time.perf_counter() - at)
        part.statuses[status] += 1
    return part
