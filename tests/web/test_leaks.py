"""Keys, reasons, scores and other people's names stand in no answer before their release: planted words tell."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import select, update

from quizapp.core.items import SingleChoice
from quizapp.core.rules import read_rules
from quizapp.models import Attempt, Item, ItemSet, ItemVersion
from quizapp.quizzes import attempt_views, sittings
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.today import samples
from quizapp.web.evidence import EvidenceView
from quizapp.web.questions import question_view
from tests.conftest import MONDAY
from tests.web.matrix import BESIDES, GROUPS, routes
from tests.web.scene import NAMES, PERSONAS, SECRETS, Scene
from tests.web.verdicts import ADMITTED, VERDICTS

MOST_PAGES = 120  # that one person opens by following links
SCORE = "4321.5"
NO_EVIDENCE = EvidenceView("a-topic", "A topic", "", "", (), ())
# Who is known to everybody, as the author of what is published, or to whom it is due.
AUTHORS = {NAMES["teacher"], NAMES["colleague"], NAMES["admin"]}


@pytest.fixture
def taking(scene: Scene) -> Scene:
    """Everybody is taking the teacher's set for the first time: what they took before is gone."""
    with scene.app.extensions["quizapp.database"].write_session() as session:
        closed = [things["own closed attempt"]["attempt_id"] for things in scene.things.values()]
        for attempt in session.scalars(select(Attempt).where(Attempt.id.in_(closed))):
            session.delete(attempt)
        open_ones = [things["own attempt"]["attempt_id"] for things in scene.things.values()]
        session.execute(update(Attempt).where(Attempt.id.in_(open_ones)).values(score=None))
    return scene


def found(scene: Scene, persona: str, words: set[str]) -> set[tuple[str, str]]:
    """Return which of the words stand in what a person can get, and where."""
    return {(word, place) for place, text in everything(scene, persona) for word in words if word in text}


def everything(scene: Scene, persona: str) -> Iterator[tuple[str, str]]:
    """Give what every GET route answers about everybody's rows, and what its links lead to: headers and body."""
    client = scene.browsers[persona].client
    waiting = list(addresses(scene, persona))
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        if path in seen or len(seen) > MOST_PAGES + 200:
            continue
        seen.add(path)
        response = client.get(path, headers={"Accept": "text/html,application/json"})
        text = response.get_data().decode(errors="replace")  # pictures, too
        yield path, f"{response.headers}\n{text}"
        if response.mimetype == "text/html":
            waiting += [urljoin(path, link) for link in links(text) if len(seen) + len(waiting) < MOST_PAGES + 200]
        if location := response.headers.get("Location"):
            waiting.append(location)


def addresses(scene: Scene, persona: str, owners: tuple[str, ...] = PERSONAS[1:]) -> Iterator[str]:
    """Give the address of every GET route about a row of each of these people."""
    for rule, method in routes(scene.app):
        if method != "GET" or rule.endpoint not in GROUPS or (rule.endpoint, method) not in VERDICTS:
            continue
        if persona not in ADMITTED[VERDICTS[rule.endpoint, method]]:
            yield scene.address(rule, scene.things["teacher"].get(GROUPS[rule.endpoint], {}))
            continue
        for owner in owners:
            values = scene.things[owner].get(GROUPS[rule.endpoint], {})
            if not rule._converters.keys() <= {*values, "stamp", "name"} or is_anothers_link(values, owner, persona):
                continue
            for position in (1, 2, 3) if "position" in values else (1,):
                place = {**values, "position": position}
                rest = {key: str(value) for key, value in values.items() if key not in rule._converters}
                rest |= BESIDES.get(rule.endpoint, {})
                query = "&".join(f"{key}={value}" for key, value in rest.items())
                yield scene.address(rule, place) + (f"?{query}" if query else "")


def is_anothers_link(values: dict[str, object], owner: str, persona: str) -> bool:
    """Tell whether it is a link that nobody else has: whoever holds one learns whose it is."""
    return "secret" in values and owner != persona


def links(text: str) -> list[str]:
    """Return the addresses on this site that a page names."""
    parts = text.replace("&amp;", "&").split('href="')[1:] + text.split('src="')[1:]
    found = [part.partition('"')[0].partition("#")[0] for part in parts]
    return [link for link in found if link and not urlsplit(link).netloc]


def others_names(persona: str) -> set[str]:
    return {name for who, name in NAMES.items() if who != persona} - AUTHORS


@pytest.mark.parametrize("persona", ["nobody", "guest", "student", "classmate", "colleague", "disabled"])
def test_nothing_is_told_before_its_release(taking: Scene, persona: str) -> None:
    assert found(taking, persona, {*SECRETS, *others_names(persona), SCORE}) == set()


def test_autosave_tells_nothing_either(taking: Scene) -> None:
    student = taking.browsers["student"].client
    attempt_id = taking.things["student"]["own attempt"]["attempt_id"]
    told = []
    for position, fields in ((1, {"text": "a bird"}), (2, {"choice": "b"}), (1, {"text": "x" * 501})):
        for page in (1, 2):  # the second overtakes nothing that it has not seen
            data = {
                "submission_id": str(uuid.UUID(int=page)), "working_revision": "0", "save_number": "1",
                "base_revision": "1" if position == 1 else "0", "csrf_token": taking.token("student"),
            }  # fmt: skip
            data |= {name: value if name == "choice" else f"{value} {page}" for name, value in fields.items()}
            answer = student.post(f"/attempts/{attempt_id}/{position}/working", data=data)
            told.append(answer.status_code)
            assert not [word for word in SECRETS if word in answer.text]
    assert told == [200, 409, 200, 200, 422, 422]


def test_those_it_is_due_to_are_told_after_the_release(taking: Scene) -> None:
    with taking.app.extensions["quizapp.database"].write_session() as session:
        student, attempt = taking.people["student"] or 0, taking.things["student"]["own attempt"]["attempt_id"]
        finish(session, student, attempt, MONDAY)
        grade_attempt(session, student, attempt, MONDAY)
    assert {word for word, _ in found(taking, "student", set(SECRETS))} >= {"Kestrelkey", "Plovergap", "Curlewreason"}
    assert found(taking, "classmate", set(SECRETS)) == set()
    with taking.app.extensions["quizapp.database"].read_session() as session:
        set_id = session.scalar(
            select(ItemSet.id).where(ItemSet.slug == taking.things["student"]["shared set"]["slug"])
        )
    results = taking.browsers["teacher"].open(f"/teach/sets/{set_id}/results")
    assert NAMES["student"] in results.text
    assert NAMES["classmate"] not in results.text


def test_nothing_is_told_of_a_finished_set_that_tells_when_it_is_closed(taking: Scene) -> None:
    student, attempt_id = taking.people["student"] or 0, taking.things["student"]["own attempt"]["attempt_id"]
    slug = taking.things["student"]["shared set"]["slug"]
    late = {"feedback": "at_end", "is_shuffled": False, "told_after": []}
    with taking.app.extensions["quizapp.database"].write_session() as session:
        attempt = session.get_one(Attempt, (student, attempt_id))
        attempt.rules, attempt.key_told = late, read_rules(late).key_told
        finish(session, student, attempt_id, MONDAY)
        grade_attempt(session, student, attempt_id, MONDAY)
        attempt.score = float(SCORE)
    assert found(taking, "student", {*SECRETS, SCORE}) == set()
    with taking.app.extensions["quizapp.database"].write_session() as session:
        session.execute(update(ItemSet).where(ItemSet.slug == slug).values(status="closed", closed_at=MONDAY))
    assert {word for word, _ in found(taking, "student", set(SECRETS))} >= {"Kestrelkey", "Plovergap", "Curlewreason"}


def test_a_teacher_finds_their_own_keys_so_the_words_are_there(scene: Scene) -> None:
    assert {word for word, _ in found(scene, "teacher", set(SECRETS))} >= {"Kestrelkey", "Curlewreason", "Plovergap"}


def test_a_key_shown_too_early_is_found(taking: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sittings, "is_key_shown", lambda *_args, **_kwargs: True)
    assert {"Kestrelkey", "Curlewreason"} <= {word for word, _ in found(taking, "student", set(SECRETS))}


def test_a_key_in_the_source_of_a_question_is_found(taking: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def telling(item: object, *rest: object) -> object:
        asked = question_view(item, *rest)  # type: ignore[arg-type]
        kind = f"{asked.kind_name} {item.options[0].feedback}" if isinstance(item, SingleChoice) else asked.kind_name
        return type(asked)(**{**vars(asked), "stem": f"{asked.stem} {kind}"})

    monkeypatch.setattr(attempt_views, "question_view", telling)
    assert "Avocetwhy" in {word for word, _ in found(taking, "student", set(SECRETS))}


def answers_of_the_start_page(scene: Scene) -> str:
    """Return what the page for visitors answers about every question of teachers, whatever is chosen."""
    with scene.app.extensions["quizapp.database"].read_session() as session:
        versions = session.scalars(select(ItemVersion.id).join(Item).where(Item.owner_id.is_not(None))).all()
    assert versions
    client = scene.browsers["nobody"].client
    asked = [f"/?question={version}&choice={choice}" for version in versions for choice in ("a", "b", "")]
    return "".join(client.get(path).get_data(as_text=True) for path in asked)


def test_the_start_page_answers_for_no_question_of_a_teacher(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    text = answers_of_the_start_page(scene)
    assert [word for word in SECRETS if word in text] == []
    everything_goes = select(ItemVersion.id).join(Item).where(Item.kind == "single_choice", Item.owner_id.is_not(None))
    monkeypatch.setattr(samples, "_candidates", lambda: everything_goes)
    monkeypatch.setattr(samples, "evidence_views", lambda _session, ids: dict.fromkeys(ids, NO_EVIDENCE))
    assert "Avocetwhy" in answers_of_the_start_page(scene)


def test_assets_hold_nothing_of_the_database(scene: Scene) -> None:
    bodies = [asset.body.decode() for asset in scene.app.extensions["quizapp.assets"].values()]
    with scene.app.extensions["quizapp.database"].read_session() as session:
        stems = list(session.scalars(select(ItemVersion.content["stem"].as_string()).join(Item)))
    assert stems
    assert [word for word in (*SECRETS, *NAMES.values(), *stems) for body in bodies if word in body] == []
