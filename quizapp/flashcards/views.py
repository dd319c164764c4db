"""The review session: a question, its answer side, the rating, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.core.grading import grade, is_answered
from quizapp.core.items import Item, ShortAnswer, as_typed, is_two_way, key_text
from quizapp.core.memory.model import Rating
from quizapp.core.memory.outcomes import quiz_outcome
from quizapp.core.scheduling import describe_interval, is_new_leech
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.flashcards.forms import INCOMPLETE, AnswerForm, RateForm, card_name, read_card_name
from quizapp.flashcards.scopes import scope
from quizapp.flashcards.sessions import Day, ShownCard, day, left, queue, shown_card
from quizapp.flashcards.sittings import Sitting, sitting
from quizapp.flashcards.summaries import summary
from quizapp.flashcards.undoing import next_step
from quizapp.learning import reviews
from quizapp.learning.cards import Key
from quizapp.learning.learners import Learner, learner_of
from quizapp.learning.memory_models import DEFAULT, memory_model
from quizapp.learning.schedules import next_states
from quizapp.web.access import access, me
from quizapp.web.answered import answered_view
from quizapp.web.answers import answer_fields, read_answer, typed_answer
from quizapp.web.clock import now
from quizapp.web.evidence import evidence_views
from quizapp.web.flags import flag_views
from quizapp.web.questions import question_view, shuffled_options

room = Blueprint("flashcards", __name__)
_LONGEST_ADDRESS = 3500  # characters
_WHOLE = "whole_passage"  # open on the answer side of this browser's cards
_LONGEST_MARKED = 4  # words of a key that is marked by what was typed


@dataclass(frozen=True)
class Choice:
    """One of the four ratings, with what it would do."""

    value: int
    name: str
    interval: str
    is_proposed: bool


@room.get("/cards")
@access("person")
def review() -> ResponseReturnValue:
    """Show the question of the next card, or the summary of the day."""
    session, person, moment = reading(), learner_of(me()), now()
    if begun := scope().begun(me().session_length, moment):
        return redirect(url_for(".review", card=request.args.get("card"), **begun.args), 303)
    today = day(session, person, moment, scope().topic)
    under_way = sitting(session, person, scope(), moment)
    if under_way and under_way.is_over and "card" not in request.args:
        return _summary_page(person, today, under_way)
    cards = queue(session, person, moment, today, is_ahead=scope().is_ahead, is_beyond=scope().is_beyond)
    shown = _asked_for(person) or (_shown(person, cards[0].key) if cards else None)
    if shown is None:
        return _summary_page(person, today, under_way)
    form = AnswerForm(
        formdata=None,
        card=card_name(shown.key),
        seen_reviews=shown.state.reviews,
        done=today.done,
        left=left(cards, today, shown, moment),
    )
    return _question_page(form, shown, today)


@room.get("/cards/answer")
@access("person")
def answer_again() -> ResponseReturnValue:
    """Show the answer side to who comes back to it, as it was; bring anybody else to the question."""
    form = AnswerForm(formdata=request.args, meta={"csrf": False})
    if not form.validate():
        return redirect(url_for(".review", **scope().args), 303)
    return _answered(form, request.args)


@room.post("/cards/answer")
@access("person")
def answer() -> ResponseReturnValue:
    """Show the answer side of a card with what was answered; nothing is stored."""
    form = AnswerForm()
    if not form.validate():
        raise INCOMPLETE
    return _answered(form, request.form)


def _answered(form: AnswerForm, sent: MultiDict[str, str]) -> ResponseReturnValue:
    session, person, moment = reading(), learner_of(me()), now()
    try:
        shown = _shown(person, read_card_name(form.card.data))
    except Conflict as refusal:
        return _moved_on(refusal.message)
    if shown is None:
        raise NotFound
    if shown.state.reviews != form.seen_reviews.data:
        return _moved_on("This card was reviewed somewhere else in the meantime, so it was not asked again.")
    today = day(session, person, moment, scope().topic)
    try:
        given = read_answer(shown.item, sent)
    except Invalid as refusal:
        if request.method == "GET":
            return redirect(url_for(".review", **scope().args), 303)
        return _question_page(form, shown, today, error=refusal.message), 422
    if "move" in request.form:  # one step in an order, without scripts
        return _question_page(form, shown, today)
    return _answer_page(form, shown, today, given, person)


@room.post("/cards/rate")
@access("person")
def rate() -> ResponseReturnValue:
    """Store a rating and go on; one that comes too late changes nothing and says so."""
    form = RateForm()
    if not form.validate():
        raise INCOMPLETE
    try:
        with transaction() as session:
            given = reviews.rate(
                session,
                me().id,
                read_card_name(form.card.data),
                form.rating.data or 0,
                review_id=form.id.uuid,
                seen_reviews=form.seen_reviews.data or 0,
                milliseconds=form.whole_milliseconds,
                now=now(),
            )
            lapses = reviews.lapses_after(session, given)
    except Conflict:
        return _moved_on("This card had a rating already, so the second one was not counted. The first one stands.")
    if is_new_leech(lapses):
        flash(
            f"You have forgotten this question {lapses} times. A note, a look at its passage, or setting it aside may "
            "help more than another review; its history stands under All my cards, Often forgotten.",
            "due",
        )
    cookie[_WHOLE] = "1" if form.is_whole.data == "1" else ""
    return redirect(url_for(".review", **scope().args), 303)


def _asked_for(person: Learner) -> ShownCard | None:
    name = request.args.get("card")
    try:
        return _shown(person, read_card_name(name)) if name else None
    except Conflict as refusal:
        flash(refusal.message, "due")
        return None


def _shown(person: Learner, key: Key) -> ShownCard | None:
    shown = shown_card(reading(), person, key)
    if shown is None or not me().is_typing_on:
        return shown
    return replace(shown, item=as_typed(shown.item, key[1]))


def _question_page(form: AnswerForm, shown: ShownCard, today: Day, *, error: str = "") -> str:
    question = question_view(shown.item, _option_order(shown), typed_answer(shown.item, request.form))
    return render_template(
        "flashcards/question.html",
        form=form,
        shown=shown,
        question=question,
        error=error,
        **_frame(form, today, shown.key),
    )


def _answer_page(form: AnswerForm, shown: ShownCard, today: Day, given: dict[str, Any] | None, person: Learner) -> str:
    order = _option_order(shown)
    graded = grade(shown.item, given)
    has_answer = is_answered(shown.item, given)
    answered = answered_view(shown.item, order, given, graded)
    if has_answer and answered.state == "wrong" and _is_long(shown.item):
        # Nobody types a long key word by word: what was typed stands beside it, and the learner judges.
        answered = replace(answered, state="plain", reason="")
    if graded.waits:  # nobody marks a card's essay: the learner compares it and judges
        answered = replace(answered, state="plain")
    proposed = _proposed(graded.score) if has_answer and answered.state != "plain" else None
    rate_form = RateForm(
        formdata=None,
        card=card_name(shown.key),
        seen_reviews=shown.state.reviews,
        question_milliseconds=form.milliseconds.data,
        is_whole=cookie.get(_WHOLE, ""),
    )
    return render_template(
        "flashcards/answer.html",
        form=rate_form,
        shown=shown,
        question=question_view(shown.item, order, given),
        answered=answered,
        evidence=evidence_views(reading(), [shown.version_id]).get(shown.version_id),
        flag=flag_views(reading(), me().id, [shown.version_id]).get(shown.version_id),
        back=_address(form, given),
        has_answer=has_answer,
        ratings=_ratings(shown, person, proposed),
        **_frame(form, today, shown.key),
    )


def _address(form: AnswerForm, given: dict[str, Any] | None) -> str:
    """Where this answer side is found again, with what was answered."""
    names = ("card", "seen_reviews", "milliseconds", "done", "left")
    place = {**scope().args, **{name: form[name].data for name in names}}
    address = url_for(".answer_again", **place, **answer_fields(given))
    # Some servers refuse a longer line; what was answered is then left out.
    return address if len(address) <= _LONGEST_ADDRESS else url_for(".answer_again", **place)


def _summary_page(person: Learner, today: Day, under_way: Sitting | None) -> str:
    found = summary(reading(), person, now(), today, is_ahead=scope().is_ahead)
    name = "flashcards/summary.html" if found else "flashcards/empty.html"
    return render_template(
        name,
        summary=found,
        today=today,
        scope=scope(),
        under_way=under_way,
        new_cards_per_day=person.new_cards_per_day,
        step=next_step(today.last, now()),
    )


def _frame(form: AnswerForm, today: Day, key: Key) -> dict[str, Any]:
    done, left_ = form.done.data or 0, max(1, form.left.data or 1)
    under_way = sitting(reading(), learner_of(me()), scope(), now())
    return {
        "scope": scope(),
        "key": card_name(key),
        "done": under_way.done if under_way else done,
        "total": under_way.most if under_way else done + left_,
        "position": under_way.position if under_way else f"{done} done, {left_} left",
        "step": next_step(today.last, now()),
    }


def _ratings(shown: ShownCard, person: Learner, proposed: Rating | None) -> list[Choice]:
    model = memory_model(reading(), person.parameters_id)
    outcomes = next_states(reading(), person, model, shown.key, shown.state, now())
    return [
        Choice(
            rating.value, rating.name.capitalize(), describe_interval(outcome.interval_days), rating is proposed
        )
        for rating, outcome in outcomes.items()
    ]  # fmt: skip


def _proposed(score: float | None) -> Rating | None:
    if score is None:
        return None
    rating, _ = quiz_outcome(DEFAULT, None, 0.0, score=score, guess_chance_options=None, certainty=None)
    return rating


def _is_long(item: Item) -> bool:
    return isinstance(item, ShortAnswer) and len(key_text(item).split()) > _LONGEST_MARKED


def _option_order(shown: ShownCard) -> list[Any]:
    if is_two_way(shown.item):
        return [shown.key[1]]
    # Question and answer side agree; the next review shuffles anew, so that no place is learned by heart.
    return shuffled_options(shown.item, f"{me().id} {card_name(shown.key)} {shown.state.reviews}")


def _moved_on(message: str) -> ResponseReturnValue:
    flash(message, "due")
    return redirect(url_for(".review", **scope().args), 303)
