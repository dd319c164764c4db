"""What people of the stories answer, and how their hands give it: by mouse or by keys."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.items import (
    Cloze,
    Essay,
    Flashcard,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    read_item,
)
from quizapp.demo import made_up_answer
from quizapp.models import AttemptItem, ItemVersion
from quizapp.web.questions import SELF_RATINGS
from tests.stories.keys import Keys

WITHOUT_ENTER = ("cloze", "matching", "ordering", "essay")  # whose controls have another use for Enter, or none
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
        case ShortAnswer() | Numeric() | Essay():
            page.get_by_label("Your answer").fill(answer["text"])
        case Cloze():
            for number, value in enumerate(answer["gaps"], 1):
                gap = page.get_by_label(f"Gap {number}", exact=True)
                if item.gaps[number - 1].kind == "choice":
                    gap.select_option(value)
                else:
                    gap.fill(value)
        case Matching():
            for pair, text in zip(_joined(item), answer["matches"], strict=True):
                page.get_by_label(pair, exact=True).select_option(text)
        case Ordering():
            _order_by_mouse(page, answer["order"])
        case Flashcard():
            page.get_by_role("link", name="Show answer").click()
            page.locator("fieldset.options").get_by_text(dict(SELF_RATINGS)[answer["rating"]], exact=True).click()


def answer_by_keys(keys: Keys, item: Item, answer: dict[str, Any]) -> None:
    """Give an answer by keys alone."""
    match item:
        case SingleChoice() | TrueFalse() | MultipleChoice():
            for text in _texts(item, answer):
                keys.press(str(keys.place_of(text)))
        case ShortAnswer() | Numeric() | Essay():
            keys.tab_to("Your answer")
            keys.type(answer["text"])
        case Cloze():
            for number, value in enumerate(answer["gaps"], 1):
                keys.tab_to(f"Gap {number}")
                gap = item.gaps[number - 1]
                keys.type(next((option.text for option in gap.options if option.id == value), value))
        case Matching():
            for pair, text in zip(_joined(item), answer["matches"], strict=True):
                keys.tab_to(pair)
                keys.type(text)
        case Ordering():
            for place, (steps, entry) in enumerate(_moves(keys.page, answer["order"]), 1):
                for number in range(place + steps, place, -1):
                    keys.press(str(number))
                    assert keys.focused() == f"Move up: {entry}"
                    expect(keys.page.locator("[data-order-status]")).to_have_text(
                        f"Moved to {number - 1} of {len(answer['order'])}"
                    )
        case Flashcard():
            keys.go("Enter")
            keys.press(str(keys.place_of(dict(SELF_RATINGS)[answer["rating"]])))


def _texts(item: SingleChoice | TrueFalse | MultipleChoice, answer: dict[str, Any]) -> list[str]:
    chosen = answer.get("choices") or [answer["choice"]]
    return [option.text for option in item.options if option.id in chosen]


def _order_by_mouse(page: Page, wanted: list[str]) -> None:
    for steps, entry in _moves(page, wanted):
        for _ in range(steps):
            page.get_by_role("button", name=f"Move up: {entry}", exact=True).click()


def _joined(item: Matching) -> list[str]:
    return [pair.left for pair in item.pairs if pair.left is not None]


def _moves(page: Page, wanted: list[str]) -> Iterator[tuple[int, str]]:
    """Give for each entry in the order wanted how many steps up it still has to go; taken one after the other."""
    for place, entry in enumerate(wanted):
        standing = [words.strip() for words in page.locator("[data-order] li .text").all_inner_texts()]
        yield standing.index(entry) - place, entry
