"""The command `retention`."""

from __future__ import annotations

from datetime import UTC, datetime
from random import SystemRandom

import click

from quizapp.background.sweeps import Turn
from quizapp.commands.opening import command_settings, opened
from quizapp.privacy.retention import expired, keep_to_retention


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only count; nothing is changed.")
def retention_command(dry_run: bool) -> None:
    """Take away what is past its time, as the worker does every hour; list how many rows of each table."""
    settings, now = command_settings(), datetime.now(UTC)
    with opened(settings) as database:
        with database.read_session() as session:
            found = expired(session, now, settings.retention_days)
        for line in found:
            click.echo(f"{line.table:17} {line.rows:7}  {line.words}")
        if dry_run:
            click.echo(f"{sum(line.rows for line in found)} rows are past their time; nothing was changed.")
            return
        turn = Turn("retention", database, settings, lambda: now, SystemRandom(), lambda: False)
        counts = keep_to_retention(turn)
        asked = counts.pop("people", 0)
        click.echo(f"{sum(counts.values())} rows are gone or nameless; {asked} unused accounts have a month to return.")
