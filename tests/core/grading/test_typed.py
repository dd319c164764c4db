"""Typed answers: what counts as the same, and what never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.grading.typed import Likeness, best_match, compare
from quizapp.core.items import Accepted

SAME = [
    ("Orange Revolution", "the Orange Revolution"),
    ("the Orange Revolution", "orange  revolution."),
    ("Paris", " PARIS! "),
    ("2", "two"),
    ("two", "2"),
    ("1991", "nineteen ninety-one"),
    ("21st century", "the twenty-first century"),
    ("2,000,000", "2 million"),
    ("1000000", "1 000 000"),
    ("3.14", "3,14"),
    ("10%", "ten per cent"),
    ("−5", "minus five"),
    ("5 km", "5km"),
    ("café", "cafe"),
    ("Łódź", "lodz"),
    ("Strauß", "STRAUSS"),
    ("ﬁnal", "final"),
    ("H₂O", "h2o"),
    ("rock & roll", "rock and roll"),
    ("don't know", "do not know"),
    ("did not vote", "didnt vote"),
    ("Ukraine’s president", "Ukraine's president"),
    ("U.S.A.", "USA"),
    ("Vitamin A", "vitamin a"),
    ("C++", "c++"),
    ("<", " < "),
    (r"\*", "*"),
    ("Київ", "київ"),
    ("हिन्दी", "हिन्दी"),
]
SPELLING = [
    ("stabilise", "stabilize"),
    ("stabilize", "stabilise"),
    ("organisation", "organization"),
    ("analyse", "analyze"),
    ("colourful", "colorful"),
    ("neighbours", "neighbors"),
    ("centre", "center"),
    ("kilometres", "kilometers"),
    ("travelled", "traveled"),
    ("modelling", "modeling"),
    ("fulfilment", "fulfillment"),
    ("defence", "defense"),
    ("catalogue", "catalog"),
    ("haemoglobin", "hemoglobin"),
    ("anaemia", "anemia"),
    ("anaesthetic", "anesthetic"),
    ("archaeology", "archeology"),
    ("oestrogen", "estrogen"),
    ("manoeuvre", "maneuver"),
    ("aluminium", "aluminum"),
    ("sulphur", "sulfur"),
    ("grey", "gray"),
    ("judgement", "judgment"),
    ("jewellery", "jewelry"),
    ("ice cream", "icecream"),
    ("non-violent", "nonviolent"),
    ("COVID-19", "covid19"),
]
SLIPS = [
    ("planet", "plamet"),  # six letters, one slip
    ("planet", "palnet"),  # two letters swapped
    ("planet", "planett"),
    ("planet", "plnet"),
    ("photosynthesis", "fotosynthesis"),
    ("independence", "indepandense"),  # twelve letters, two slips
    ("Orange Revolution", "orange revoluton"),
    ("unemployment", "unemploymnet"),
    ("colourful", "colorfull"),
    ("increase", "incraese"),
]
WRONG = [
    ("1991", "1992"),
    ("in 1991", "in 1992"),
    ("1000000", "1000001"),
    ("2", "3"),
    ("two", "three"),
    ("3.14", "31.4"),
    ("-5", "5"),
    ("1 11", "11 1"),
    ("CO2", "CO3"),
    ("B12 deficiency", "B13 deficiency"),
    ("World War I", "World War II"),
    ("Henry XXXVIII", "Henry XXXVII"),
    ("deployed", "not deployed"),
    ("not deployed", "deployed"),
    ("not deployed", "deployed not"),
    ("notable", "not able"),
    ("neither side", "either side"),
    ("either side", "neither side"),
    ("nothing", "noting"),
    ("nobody", "no body"),
    ("did vote", "didnt vote"),
    ("increase", "decrease"),
    ("increases", "decreases"),
    ("import", "export"),
    ("absorb", "adsorb"),
    ("absorption", "adsorption"),
    ("unacceptable", "acceptable"),
    ("asymmetric", "symmetric"),
    ("hypertension", "hypotension"),
    ("intermolecular", "intramolecular"),
    ("employer", "employee"),
    ("employers", "employees"),
    ("lactase", "lactose"),
    ("sulfate", "sulfite"),
    ("methane", "methene"),
    ("meiosis", "mitosis"),
    ("latitude", "altitude"),
    ("Gambia", "Zambia"),
    ("Ireland", "Iceland"),
    ("Prussia", "Russia"),
    ("neutron", "neuron"),
    ("house", "hause"),  # five letters, no slip
    ("planet", "plemot"),  # six letters, two slips
    ("New York", "New Yrok"),
    ("Orange Revolution", "Orange"),
    ("Orange Revolution", "Revolution"),
    ("Orange Revolution", "Orange Revolution of 2004"),
    ("Paris", ""),
    ("C++", "C"),
    ("<", ">"),
    ("vitamin A", "vitamin"),
    ("Hepatitis A virus", "hepatitis virus"),
    ("कि", "की"),
    ("й", "и"),
]


@pytest.mark.parametrize(
    ("key", "typed", "likeness"),
    [
        *((key, typed, Likeness.SAME) for key, typed in SAME),
        *((key, typed, Likeness.SPELLING) for key, typed in SPELLING),
        *((key, typed, Likeness.SLIP) for key, typed in SLIPS),
        *((key, typed, None) for key, typed in WRONG),
    ],
)
def test_how_a_typed_answer_resembles_the_key(key: str, typed: str, likeness: Likeness | None) -> None:
    assert compare(key, typed) == likeness


@pytest.mark.parametrize(
    ("key", "typed", "likeness"),
    [
        ("stab*", "stabilising", Likeness.PATTERN),
        ("*revolution", "the Orange Revolution", Likeness.PATTERN),
        ("orange * revolution", "orange and peaceful revolution", Likeness.PATTERN),
        ("col*r", "colour", Likeness.PATTERN),
        ("*organis*", "an organization", None),
        ("*deployed*", "were deployed there", Likeness.PATTERN),
        ("*deployed*", "were not deployed", None),
        ("aba*ba", "aba", None),
        ("a*b*c", "a c b", None),
        ("*", "anything", Likeness.ANYTHING),
        ("*", " ", None),
    ],
)
def test_an_asterisk_stands_for_anything_but_a_not(key: str, typed: str, likeness: Likeness | None) -> None:
    assert compare(key, typed) == likeness


def test_many_asterisks_stay_quick() -> None:
    assert compare("a*" * 200 + "b", "a" * 499 + "c") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("paris", "Paris"), ("Parris", "*"), ("Orleans", "Orléans"), ("Orleens", "Orléans"), ("Berlin", "*")],
)
def test_the_accepted_answer_most_like_it_is_meant_and_of_equals_the_one_of_most_weight(typed: str, meant: str) -> None:
    accepted = [
        Accepted(text="*", weight=0),
        Accepted(text="Orleans", weight=0.5),
        Accepted(text="Orléans"),
        Accepted(text="Paris"),
    ]
    match = best_match(accepted, typed)
    assert match is not None
    assert match.accepted.text == meant


def test_nothing_alike_is_no_match() -> None:
    assert best_match([Accepted(text="Paris"), Accepted(text="Lutetia")], "Rome") is None


def test_a_wrong_answer_that_the_author_named_is_not_a_slip_of_the_key() -> None:
    accepted = [Accepted(text="Slovenia"), Accepted(text="Slovania", weight=0, feedback="Look again.")]
    match = best_match(accepted, "slovania")
    assert match is not None
    assert match.accepted.weight == 0


@given(st.text(max_size=60))
def test_every_text_without_asterisks_is_the_same_as_itself(text: str) -> None:
    key = text.replace("*", "")
    assert compare(key, key) is Likeness.SAME
    assert compare(key, f"  {key}\n") is Likeness.SAME


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(key: str, typed: str) -> None:
    assert compare(key, typed) in {None, *Likeness}


@given(
    st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(["{}", "in {} Kyiv", "the {}th revolution", "x{}"])
)
def test_two_numbers_are_never_one_answer(one: int, other: int, frame: str) -> None:
    assert (compare(frame.format(one), frame.format(other)) is not None) == (one == other)
