"""The commands `migrate` and `status`."""

from __future__ import annotations

import json

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp import __version__
from quizapp.commands.opening import command_settings, opened
from quizapp.database import Database, reading
from quizapp.models import Item, Passage, Person, Response, Review, Topic
from quizapp.schema import migrate, schema_revision


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to the schema of this version."""
    with opened(command_settings(), at_any_schema=True) as used:
        migrate(used)
        with used.engine.connect() as connection:
            click.echo(f"The schema is at {schema_revision(connection)}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> None:
    """Say what the installation holds."""
    with opened(command_settings()) as used:
        facts = _status(reading(), used)
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for name, value in facts.items():
        words = ", ".join(f"{key} {number}" for key, number in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:10} {words}")


def _status(session: Session, used: Database) -> dict[str, object]:
    counted = {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in (("topics", Topic), ("passages", Passage), ("reviews", Review), ("responses", Response))
    }
    kinds = session.execute(
        select(Item.kind, func.count()).where(Item.status == "published").group_by(Item.kind).order_by(Item.kind)
    )
    roles = session.execute(select(Person.role, func.count()).group_by(Person.role).order_by(Person.role))
    people = {row[0]: row[1] for row in roles}
    return {
        "version": __version__,
        "database": used.url.get_backend_name(),
        "schema": schema_revision(session.connection()),
        "topics": counted["topics"],
        "passages": counted["passages"],
        "items": {row[0]: row[1] for row in kinds},
        "users": {role: number for role, number in people.items() if role != "guest"},
        "guests": people.get("guest", 0),
        "reviews": counted["reviews"],
        "responses": counted["responses"],
    }
