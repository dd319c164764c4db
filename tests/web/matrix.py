"""The matrix: every route × persona × object, and what each cell must answer by the verdicts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.web.scene import PERSONAS, Scene
from tests.web.verdicts import ADMITTED, OBJECTS, VERDICTS

GROUPS = {endpoint: group for group, endpoints in OBJECTS.items() for endpoint in endpoints}
SIGNED_OUT = ("nobody", "disabled")
# Whose row is "another's", to each.
OTHERS = {
    "nobody": "student", "guest": "student", "student": "classmate", "classmate": "student", "teacher": "colleague",
    "colleague": "teacher", "admin": "teacher", "disabled": "student",
}  # fmt: skip
# What a form must hold beside the row it is about, or the page is not found for another reason.
BESIDES: dict[str, dict[str, Any]] = {
    "accounts.change_role": {"role": "teacher"},
    "accounts.set_extra_time": {"extra": "1.5"},
    "admin.refuse": {"reason": "The school must keep it."},
    "authoring.add_item": {"kind": "single_choice"},
    "authoring.give_exception": {"time": "2"},
    "authoring.decide": {"do": "approve"},
    "authoring.move_item": {"do": "up"},
    "authoring.new_section": {"section_title": "One more"},
    "authoring.shift_section": {"do": "section-up"},
    "authoring.new_item": {"kind": "single_choice"},
    "authoring.settle_stale": {"do": "retire"},
    "authoring.settle_flags": {"verdict": "no_fault"},
    "flashcards.change": {"do": "suspend"},
    "progress.add_plan": {"name": "Exam", "exam_on": "2030-01-01", "topics": "1", "minutes_per_day": "20"},
    "progress.save_plan": {"name": "Exam", "exam_on": "2030-01-01", "topics": "1", "minutes_per_day": "20"},
    "quizzes.keep_typed": {
        "submission_id": str(uuid.UUID(int=76)), "base_revision": "1", "working_revision": "0", "save_number": "1",
        "text": "another bird",
    },
    "quizzes.practise_missed": {"submission_id": str(uuid.UUID(int=77))},
    "quizzes.start_set": {"submission_id": str(uuid.UUID(int=78))},
    "quizzes.start_trial": {"submission_id": str(uuid.UUID(int=79))},
}  # fmt: skip
NOTHING: dict[type, Any] = {int: 999_999_999, uuid.UUID: uuid.UUID(int=404), str: "no-such-thing"}
NAMES_NO_ROW = ("position", "settled_at")
PARTS_OF_A_REQUEST = re.compile(
    r'<code>[^<]*</code>|name="csrf_token" value="[^"]*"|value="[^"]*" name="csrf_token"| aria-current="[a-z]+"'
    r"|[0-9a-f]{16}|(?<=next=)[^\"]*"
)


@dataclass(frozen=True)
class Cell:
    """One question to the door: may this person do this to that row?"""

    persona: str
    endpoint: str
    method: str
    whose: str  # own, another's, none; empty where the page is about no row

    def __str__(self) -> str:
        return f"{self.persona} {self.method} {self.endpoint} {self.whose}".strip()


def routes(app: Flask) -> list[tuple[Rule, str]]:
    """Return every route with each of its methods."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def cells(scene: Scene) -> Iterator[tuple[Cell, Rule]]:
    """Give the cells of all routes that have a verdict; the others are missed elsewhere."""
    for rule, method in routes(scene.app):
        if (rule.endpoint, method) not in VERDICTS or rule.endpoint not in GROUPS:
            continue
        for persona in PERSONAS:
            for whose in ("",) if GROUPS[rule.endpoint] == "nothing" else ("own", "another's", "none"):
                if whose != "own" or GROUPS[rule.endpoint] in scene.things.get(persona, {}):
                    yield Cell(persona, rule.endpoint, method, whose), rule


def ask(scene: Scene, cell: Cell, rule: Rule) -> TestResponse:
    """Send the request of a cell; what it wrote is put back."""
    values = named(scene, cell)
    address = scene.address(rule, values)
    rest = {key: str(value) for key, value in values.items() if key not in rule._converters}
    rest |= BESIDES.get(cell.endpoint, {})
    query = (
        {"query_string": rest} if cell.method == "GET" else {"data": {**rest, "csrf_token": scene.token(cell.persona)}}
    )
    if cell.method != "GET" and "kind" in rest:
        query["query_string"] = {"kind": rest["kind"]}
    client = scene.browsers[cell.persona].client
    before = client.get_cookie(scene.app.config["SESSION_COOKIE_NAME"])
    response = client.open(address, method=cell.method, **query)  # type: ignore[arg-type]
    scene.restore()
    client.delete_cookie(scene.app.config["SESSION_COOKIE_NAME"])
    if before is not None:
        client.set_cookie(before.key, before.value)
    return response


def named(scene: Scene, cell: Cell) -> dict[str, Any]:
    """Return the values that name the row of a cell."""
    group = GROUPS[cell.endpoint]
    if cell.whose == "":
        return {}
    owner = cell.persona if cell.whose == "own" else OTHERS[cell.persona]
    if group not in scene.things[owner]:
        owner = "teacher" if owner != "teacher" else "colleague"
    values = scene.things[owner][group]
    if cell.whose != "none":
        return values
    if "card" in values:
        return {**values, "card": "999999999.0"}
    return {key: value if key in NAMES_NO_ROW else NOTHING[type(value)] for key, value in values.items()}


def is_as_written(scene: Scene, cell: Cell, rule: Rule) -> bool:
    """Tell whether a cell answers as the verdicts say."""
    response = ask(scene, cell, rule)
    if cell.persona not in ADMITTED[VERDICTS[cell.endpoint, cell.method]]:
        if cell.persona in SIGNED_OUT:
            return response.status_code == 303 and response.headers["Location"].startswith("/sign-in?next=")
        return looks_like(response, unknown_page(scene, cell.persona))
    if cell.endpoint == "assets.send":
        return response.status_code == 200 or cell.whose == "none"
    is_hidden = cell.whose == "none" or (cell.whose == "another's" and GROUPS[cell.endpoint].startswith("own "))
    if not is_hidden:
        return response.status_code not in (400, 401, 403, 404, 405) and response.status_code < 500
    if GROUPS[cell.endpoint] == "shared link":
        return response.status_code == 410
    return looks_like(response, unknown_page(scene, cell.persona))


def looks_like(response: TestResponse, unknown: TestResponse) -> bool:
    """Tell whether two answers differ in nothing but what belongs to a single request."""
    return (
        response.status_code == unknown.status_code
        and PARTS_OF_A_REQUEST.sub("", response.text) == PARTS_OF_A_REQUEST.sub("", unknown.text)
        and sorted(set(response.headers.keys())) == sorted(set(unknown.headers.keys()))
    )


def unknown_page(scene: Scene, persona: str) -> TestResponse:
    """Return how an address that does not exist answers."""
    if persona not in scene.unknown:
        scene.unknown[persona] = scene.browsers[persona].client.get("/no/such/page")
    return scene.unknown[persona]
