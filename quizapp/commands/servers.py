"""The commands `up`, `serve` and `worker`."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from quizapp.commands.demos import demo_accounts
from quizapp.commands.opening import check_schema, opened
from quizapp.commands.seeds import load_shipped
from quizapp.config import Settings, data_dir_of, kept_secret_key, read_settings, with_kept_key
from quizapp.demo import DemoAccount, kept_accounts
from quizapp.errors import Misconfigured
from quizapp.schema import migrate
from quizapp.serving import check_port, is_loopback, serve
from quizapp.web.logs import configure as configure_logs
from quizapp.worker import work, work_once


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve at.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-demo", is_flag=True, help="Make no demo accounts.")
def up(host: str, port: int, no_demo: bool) -> None:
    """Migrate, seed when empty, print the address and the demo accounts, and serve."""
    check_port(host, port)
    settings = _own_settings(host)
    with opened(settings, at_any_schema=True) as used:
        migrate(used)
        load_shipped(only_when_empty=True)
        accounts = kept_accounts(settings.data_dir) if no_demo else demo_accounts(settings)
        if accounts and not is_loopback(host):
            raise Misconfigured(
                "Demo accounts with printed passwords exist, so Quizapp serves this machine only. "
                "Remove them first: python3 -m quizapp demo remove"
            )
    click.echo(_welcome(host, port, accounts))
    sys.stdout.flush()
    serve(settings, host, port, with_worker=True)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def serve_command(host: str, port: int) -> None:
    """Serve a migrated database with the settings of the environment."""
    check_port(host, port)
    settings = read_settings(os.environ)
    check_schema(settings)
    serve(settings, host, port)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do every sweep once and end.")
@click.option(
    "--until-input-ends", is_flag=True, help="End when standard input does, as it does with who started this."
)
def worker_command(once: bool, until_input_ends: bool) -> None:
    """Do what runs outside requests: expired attempts, mail, jobs, the sealing of the audit log."""
    settings = read_settings(with_kept_key(os.environ))
    check_schema(settings)
    configure_logs(settings.log_format)
    if not once:
        work(settings, until_input_ends=until_input_ends)
        return
    outcomes = work_once(settings)
    for name, (counts, error) in outcomes.items():
        words = ", ".join(f"{word} {number}" for word, number in counts.items() if number) or "nothing to do"
        click.echo(f"{name:15} {words}" + (f"; failed: {error}" if error else ""))
    sys.exit(1 if any(error for _, error in outcomes.values()) else 0)


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


def _welcome(host: str, port: int, accounts: list[DemoAccount]) -> str:
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
