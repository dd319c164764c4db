"""The command `user`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from quizapp.accounts.codes import remove_codes_of
from quizapp.accounts.links import make_reset_link
from quizapp.accounts.passwords import hash_password, refuse_weak
from quizapp.accounts.people import add_person
from quizapp.commands.opening import command_settings, opened
from quizapp.config import Settings
from quizapp.database import transaction


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(["student", "teacher", "admin"]))
@click.option("--email", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_add(name: str, role: str, email: str, password_stdin: bool) -> None:
    """Add NAME; without a password, print a link that sets one."""
    settings = command_settings()
    password_hash = None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
        refuse_weak("password", password, (name, email))
        password_hash = hash_password(password, settings.password_rounds)
    now = datetime.now(UTC)
    with opened(settings):
        with transaction() as session:
            person = add_person(
                session, shown_name=name, role=role, email=email, password_hash=password_hash,
                time_zone=settings.time_zone, now=now,
            )  # fmt: skip
            link = "" if password_hash else make_reset_link(session, person.sign_in_name or "", now)
        click.echo(f"{name} can sign in as {person.sign_in_name}.")
        if link:
            click.echo(f"Set a password within a day at {_address(settings)}/reset/{link}")


@user.command("reset")
@click.argument("name")
@click.option(
    "--remove-codes", is_flag=True, help="Also switch one-time codes off, for who lost phone and recovery codes."
)
def user_reset(name: str, remove_codes: bool) -> None:
    """Print a link that sets a new password for the sign-in name NAME, once."""
    settings, now = command_settings(), datetime.now(UTC)
    with opened(settings), transaction() as session:
        link = make_reset_link(session, name, now)
        if remove_codes and remove_codes_of(session, name, now):
            click.echo("One-time codes are switched off.")
    click.echo(f"Set a new password within a day at {_address(settings)}/reset/{link}")


def _address(settings: Settings) -> str:
    return settings.base_url or "http://127.0.0.1:5000"
