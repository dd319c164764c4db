"""What no page would send: fields that are not asked for, other people's ids, broken values, foreign requests."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from quizapp.learning import reviews
from tests.web.forms import Fields, honest_forms
from tests.web.matrix import BESIDES, GROUPS, routes
from tests.web.scene import Scene
from tests.web.verdicts import VERDICTS

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]
WHO = {"anyone": "nobody", "person": "student", "account": "student", "teacher": "teacher", "admin": "admin"}
NOBODYS = ("item_versions", "passage_versions", "evidence", "item_enemies")  # large, and owned by what they belong to
SETTLES = ("authoring.settle_flags", "authoring.reopen_flags")
MARKS = ("marking.mark", "marking.regrade_now", "marking.settle_claim", "marking.take_back_regrade_now")
OWNERS = ("learner_id", "person_id", "owner_id", "created_by")
HOSTILE = ["-1", "9" * 400, "NaN", "\x00", "x" * 70_000, "[]", ""]
HEADERS = [
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"}, {"Referer": "https://evil.example/"}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
]  # fmt: skip


class Post:
    """An honest post of one route by one who may, and ways to spoil it."""

    def __init__(self, scene: Scene, rule: Rule, method: str, form: tuple[str, Fields] | None) -> None:
        self.scene, self.endpoint, self.method = scene, rule.endpoint, method
        self.persona = WHO[VERDICTS[rule.endpoint, method]]
        owner = self.persona if self.persona != "nobody" else "student"
        values = scene.things[owner].get(GROUPS[rule.endpoint], {})
        named = {key: str(value) for key, value in values.items() if key not in rule._converters}
        self.address = scene.address(rule, values)
        self.fields: Fields = [*{**named, **BESIDES.get(rule.endpoint, {})}.items()]
        if form is not None:
            self.address, fields = form
            self.fields = [*fields, *(field for field in self.fields if field[0] not in dict(fields))]
        elif rule.endpoint in ("authoring.add_item", "authoring.save_item"):
            self.address += "?kind=single_choice"
        self.fields = [field for field in self.fields if field[0] != "csrf_token"]

    def send(self, fields: Fields, headers: dict[str, str] | None = None, **body: Any) -> TestResponse:
        """Send fields as this person, with their token; what the cookie becomes is forgotten."""
        client = self.scene.browsers[self.persona].client
        name = self.scene.app.config["SESSION_COOKIE_NAME"]
        before = client.get_cookie(name)
        sent = body or {"data": MultiDict([*fields, ("csrf_token", self.scene.token(self.persona))])}
        response = client.open(self.address, method=self.method, headers=headers, **sent)
        client.delete_cookie(name)
        if before is not None:
            client.set_cookie(before.key, before.value)
        return response

    def outcome(self, fields: Fields) -> Rows:
        """Return the rows after a post, and put them back."""
        self.send(fields)
        rows = self.scene.rows()
        self.scene.restore()
        return rows


@pytest.fixture(scope="module")
def posts(shared_scene: Scene) -> list[Post]:
    """An honest post for every unsafe route with a verdict."""
    shared_scene.restore()
    forms = {persona: honest_forms(shared_scene, persona) for persona in set(WHO.values())}
    return [
        Post(shared_scene, rule, method, forms[WHO[VERDICTS[rule.endpoint, method]]].get(rule.endpoint))
        for rule, method in routes(shared_scene.app)
        if method != "GET" and (rule.endpoint, method) in VERDICTS and rule.endpoint in GROUPS
    ]


def extra(scene: Scene, post: Post) -> Fields:
    """Return fields that no form asks for, for everything that the server decides itself."""
    other = scene.people["classmate"]
    moment = "2020-01-01T00:00:00+00:00"
    added = {
        "score": "1", "is_right": "1", "max_score": "1", "max_mark": "9", "person": other, "person_id": other,
        "learner_id": other, "owner_id": other, "created_by": other, "user_id": other, "is_admin": "1", "is_demo": "1",
        "password_hash": "x", "disabled_at": moment, "role": "admin", "status": "published", "is_listed": "1",
        "answered_at": moment, "received_at": moment, "reviewed_at": moment, "started_at": moment,
        "closed_at": moment, "graded_at": moment, "deadline_at": "2099-01-01", "now": moment, "due_at": moment,
        "sign_in_id": scene.things["classmate"]["own device"]["sign_in_id"], "stability": "999", "interval_days": "999",
        "attempt_id": scene.things["classmate"]["own attempt"]["attempt_id"], "item_set_id": "1", "number": "99",
        "revision": "99", "outcome": "finished", "version_number": "99", "_method": "DELETE", "__class__": "x",
    }  # fmt: skip
    asked = {name for name, _ in post.fields}
    return [(name, str(value)) for name, value in added.items() if name not in asked]


def changed(before: Rows, after: Rows) -> set[tuple[str, tuple[Any, ...], str]]:
    """Return table, key and column of everything that differs."""
    found = set()
    for table in before.keys() | after.keys():
        old, new = before.get(table, {}), after.get(table, {})
        for key in old.keys() | new.keys():
            one, other = old.get(key, {}), new.get(key, {})
            found |= {(table, key, name) for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    return found


def unlike(one: Rows, other: Rows, volatile: set[str]) -> set[str]:
    """Return the columns in which two outcomes differ, keys made by chance left out of the comparison."""

    def steady(table: str, row: dict[str, Any]) -> str:
        return repr([(name, value) for name, value in row.items() if f"{table}.{name}" not in volatile])

    def shape(rows: Rows) -> dict[str, list[str]]:
        return {table: sorted(steady(table, row) for row in kept.values()) for table, kept in rows.items()}

    left, right = shape(one), shape(other)
    return {table for table in left.keys() | right.keys() if left.get(table) != right.get(table)}


def by_chance(post: Post, honest: Rows) -> set[str]:
    """Return the columns that the same honest post fills otherwise each time: seeds, orders, made-up ids."""
    again = post.outcome(post.fields)
    differing = changed(honest, again)
    return {f"{table}.{column}" for table, _, column in differing}


def added_fields_that_count(scene: Scene, posts: list[Post]) -> list[str]:
    wrong = []
    for post in posts:
        honest = post.outcome(post.fields)
        tampered = post.outcome([*post.fields, *extra(scene, post)])
        volatile: set[str] = set()
        for _ in range(6):  # what is made by chance may come out alike once or twice
            volatile |= by_chance(post, honest)
            differing = unlike(honest, tampered, volatile)
            if not differing:
                break
        else:
            wrong.append(f"{post.endpoint}: {sorted(differing)}")
    return wrong


def test_fields_that_nobody_asked_for_change_nothing(scene: Scene, posts: list[Post]) -> None:
    assert added_fields_that_count(scene, posts) == []


def test_a_form_that_takes_a_person_from_a_field_is_found(
    scene: Scene, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reviews.rate

    def trusting(session: Any, _learner_id: int, *rest: Any, **others: Any) -> Any:
        return whole(session, int(request.form.get("learner_id", _learner_id)), *rest, **others)

    monkeypatch.setattr(reviews, "rate", trusting)
    assert added_fields_that_count(scene, [post for post in posts if post.endpoint == "flashcards.rate"]) != []


def spoilt(scene: Scene, post: Post) -> Iterator[Fields]:
    """Give the post with hostile values: all of its fields at once, then each with somebody else's ids, and twice."""
    for value in HOSTILE:
        yield [(name, value) for name, _ in post.fields]
    others = [value for group in scene.things["classmate"].values() for value in group.values()]
    ids = [str(value) for value in others if isinstance(value, uuid.UUID | int)][:6]
    for number, (name, _) in enumerate(post.fields):
        rest = [field for field in post.fields if field[0] != name]
        yield [*rest, (name, ids[number % len(ids)])]
        yield [(name, HOSTILE[number % len(HOSTILE)]), *post.fields, (name, ids[number % len(ids)]), (f"{name}[]", "1")]
    yield []


def test_no_value_breaks_a_page_or_reaches_another_persons_row(scene: Scene, posts: list[Post]) -> None:
    before = scene.rows(without=NOBODYS)
    wrong = []
    for post in posts:
        for fields in spoilt(scene, post):
            status = post.send(fields).status_code
            if status >= 500:
                wrong.append(f"{post.endpoint}: {status} for {[(name, value[:30]) for name, value in fields]}")
            if post.persona in ("student", "teacher"):
                wrong += [f"{post.endpoint}: {row}" for row in foreign(scene, post, before)]
            scene.restore()
    assert wrong == []


def foreign(scene: Scene, post: Post, before: Rows) -> list[str]:
    """Return rows that changed although they are another person's."""
    if not scene.is_changed():
        return []
    after, own = scene.rows(without=NOBODYS), scene.people[post.persona]
    found = []
    for table, key, _ in changed(before, after):
        row = before.get(table, {}).get(key) or after[table][key]
        owners = {row["id"]} if table == "people" else {row[name] for name in OWNERS if row.get(name) is not None}
        is_settled = (
            table == "flags" and post.endpoint in SETTLES
        )  # said by learners, answered by whoever owns the item
        # Marks are a teacher's to give, to whoever took the teacher's set.
        is_marked = post.endpoint in MARKS and owners == {scene.things["teacher"]["own taken answer"]["learner_id"]}
        if owners and own not in owners and not is_settled and not is_marked:
            found.append(f"{table} {key}")
    return sorted(set(found))


def test_a_request_without_our_token_or_from_elsewhere_changes_nothing(scene: Scene, posts: list[Post]) -> None:
    wrong = []
    for post in posts:
        token = scene.token(post.persona)
        whole = MultiDict([*post.fields, ("csrf_token", token)])
        bare = dict(post.fields)
        tries: list[dict[str, Any]] = [
            {"data": bare},
            {"data": {**bare, "csrf_token": ""}},
            {"data": {**bare, "csrf_token": "made-up"}},
            {"data": {**bare, "csrf_token": scene.token("classmate" if post.persona != "classmate" else "student")}},
            {"data": {**bare, "csrf_token": token[:-9] + token[-9:].swapcase()}},
            {"data": "&".join(f"{key}={value}" for key, value in whole.items()), "content_type": "text/plain"},
            {"data": json.dumps(dict(whole)), "content_type": "application/json"},
            {"data": json.dumps(dict(whole)), "content_type": "text/plain"},
            {"data": bare, "content_type": "multipart/form-data"},
            *({"data": whole, "headers": headers} for headers in HEADERS),
        ]
        for number, sent in enumerate(tries):
            status = post.send([], sent.pop("headers", None), **sent).status_code
            if status not in (400, 403) or scene.restore():
                wrong.append(f"{post.endpoint}: try {number} gave {status}")
    assert wrong == []


def test_the_honest_posts_are_honest(scene: Scene, posts: list[Post]) -> None:
    working = set()
    for post in posts:
        if post.send(post.fields).status_code < 400:
            working.add(post.endpoint)
        scene.restore()
    assert working >= {
        "accounts.save_profile", "accounts.save_study", "authoring.save_settings", "authoring.flag_question",
        "flashcards.rate", "flashcards.undo", "quizzes.respond", "quizzes.finish", "quizzes.start_practice",
        "topics.study", "authoring.add_set",
    }  # fmt: skip
    assert len(working) > len(posts) / 2
