"""Turns of sweeps by hand, and a mail server on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest
from flask import Flask

from quizapp.background.sweeps import Turn
from quizapp.config import MailServer, Settings
from quizapp.database import Database
from tests.conftest import Clock
from tests.mail import LoopbackServer


@pytest.fixture
def database(app: Flask) -> Database:
    used: Database = app.extensions["quizapp.database"]
    return used


@pytest.fixture
def mail_server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        yield server


@pytest.fixture
def mailing(settings: Settings, mail_server: LoopbackServer) -> Settings:
    """The settings with mail switched on."""
    sender = "Quizapp <quizapp@school.example>"
    return replace(settings, mail=MailServer(host="127.0.0.1", port=mail_server.port, sender=sender, tls="none"))


@pytest.fixture
def turn_of(database: Database, settings: Settings, clock: Clock) -> Callable[..., Turn]:
    def make(used: Settings = settings, *, is_ending: Callable[[], bool] = lambda: False) -> Turn:
        return Turn("test", database, used, clock, Random(1), is_ending)

    return make
