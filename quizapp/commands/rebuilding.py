"""The command `rebuild`."""

from __future__ import annotations

import sys
from contextlib import nullcontext

import click

from quizapp.commands.opening import command_settings, opened
from quizapp.database import reading, transaction
from quizapp.learning.rebuilding import differences, learners_with_reviews, rebuild


@click.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare, and list what differs.")
def rebuild_command(check: bool) -> None:
    """Make card states and daily totals again from the review log."""
    with opened(command_settings()):
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
