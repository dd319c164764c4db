"""The command `demo`, and the demo that `up` makes."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from quizapp import demo
from quizapp.commands.opening import command_settings, opened
from quizapp.config import Settings
from quizapp.database import reading, transaction


@click.group("demo")
def demo_group() -> None:
    """Demo accounts and their history."""


@demo_group.command("remove")
def demo_remove() -> None:
    """Remove the demo people and everything they did."""
    settings = command_settings()
    with opened(settings), transaction() as session:
        number = demo.remove_demo(session, settings.data_dir)
    click.echo(f"{number} demo accounts removed." if number else "There are no demo accounts.")


def demo_accounts(settings: Settings) -> list[demo.DemoAccount]:
    """Return the demo accounts; they are made first, with their history, where the database has no people."""
    if demo.has_people(reading()):
        return demo.kept_accounts(settings.data_dir)
    accounts = demo.new_accounts()
    with transaction() as session:
        if demo.has_people(session):  # another process was first
            return demo.kept_accounts(settings.data_dir)
        click.echo("Making demo accounts with three weeks of history …", err=True)
        demo.make_demo(session, accounts, settings.time_zone, datetime.now(UTC))
        demo.keep_accounts(settings.data_dir, [account for account, _ in accounts])
    return [account for account, _ in accounts]
