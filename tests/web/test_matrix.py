"""Who may do what to whose row: every cell as the verdicts say, and every rule is missed when it is gone."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from quizapp.accounts import sign_ins
from quizapp.web.access import RULES, Rule
from tests.web.matrix import GROUPS, cells, is_as_written, routes
from tests.web.scene import Scene
from tests.web.verdicts import VERDICTS

# Conditions that make a row somebody's own, and a page that must be missed without them; two where either is enough.
OWNERSHIP = {
    ("attempts.learner_id",): "quizzes.review",
    ("attempts.learner_id", "attempt_items.learner_id"): "quizzes.question",
    ("cards.learner_id",): "flashcards.change",
    ("cards.learner_id", "reviews.learner_id"): "flashcards.undo",
    ("item_sets.owner_id",): "authoring.item_set",
    ("items.owner_id",): "authoring.settle_flags",
    ("passages.owner_id",): "authoring.passage",
}


def wrong(scene: Scene, wanted: Callable[[str], bool] = lambda _endpoint: True) -> Iterator[str]:
    """Give the cells that answer otherwise than written."""
    return (str(cell) for cell, rule in cells(scene) if wanted(cell.endpoint) and not is_as_written(scene, cell, rule))


def test_every_cell_is_as_written(scene: Scene) -> None:
    assert list(wrong(scene)) == []


def test_every_verdict_has_cells(scene: Scene) -> None:
    asked = {(cell.endpoint, cell.method) for cell, _ in cells(scene)}
    assert asked == VERDICTS.keys() & {(rule.endpoint, method) for rule, method in routes(scene.app)}
    owned = {cell.endpoint for cell, _ in cells(scene) if cell.whose == "own"}
    assert owned == {endpoint for endpoint, _ in asked if GROUPS[endpoint] != "nothing"}


def only(persona: str) -> Callable[[Scene], Rule]:
    return lambda scene: lambda viewer: viewer is not None and viewer.id == scene.people[persona]


def everybody(_scene: Scene) -> Rule:
    return lambda _viewer: True


def nobody(_scene: Scene) -> Rule:
    return lambda _viewer: False


def signed_in(_scene: Scene) -> Rule:
    return lambda viewer: viewer is not None


MUTANTS = {"everybody": everybody, "nobody": nobody, "one teacher": only("teacher"), "whoever is signed in": signed_in}
SAME = {("anyone", "everybody"), ("person", "whoever is signed in")}  # as the rules are


@pytest.mark.parametrize(
    ("rule", "mutant"),
    [(rule, name) for rule in sorted({*VERDICTS.values()}) for name in MUTANTS if (rule, name) not in SAME],
)
def test_a_rule_that_decides_otherwise_is_noticed(
    scene: Scene, rule: str, mutant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, rule, MUTANTS[mutant](scene))
    of_rule = {endpoint for (endpoint, _), verdict in VERDICTS.items() if verdict == rule}
    assert next(wrong(scene, of_rule.__contains__), None) is not None


@pytest.mark.parametrize("columns", OWNERSHIP, ids=" and ".join)
def test_a_select_that_forgets_whose_row_it_is_is_noticed(scene: Scene, columns: tuple[str, ...]) -> None:
    condition = re.compile(rf"(?<![\w.])(?:{'|'.join(columns)}) = (\?)")
    changed = []

    def forget(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> tuple[str, Any]:
        if statement.startswith("INSERT"):
            return statement, parameters
        other, times = condition.subn(r"(\1 IS NOT NULL)", statement)
        changed.extend([statement] * times)
        return other, parameters

    engine = scene.app.extensions["quizapp.database"].engine
    event.listen(engine, "before_cursor_execute", forget, retval=True)
    try:
        assert next(wrong(scene, OWNERSHIP[columns].__eq__), None) is not None
    finally:
        event.remove(engine, "before_cursor_execute", forget)
    assert changed


def test_a_device_that_anybody_may_end_is_noticed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    source = textwrap.dedent(inspect.getsource(sign_ins.end))
    assert source.count(" or row.person_id != person_id") == 1
    names = dict(vars(sign_ins))
    exec(source.replace(" or row.person_id != person_id", ""), names)  # noqa: S102  # our own source, changed
    monkeypatch.setattr(sign_ins, "end", names["end"])
    assert next(wrong(scene, "accounts.end_device".__eq__), None) is not None
