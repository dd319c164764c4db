"""Sentences about figures: none, one, several, and days by the names a reader would use."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quizapp.core.fading import Outlook, Standing
from quizapp.core.proportions import Tally
from quizapp.web.findings import (
    curve_finding,
    days_finding,
    expected_finding,
    forecast_finding,
    outlook_cell,
    outlook_note,
    recall_finding,
    recall_lead,
    retention_finding,
    studied_finding,
    time_finding,
    week_finding,
)

MONDAY = date(2026, 11, 16)
UNKNOWN, LOW, STEADY = (Outlook(standing) for standing in (Standing.UNKNOWN, Standing.LOW, Standing.STEADY))
FADED = Outlook(Standing.FADED, date(2026, 11, 8))


def falls(days: int) -> Outlook:
    return Outlook(Standing.FADING, MONDAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("outlooks", "finding"),
    [
        ([FADED, falls(1), falls(3), STEADY], "One topic has faded. Two more will before Friday."),
        ([FADED, FADED, STEADY], "Two topics have faded."),
        ([FADED] * 12, "12 topics have faded."),
        ([FADED, falls(1)], "One topic has faded. One more will by tomorrow."),
        ([FADED, falls(0)], "One topic has faded. One more will later today."),
        ([falls(2), UNKNOWN], "One topic will fade before Thursday."),
        ([falls(2), falls(6)], "Two topics will fade within a week."),
        ([falls(7), LOW], "One topic is not at 80\u00a0% yet."),
        ([LOW, LOW, STEADY], "Two topics are not at 80\u00a0% yet."),
        ([STEADY, UNKNOWN], "One topic is known, and it holds for a week."),
        ([STEADY, falls(9), UNKNOWN], "Nothing has faded. Two topics hold for a week."),
        ([UNKNOWN, UNKNOWN], "A few more answers will tell what you would recall."),
        ([], "A few more answers will tell what you would recall."),
    ],
)
def test_the_finding_says_what_stands_out(outlooks: list[Outlook], finding: str) -> None:
    assert recall_finding(outlooks, MONDAY) == finding


@pytest.mark.parametrize(
    ("outlooks", "due", "lead"),
    [
        ([FADED, STEADY, falls(9)], 14, "Two should stay above 80\u00a0% for a week. 14 cards are due today."),
        (
            [FADED, LOW, UNKNOWN],
            1,
            "One has not reached it yet. One has too few answers to tell. 1 card is due today.",
        ),
        ([STEADY, STEADY], 0, "No card is due today."),
        ([UNKNOWN, UNKNOWN], 0, "Three answered questions are enough for a topic. No card is due today."),
    ],
)
def test_the_lead_tells_the_rest(outlooks: list[Outlook], due: int, lead: str) -> None:
    assert recall_lead(outlooks, due, MONDAY) == lead


@pytest.mark.parametrize(
    ("outlook", "note", "cell"),
    [
        (FADED, "Faded. Below 80\u00a0% since 8 November.", "since 8 Nov"),
        (
            Outlook(Standing.FADED, MONDAY - timedelta(days=1)),
            "Faded. Below 80\u00a0% since yesterday.",
            "since yesterday",
        ),
        (falls(1), "Falls below 80\u00a0% tomorrow.", "from tomorrow"),
        (falls(3), "Falls below 80\u00a0% on Thursday.", "from Thu"),
        (falls(13), "Falls below 80\u00a0% on 29 November.", "from 29 Nov"),
        (LOW, "Not at 80\u00a0% yet.", "so far"),
        (STEADY, "", "not before 30 Nov"),
        (UNKNOWN, "Not enough answers yet.", ""),
    ],
)
def test_a_topic_is_told_by_its_day(outlook: Outlook, note: str, cell: str) -> None:
    assert outlook_note(outlook, MONDAY) == note
    assert outlook_cell(outlook, MONDAY, 14) == cell


def test_a_curve_is_told_by_where_it_came_from_and_where_it_leads() -> None:
    earlier = (date(2026, 11, 2), 0.85)
    assert (
        curve_finding(earlier, 0.72, 0.64, MONDAY)
        == "Down from 85\u00a0% on 2 November. Without a review it would fall to 64\u00a0% in two weeks."
    )
    assert curve_finding((MONDAY - timedelta(days=1), 0.7), 0.704, 0.703, MONDAY) == (
        "As high as yesterday. It would hold for two weeks without a review."
    )
    assert curve_finding(None, 0.9, 0.8, MONDAY).startswith("Without a review it would fall to 80\u00a0%")
    assert curve_finding((MONDAY - timedelta(days=3), 0.5), 0.9, 0.8, MONDAY).startswith("Up from 50\u00a0% on")


def test_days_ahead_are_told_by_the_fullest() -> None:
    days = [MONDAY + timedelta(days=index) for index in range(14)]
    none = [(day, 0) for day in days]
    assert forecast_finding(none, MONDAY) == "No card falls due in the next two weeks."
    assert forecast_finding([(MONDAY, 1), *none[1:]], MONDAY) == "1 card, today."
    assert forecast_finding([*none[1:], (days[3], 3)], MONDAY) == "3 cards, all of them on Thursday."
    assert forecast_finding([(MONDAY, 5), (days[1], 9), *none[2:]], MONDAY) == (
        "14 cards in two weeks, the most tomorrow: 9."
    )


def test_the_week_is_told_when_it_is_more_than_one_day() -> None:
    days = [(MONDAY + timedelta(days=index), number) for index, number in enumerate((4, 0, 5, 3, 0, 0, 0), start=1)]
    assert week_finding(days, MONDAY) == "12 cards in the next seven days, 5 of them on Thursday."
    assert week_finding([(day, 0) for day, _ in days], MONDAY) == ""
    assert week_finding([days[0], *((day, 0) for day, _ in days[1:])], MONDAY) == ""
    assert week_finding([], MONDAY) == ""


def test_what_was_done_is_told_without_blame() -> None:
    assert studied_finding(0, 0) == "Nothing in the last eight weeks."
    assert studied_finding(1, 0) == "1 answer in the last four weeks."
    assert studied_finding(500, 336) == "500 answers in the last four weeks, 336 in the four before."
    assert days_finding([0] * 14) == "Nothing in the last 14 days."
    assert days_finding([0, 3, 0, 4]) == "7 answers on two of the last 4 days."


def test_a_share_of_due_cards_is_told_from_twenty_on() -> None:
    assert retention_finding(Tally(), 30, 0.9) == "No due card was reviewed in the last 30 days."
    assert retention_finding(Tally(1, 0), 30, 0.9) == "0 of 1 due card recalled in the last 30 days."
    assert retention_finding(Tally(100, 88), 30, 0.9) == (
        "88\u00a0% of 100 due cards recalled in the last 30 days. You aim at 90\u00a0%."
    )


def test_what_was_expected_is_judged_only_where_chance_does_not_explain_it() -> None:
    assert expected_finding(Tally()) == "From 20 reviews on this shows how far the estimates can be trusted."
    assert expected_finding(Tally(1, 1, 0.9)).endswith("So far there is one.")
    assert expected_finding(Tally(57, 48, 45.6)) == (
        "When we said 80\u00a0%, you recalled 84\u00a0% (57 reviews). The difference may be chance."
    )
    assert expected_finding(Tally(50, 40, 40.0)) == "When we said 80\u00a0%, you recalled 80\u00a0% (50 reviews)."
    assert expected_finding(Tally(200, 190, 160.0)).endswith("You remember more than we expect.")
    assert expected_finding(Tally(200, 130, 160.0)).endswith("You remember less than we expect.")


def test_time_is_told_with_the_topic_that_took_most() -> None:
    assert time_finding([], 14) == "No time in the last 14 days."
    assert time_finding([("Waves", 20.0)], 14) == "Under a minute in the last 14 days, all of it on Waves."
    assert time_finding([("Waves", 600.0), ("Light", 3600.0)], 14) == (
        "1 hour 10 minutes in the last 14 days, most on Light: 1 hour."
    )
