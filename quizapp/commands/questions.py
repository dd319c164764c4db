"""The commands `lint` and `schema`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from quizapp.authoring.linting import as_json, as_lines, lint_path, lint_text
from quizapp.core.items import item_schema


@click.command("lint")
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


@click.group()
def schema() -> None:
    """Published schemas."""


@schema.command("item")
def schema_item() -> None:
    """Print the JSON Schema of the neutral item."""
    click.echo(json.dumps(item_schema(), indent=2, ensure_ascii=False))
