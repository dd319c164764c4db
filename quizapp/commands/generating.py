"""The command `generate`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from quizapp.authoring.language_model import LanguageModel, ModelFailed, draft_with_model, host_of
from quizapp.config import read_language_model
from quizapp.core.generation import Generated, generate
from quizapp.core.generation.llm import MOST_ITEMS
from quizapp.core.generation.texts import read_passage
from quizapp.core.items import key_text, plain_stem, write_item
from quizapp.errors import NotAllowed, Unreadable


@click.command("generate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), default="-")
@click.option("--count", type=click.IntRange(1, 200), help="At most so many; by default about one a sentence.")
@click.option("--seed", default="", help="Another word, another choice among equals.")
@click.option("--provider", type=click.Choice(["rules", "llm"]), default="rules", show_default=True)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
def generate_command(file: Path, count: int | None, seed: str, provider: str, is_json: bool) -> None:
    """Make drafts of questions from the passage in FILE, plain text; - is standard input. No database."""
    generated = _by_model(_text(file), count) if provider == "llm" else generate(_text(file), seed=seed, count=count)
    if is_json:
        click.echo(json.dumps(_as_json(generated), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_as_lines(generated)))
    sys.exit(0 if generated.drafts else 1)


def _by_model(text: str, count: int | None) -> Generated:
    """Ask the model that the settings name; where it fails, say so and make drafts by rules."""
    at = read_language_model(os.environ)
    if at is None:
        raise NotAllowed("No language model is set up here. Leave --provider out to make drafts by rules.")
    read_passage(text)
    click.echo(f"The passage is sent to {host_of(at)}.", err=True)
    try:
        return draft_with_model(LanguageModel(at), text, count=min(count or 8, MOST_ITEMS))
    except ModelFailed as refusal:
        note = f"{refusal.message} The rules made these drafts instead."
        made = generate(text, count=count)
        return replace(made, notes=(note, *made.notes))


def _text(file: Path) -> str:
    try:
        content = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
        return content.strip()
    except UnicodeDecodeError as error:
        raise Unreadable(None, f"{file} is no text in UTF-8.") from error


def _as_json(generated: Generated) -> dict[str, object]:
    report = [_row("info", None, "note", note) for note in generated.notes]
    for place, draft in enumerate(generated.drafts):
        report += [_row(finding.severity, place, finding.code, finding.message) for finding in draft.findings]
    return {
        "items": [write_item(draft.item) for draft in generated.drafts],
        "report": report,
        "provenance": [
            {"rule": draft.rule, "version": draft.version, "seed": draft.seed, "rank": round(draft.rank, 3)}
            for draft in generated.drafts
        ],
        "dropped": dict(generated.dropped),
    }


def _row(level: str, item: int | None, code: str, message: str) -> dict[str, object]:
    return {"level": level, "line": None, "item": item, "code": code, "message": message}


def _as_lines(generated: Generated) -> list[str]:
    lines = [*generated.notes]
    for number, draft in enumerate(generated.drafts, 1):
        lines.append(f"{number}. {plain_stem(draft.item.stem)}")
        lines.append(
            f"   {key_text(draft.item)}   ({draft.item.kind.replace('_', ' ')}, {draft.rule}, {draft.rank:.0%})"
        )
        lines += [f"   {finding.code}: {finding.message}" for finding in draft.findings]
    return lines or ["No draft passed the gates."]
