"""Serving the pages: gunicorn where there is fork, waitress elsewhere; a port in use is told before anything starts."""

from __future__ import annotations

import errno
import ipaddress
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from flask import Flask
from sqlalchemy.orm import configure_mappers

from quizapp.app import create_app
from quizapp.child import Child
from quizapp.config import Settings
from quizapp.errors import Misconfigured

if sys.platform == "win32":
    import waitress  # type: ignore[import-not-found]  # only installed there
else:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # the package ships no types
    from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]  # see above
    from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # see above

WORKERS = 2
THREADS = 4
_GRACE_SECONDS = 20
_QUEUED_SECONDS = 0.2  # waited longer for a thread: see whether anybody still waits for the answer
_WORKER = (sys.executable, "-c", "from quizapp.cli import main; main()", "worker", "--until-input-ends")


def serve(settings: Settings, host: str, port: int, *, with_worker: bool = False) -> None:
    """Serve the pages until told to stop; requests under way are finished first.

    With the worker, `quizapp worker` runs as a child that is started again when it dies and ends with this process.
    """
    run(lambda: warmed(create_app(settings)), host, port, Child(_WORKER) if with_worker else None)


def run(make_app: Callable[[], Callable[..., Any]], host: str, port: int, child: Child | None = None) -> None:
    """Serve a WSGI application, made once before the workers are forked, until told to stop."""
    if sys.platform == "win32":
        with _kept(child):
            waitress.serve(make_app(), host=host, port=port, threads=2 * THREADS)
    else:
        _Server(make_app, host, port, child).run()


def warmed(app: Flask) -> Flask:
    """Compile every template of `app` now: a worker that takes the place of another then serves at once."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    configure_mappers()
    return app


def check_port(host: str, port: int) -> None:
    """Raise Misconfigured, with what to do, when nothing could be served at this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.settimeout(1)
        # Workers share the port, so a second server would bind beside the first without an error: ask who answers.
        if probe.connect_ex((_reachable(host), port)) == 0:
            raise Misconfigured(_in_use(port))
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Misconfigured(_in_use(port)) from error
            raise Misconfigured(f"Quizapp can't serve at {host}, port {port}: {error.strerror}.") from error


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _in_use(port: int) -> str:
    return f"Port {port} is in use by another program. Stop it, or choose another port: --port {port + 1}."


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # where to look, not where to bind


@contextmanager
def _kept(child: Child | None) -> Iterator[None]:
    """Keep the child running from a thread; only where nothing forks."""
    is_over = Event()

    def keep() -> None:
        while child is not None and not is_over.is_set():
            child.keep()
            is_over.wait(1)

    keeper = Thread(target=keep)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()
        if child is not None:
            child.end()


if sys.platform != "win32":

    class _Arbiter(Arbiter):  # type: ignore[misc]  # see the import
        def manage_workers(self) -> None:
            super().manage_workers()
            if self.app.child is not None:  # once a second; a thread for it would be in the way of the forks
                self.app.child.keep()

    class _Worker(ThreadWorker):  # type: ignore[misc]  # see the import
        def is_parent_alive(self) -> bool:
            # Without this, a worker whose master was killed keeps the port for another 20 s, and answers no newcomer.
            is_there = bool(super().is_parent_alive())
            if not is_there:
                self.alive = False
            return is_there

        def set_accept_enabled(self, enabled: bool) -> None:
            super().set_accept_enabled(enabled)
            if not enabled and not self.alive:
                # Else who comes while this one ends waits for nothing, and is cut off when it is over. Who is here
                # already is served; whoever comes now is refused at once, so that a proxy asks another server.
                for listener in self.sockets:
                    while _is_readable(listener.sock):
                        self.accept(listener)
                    listener.close()

        def enqueue_req(self, conn: Any) -> None:
            conn.waiting_since = time.monotonic()
            super().enqueue_req(conn)

        def handle(self, conn: Any) -> Any:
            # In a rush, what people gave up waiting for would be worked off first, and so nothing in time ever again.
            if time.monotonic() - conn.waiting_since > _QUEUED_SECONDS and _has_hung_up(conn.sock):
                return False  # nobody is told of anything: closed as it stands
            return super().handle(conn)

    def _is_readable(listener: socket.socket) -> bool:
        return bool(select.select([listener], [], [], 0)[0])

    def _has_hung_up(line: socket.socket) -> bool:
        poll = select.poll()
        poll.register(line, getattr(select, "POLLRDHUP", 0))  # HUP and ERR are always told
        return bool(poll.poll(0))

    class _Server(BaseApplication):  # type: ignore[misc]  # see the import
        def __init__(
            self, make_app: Callable[[], Callable[..., Any]], host: str, port: int, child: Child | None
        ) -> None:
            self.make_app = make_app
            self.child = child
            self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            super().__init__()

        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": self.address,
                "workers": WORKERS,
                "threads": THREADS,
                "worker_class": _Worker,
                "preload_app": True,  # nothing is connected to the database before the fork
                "reuse_port": True,
                "graceful_timeout": _GRACE_SECONDS,
                "keepalive": 15,
                "loglevel": "warning",
                "proc_name": "quizapp",
                "forwarded_allow_ips": "",  # what a proxy says counts by our own setting, wherever it runs
            }
            if self.child is not None:
                child = self.child
                options["post_fork"] = lambda _arbiter, _worker: child.let_go()
                options["on_exit"] = lambda _arbiter: child.end()
            if "control_socket_disable" in self.cfg.settings:  # of gunicorn 25.1: a door that nothing here uses
                options["control_socket_disable"] = True
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Callable[..., Any]:
            return self.make_app()

        def run(self) -> None:
            _Arbiter(self).run()
