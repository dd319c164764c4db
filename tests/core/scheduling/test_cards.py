"""When cards come back: learning passes, lapses, quiz answers, and the words for intervals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.memory import Fsrs6, MemoryState, Rating
from quizapp.core.scheduling import (
    NEW_CARD,
    CardState,
    Outcome,
    Phase,
    Rules,
    chosen,
    describe_interval,
    previews,
    quiz_answered,
    quiz_rated,
)

MODEL = Fsrs6()
RULES = Rules()
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
TEN_MINUTES = timedelta(minutes=10)


class Fractional(Fsrs6):
    """A model that wants fractions of days, and remembers which gap it was given."""

    name = "fractional"
    is_fractional = True
    gap_days = -1.0

    def next(self, state: MemoryState, rating: Rating, elapsed_days: float) -> MemoryState:
        self.gap_days = elapsed_days
        return super().next(state, rating, elapsed_days)


def rated(card: CardState, rating: Rating, now: datetime = NOW, rules: Rules = RULES) -> CardState:
    return previews(MODEL, card, now=now, study_day=now.date(), rules=rules)[rating].state


def rated_in_turn(card: CardState, *ratings: Rating) -> CardState:
    now = NOW
    for rating in ratings:
        card = rated(card, rating, now)
        now += TEN_MINUTES
    return card


def quizzed(
    card: CardState, score: float, now: datetime = NOW, options: int | None = None, certainty: str | None = None
) -> Outcome:
    outcome = quiz_answered(
        MODEL,
        card,
        score=score,
        options=options,
        certainty=certainty,
        now=now,
        study_day=now.date(),
        rules=RULES,
    )
    assert outcome is not None
    return outcome


def review_card(stability: float = 10.0, reviewed_at: datetime = NOW - timedelta(days=10)) -> CardState:
    memory = MemoryState("fsrs6", 0, stability, 5.0)
    due_at = reviewed_at + timedelta(days=round(stability))
    return CardState(Phase.REVIEW, memory, 3, 5, 0, reviewed_at, reviewed_at.date(), due_at)


def test_a_new_card_returns_until_its_third_pass() -> None:
    once = rated_in_turn(NEW_CARD, Rating.GOOD)
    assert (once.phase, once.passes, once.due_at) == (Phase.LEARNING, 1, NOW + TEN_MINUTES)
    twice = rated_in_turn(NEW_CARD, Rating.GOOD, Rating.GOOD)
    assert (twice.phase, twice.passes, twice.due_at) == (Phase.LEARNING, 2, NOW + 2 * TEN_MINUTES)
    thrice = rated_in_turn(NEW_CARD, Rating.GOOD, Rating.GOOD, Rating.GOOD)
    assert (thrice.phase, thrice.passes) == (Phase.REVIEW, 3)
    assert thrice.due_at is not None
    assert thrice.due_at - (NOW + 2 * TEN_MINUTES) >= timedelta(days=1)


def test_again_keeps_the_count_of_passes_and_hard_adds_to_it() -> None:
    card = rated_in_turn(NEW_CARD, Rating.GOOD, Rating.AGAIN)
    assert (card.phase, card.passes, card.due_at, card.lapses) == (Phase.LEARNING, 1, NOW + 2 * TEN_MINUTES, 0)
    card = rated_in_turn(NEW_CARD, Rating.HARD, Rating.HARD)
    assert (card.passes, card.due_at) == (2, NOW + 2 * TEN_MINUTES)
    assert rated_in_turn(NEW_CARD, Rating.HARD, Rating.HARD, Rating.HARD).phase is Phase.REVIEW


def test_easy_ends_learning_at_once() -> None:
    card = rated_in_turn(NEW_CARD, Rating.EASY)
    assert (card.phase, card.due_at) == (Phase.REVIEW, NOW + timedelta(days=8))


def test_steps_of_ones_own_are_followed() -> None:
    rules = Rules(learning_steps_minutes=(1, 20))
    card = rated(NEW_CARD, Rating.GOOD, rules=rules)
    assert card.due_at == NOW + timedelta(minutes=1)
    assert rated(card, Rating.GOOD, rules=rules).due_at == NOW + timedelta(minutes=20)
    no_steps = Rules(learning_steps_minutes=())
    assert rated(NEW_CARD, Rating.GOOD, rules=no_steps).phase is Phase.REVIEW
    assert rated(NEW_CARD, Rating.AGAIN, rules=no_steps).due_at == NOW + TEN_MINUTES


def test_a_lapse_is_counted_once_and_relearnt_in_ten_minutes() -> None:
    lapsed = rated(review_card(), Rating.AGAIN)
    assert (lapsed.phase, lapsed.lapses, lapsed.due_at) == (Phase.RELEARNING, 1, NOW + TEN_MINUTES)
    again = rated(lapsed, Rating.AGAIN, NOW + TEN_MINUTES)
    assert (again.phase, again.lapses, again.due_at) == (Phase.RELEARNING, 1, NOW + 2 * TEN_MINUTES)
    back = rated(again, Rating.GOOD, NOW + 2 * TEN_MINUTES)
    assert (back.phase, back.lapses) == (Phase.REVIEW, 1)
    assert back.due_at is not None
    assert back.due_at >= NOW + 2 * TEN_MINUTES + timedelta(days=1)


def test_a_review_card_gets_the_models_interval_in_whole_days() -> None:
    outcome = previews(MODEL, review_card(), now=NOW, study_day=TODAY, rules=RULES)[Rating.GOOD]
    memory = MODEL.next(MemoryState("fsrs6", 0, 10.0, 5.0), Rating.GOOD, 10)
    assert outcome.state.memory == memory
    assert outcome.interval_days == round(MODEL.interval_days(memory, 0.9))
    assert outcome.state.due_at == NOW + timedelta(days=outcome.interval_days)
    assert (outcome.state.reviews, outcome.state.last_reviewed_at, outcome.state.last_study_day) == (6, NOW, TODAY)


def test_a_higher_target_brings_cards_back_sooner_and_the_maximum_holds() -> None:
    card = review_card(200.0, NOW - timedelta(days=200))
    strict, lax = (
        previews(
            MODEL, card, now=NOW, study_day=TODAY, rules=Rules(target_retention=target, maximum_interval_days=9999)
        )
        for target in (0.95, 0.80)
    )
    assert strict[Rating.GOOD].interval_days < lax[Rating.GOOD].interval_days
    assert previews(MODEL, card, now=NOW, study_day=TODAY, rules=RULES)[Rating.EASY].interval_days == 365


def test_elapsed_time_is_whole_days_of_study_unless_the_model_wants_fractions() -> None:
    late, early = datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC)
    card = review_card(3.0, late)
    after = previews(MODEL, card, now=early, study_day=date(2026, 3, 2), rules=RULES)[Rating.GOOD].state.memory
    assert card.memory is not None
    assert after == MODEL.next(card.memory, Rating.GOOD, 1)
    same_day = previews(MODEL, card, now=early, study_day=date(2026, 3, 1), rules=RULES)[Rating.GOOD].state.memory
    assert same_day == MODEL.next(card.memory, Rating.GOOD, 0)
    model = Fractional()
    card = replace(card, memory=replace(card.memory, model="fractional"))
    previews(model, card, now=early, study_day=date(2026, 3, 2), rules=RULES)
    assert model.gap_days == pytest.approx(0.25)


def test_a_right_quiz_answer_moves_memory_but_schedules_nothing() -> None:
    outcome = quizzed(NEW_CARD, 1.0, options=4)
    assert outcome.rating is Rating.GOOD
    assert outcome.interval_days == 0
    state = outcome.state
    assert (state.phase, state.due_at, state.reviews, state.passes) == (Phase.NEW, None, 1, 0)
    assert state.memory is not None
    assert state.memory.stability == pytest.approx(1.4310, abs=5e-5)


@pytest.mark.parametrize("score", [0.0, 0.49])
def test_a_missed_quiz_answer_falls_due_in_ten_minutes(score: float) -> None:
    for card in (NEW_CARD, quizzed(NEW_CARD, 1.0).state):
        outcome = quizzed(card, score)
        assert outcome.rating is Rating.AGAIN
        assert (outcome.state.phase, outcome.state.due_at) == (Phase.LEARNING, NOW + TEN_MINUTES)
        assert outcome.interval_days == pytest.approx(10 / 1440)
        assert outcome.state.lapses == 0


def test_a_scheduled_card_moves_by_a_quiz_answer_as_by_the_rating_it_counts_as() -> None:
    right = quizzed(review_card(), 1.0)
    assert right == previews(MODEL, review_card(), now=NOW, study_day=TODAY, rules=RULES)[Rating.GOOD]
    unsure = quizzed(review_card(), 1.0, certainty="low")
    assert unsure == previews(MODEL, review_card(), now=NOW, study_day=TODAY, rules=RULES)[Rating.HARD]
    missed = quizzed(review_card(), 0.0)
    assert missed == previews(MODEL, review_card(), now=NOW, study_day=TODAY, rules=RULES)[Rating.AGAIN]
    guessed = quizzed(review_card(), 1.0, options=2)
    assert guessed.interval_days < right.interval_days
    learning = rated(NEW_CARD, Rating.GOOD)
    passed = quizzed(learning, 1.0, NOW + TEN_MINUTES, options=4).state
    assert (passed.phase, passed.passes, passed.due_at) == (Phase.LEARNING, 2, NOW + 2 * TEN_MINUTES)
    relearning = rated(review_card(), Rating.AGAIN)
    assert quizzed(relearning, 1.0, NOW + TEN_MINUTES).state.phase is Phase.REVIEW


def test_an_answer_with_the_book_open_moves_nothing() -> None:
    outcome = quiz_answered(
        MODEL,
        NEW_CARD,
        score=1.0,
        options=4,
        certainty=None,
        now=NOW,
        study_day=TODAY,
        rules=RULES,
        is_open_book=True,
    )
    assert outcome is None


def test_a_card_chosen_for_study_is_due_now_or_when_its_memory_calls_for_it() -> None:
    assert chosen(MODEL, NEW_CARD, now=NOW, rules=RULES) == replace(NEW_CARD, due_at=NOW)
    known = quizzed(NEW_CARD, 1.0).state
    planned = chosen(MODEL, known, now=NOW + timedelta(hours=1), rules=RULES)
    assert (planned.phase, planned.due_at, planned.memory) == (Phase.REVIEW, NOW + timedelta(days=2), known.memory)
    overdue = chosen(MODEL, known, now=NOW + timedelta(days=30), rules=RULES)
    assert overdue.due_at == NOW + timedelta(days=30)
    assert chosen(MODEL, review_card(), now=NOW, rules=RULES) == review_card()


def test_a_new_card_that_was_chosen_counts_a_right_quiz_answer_as_a_pass() -> None:
    card = chosen(MODEL, NEW_CARD, now=NOW, rules=RULES)
    state = quizzed(card, 1.0).state
    assert (state.phase, state.passes, state.due_at) == (Phase.LEARNING, 1, NOW + TEN_MINUTES)


def test_a_flashcard_rated_in_a_quiz_moves_memory_and_falls_due_only_when_forgotten() -> None:
    good = quiz_rated(MODEL, NEW_CARD, Rating.GOOD, now=NOW, study_day=TODAY, rules=RULES)
    assert (good.state.phase, good.state.passes, good.state.due_at, good.interval_days) == (Phase.NEW, 0, None, 0.0)
    assert good.state.memory == MODEL.first(Rating.GOOD)
    again = quiz_rated(MODEL, NEW_CARD, Rating.AGAIN, now=NOW, study_day=TODAY, rules=RULES)
    assert (again.state.phase, again.state.due_at) == (Phase.LEARNING, NOW + TEN_MINUTES)
    scheduled = quiz_rated(MODEL, review_card(), Rating.EASY, now=NOW, study_day=TODAY, rules=RULES)
    assert scheduled == previews(MODEL, review_card(), now=NOW, study_day=TODAY, rules=RULES)[Rating.EASY]


EVENTS = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, 4, "right", "half", "wrong", "chosen"]), st.integers(0, 60 * 24 * 90)),
    max_size=12,
)


def folded(events: list[tuple[object, int]]) -> list[CardState]:
    card, now, states = NEW_CARD, NOW, []
    for event, minutes in events:
        now += timedelta(minutes=minutes)
        outcomes = previews(MODEL, card, now=now, study_day=now.date(), rules=RULES)
        intervals = [outcomes[rating].interval_days for rating in Rating]
        assert intervals == sorted(intervals)
        assert all(outcome.state.due_at and outcome.state.due_at > now for outcome in outcomes.values())
        if event == "chosen":
            card = chosen(MODEL, card, now=now, rules=RULES)
            assert card.due_at is not None
        elif isinstance(event, int):
            card = outcomes[Rating(event)].state
        else:
            card = quizzed(card, {"right": 1.0, "half": 0.5, "wrong": 0.0}[str(event)], now, options=4).state
            assert card.due_at is None or card.due_at > now
        states.append(card)
    return states


@given(EVENTS)
def test_any_history_keeps_intervals_in_order_and_due_dates_ahead_and_folds_to_one_state(
    events: list[tuple[object, int]],
) -> None:
    states = folded(events)
    assert folded(events) == states
    assert all(state.passes <= 3 + 12 and state.lapses <= state.reviews for state in states)
    for state in states:
        if state.phase is Phase.REVIEW and state.last_reviewed_at is not None and state.due_at is not None:
            assert timedelta(days=1) <= state.due_at - state.last_reviewed_at


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.0, "1 min"),
        (1 / 1440, "1 min"),
        (10 / 1440, "10 min"),
        (59.4 / 1440, "59 min"),
        (59.9 / 1440, "1 hour"),
        (5 / 24, "5 hours"),
        (23.9 / 24, "1 day"),
        (1, "1 day"),
        (6, "6 days"),
        (59, "59 days"),
        (60, "2 months"),
        (91, "3 months"),
        (364, "1 year"),
        (365, "1 year"),
        (547, "1.5 years"),
        (36500, "100 years"),
    ],
)
def test_intervals_in_words(days: float, words: str) -> None:
    assert describe_interval(days) == words


def test_what_was_missed_for_sure_comes_back_on_the_next_day_too() -> None:
    missed = quizzed(review_card(200.0), 0.0, certainty="high").state
    assert (missed.is_sure_miss, missed.due_at) == (True, NOW + TEN_MINUTES)
    back = rated(missed, Rating.EASY, NOW + TEN_MINUTES)
    assert (back.is_sure_miss, back.due_at) == (False, NOW + TEN_MINUTES + timedelta(days=1))
    unsure = rated(quizzed(review_card(200.0), 0.0, certainty="low").state, Rating.EASY, NOW + TEN_MINUTES)
    assert unsure.due_at is not None
    assert unsure.due_at > NOW + timedelta(days=2)
    assert not quizzed(review_card(), 1.0, certainty="high").state.is_sure_miss
