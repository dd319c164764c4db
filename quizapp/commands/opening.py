"""What commands begin with: the settings, and the database, which must be there and migrated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from quizapp.app import create_app
from quizapp.config import Settings, read_settings, with_kept_key
from quizapp.database import Database, database
from quizapp.schema import refuse_other_schema

_UNUSED_KEY = "0" * 64


def command_settings() -> Settings:
    """Read the settings of a command that signs nothing, so it needs no secret key; `up` keeps one, which is used."""
    environ = with_kept_key(os.environ)
    if "QUIZAPP_SECRET_KEY" not in environ and "QUIZAPP_SECRET_KEY_FILE" not in environ:
        environ["QUIZAPP_SECRET_KEY"] = _UNUSED_KEY
    environ.setdefault("QUIZAPP_LOG_FORMAT", "plain")
    return read_settings(environ)


@contextmanager
def opened(settings: Settings, *, at_any_schema: bool = False) -> Iterator[Database]:
    """Make the application for a command and yield its database; the connections end with the block.

    Raises Misconfigured, which says to migrate, unless the schema is this version's or `at_any_schema`.
    """
    with ExitStack() as stack, create_app(settings).app_context():
        used = database()
        stack.callback(used.engine.dispose)
        if not at_any_schema:
            _refuse_other_schema(used)
        yield used


def check_schema(settings: Settings) -> None:
    """Raise Misconfigured, which says to migrate, unless the schema is this version's."""
    used = Database(settings.database_url)
    try:
        _refuse_other_schema(used)
    finally:
        used.engine.dispose()


def _refuse_other_schema(used: Database) -> None:
    with used.engine.connect() as connection:
        refuse_other_schema(connection)
