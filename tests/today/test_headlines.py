"""What the start page says first, in every case that a day can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from quizapp.core.fading import Outlook, Standing
from quizapp.today.headlines import Day, Next, Source, due_source, headline, next_cards, time_needed

MONDAY = date(2026, 11, 16)
FADED = Outlook(Standing.FADED, date(2026, 11, 8))
LOW, STEADY, UNKNOWN = (Outlook(standing) for standing in (Standing.LOW, Standing.STEADY, Standing.UNKNOWN))
WEDNESDAY = Outlook(Standing.FADING, MONDAY + timedelta(days=2))
THURSDAY = Outlook(Standing.FADING, MONDAY + timedelta(days=3))
TOMORROW = ((MONDAY + timedelta(days=1), 4), (MONDAY + timedelta(days=2), 9))
NEWCOMER = Day(MONDAY, outlooks=(UNKNOWN, UNKNOWN))
REGULAR = replace(NEWCOMER, has_met=True, has_reviewed=True, last_day=MONDAY - timedelta(days=1), coming=TOMORROW)
SOURCE = Source("Seven come from", "T", ", the topic that has faded most.")


def test_who_has_done_nothing_starts_with_a_quiz() -> None:
    said = headline(NEWCOMER)
    assert (said.heading, said.next) == ("Start with one short quiz", Next.FIRST_QUIZ)


def test_a_first_quiz_under_way_goes_on() -> None:
    said = headline(replace(NEWCOMER, has_met=True, due=1, answered=(2, 5), last_day=MONDAY))
    assert (said.heading, said.next) == ("Your quiz is under way", Next.CONTINUE)
    assert said.lead == "Two of five questions are answered, and saved."
    assert headline(replace(NEWCOMER, answered=(1, 5))).lead == "One of five questions is answered, and saved."
    assert headline(replace(NEWCOMER, answered=(0, 5))).lead == "No question is answered yet."


@pytest.mark.parametrize(("due", "heading"), [(1, "Your first card is ready"), (4, "Your first four cards are ready")])
def test_what_the_first_quiz_left_are_the_first_cards(due: int, heading: str) -> None:
    said = headline(replace(NEWCOMER, has_met=True, due=due, last_day=MONDAY, outlooks=(LOW, UNKNOWN)))
    assert (said.heading, said.next, said.is_finding) == (heading, Next.REVIEW, False)


def test_a_first_quiz_without_a_miss_leads_to_choosing_cards() -> None:
    said = headline(replace(NEWCOMER, has_met=True, last_day=MONDAY))
    assert (said.heading, said.next) == ("Nothing is due today", Next.CHOOSE)
    assert "topics you choose to study" in said.lead


def test_the_first_cards_done_lead_to_tomorrow() -> None:
    said = headline(replace(REGULAR, last_day=MONDAY, outlooks=(LOW, UNKNOWN)))
    assert (said.heading, said.lead) == ("Done for today", "4 cards come back tomorrow.")
    assert (said.next, said.is_urgent) == (Next.PRACTISE, False)


def test_a_day_with_cards_says_how_the_topics_stand_and_how_long_it_takes() -> None:
    outlooks = (FADED, WEDNESDAY, THURSDAY, STEADY)
    said = headline(replace(REGULAR, due=18, seconds_per_card=20.0, outlooks=outlooks, source=SOURCE))
    assert said.heading == "One topic has faded. Two more will before Friday."
    assert (said.lead, said.source) == ("18 cards are due, about six minutes.", SOURCE)
    assert (said.next, said.is_finding) == (Next.REVIEW, True)


def test_only_new_cards_are_counted_while_nothing_is_known() -> None:
    said = headline(replace(REGULAR, due=20))
    assert (said.heading, said.lead) == ("20 cards are due today", "About three minutes.")
    assert not said.is_finding


def test_a_great_many_cards_need_not_be_done_at_once() -> None:
    said = headline(replace(REGULAR, due=180, outlooks=(FADED,) * 6))
    assert said.heading == "Six topics have faded."
    assert said.lead == "180 cards are due, about 30 minutes. Stop after any card: the rest waits."
    assert "Stop" not in headline(replace(REGULAR, due=179)).lead


def test_who_comes_back_after_long_is_welcome() -> None:
    back = replace(REGULAR, due=12, outlooks=(FADED, STEADY), last_day=MONDAY - timedelta(days=14))
    assert headline(back).lead == "Welcome back; the last time was on 2 November. 12 cards are due, about two minutes."
    assert "Welcome" not in headline(replace(back, last_day=MONDAY - timedelta(days=13))).lead
    idle = headline(replace(back, due=0))
    assert idle.lead.startswith("Welcome back; the last time was on 2 November. Nothing is due today.")


def test_with_nothing_due_and_everything_held_that_is_the_finding() -> None:
    said = headline(replace(REGULAR, outlooks=(STEADY, STEADY, UNKNOWN)))
    assert said.heading == "Nothing has faded. Two topics hold for a week."
    assert said.lead == "Nothing is due today. 4 cards come back tomorrow."
    assert (said.next, said.is_urgent) == (Next.PRACTISE, True)


def test_a_faded_topic_is_told_even_when_the_day_is_done() -> None:
    said = headline(replace(REGULAR, last_day=MONDAY, outlooks=(FADED, STEADY)))
    assert said.heading == "One topic has faded."
    assert said.lead.startswith("Nothing more is due today.")
    assert said.is_urgent


def test_with_nothing_due_a_quiz_left_open_is_next() -> None:
    said = headline(replace(REGULAR, answered=(4, 10)))
    assert (said.heading, said.next) == ("Nothing is due today", Next.CONTINUE)


def test_the_next_cards_are_told_by_their_day() -> None:
    assert next_cards([(MONDAY + timedelta(days=1), 1)], MONDAY) == "1 card comes back tomorrow."
    later = [(MONDAY + timedelta(days=1), 0), (MONDAY + timedelta(days=3), 4)]
    assert next_cards(later, MONDAY) == "4 cards come back on Thursday."
    assert next_cards([], MONDAY).startswith("No card comes back in the next two weeks.")


@pytest.mark.parametrize(
    ("due", "seconds", "words"),
    [
        (18, 20.0, "about six minutes"),
        (2, 10.0, "less than a minute"),
        (6, 10.0, "about one minute"),
        (150, 10.0, "about 25 minutes"),
        (200, 60.0, "about three hours"),
    ],
)
def test_the_time_is_told_in_round_words(due: int, seconds: float, words: str) -> None:
    assert time_needed(due, seconds) == words


@pytest.mark.parametrize(
    ("due", "from_topic", "is_faded", "source"),
    [
        (18, 7, True, Source("Seven come from", "T", ", the topic that has faded most.")),
        (18, 1, True, Source("One comes from", "T", ", the topic that has faded most.")),
        (18, 12, False, Source("12 come from", "T", ".")),
        (18, 8, False, None),
        (5, 5, False, Source("All of them come from", "T", ".")),
        (2, 2, True, Source("Both come from", "T", ".")),
        (1, 1, True, None),
    ],
)
def test_a_topic_is_named_when_it_stands_out(due: int, from_topic: int, is_faded: bool, source: Source | None) -> None:
    assert due_source(due, from_topic, "T", is_faded=is_faded) == source
