"""What a first visit costs: sizes as sent, and the number of requests."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import Town
from tests.chromium import OpenWindow

MOST_REQUESTS = 12
HEAVIEST = {"document": 15_000, "stylesheet": 15_000, "script": 40_000}  # bytes compressed


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("nobody", "/"), ("nobody", "/?question={sample}&choice=a"), ("new student", "/"),
        ("nobody", "/sign-up"), ("nobody", "/topics"), ("nobody", "/topics/{topic}"),
        ("student", "/"), ("student", "/topics"), ("student", "/topics/{topic}"), ("student", "/quizzes/new"),
        ("student", "/attempts"), ("student", "/attempts/{open}/1"), ("student", "/attempts/{open}/{asked}"),
        ("student", "/attempts/{finished}/review"), ("student", "/cards"), ("student", "/cards/browse"),
        ("student", "/progress"), ("student", "/predictions"), ("student", "/progress/{topic}"),
        ("student", "/account"), ("teacher", "/teach"),
        ("teacher", "/teach/sets/{set}"), ("teacher", "/teach/sets/{set}/items/{item}"),
        ("teacher", "/teach/sets/{set}/results"), ("nine", "/progress/plans/{plan}"),
        ("teacher", "/teach/passages/{drafted}/drafts/{question}"),
    ],
)  # fmt: skip
def test_a_first_visit_is_light(who: str, path: str, look: OpenWindow, town: Town) -> None:
    page = look(who)
    answers: list[Response] = []

    def on_response(answer: Response) -> None:
        answers.append(answer)

    page.on("response", on_response)
    page.goto(path.format(**town.names), wait_until="networkidle")
    sizes = dict.fromkeys(HEAVIEST, 0)
    for answer in answers:
        kind = answer.request.resource_type
        if kind in sizes:
            sizes[kind] += len(gzip.compress(answer.body(), 6, mtime=0))
    assert sizes["document"]
    assert sizes["stylesheet"]
    assert sizes["script"]
    assert {kind: size for kind, size in sizes.items() if size > HEAVIEST[kind]} == {}
    assert len(answers) <= MOST_REQUESTS, [answer.url for answer in answers]
