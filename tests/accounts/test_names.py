"""Names: folding, refusals, suggestions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.names import fold, free_names, read_email, read_shown_name, read_sign_in_name
from quizapp.accounts.people import add_person
from quizapp.errors import Invalid
from quizapp.models import Person
from tests.conftest import Clock

SCRIPTS = [
    "Straße",
    "ΟΔΟΣ",
    "İzmir",
    "Ꮳꮃꭹ",
    "မောင်",
    "अनिता",
    "李小龍",
    "Łukasz",
    "ﬁona",
    "Ⓜira",
    "Ǆuro",
    "ᲛᲐᲠᲘ",
]


def field_of(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return refused.value.field


@given(st.text(max_size=60))
def test_folding_a_folded_name_changes_nothing_and_it_is_lower_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).lower() == fold(text)


@given(st.text(max_size=120))
def test_any_text_is_read_as_a_name_or_refused_on_its_field(text: str) -> None:
    for read, field in ((read_shown_name, "shown_name"), (read_sign_in_name, "sign_in_name")):
        name, blamed = outcome(read, text)
        assert blamed in ("", field)
        if not blamed:
            assert outcome(read, name) == (name, "")
            assert "\0" not in name
            assert name.strip() == name != ""


def outcome(read: Callable[[str], str], text: str) -> tuple[str, str]:
    try:
        return read(text), ""
    except Invalid as refusal:
        return "", refusal.field


@given(st.text(max_size=120))
def test_a_name_is_suggested_for_whatever_somebody_is_called(text: str) -> None:
    session = NobodyHere()
    suggested = free_names(session, "", text, 3)  # type: ignore[arg-type]
    assert len(suggested) == len(set(suggested)) == 3
    assert [read_sign_in_name(name) for name in suggested] == suggested


class NobodyHere:
    def scalars(self, _statement: object) -> list[str]:
        return []


@pytest.mark.parametrize(
    ("shown_name", "suggested"),
    [
        ("Mira Okafor", ["mira.okafor", "mira"]),
        ("Zoë Núñez-O’Neill", ["zoe.nunez.oneill", "zoe"]),
        ("李小龍", ["李小龍", "李小龍2"]),
        ("🎉", ["learner", "learner2"]),
        ("  mira  ", ["mira", "mira2"]),
    ],
)
def test_the_suggested_name_reads_like_the_shown_one(shown_name: str, suggested: list[str]) -> None:
    assert free_names(NobodyHere(), "", shown_name, 2) == suggested  # type: ignore[arg-type]


def test_names_of_all_scripts_pass_the_database_and_are_found_again(session: Session, clock: Clock) -> None:
    for name in SCRIPTS:
        person = add_person(session, shown_name=name, sign_in_name=name, role="student", now=clock.now)
        assert session.scalar(select(Person.id).where(Person.sign_in_name == fold(name))) == person.id


def test_a_common_name_still_gets_a_free_number(session: Session, clock: Clock) -> None:
    session.add_all(
        Person(shown_name="Mira", sign_in_name=f"mira{number or ''}", created_at=clock.now)
        for number in [0, *range(2, 160)]
    )
    session.flush()
    assert free_names(session, "mira", "Mira", 2) == ["mira160", "mira161"]


def test_a_suggestion_for_the_longest_name_is_no_longer(session: Session, clock: Clock) -> None:
    longest = "m" * 40
    add_person(session, shown_name="M", sign_in_name=longest, role="student", now=clock.now)
    assert all(len(read_sign_in_name(name)) <= 40 for name in free_names(session, longest, "M" * 80, 3))


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "\u200d", "\0\x07"])
def test_a_name_that_nobody_could_see_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_shown_name(text)
    assert field_of(refused) == "shown_name"


def test_a_shown_name_loses_what_can_deceive_and_keeps_its_script() -> None:
    assert read_shown_name(" Mira\t\u202e Oka\0for ") == "Mira Okafor"
    assert read_shown_name("میرا\u200cجان") == "میرا\u200cجان"
    with pytest.raises(Invalid):
        read_shown_name("x" * 81)


@pytest.mark.parametrize("text", ["mira okafor", "mira@home", ".mira", "-", "x" * 41, "mira/..", "mi\0ra", "“mira”"])
def test_a_sign_in_name_that_is_hard_to_type_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_sign_in_name(text)
    assert field_of(refused) == "sign_in_name"


@pytest.mark.parametrize(
    ("text", "stored"), [("", None), ("  ", None), (" Mira@Example.ORG ", "mira@example.org"), ("a+b@x.co", "a+b@x.co")]
)
def test_an_address_is_folded_and_an_empty_one_is_none(text: str, stored: str | None) -> None:
    assert read_email(text) == stored


@pytest.mark.parametrize(
    "text", ["mira", "mira@home", "@x.y", "a@b@c.d", "a b@c.d", "a@c..d", f"{'x' * 250}@c.de", "a\0@c.de"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_email(text)
    assert field_of(refused) == "email"
