"""Typed numbers: how people write them, and which of them an item accepts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.grading import check_answer, grade, readings
from quizapp.core.items import Accepted, Numeric, Unit, accepted_range, key_text
from quizapp.errors import Invalid

EXACT = Numeric(stem="In which year?", accepted=(Accepted(number=1991),))
NEAR = Numeric(
    stem="How far?",
    accepted=(
        Accepted(number=10, tolerance=0.3),
        Accepted(min=8, max=12, weight=0.5, feedback="Measure again."),
        Accepted(number=100, weight=0, feedback="In metres?"),
    ),
    unit="km",
)
RANGE = Numeric(stem="How much?", accepted=(Accepted(min=5, max=7.5),), unit="%")


@pytest.mark.parametrize(
    ("typed", "unit", "meant"),
    [
        ("1991", "", (1991,)),
        (" 1 991 ", "", (1991,)),
        ("1’234’567", "", (1234567,)),
        ("1,234", "", (1234, 1.234)),
        ("1.234", "", (1.234, 1234)),
        ("1.234.567,5", "", (1234567.5,)),
        ("1,234,567.5", "", (1234567.5,)),
        ("0,125", "", (0.125,)),
        ("3,5", "", (3.5,)),
        (".5", "", (0.5,)),
        ("5.", "", (5,)),
        ("−4", "", (-4,)),
        ("- 4", "", (-4,)),
        ("+4", "", (4,)),
        ("1.5e3", "", (1500,)),
        ("1.5 × 10^3", "", (1500,)),
        ("1,5·10³", "", (1500,)),
        ("6.6 x 10⁻³⁴", "", (6.6e-34,)),
        ("2*10**-3", "", (0.002,)),
        ("1.5x10-3", "", (0.0015,)),
        ("10^6", "", (1_000_000,)),
        ("-10³", "", (-1000,)),
        ("1.5 × 10^3 m", "m", (1500,)),
        ("9,81 m/s^2", "m/s²", (9.81,)),
        ("9.81 m / s2", "m/s²", (9.81,)),
        ("3 kW h", "kW·h", (3,)),
        ("5 m²", "m2", (5,)),
        ("5 µm", "μm", (5,)),
        ("twenty-three", "", (23,)),
        ("5 million", "", (5_000_000,)),
        ("３", "", (3,)),
        ("3.5 km", "km", (3.5,)),
        ("3.5KM.", "km", (3.5,)),
        ("€ 5", "€", (5,)),
        ("1 year", "years", (1,)),
        ("12 per cent", "%", (12,)),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, unit: str, meant: tuple[float, ...]) -> None:
    assert readings(typed, unit) == pytest.approx(meant)


@pytest.mark.parametrize(
    "typed",
    [
        *["", "about ten", "1,2,3", "12 34", "1/2", "NaN", "inf", "1e999", "10 m", "٣ب", "--4", "1.2.3,4"],
        *["1.5 × 103", "2 × 3", "10^", "mkm", "5 mkm", "km", "9" * 400 + ".1234567 million"],
    ],
)
def test_what_is_no_number_is_not_guessed(typed: str) -> None:
    assert readings(typed, "km") == ()


@pytest.mark.parametrize(
    ("item", "typed", "score", "verdict", "says"),
    [
        (EXACT, "1991", 1, "right", "Right."),
        (EXACT, "1,991", 1, "right", "Right."),
        (EXACT, "1990", 0, "wrong", "Not an accepted answer."),
        (EXACT, "", 0, "missed", "Not answered."),
        (EXACT, "long ago", 0, "wrong", "This is not a number."),
        (NEAR, "10", 1, "right", "Right."),
        (NEAR, "10.3 km", 1, "right", "Within what is accepted."),
        (NEAR, "9,7", 1, "right", "Within what is accepted."),
        (NEAR, "10.31", 0.5, "partly", "Partly right. Measure again."),
        (NEAR, "12", 0.5, "partly", "Partly right. Measure again."),
        (NEAR, "100", 0, "wrong", "Not the answer. In metres?"),
        (RANGE, "5 %", 1, "right", "Within what is accepted."),
        (RANGE, "7.5", 1, "right", "Within what is accepted."),
        (RANGE, "7.51", 0, "wrong", "Not an accepted answer."),
    ],
)
def test_a_number_is_marked_by_what_is_accepted(
    item: Numeric, typed: str, score: float, verdict: str, says: str
) -> None:
    graded = grade(item, {"text": typed})
    assert graded.score == score
    assert [(reason.verdict, reason.text) for reason in graded.reasons] == [(verdict, says)]


PLANCK = Numeric(stem="h?", accepted=(Accepted(number=6.626e-34, relative_tolerance=0.01),), unit="J·s")
POWER = Numeric(
    stem="How much power?",
    accepted=(Accepted(number=5, relative_tolerance=0.1), Accepted(number=7, weight=0.5)),
    unit="kW",
    units=(Unit(name="MW", factor=1000), Unit(name="mW", factor=1e-6), Unit(name="watts", factor=0.001)),
    unit_credit=0.5,
)


@pytest.mark.parametrize(
    ("item", "typed", "score", "verdict", "says"),
    [
        (PLANCK, "6.6 × 10^-34 J s", 1, "right", "Within what is accepted."),
        (PLANCK, "6.5e-34", 0, "wrong", "Not an accepted answer."),
        (PLANCK, "0", 0, "wrong", "Not an accepted answer."),
        (POWER, "5 kW", 1, "right", "Right."),
        (POWER, "5 kw", 1, "right", "Right."),
        (POWER, "4.5 kW", 1, "right", "Within what is accepted."),
        (POWER, "4.49 kW", 0, "wrong", "Not an accepted answer."),
        (POWER, "5,000 watt", 1, "right", "Right."),
        (POWER, "0,005MW", 1, "right", "Right."),
        (POWER, "5e6 mW", 1, "right", "Right."),
        (POWER, "0.005 mW", 0, "wrong", "Not an accepted answer."),
        (POWER, "0.005 mw", 0, "wrong", "Not an accepted answer."),
        (POWER, "5", 0.5, "partly", "The number is right without its unit."),
        (POWER, "5 horses", 0.5, "partly", "The number is right, its unit is not."),
        (POWER, "five m/s²", 0.5, "partly", "The number is right, its unit is not."),
        (POWER, "7 kW", 0.5, "partly", "Partly right."),
        (POWER, "7 W", 0.25, "partly", "The number is right, its unit is not."),
        (POWER, "6 W", 0, "wrong", "Not an accepted answer."),
    ],
)
def test_units_are_turned_into_the_items_own(item: Numeric, typed: str, score: float, verdict: str, says: str) -> None:
    check_answer(item, {"text": typed})
    graded = grade(item, {"text": typed})
    assert graded.score == score
    assert [(reason.verdict, reason.text) for reason in graded.reasons] == [(verdict, says)]


@given(st.floats(1e-200, 1e200), st.sampled_from(POWER.units))
def test_a_number_is_as_right_in_another_unit(number: float, unit: Unit) -> None:
    item = Numeric(stem="?", accepted=(Accepted(number=number * unit.factor),), unit="kW", units=POWER.units)
    assert grade(item, {"text": f"{number!r} {unit.name}"}).score == 1


@given(st.floats(-1e12, 1e12), st.floats(0, 1), st.floats(-2e12, 2e12))
def test_a_relative_tolerance_is_a_share_of_the_number(number: float, share: float, typed: float) -> None:
    item = Numeric(stem="?", accepted=(Accepted(number=number, relative_tolerance=share),))
    off, allowed = abs(typed - number), share * abs(number)
    if abs(off - allowed) > 1e-6 * max(abs(typed), abs(number), 1e-6):
        assert (grade(item, {"text": f"{typed!r}"}).score == 1) == (off < allowed)


@pytest.mark.parametrize(
    ("item", "typed", "says"),
    [
        (POWER, "much 5", "Write a number, then its unit"),
        (EXACT, "10 years", "Write the number alone"),
        (NEAR, "10 miles", "Write the number in km"),
        (EXACT, "about ten", "“about ten” is none"),
    ],
)
def test_a_refusal_says_what_to_write_instead(item: Numeric, typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refusal:
        check_answer(item, {"text": typed})
    assert refusal.value.field == "text"


@pytest.mark.parametrize(
    ("item", "key", "number", "also"),
    [
        (EXACT, "1991", "1991", ""),
        (NEAR, "10 ± 0.3 km", "10 km", "Anything from 9.7 to 10.3 km counts as right."),
        (RANGE, "5 to 7.5 %", "5 to 7.5 %", ""),
        (POWER, "5 ± 0.5 kW", "5 kW", "Anything from 4.5 to 5.5 kW counts as right."),
        (Numeric(stem="?", accepted=(Accepted(min=2),)), "at least 2", "at least 2", ""),
        (Numeric(stem="?", accepted=(Accepted(max=-2),), unit="m"), "at most -2 m", "at most -2 m", ""),
    ],
)
def test_the_accepted_range_is_said_in_words(item: Numeric, key: str, number: str, also: str) -> None:
    assert key_text(item) == key
    assert accepted_range(item) == (number, also)
