"""The command `audit`."""

from __future__ import annotations

import os
import sys

import click

from quizapp.background.sealing import check_seals, seal_key
from quizapp.commands.opening import opened
from quizapp.config import read_settings, with_kept_key


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command("check")
def audit_check() -> None:
    """Compare the log with its seals; exit 1 and name the first entry that does not fit."""
    settings = read_settings(with_kept_key(os.environ))  # the seals are made with the secret key
    with opened(settings) as database, database.read_session() as session:
        found = check_seals(session, seal_key(settings.secret_key))
    if found.broken_id is not None:
        click.echo(f"Entry {found.broken_id} {found.reason}. {found.sealed} entries before it are whole.")
        sys.exit(1)
    click.echo(f"{found.sealed} sealed entries are whole; {found.waiting} wait to be sealed.")
    if found.last_id is not None:
        click.echo(f"The last seal is of entry {found.last_id}: {found.last_seal.hex()}")
