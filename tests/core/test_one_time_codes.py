"""One-time codes against the published vectors, and the promise that none works twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.one_time_codes import SECRET_LENGTH, code_at, matching_step, secret_of

SECRET = b"12345678901234567890"

# RFC 6238, appendix B, the rows for SHA-1: seconds since 1970 and the code of eight digits.
RFC_6238 = [
    (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
    (2000000000, "69279037"), (20000000000, "65353130"),
]  # fmt: skip
# RFC 4226, appendix D: the codes of six digits of the counters from 0.
RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]


@pytest.mark.parametrize(("seconds", "code"), RFC_6238)
def test_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds // 30, digits=8) == code
    assert matching_step(SECRET, code[2:], seconds, None) == seconds // 30


def test_the_vectors_of_rfc_4226() -> None:
    assert [code_at(SECRET, counter) for counter in range(10)] == RFC_4226


@pytest.mark.parametrize(("late", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(late: int, is_taken: bool) -> None:
    code = code_at(SECRET, 1000)
    assert (matching_step(SECRET, code, 1000 * 30 + 15 + late, None) == 1000) is is_taken


def test_no_code_works_twice_nor_one_before_it() -> None:
    assert matching_step(SECRET, code_at(SECRET, 1000), 30_000, 999) == 1000
    assert matching_step(SECRET, code_at(SECRET, 1000), 30_000, 1000) is None
    assert matching_step(SECRET, code_at(SECRET, 999), 30_000, 1000) is None
    assert matching_step(SECRET, code_at(SECRET, 1001), 30_000, 1000) == 1001


@pytest.mark.parametrize("given_text", ["", "12345", "1234567", "abcdef", "７５５２２４", "\u0000"])
def test_what_is_no_code_is_refused(given_text: str) -> None:
    assert matching_step(SECRET, given_text, 30_000, None) is None


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=64))
def test_secrets_differ_by_salt_and_by_key(salt: bytes, other: bytes, key: bytes) -> None:
    assert len(secret_of(key, salt)) == SECRET_LENGTH
    assert secret_of(key, salt) == secret_of(key, salt)
    assert (secret_of(key, salt) == secret_of(key, other)) is (salt == other)
    assert secret_of(key + b"x", salt) != secret_of(key, salt)
