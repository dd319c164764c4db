"""The command `seed`."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy import select

from quizapp.authoring.seed_files import read_seed_files
from quizapp.authoring.seeding import seed
from quizapp.commands.opening import command_settings, opened
from quizapp.config import shipped
from quizapp.database import reading, transaction
from quizapp.models import Passage


@click.command("seed")
def seed_command() -> None:
    """Load or update the shipped passages and their questions."""
    with opened(command_settings()):
        number = load_shipped(only_when_empty=False)
        click.echo(f"{number} questions are published from the seed files.")


def load_shipped(*, only_when_empty: bool) -> int:
    """Load the shipped passages, where asked only into a database without any; return how many questions they have."""
    if only_when_empty and reading().scalar(select(Passage.id).limit(1)) is not None:
        return 0
    files = read_seed_files(shipped("seed"))
    with transaction() as session:
        return seed(session, files, datetime.now(UTC))
