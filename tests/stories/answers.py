"""What people of the stories answer, and how their hands give it: by mouse or by keys."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.items import Cloze, Flashcard, Item, MultipleChoice, ShortAnswer, SingleChoice, TrueFalse, read_item
from quizapp.demo import made_up_answer
from quizapp.models import AttemptItem, ItemVersion
from quizapp.web.questions import SELF_RATINGS
from tests.stories.keys import Keys

_QUESTION = re.compile(r"/attempts/([0-9a-f-]{36})/(\d+)")
Stored = Callable[[], Session]


def item_before(page: Page, stored: Stored) -> Item:
    """Return the question that an attempt's page shows."""
    found = _QUESTION.search(page.url)
    assert found, f"{page.url} asks no question"
    content = stored().scalars(
        select(ItemVersion.content)
        .join(AttemptItem, AttemptItem.item_version_id == ItemVersion.id)
        .where(AttemptItem.attempt_id == uuid.UUID(found[1]), AttemptItem.position == int(found[2]))
    )
    return read_item(content.one())


def an_answer(item: Item, is_right: bool) -> dict[str, Any]:
    """Return an answer to a question, the same each time."""
    return made_up_answer(item, is_right, Random(1))


def answer_by_mouse(page: Page, item: Item, answer: dict[str, Any]) -> None:
    """Give an answer by clicks, and by typing where one types."""
    match item:
        case SingleChoice() | TrueFalse() | MultipleChoice():
            for text in _texts(item, answer):
                page.locator("fieldset.options").get_by_text(text, exact=True).click()
        case ShortAnswer():
            page.get_by_label("Your answer").fill(answer["text"])
        case Cloze():
            for number, value in enumerate(answer["gaps"], 1):
                gap = page.get_by_label(f"Gap {number}", exact=True)
                if item.gaps[number - 1].kind == "choice":
                    gap.select_option(value)
                else:
                    gap.fill(value)
        case Flashcard():
            page.get_by_role("link", name="Show answer").click()
            page.locator("fieldset.options").get_by_text(dict(SELF_RATINGS)[answer["rating"]], exact=True).click()


def answer_by_keys(keys: Keys, item: Item, answer: dict[str, Any]) -> None:
    """Give an answer by keys alone."""
    match item:
        case SingleChoice() | TrueFalse() | MultipleChoice():
            for text in _texts(item, answer):
                keys.press(str(keys.place_of(text)))
        case ShortAnswer():
            keys.tab_to("Your answer")
            keys.type(answer["text"])
        case Cloze():
            for number, value in enumerate(answer["gaps"], 1):
                keys.tab_to(f"Gap {number}")
                gap = item.gaps[number - 1]
                keys.type(next((option.text for option in gap.options if option.id == value), value))
        case Flashcard():
            keys.go("Enter")
            keys.press(str(keys.place_of(dict(SELF_RATINGS)[answer["rating"]])))


def _texts(item: SingleChoice | TrueFalse | MultipleChoice, answer: dict[str, Any]) -> list[str]:
    chosen = answer.get("choices") or [answer["choice"]]
    return [option.text for option in item.options if option.id in chosen]
