"""Numbers made readable: the question, the topic and the answer that a row of somebody's data is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, select

from quizapp.core.grading import in_words
from quizapp.core.items import Item, plain_stem, read_item
from quizapp.models import AttemptItem, ItemVersion, Topic
from quizapp.models import Item as ItemRow
from quizapp.privacy.purposes import ColumnPurpose, TablePurpose

_HEADINGS = {
    "question": ["question"],
    "question at": ["position", "question"],
    "question now": ["item_id", "question"],
    "topic": ["topic"],
    "answer": ["answer", "answer_in_words"],
    "who": ["by"],
    "whom": ["subject_id"],
}


class Names:
    """What numbers mean; holds each question once, however many rows name it."""

    def __init__(self, connection: Connection, person_id: int) -> None:
        self.connection = connection
        self.person_id = person_id
        self._items: dict[int, Item] = {}
        self._stems: dict[int, str] = {}
        self._current: dict[int, int] = {}  # versions by item
        self._places: dict[tuple[Any, int], int] = {}  # versions by attempt and position, of the rows at hand
        self._topics: dict[int, str] = {}

    @staticmethod
    def headings(column: ColumnPurpose) -> list[str]:
        """Return the names under which the column is shown."""
        return _HEADINGS[column.shown_as]

    def look_up(self, purpose: TablePurpose, rows: Sequence[Mapping[Any, Any]]) -> None:
        """Fetch what these rows name and is not known yet."""
        shown = {column.shown_as: column.name for column in purpose.columns if column.shown_as}
        versions: set[int] = set()
        if "question" in shown:
            versions |= {row[shown["question"]] for row in rows}
        if "question at" in shown:
            versions |= self._find_places(rows)
        if "question now" in shown:
            versions |= self._find_current({row[shown["question now"]] for row in rows})
        if "topic" in shown and not self._topics:
            self._topics = {row.id: row.title for row in self.connection.execute(select(Topic.id, Topic.title))}
        if missing := versions - self._items.keys():
            contents = select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(missing))
            found = {key: read_item(content) for key, content in self.connection.execute(contents)}
            self._items |= found
            self._stems |= {key: plain_stem(item.stem) for key, item in found.items()}

    def shown(self, column: ColumnPurpose, row: Mapping[Any, Any]) -> list[Any]:  # noqa: PLR0911  # one line a way
        """Return what the column says to a reader, under the names of `headings`."""
        value = row[column.name]
        match column.shown_as:
            case "question":
                return [self._stems[value]]
            case "question at":
                return [value, self._stems[self._version_of(row)]]
            case "question now":
                return [value, self._stems[self._current[value]]]
            case "topic":
                return [self._topics[value]]
            case "answer":
                return [value, in_words(self._items[self._version_of(row)], value)]
            case "who":
                return ["you" if value == self.person_id else "the site" if value is None else "somebody else"]
            case "whom":
                is_other = row["subject"] == "person" and value != str(self.person_id)
                return ["another person" if is_other else value]
        raise ValueError(f"nothing is shown as “{column.shown_as}”")

    def _version_of(self, row: Mapping[Any, Any]) -> int:
        version_id: int | None = row.get("item_version_id")
        return self._places[row["attempt_id"], row["position"]] if version_id is None else version_id

    def _find_places(self, rows: Sequence[Mapping[Any, Any]]) -> set[int]:
        query = select(AttemptItem.attempt_id, AttemptItem.position, AttemptItem.item_version_id).where(
            AttemptItem.learner_id == self.person_id,
            AttemptItem.attempt_id.in_({row["attempt_id"] for row in rows}),
        )
        self._places = {(attempt, position): key for attempt, position, key in self.connection.execute(query)}
        return set(self._places.values())

    def _find_current(self, item_ids: set[int]) -> set[int]:
        query = (
            select(ItemRow.id, ItemVersion.id)
            .join(
                ItemVersion, and_(ItemVersion.item_id == ItemRow.id, ItemVersion.number == ItemRow.version_number)
            )
            .where(ItemRow.id.in_(item_ids - self._current.keys()))
        )  # fmt: skip
        self._current |= {row[0]: row[1] for row in self.connection.execute(query)}
        return {self._current[item_id] for item_id in item_ids}
