"""Sections on the pages of a set: added, described with how much fits their pools, moved, removed and put back."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.authoring.overviews import SetPage, set_page
from quizapp.authoring.pools import pool_choices, pool_views
from quizapp.authoring.section_forms import NewSectionForm, SectionForm, section_values
from quizapp.authoring.sections import add_section, change_section, move_section, put_section_back, remove_section
from quizapp.authoring.views import render_set, room
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, NotFound
from quizapp.web.access import access, me
from quizapp.web.sections import Asked, asked_sections


@room.post("/teach/sets/<int:set_id>/sections")
@access("teacher")
def new_section(set_id: int) -> ResponseReturnValue:
    """Add a section at the end and lead to its page."""
    page = set_page(reading(), set_id, me().id)
    form = NewSectionForm()
    if not form.validate():
        return render_set(page, adding=form), 422
    try:
        with transaction() as session:
            section_id = add_section(session, set_id, me().id, form.section_title.data or "")
    except Conflict as refusal:
        form.section_title.errors = [refusal.message]
        return render_set(page, adding=form), 422
    flash("Section added. Say what to do in it, and what is drawn by lot.", "right")
    return redirect(url_for("authoring.section", set_id=set_id, section_id=section_id), 303)


@room.get("/teach/sets/<int:set_id>/sections/<int:section_id>")
@access("teacher")
def section(set_id: int, section_id: int) -> ResponseReturnValue:
    """Show a section's title, instructions and lots, with how much fits its pool."""
    page, sections, shown = _open(set_id, section_id)
    form = SectionForm(formdata=None, data=section_values(shown))
    return _section_page(page, form, sections, shown)


@room.post("/teach/sets/<int:set_id>/sections/<int:section_id>")
@access("teacher")
def save_section(set_id: int, section_id: int) -> ResponseReturnValue:
    """Change a section, or only count what would fit."""
    page, sections, shown = _open(set_id, section_id)
    form = SectionForm()
    form.offer_topics(pool_choices(reading(), me().id).topics)
    if not form.validate():
        return _section_page(page, form, sections, shown), 422
    if request.form.get("do") == "count":
        changed = replace(shown, drawn=form.drawn.data, pool=form.pool())
        sections = asked_sections(reading(), set_id, me().id, page.rules, changed=changed)
        return _section_page(page, form, sections, _of(sections, section_id), is_changed=True)
    with transaction() as session:
        change_section(
            session, set_id, section_id, me().id, title=form.title.data or "",
            instruction=form.instruction.data or "", drawn=form.drawn.data, pool=form.pool(),
        )  # fmt: skip
    flash("Section saved. Attempts under way keep the questions they were given.", "right")
    return redirect(url_for("authoring.item_set", set_id=set_id, _anchor=f"section-{section_id}"), 303)


@room.post("/teach/sets/<int:set_id>/sections/<int:section_id>/move")
@access("teacher")
def shift_section(set_id: int, section_id: int) -> ResponseReturnValue:
    """Move a section up or down with its questions."""
    do = request.form.get("do", "").removeprefix("section-")
    if do not in ("up", "down"):
        raise NotFound
    with transaction() as session:
        place = move_section(session, set_id, section_id, me().id, cast(Literal["up", "down"], do))
    flash(f"The section is number {place} now.", "right")
    return redirect(url_for("authoring.item_set", set_id=set_id, _anchor=f"section-{do}-{section_id}"), 303)


@room.post("/teach/sets/<int:set_id>/sections/<int:section_id>/remove")
@access("teacher")
def take_section(set_id: int, section_id: int) -> ResponseReturnValue:
    """Take a section away, its questions stay; offer to put it back."""
    with transaction() as session:
        remove_section(session, set_id, section_id, me().id)
    return redirect(url_for("authoring.item_set", set_id=set_id, gone_section=section_id, _anchor="undo"), 303)


@room.post("/teach/sets/<int:set_id>/sections/<int:section_id>/put-back")
@access("teacher")
def return_section(set_id: int, section_id: int) -> ResponseReturnValue:
    """Put a removed section back at its place."""
    with transaction() as session:
        put_section_back(session, set_id, section_id, me().id)
    flash("The section is back.", "right")
    return redirect(url_for("authoring.item_set", set_id=set_id, _anchor=f"section-{section_id}"), 303)


def _open(set_id: int, section_id: int) -> tuple[SetPage, list[Asked], Asked]:
    page = set_page(reading(), set_id, me().id)
    sections = asked_sections(reading(), set_id, me().id, page.rules)
    return page, sections, _of(sections, section_id)


def _of(sections: list[Asked], section_id: int) -> Asked:
    found = next((each for each in sections if each.id == section_id != 0), None)
    if found is None:
        raise NotFound
    return found


def _section_page(
    page: SetPage, form: SectionForm, sections: list[Asked], shown: Asked, *, is_changed: bool = False
) -> str:
    choices = pool_choices(reading(), me().id)
    form.offer_topics(choices.topics)
    return render_template(
        "authoring/section.html",
        page=page,
        form=form,
        section=shown,
        pool=pool_views(reading(), [shown]).get(shown.id),
        tags=choices.tags,
        is_changed=is_changed,
    )
