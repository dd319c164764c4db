"""The commands `backup` and `restore`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from quizapp.backup import restoring, taking
from quizapp.backup.manifest import Manifest
from quizapp.backup.taking import Progress
from quizapp.commands.opening import command_settings, opened
from quizapp.config import Settings
from quizapp.schema import newest_revision


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE when it is there.")
def backup(file: Path, force: bool) -> None:
    """Save the whole installation, database and media, in the zip FILE, while people work."""
    settings = command_settings()
    began = time.monotonic()
    with opened(settings, at_any_schema=True) as database, _bar("Backing up") as show:
        made = taking.back_up(
            database, _media(settings), file, now=datetime.now(UTC), is_forced=force, on_progress=show
        )  # fmt: skip
    _tell_tables(made)
    click.echo(f"{_sum(made)} are in {file} ({file.stat().st_size:,} bytes{_pace(made, began)}).")
    click.echo("The secret key is not in it: keep a copy of it in another place.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill an empty database, of either kind, and the media folder from the zip FILE."""
    settings = command_settings()
    began = time.monotonic()
    with opened(settings, at_any_schema=True) as database, _bar("Restoring") as show:
        made = restoring.restore(database, _media(settings), file, on_progress=show)
    _tell_tables(made)
    click.echo(f"{_sum(made)} of {made.made_at} are restored, digests equal{_pace(made, began)}.")
    click.echo(f"The schema is at {newest_revision()}.")


def _media(settings: Settings) -> Path:
    return settings.data_dir / "media"


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


def _tell_tables(made: Manifest) -> None:
    for stored in made.tables:
        click.echo(f"{stored.table.name:20} {stored.rows:>12,}")


def _sum(made: Manifest) -> str:
    files = "1 media file" if len(made.media) == 1 else f"{len(made.media):,} media files"
    return f"{made.rows:,} rows in {len(made.tables)} tables and {files}"


def _pace(made: Manifest, began: float) -> str:
    seconds = time.monotonic() - began
    return f"; {seconds:.1f} s, {made.rows / max(seconds, 0.001):,.0f} rows a second"
