"""Our own scanner finds what was planted, says what it did not reach, and sends the same each time."""

from __future__ import annotations

from random import Random

import pytest
from flask import Response

from quizapp.web.rendering import CONTENT_SECURITY_POLICY
from tests.scanners import forms
from tests.scanners.figures import Outcome, table
from tests.scanners.judging import HEADERS, Judge
from tests.scanners.values import MARKER, spoilt

WHOLE = "<!doctype html><html lang='en'><title>A page</title><main><h1>A page</h1>{}</main></html>"


def test_nobody_finds_every_planted_hole_and_nothing_else() -> None:
    (outcome,) = forms.scan(["nobody"], is_long=False)
    assert outcome.findings == []
    assert outcome.planted == dict.fromkeys(forms.HOLES, True)
    assert outcome.requests > 300


def test_the_same_seed_spoils_the_same_way() -> None:
    fields = [("stem", "Which?"), ("number", "7")]
    first, second, other = (list(spoilt(Random(seed), fields, 3)) for seed in ("a", "a", "b"))
    assert first == second != other
    assert [("number", "7")] in first


def answer(body: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, {**HEADERS, "Cache-Control": "no-store", **(headers or {})}, mimetype="text/html")


@pytest.mark.parametrize(
    ("response", "told"),
    [
        (answer(WHOLE.format(""), 500), "answers 500"),
        (answer(WHOLE.format(""), 303, {"Location": "https://evil.example/"}), "leads to https://evil.example/"),
        (answer(WHOLE.format(f"<{MARKER} x=''>")), "writes what was sent as markup"),
        (answer(WHOLE.format("Traceback (most recent call last)")), "tells what is inside"),
        (answer(WHOLE.format("<p id='a'></p><p id='a'></p>")), "is no valid page"),
        (answer(WHOLE.format("\x00")), "is no valid page"),
        (
            answer(WHOLE.format(""), headers={"Content-Security-Policy": "default-src *"}),
            "lacks Content-Security-Policy",
        ),
        (answer(WHOLE.format(""), headers={"X-Planted": "1"}), "takes a header"),
    ],
)
def test_each_fault_of_an_answer_is_told(response: Response, told: str) -> None:
    assert any(told in fault for fault in Judge().faults(response))
    assert Judge().faults(answer(WHOLE.format(""))) == []
    assert HEADERS["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_the_table_tells_what_was_not_found() -> None:
    outcome = Outcome(
        "forms", "guest", planted={"script": True, "NUL": False}, findings=["GET today.start answers 500"]
    )
    assert not outcome.is_good
    assert "NOT FOUND: NUL" in table([outcome])
    assert "forms, guest: GET today.start answers 500" in table([outcome])
    assert Outcome("forms", "guest", planted={"script": True}).is_good
    assert not Outcome("forms", "guest").is_good
