"""Passwords: hashes, parameters, refusals."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]  # the package ships no types

from quizapp.accounts.passwords import MINIMUM_LENGTH, hash_password, needs_rehash, refuse_weak, verify
from quizapp.errors import Invalid


def test_a_hash_is_argon2id_with_19_mib_and_one_lane() -> None:
    assert hash_password("lanterns in fog", 2).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@settings(max_examples=15)
@given(st.text(min_size=1, max_size=40))
def test_any_password_opens_its_own_hash_and_no_longer_one_does(password: str) -> None:
    stored = hash_password(password, 1)
    assert verify(stored, password, 1)
    assert not verify(stored, password + " ", 1)
    assert not verify(stored, " " + password, 1)


def test_an_accent_typed_in_two_ways_is_one_password() -> None:
    assert verify(hash_password("caf\u00e9 in the fog", 1), "cafe\u0301 in the fog", 1)


def test_capitals_count_in_a_password() -> None:
    assert not verify(hash_password("Lanterns in fog", 1), "lanterns in fog", 1)


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=19456"])
def test_without_a_hash_every_password_is_wrong(stored: str | None) -> None:
    assert not verify(stored, "lanterns in fog", 1)
    assert not verify(stored, "nobody has this password: " + "\0" * 16, 1)


def test_a_hash_with_other_parameters_wants_to_be_made_again_and_still_opens() -> None:
    stored = hash_password("lanterns in fog", 1)
    assert not needs_rehash(stored, 1)
    assert needs_rehash(stored, 2)
    assert verify(stored, "lanterns in fog", 2)


@pytest.mark.parametrize(
    "password", ["", "nine char", "x" * 257, "Mira Okafor", "mira.okafor", "MIRA-OKAFOR", "mira@example.org"]
)
def test_a_password_too_short_too_long_or_like_the_name_is_refused_on_its_field(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        refuse_weak("new_password", password, ("Mira Okafor", "mira.okafor", "mira@example.org"))
    assert refused.value.field == "new_password"


@pytest.mark.parametrize(
    "password",
    [
        "ten chars.",
        "lantern fog " * 21,
        "    ten    ",
        "mira okafor's fog",
        "ÄÖÜäöüßéèê",
        "kelp-otter-7",
        "\udcff lantern fog",
    ],
)
def test_any_other_password_is_accepted(password: str) -> None:
    refuse_weak("password", password, ("Mira Okafor", "mira", ""))


def test_the_ten_thousand_most_common_passwords_are_refused_as_they_are_and_dressed_up() -> None:
    common = sorted(FREQUENCY_LISTS["passwords"][:10_000], key=len)
    dressed = [word for word in common if len(word) >= MINIMUM_LENGTH]
    dressed += [f"{word}{'1234567890'[: max(1, MINIMUM_LENGTH - len(word))]}" for word in common[::400]]
    assert len(dressed) > 100
    assert [word for word in dressed if not is_refused(word)] == []


@pytest.mark.parametrize(
    "password",
    [
        "password12", "Passw0rd123", "qwertyuiop", "1234567890", "aaaaaaaaaa", "x" * 256, "abcabcabcabc", "iloveyou123",
        "Quizapp2026", "quizappquizapp", "okafor2026", "miraokafor1",
    ],
)  # fmt: skip
def test_what_a_guesser_tries_first_is_refused(password: str) -> None:
    assert is_refused(password, ("Mira Okafor", "mira.okafor", "mira@example.org"))


def test_judging_a_password_takes_no_longer_however_it_is_made() -> None:
    for hard in ("aA@4eE3sS$5o0O" * 18, "1" * 256, "q1w2e3r4t5" * 25, "2026-11-22" * 25):
        began = time.perf_counter()
        is_refused(hard)
        assert time.perf_counter() - began < 1


def is_refused(password: str, names: tuple[str, ...] = ()) -> bool:
    try:
        refuse_weak("password", password, names)
    except Invalid:
        return True
    return False
