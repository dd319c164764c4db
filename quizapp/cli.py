"""The `quizapp` command."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quizapp import __version__, demo
from quizapp.accounts.codes import remove_codes_of
from quizapp.accounts.links import make_reset_link
from quizapp.accounts.passwords import hash_password, refuse_weak
from quizapp.accounts.people import add_person
from quizapp.app import create_app
from quizapp.authoring.linting import as_json, as_lines, lint_path, lint_text
from quizapp.authoring.seed_files import read_seed_files
from quizapp.authoring.seeding import seed as load_seeds
from quizapp.background.commands import audit
from quizapp.backup.commands import backup, restore
from quizapp.config import (
    CHECKOUT,
    Settings,
    data_dir_of,
    is_checkout,
    kept_secret_key,
    read_settings,
    shipped,
    with_kept_key,
)
from quizapp.core.items import item_schema
from quizapp.database import Database, database, reading, transaction
from quizapp.errors import Misconfigured, QuizappError, Unreadable
from quizapp.learning.rebuilding import differences, learners_with_reviews, rebuild
from quizapp.models import Item, Passage, Person, Response, Review, Topic
from quizapp.privacy.commands import retention_command
from quizapp.schema import migrate as migrate_schema
from quizapp.schema import refuse_other_schema, schema_revision
from quizapp.serving import check_port, is_loopback, serve
from quizapp.worker import worker_command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def quizapp() -> None:
    """Passages become quizzes and spaced flashcards that share one memory."""


@quizapp.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve at.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-demo", is_flag=True, help="Make no demo accounts.")
def up(host: str, port: int, no_demo: bool) -> None:
    """Migrate, seed when empty, print the address and the demo accounts, and serve."""
    check_port(host, port)
    settings = _own_settings(host)
    with _opened(settings):
        migrate_schema(database())
        _seed(only_when_empty=True)
        accounts = demo.kept_accounts(settings.data_dir) if no_demo else _demo_accounts(settings)
        if accounts and not is_loopback(host):
            raise Misconfigured(
                "Demo accounts with printed passwords exist, so Quizapp serves this machine only. "
                "Remove them first: python3 -m quizapp demo remove"
            )
    click.echo(_welcome(host, port, accounts))
    sys.stdout.flush()
    serve(settings, host, port, with_worker=True)


@quizapp.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def serve_command(host: str, port: int) -> None:
    """Serve a migrated database with the settings of the environment."""
    check_port(host, port)
    settings = read_settings(os.environ)
    with _opened(settings), database().engine.connect() as connection:
        refuse_other_schema(connection)
    serve(settings, host, port)


@quizapp.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: Sequence[str]) -> None:
    """Run the whole test suite, in a process per core; or pytest with the arguments given."""
    if not is_checkout():
        raise Misconfigured("The tests are not part of the installed package; run this in a checkout.")
    os.chdir(CHECKOUT)
    chosen = arguments or ("-n", "auto", "--maxprocesses", "8", "--dist", "worksteal")
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *chosen])  # noqa: S606  # our own interpreter


@quizapp.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    with _opened(_settings()):
        migrate_schema(database())
        with database().engine.connect() as connection:
            click.echo(f"The schema is at {schema_revision(connection)}.")


@quizapp.command("seed")
def seed_command() -> None:
    """Load or update the shipped passages and their questions."""
    with _opened(_settings()):
        number = _seed(only_when_empty=False)
        click.echo(f"{number} questions are published from the seed files.")


@quizapp.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare, and list what differs.")
def rebuild_command(check: bool) -> None:
    """Make card states and daily totals again from the review log."""
    with _opened(_settings()):
        learners = learners_with_reviews(reading())
        if not check:
            with (
                click.progressbar(learners, label="Rebuilding") if sys.stderr.isatty() else nullcontext(learners) as ids
            ):
                for learner_id in ids:
                    with transaction() as session:
                        rebuild(session, learner_id)
        found = list(differences(reading()))
        for difference in found:
            click.echo(
                f"learner {difference.learner_id}, {difference.row}: {difference.column} is {difference.stored}, "
                f"the log makes {difference.folded}"
            )
        click.echo(f"{len(found)} differences in {len(learners)} learners.")
        sys.exit(1 if found else 0)


@quizapp.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(["student", "teacher", "admin"]))
@click.option("--email", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_add(name: str, role: str, email: str, password_stdin: bool) -> None:
    """Add NAME; without a password, print a link that sets one."""
    settings = _settings()
    password_hash = None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
        refuse_weak("password", password, (name, email))
        password_hash = hash_password(password, settings.password_rounds)
    with _opened(settings):
        with transaction() as session:
            person = add_person(
                session, shown_name=name, role=role, email=email, password_hash=password_hash,
                time_zone=settings.time_zone, now=_now(),
            )  # fmt: skip
            link = "" if password_hash else make_reset_link(session, person.sign_in_name or "", _now())
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
    settings = _settings()
    with _opened(settings), transaction() as session:
        link = make_reset_link(session, name, _now())
        if remove_codes and remove_codes_of(session, name, _now()):
            click.echo("One-time codes are switched off.")
    click.echo(f"Set a new password within a day at {_address(settings)}/reset/{link}")


@quizapp.group("demo")
def demo_group() -> None:
    """Demo accounts and their history."""


@demo_group.command("remove")
def demo_remove() -> None:
    """Remove the demo people and everything they did."""
    settings = _settings()
    with _opened(settings), transaction() as session:
        number = demo.remove_demo(session, settings.data_dir)
    click.echo(f"{number} demo accounts removed." if number else "There are no demo accounts.")


@quizapp.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> None:
    """Say what the installation holds."""
    with _opened(_settings()):
        facts = _status(reading(), database())
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for name, value in facts.items():
        words = ", ".join(f"{key} {number}" for key, number in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:10} {words}")


@quizapp.command("lint")
@click.argument("file", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--format", "file_format", type=click.Choice(["toml", "json"]), help="By default, as the file is named.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
def lint_command(file: Path, file_format: str | None, is_json: bool) -> None:
    """List what is wrong with the questions of FILE: a seed file, a folder of them, or JSON; - is standard input."""
    if str(file) == "-":
        files = [lint_text(sys.stdin.read(), "standard input", file_format or "json")]
    else:
        files = lint_path(file, file_format or "")
    if is_json:
        click.echo(json.dumps(as_json(files), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(as_lines(files)))
    sys.exit(1 if any(linted.findings for linted in files) else 0)


@quizapp.group()
def schema() -> None:
    """Published schemas."""


@schema.command("item")
def schema_item() -> None:
    """Print the JSON Schema of the neutral item."""
    click.echo(json.dumps(item_schema(), indent=2, ensure_ascii=False))


quizapp.add_command(audit)
quizapp.add_command(backup)
quizapp.add_command(restore)
quizapp.add_command(retention_command)
quizapp.add_command(worker_command)


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
        click.echo(f"quizapp: The database can't be used: {error.orig}. Is it there, and migrated?", err=True)
        sys.exit(2)


@contextmanager
def _opened(settings: Settings) -> Iterator[None]:
    """Make the application for a command; its connections end with the block."""
    with ExitStack() as stack, create_app(settings).app_context():
        stack.callback(database().engine.dispose)
        yield


def _settings() -> Settings:
    """Read the settings for a command; beside `up` it uses the secret that `up` keeps."""
    environ = with_kept_key(os.environ)
    if "QUIZAPP_SECRET_KEY" not in environ and "QUIZAPP_SECRET_KEY_FILE" not in environ:
        environ["QUIZAPP_SECRET_KEY"] = "0" * 64  # nothing is served with it, so nothing is signed with it
    environ.setdefault("QUIZAPP_LOG_FORMAT", "plain")
    return read_settings(environ)


def _own_settings(host: str) -> Settings:
    environ = dict(os.environ)
    data_dir = data_dir_of(environ)
    if "QUIZAPP_SECRET_KEY" not in environ and "QUIZAPP_SECRET_KEY_FILE" not in environ:
        environ["QUIZAPP_SECRET_KEY"] = kept_secret_key(data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    if is_loopback(host):
        environ.setdefault("QUIZAPP_TEACHER_SIGN_UP", "open")
    settings = read_settings(environ)
    return settings if "QUIZAPP_TIME_ZONE" in environ else replace(settings, time_zone=_machine_zone())


def _machine_zone() -> str:
    link = Path("/etc/localtime")
    name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


def _seed(*, only_when_empty: bool) -> int:
    if only_when_empty and reading().scalar(select(Passage.id).limit(1)) is not None:
        return 0
    files = read_seed_files(shipped("seed"))
    with transaction() as session:
        return load_seeds(session, files, _now())


def _demo_accounts(settings: Settings) -> list[demo.DemoAccount]:
    if demo.has_people(reading()):
        return demo.kept_accounts(settings.data_dir)
    accounts = demo.new_accounts()
    with transaction() as session:
        if demo.has_people(session):  # another process was first
            return demo.kept_accounts(settings.data_dir)
        click.echo("Making demo accounts with three weeks of history …", err=True)
        demo.make_demo(session, accounts, settings.time_zone, _now())
        demo.keep_accounts(settings.data_dir, [account for account, _ in accounts])
    return [account for account, _ in accounts]


def _welcome(host: str, port: int, accounts: list[demo.DemoAccount]) -> str:
    shown = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host  # noqa: S104  # shown, not bound
    lines = ["", f"  Quizapp is at http://{shown}:{port}", ""]
    if accounts:
        lines.append("  Demo accounts (remove them with: python3 -m quizapp demo remove)")
        lines += [
            f"    {account.role:8} {account.shown_name:14} name {account.sign_in_name:6} password {account.password}"
            for account in accounts
        ]
        lines.append("")
    lines += ["  Stop with Ctrl+C.", ""]
    return "\n".join(lines)


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


def _address(settings: Settings) -> str:
    return settings.base_url or "http://127.0.0.1:5000"


def _now() -> datetime:
    return datetime.now(UTC)
