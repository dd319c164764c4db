"""The `quizapp` command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click
from sqlalchemy.exc import OperationalError

from quizapp import __version__
from quizapp.commands.audit import audit
from quizapp.commands.backups import backup, restore
from quizapp.commands.databases import migrate_command, status
from quizapp.commands.demos import demo_group
from quizapp.commands.generating import generate_command
from quizapp.commands.memory import memory_group
from quizapp.commands.questions import lint_command, schema
from quizapp.commands.rebuilding import rebuild_command
from quizapp.commands.retention import retention_command
from quizapp.commands.seeds import seed_command
from quizapp.commands.servers import serve_command, up, worker_command
from quizapp.commands.users import user
from quizapp.config import CHECKOUT, is_checkout
from quizapp.errors import Misconfigured, QuizappError, Unreadable


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def quizapp() -> None:
    """Passages become quizzes and spaced flashcards that share one memory."""


@quizapp.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: Sequence[str]) -> None:
    """Run the whole test suite, in a process per core; or pytest with the arguments given."""
    if not is_checkout():
        raise Misconfigured("The tests are not part of the installed package; run this in a checkout.")
    os.chdir(CHECKOUT)
    chosen = arguments or ("-n", "auto", "--maxprocesses", "8", "--dist", "worksteal")
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *chosen])  # noqa: S606  # our own interpreter


for command in (
    up, serve_command, worker_command, migrate_command, seed_command, rebuild_command, user, demo_group, status,
    generate_command, lint_command, schema, memory_group, audit, backup, restore, retention_command,
):  # fmt: skip
    quizapp.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; refusals become one sentence on standard error."""
    try:
        quizapp.main(args=None if arguments is None else list(arguments), prog_name="quizapp", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except QuizappError as error:
        click.echo(f"quizapp: {error.message}", err=True)
        sys.exit(2 if isinstance(error, Misconfigured | Unreadable) else 1)
    except OperationalError as error:
        click.echo(f"quizapp: The database can't be used: {error.orig}. Is it there?", err=True)
        sys.exit(2)
