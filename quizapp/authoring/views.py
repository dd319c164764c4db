"""A teacher's shelf of sets, one set with its questions, publishing it, and what became of it."""

from __future__ import annotations

from typing import Literal, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.authoring.flag_lists import flagged_count
from quizapp.authoring.flags import Keeper
from quizapp.authoring.forms import PublishForm, SetForm
from quizapp.authoring.overviews import SetPage, my_passages, my_sets, set_page
from quizapp.authoring.pools import pool_views
from quizapp.authoring.publishing import Visibility, close, publish, reopen
from quizapp.authoring.removing import LAST_PLACE, Removed, delete_set, put_back, remove_from_set, removed
from quizapp.authoring.results import set_results
from quizapp.authoring.section_forms import NewSectionForm
from quizapp.authoring.sections import RemovedSection, removed_section
from quizapp.authoring.sets import create_set, held, move_in_set
from quizapp.database import reading, transaction
from quizapp.errors import Invalid, NotFound
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.experience import closes_in_words, experience
from quizapp.web.hosts import absolute_url
from quizapp.web.rendering import count, moment_name
from quizapp.web.sections import asked_sections

room = Blueprint("authoring", __name__)

LARGEST_ID = 2**31

KINDS = {
    "single_choice": ("One answer", "One of several options is right."),
    "multiple_choice": ("Several answers", "Two or more options may be right."),
    "true_false": ("True or false", "A statement to judge."),
    "short_answer": ("Short answer", "Typed, up to four words."),
    "numeric": ("Number", "Typed, with a tolerance or a range."),
    "cloze": ("Gaps", "A text with words to type or choose."),
    "matching": ("Matching", "Left sides, each with the answer that belongs to it."),
    "ordering": ("Ordering", "Entries to be put in order."),
    "flashcard": ("Flashcard", "Front and back, rated by the learner."),
    "essay": ("Essay", "A long answer, marked by a person."),
    "description": ("Text", "Read between questions; asks nothing."),
}


@room.get("/teach")
@access("teacher")
def home() -> ResponseReturnValue:
    """Show the teacher's sets and what each waits for."""
    session = reading()
    sets = my_sets(session, me().id)
    return render_template(
        "authoring/home.html",
        sets=sets,
        form=SetForm(formdata=None),
        passages=my_passages(session, me().id),
        flagged=flagged_count(session, Keeper(me().id, me().role == "admin")),
    )


@room.get("/teach/sets")
@access("teacher")
def sets() -> ResponseReturnValue:
    """Lead to the shelf: it is the teacher's home."""
    return redirect(url_for("authoring.home"), 303)


@room.get("/teach/sets/new")
@access("teacher")
def new_set() -> ResponseReturnValue:
    """Offer the form for a set."""
    return render_template("authoring/new_set.html", form=SetForm())


@room.post("/teach/sets/new")
@access("teacher")
def add_set() -> ResponseReturnValue:
    """Make the set."""
    form = SetForm()
    if not form.validate():
        return render_template("authoring/new_set.html", form=form), 422
    with transaction() as session:
        set_id = create_set(
            session, me().id, form.title.data or "", form.description.data or "", now(), submission=form.submission.uuid
        )
    flash("The set is made. Add its first question.", "right")
    return redirect(url_for("authoring.item_set", set_id=set_id), 303)


@room.get("/teach/sets/<int:set_id>")
@access("teacher")
def item_set(set_id: int) -> ResponseReturnValue:
    """Show a set with its questions, and what was just removed."""
    session = reading()
    page = set_page(session, set_id, me().id)
    removed_id = request.args.get("removed", 0, int)
    gone = removed(session, removed_id, me().id) if 0 < removed_id < LARGEST_ID else None
    section_id = request.args.get("gone_section", 0, int)
    gone_section = removed_section(session, set_id, section_id, me().id) if 0 < section_id < LARGEST_ID else None
    return render_set(page, gone=gone, gone_section=gone_section)


@room.post("/teach/sets/<int:set_id>/publish")
@access("teacher")
def publish_set(set_id: int) -> ResponseReturnValue:
    """Publish the set here or by link."""
    page = set_page(reading(), set_id, me().id)
    form = PublishForm()
    if not form.validate():
        return render_set(page, publishing=form), 422
    try:
        with transaction() as session:
            publish(session, set_id, me().id, cast(Visibility, form.visibility.data), now())
    except Invalid as refusal:
        form.blame(refusal)
        return render_set(page, publishing=form), 422
    flash("Published. Send the address to those who should take it.", "right")
    return _back_to(set_id)


@room.post("/teach/sets/<int:set_id>/close")
@access("teacher")
def close_set(set_id: int) -> ResponseReturnValue:
    """Let nobody start the set any more."""
    with transaction() as session:
        close(session, set_id, me().id, now())
    flash("Closed. Attempts under way ended with what was saved.", "right")
    return _back_to(set_id)


@room.post("/teach/sets/<int:set_id>/reopen")
@access("teacher")
def reopen_set(set_id: int) -> ResponseReturnValue:
    """Let a closed set be taken again."""
    with transaction() as session:
        reopen(session, set_id, me().id, now())
    flash("Open again at the same address. Attempts that ended with the close stay ended.", "right")
    return _back_to(set_id)


@room.post("/teach/sets/<int:set_id>/delete")
@access("teacher")
def remove_set(set_id: int) -> ResponseReturnValue:
    """Delete a draft."""
    with transaction() as session:
        delete_set(session, set_id, me().id)
    flash("The draft is deleted.", "right")
    return redirect(url_for("authoring.home"), 303)


@room.post("/teach/sets/<int:set_id>/items/<int:item_id>/move")
@access("teacher")
def move_item(set_id: int, item_id: int) -> ResponseReturnValue:
    """Move a question up or down, or to the place that a script names."""
    do = request.form.get("do", "")
    if do in ("up", "down"):
        with transaction() as session:
            place = move_in_set(session, set_id, item_id, me().id, cast(Literal["up", "down"], do))
        flash(f"The question is number {place} now.", "right")
        # The page is scrolled to the button that was pressed, and it has the focus.
        return redirect(url_for("authoring.item_set", set_id=set_id, _anchor=f"{do}-{item_id}"), 303)
    place = request.form.get("do", 0, int)
    if not 1 <= place <= LAST_PLACE:
        raise NotFound
    with transaction() as session:
        move_in_set(session, set_id, item_id, me().id, place)
    return "", 204


@room.post("/teach/sets/<int:set_id>/items/<int:item_id>/remove")
@access("teacher")
def remove_item(set_id: int, item_id: int) -> ResponseReturnValue:
    """Take a question out of the set, and offer to put it back."""
    with transaction() as session:
        section_id = held(session, set_id, item_id, me().id).section_id
        place = remove_from_set(session, set_id, item_id, me().id)
    undo = url_for(
        "authoring.item_set", set_id=set_id, removed=item_id, place=place, section=section_id, _anchor="undo"
    )
    return redirect(undo, 303)


@room.post("/teach/sets/<int:set_id>/items/<int:item_id>/put-back")
@access("teacher")
def put_item_back(set_id: int, item_id: int) -> ResponseReturnValue:
    """Put a question that was removed back at its place."""
    with transaction() as session:
        place, section_id = request.form.get("place", LAST_PLACE, int), request.args.get("section", 0, int)
        put_back(session, set_id, item_id, me().id, place, section_id if 0 < section_id < LARGEST_ID else None)
    flash("The question is back.", "right")
    return redirect(url_for("authoring.item_set", set_id=set_id, _anchor=f"question-{item_id}"), 303)


@room.get("/teach/sets/<int:set_id>/results")
@access("teacher")
def results(set_id: int) -> ResponseReturnValue:
    """Show who took the set and how each question was answered."""
    found = set_results(reading(), set_id, me().id)
    moments = {taker.latest_at: moment_name(taker.latest_at, now(), me().zone) for taker in found.takers}
    return render_template("authoring/results.html", results=found, moments=moments)


def render_set(
    page: SetPage,
    *,
    publishing: PublishForm | None = None,
    adding: NewSectionForm | None = None,
    gone: Removed | None = None,
    gone_section: RemovedSection | None = None,
) -> str:
    """Show a set, with what was refused or can be undone."""
    sections = asked_sections(reading(), page.id, me().id, page.rules)
    return render_template(
        "authoring/set.html",
        page=page,
        sections=[
            (section, [line for line in page.questions if (line.section_id or 0) == section.id]) for section in sections
        ],
        pools=pool_views(reading(), sections),
        adding=adding or NewSectionForm(formdata=None),
        gone_section=gone_section,
        kinds=KINDS,
        gone=gone,
        place=request.args.get("place", LAST_PLACE, int),
        section_id=request.args.get("section", 0, int),
        experience=experience(page.rules, sections, closes=closes_in_words(page.closes_at)),
        publishing=publishing or PublishForm(formdata=None),
        address=absolute_url(url_for("topics.item_set", slug=page.slug)) if page.status != "draft" else "",
        published=moment_name(page.published_at, now(), me().zone) if page.published_at else "",
        taken=count(page.takers, "person has", "people have"),
    )


def _back_to(set_id: int) -> ResponseReturnValue:
    return redirect(url_for("authoring.item_set", set_id=set_id), 303)
