"""The editor of one question: typed, rearranged, previewed, saved; nothing typed is ever lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from quizapp.authoring.advice import Advice, advice, refuse_formulas
from quizapp.authoring.attachments import MOST_FILES, Detached, attach, rearrange_files
from quizapp.authoring.editing import EDITED_KINDS, Offer, fill_form, read_form
from quizapp.authoring.forms import MOST_OPTIONS, NEW_TOPIC, item_form
from quizapp.authoring.items import Source, correct_item
from quizapp.authoring.overviews import Question, last_place, question, set_title
from quizapp.authoring.passages import Place, create_topic, places, source_at
from quizapp.authoring.previews import Preview, preview
from quizapp.authoring.rows import Gone, gone, rearrange
from quizapp.authoring.sets import Stale, add_to_set, correct_in_set, replace_in_set, submitted_item
from quizapp.authoring.uploads import files_by_name, keep_file
from quizapp.authoring.views import KINDS, LARGEST_ID, room
from quizapp.core.items import Item, Media
from quizapp.core.media import clean
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.media import takes_files

_NOWHERE = Source(0)
_ROWS = {"essay": "2"}  # offered at first, where it is not four
_LONGEST_KEY = 12  # more digits than any row has


@dataclass(frozen=True)
class Desk:
    """What the editor works on: a set, a kind, and the question when there is one already."""

    set_id: int
    set_title: str
    kind: str
    question: Question | None
    places: Sequence[Place]
    copied: Question | None = None  # what a new question began as a copy of
    draft_of: int | None = None  # the passage in whose queue the question waits; then it is in no set yet
    then: Callable[[Session, int], None] | None = None  # done with the item's number when it is saved

    @property
    def base(self) -> Item | None:
        """The question as it stands, or the one it is a copy of."""
        shown = self.question or self.copied
        return shown.content if shown else None

    @property
    def is_published(self) -> bool:
        """Whether people may have met the question."""
        return self.question is not None and self.question.status != "draft"

    @property
    def action(self) -> str:
        """Where the form goes."""
        if self.draft_of and self.question:
            return url_for("authoring.save_draft", passage_id=self.draft_of, item_id=self.question.item_id)
        if self.question is None:
            copy = self.copied.item_id if self.copied else None
            return url_for("authoring.add_item", set_id=self.set_id, kind=self.kind, copy=copy)
        return url_for("authoring.save_item", set_id=self.set_id, item_id=self.question.item_id)

    @property
    def back(self) -> str:
        """Where cancelling and saving lead."""
        if self.draft_of and self.question:
            return url_for("authoring.draft", passage_id=self.draft_of, item_id=self.question.item_id)
        return url_for("authoring.item_set", set_id=self.set_id)


@room.get("/teach/sets/<int:set_id>/items/new")
@access("teacher")
def new_item(set_id: int) -> ResponseReturnValue:
    """Offer the editor for a new question of a kind, empty or filled as a copy of one of the set."""
    session = reading()
    desk = _new_desk(session, set_id)
    if "copy" in request.args:
        if desk.copied is None:
            raise NotFound
        form = _form(desk, fill_form(desk.copied.content, desk.copied.place, 0))
        source = _source(session, form.place.data)
        return _page(desk, form, source, said=advice(desk.copied.content, source.text, form))
    place = request.args.get("place") or last_place(session, set_id) or _topic_called(desk.set_title, desk.places)
    form = _form(desk, MultiDict({"place": place, "new_topic": desk.set_title, "rows": _ROWS.get(desk.kind, "4")}))
    return _page(desk, form, _source(session, form.place.data))


@room.post("/teach/sets/<int:set_id>/items/new")
@access("teacher")
@takes_files
def add_item(set_id: int) -> ResponseReturnValue:
    """Add an option row, preview or save a new question."""
    return answer_desk(_new_desk(reading(), set_id))


@room.get("/teach/sets/<int:set_id>/items/<int:item_id>")
@access("teacher")
def item(set_id: int, item_id: int) -> ResponseReturnValue:
    """Offer the editor for a question of the set."""
    return editor_page(_desk(reading(), set_id, item_id))


def editor_page(desk: Desk) -> ResponseReturnValue:
    """Show a question in the editor with what the linter says of it. Raises NotFound for a desk without one."""
    if desk.question is None:
        raise NotFound
    shown = desk.question
    form = _form(desk, fill_form(shown.content, shown.place, shown.version_number))
    source = _source(reading(), form.place.data)
    return _page(desk, form, source, said=advice(shown.content, source.text, form))


@room.post("/teach/sets/<int:set_id>/items/<int:item_id>")
@access("teacher")
@takes_files
def save_item(set_id: int, item_id: int) -> ResponseReturnValue:
    """Add an option row, preview or save a question of the set."""
    return answer_desk(_desk(reading(), set_id, item_id))


def _topic_called(title: str, places: Sequence[Place]) -> str:
    """Return where a set's first question is at home, if nothing else is said: at a topic of the set's title."""
    same = [place.key for place in places if place.topic.casefold() == title.casefold()]
    return same[0] if same else NEW_TOPIC


def _new_desk(session: Session, set_id: int) -> Desk:
    kind = request.args.get("kind", "")
    if kind not in EDITED_KINDS:
        raise NotFound
    title = set_title(session, set_id, me().id)
    return Desk(set_id, title, kind, None, places(session, me().id), _copied(session, set_id, kind))


def _copied(session: Session, set_id: int, kind: str) -> Question | None:
    """Return the question to copy; one that was removed meanwhile is no reason to lose what was typed."""
    item_id = request.args.get("copy", 0, int)
    try:
        shown = question(session, set_id, item_id, me().id) if 0 < item_id < LARGEST_ID else None
    except NotFound:
        return None
    return shown if shown is not None and shown.content.kind == kind else None


def _desk(session: Session, set_id: int, item_id: int) -> Desk:
    shown = question(session, set_id, item_id, me().id)
    if shown.content.kind not in EDITED_KINDS:
        raise NotFound
    return Desk(set_id, set_title(session, set_id, me().id), shown.content.kind, shown, places(session, me().id))


def answer_desk(desk: Desk) -> ResponseReturnValue:
    """Do what a button of the editor's form asks for."""
    do = request.form.get("do", "save")
    if do == "attach" or (do != "advise" and request.files.get("file")):
        return _attach(desk, is_saving=do.startswith("save"))
    if do.partition("-")[0] in ("save", "preview", "advise"):
        return _judge(desk, do)
    data = rearrange(request.form, desk.kind, do)
    detached = rearrange_files(data, do)
    form = _form(desk, data, is_saving=False)
    return _page(desk, form, _source(reading(), form.place.data), removed=gone(data), detached=detached)


def _judge(desk: Desk, do: str) -> ResponseReturnValue:
    form = _form(desk, request.form, is_saving=do.startswith("save"))
    source = _source(reading(), form.place.data)
    item, offers = read_form(form, desk.kind, desk.base, source, _files(form))
    if do == "advise":  # asked for by a script while somebody writes: what can't be read yet is nobody's fault
        return _page(desk, form, source, said=advice(item, source.text, form)) if item is not None else ("", 204)
    if item is None:
        return _page(desk, form, source, offers=offers), 422
    said = advice(item, source.text, form)
    if do == "preview":
        note = next((place.note for place in desk.places if place.key == form.place.data), "")
        return _page(desk, form, source, view=preview(item, source.text, note), said=said)
    if refuse_formulas(said, form):
        return _page(desk, form, source), 422
    return _save(desk, form, item, source, is_next_wanted=do == "save-next")


def _attach(desk: Desk, *, is_saving: bool) -> ResponseReturnValue:
    """Store the file that came along and show its row, to be described before the question is saved."""
    data = rearrange(request.form, desk.kind, "attach")
    sent = request.files.get("file")
    refusal, number = None, None
    try:
        if not sent:
            raise Invalid("file", "Choose a file first.")  # noqa: TRY301  # told like the others
        file = clean(sent.read())
        number = attach(data, file.name)
        with transaction() as session:
            keep_file(session, me().id, desk.set_id, file, now())
    except Invalid as error:
        refusal = error
        if number is not None:
            rearrange_files(data, f"detach-{number}")
    form = _form(desk, data, is_saving=False)
    if refusal is None and is_saving:
        refusal = Invalid(f"media_{number}_alt", "Describe it, then save.")
    if refusal is not None:
        form.blame(refusal)
    return _page(desk, form, _source(reading(), form.place.data)), 200 if refusal is None else 422


def _files(form: Any) -> Mapping[str, Media]:
    names = [form[f"media_{number}_name"].data or "" for number in form.file_numbers]
    return files_by_name(reading(), me().id, names)


def _save(desk: Desk, form: Any, item: Item, source: Source, *, is_next_wanted: bool) -> ResponseReturnValue:
    try:
        with transaction() as session:
            _store(session, desk, form, item, source)
    except Stale as refusal:
        form.seen_version.data = str(
            desk.question.version_number
            if desk.draft_of and desk.question
            else question(reading(), desk.set_id, _item_id(desk), me().id).version_number
        )
        form.blame(Invalid("", refusal.message))
        return _page(desk, form, source), 409
    except Conflict as refusal:
        form.blame(Invalid("change", refusal.message))
        return _page(desk, form, source), 422
    except Invalid as refusal:
        form.blame(Invalid("quote" if refusal.field == "evidence" else refusal.field, refusal.message))
        return _page(desk, form, source), 422
    flash("Question saved.", "right")
    if is_next_wanted:
        return redirect(url_for("authoring.new_item", set_id=desk.set_id, kind=desk.kind), 303)
    return redirect(desk.back, 303)


def _store(session: Session, desk: Desk, form: Any, item: Item, source: Source) -> None:
    owner_id = me().id
    if desk.question is None and submitted_item(session, owner_id, form.submission.uuid) is not None:
        return  # the same form again
    if form.place.data == NEW_TOPIC:
        source = Source(create_topic(session, owner_id, form.new_topic.data, now()))
    if desk.question is None:
        after_id = desk.copied.item_id if desk.copied else None
        add_to_set(
            session, desk.set_id, owner_id, item, source, now(), submission=form.submission.uuid, after_id=after_id
        )
        return
    seen = form.seen_version.data or ""
    if desk.then is not None:
        if seen != str(desk.question.version_number):
            raise Stale("This draft was changed in another window meanwhile. Save again to put yours in its place.")
        correct_item(session, desk.question.item_id, item, source, author_id=owner_id, now=now())
        desk.then(session, desk.question.item_id)
        return
    change = correct_in_set if not desk.is_published or form.change.data == "correction" else replace_in_set
    change(
        session,
        desk.set_id,
        desk.question.item_id,
        owner_id,
        item,
        source,
        now(),
        seen_version=int(seen) if seen.isascii() and seen.isdecimal() else 0,
    )


def _form(desk: Desk, data: MultiDict[str, str], *, is_saving: bool = True) -> Any:
    return item_form(desk.kind, data, desk.places, is_published=desk.is_published, is_saving=is_saving)


def _source(session: Session, key: str | None) -> Source:
    """Return the place that a form names; one that is not there, or new, holds nothing to quote."""
    if not key or not key[1:].isascii() or not key[1:].isdecimal() or len(key) > _LONGEST_KEY:
        return _NOWHERE
    try:
        if key[0] == "p":
            return source_at(session, me().id, passage_id=int(key[1:]))
        return source_at(session, me().id, topic_id=int(key[1:]))
    except NotFound:
        return _NOWHERE


def _item_id(desk: Desk) -> int:
    return desk.question.item_id if desk.question else 0


def _page(
    desk: Desk,
    form: Any,
    source: Source,
    *,
    view: Preview | None = None,
    said: Advice | None = None,
    offers: Sequence[Offer] = (),
    removed: Gone | None = None,
    detached: Detached | None = None,
) -> str:
    return render_template(
        "authoring/item.html",
        desk=desk,
        form=form,
        view=view,
        offers=offers,
        gone=removed,
        detached=detached,
        files=_files(form),
        may_attach=len(form.file_numbers) < MOST_FILES,
        is_unsaved=request.method == "POST",
        advice=said or {},
        kind_name=KINDS[desk.kind][0],
        row_numbers=form.row_numbers,
        may_add=len(form.row_numbers) < MOST_OPTIONS,
        passage=source.text,
        place=next((place for place in desk.places if place.key == form.place.data), None),
    )
