"""Sections as a learner meets them, and pools: what is drawn, what is told, what is closed for good."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source, set_enemies
from quizapp.authoring.publishing import publish
from quizapp.authoring.sections import add_section, change_section
from quizapp.authoring.sets import add_to_set, create_set, describe_set
from quizapp.core.items import read_item
from quizapp.core.rules import Rules
from quizapp.core.sections import Pool
from quizapp.errors import Conflict, NotAllowed
from quizapp.models import Attempt, AttemptItem, Item, ItemVersion, Topic
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.responses import Given, respond
from quizapp.quizzes.working_answers import Typed, keep_working_answer
from tests.builders import counted_queries
from tests.conftest import MONDAY, Cast, Clock
from tests.pages import Visitor

Browser = Callable[..., Visitor]


def asked(stem: str, *tags: str, kind: str = "single_choice") -> Any:
    if kind == "description":
        return read_item({"kind": kind, "stem": stem})
    options = [{"id": "a", "text": "The kestrel", "weight": 1}, {"id": "b", "text": "The rook"}]
    return read_item({"kind": kind, "stem": stem, "options": options, "tags": list(tags)})


class Author:
    """A teacher who writes sets of sections."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.owner = session, cast.teacher
        self.source = Source(topic_id=session.scalars(select(Topic.id).order_by(Topic.id)).first() or 0)

    def make(
        self, sections: list[dict[str, Any]], rules: Rules | None = None, *, title: str = "Birds"
    ) -> tuple[int, str]:
        """Publish a set by link; each section has a title, stems, and what else it is described by."""
        set_id = create_set(self.session, self.owner, title, "", MONDAY)
        for made in sections:
            section_id = add_section(self.session, set_id, self.owner, made["title"]) if made["title"] else None
            for stem in made.get("stems", ()):
                kind = "description" if stem.startswith("Read") else "single_choice"
                item = asked(stem, *made.get("tags", ()), kind=kind)
                add_to_set(self.session, set_id, self.owner, item, self.source, MONDAY, section_id=section_id)
            if section_id is not None:
                change_section(
                    self.session, set_id, section_id, self.owner, title=made["title"],
                    instruction=made.get("instruction", ""), drawn=made.get("drawn"), pool=made.get("pool"),
                )  # fmt: skip
        describe_set(self.session, set_id, self.owner, title=title, description="", rules=rules or Rules(), now=MONDAY)
        slug = publish(self.session, set_id, self.owner, "link", MONDAY)
        self.session.commit()
        return set_id, slug

    def start(self, learner_id: int, slug: str, seed: int = 1) -> uuid.UUID:
        return start_set(self.session, learner_id, slug, uuid.uuid4(), seed=seed, now=MONDAY)

    def stems(self, attempt_id: uuid.UUID) -> list[str]:
        rows = self.session.scalars(
            select(ItemVersion.content)
            .join(AttemptItem, AttemptItem.item_version_id == ItemVersion.id)
            .where(AttemptItem.attempt_id == attempt_id)
            .order_by(AttemptItem.position)
        )
        return [content["stem"] for content in rows]


@pytest.fixture
def author(session: Session, cast: Cast) -> Author:
    return Author(session, cast)


TWO = [
    {"title": "Hawks", "stems": ["Read this first.", "Which hawk?", "Which other hawk?"], "instruction": "Look up."},
    {"title": "Crows", "stems": ["Which crow?", "Which other crow?", "Which third crow?"]},
]


def test_sections_keep_their_order_and_are_shuffled_within(author: Author, cast: Cast, session: Session) -> None:
    _, slug = author.make(TWO)
    orders = set()
    for seed, learner in enumerate((cast.student, cast.classmate, cast.colleague, cast.admin)):
        stems = author.stems(author.start(learner, slug, seed))
        assert {stems[0], stems[1], stems[2]} == set(TWO[0]["stems"])
        assert stems.index("Which hawk?") - stems.index("Read this first.") == 1  # a text stays with its question
        assert set(stems[3:]) == set(TWO[1]["stems"])
        orders.add(tuple(stems))
    assert len(orders) > 1


def test_each_section_draws_its_own_number(author: Author, cast: Cast) -> None:
    _, slug = author.make([{"title": "", "stems": ["Which egg?"]}, {**TWO[0], "drawn": 1}, {**TWO[1], "drawn": 2}])
    stems = author.stems(author.start(cast.student, slug))
    assert stems[0] == "Which egg?"
    assert [len([stem for stem in stems if bird in stem]) for bird in ("hawk", "crow")] == [1, 2]


def test_the_pages_say_which_section_and_how_far(author: Author, cast: Cast, visitor: Browser) -> None:
    _, slug = author.make(TWO, Rules(is_shuffled=False))
    person = visitor(cast.student)
    page = person.open(f"/sets/{slug}")
    assert "5 questions in 2 sections: “Hawks” (2), “Crows” (3)." in page.words
    person.press("Start quiz")
    page = person.press("Next")
    assert "Section 1 of 2: Hawks, question 1 of 2 in it" in page.words
    assert [summary.text for summary in page.all("summary")] == ["What to do in this section"]
    page = person.open(page.path.removesuffix("2") + "5")
    assert "Section 2 of 2: Crows, question 2 of 3 in it" in page.words
    person.press("Overview", choice="a")
    assert person.page is not None
    assert [heading.text for heading in person.page.all("h2", class_="part")] == ["Hawks", "Crows"]
    person.press("Finish quiz")
    assert person.page is not None
    assert "By section" in person.page.words
    assert "Hawks 0 of 2 Crows 1 of 3" in person.page.words
    assert [head.text for head in person.page.all("h2") if head.text in ("Hawks", "Crows")] == ["Hawks", "Crows"]


class TestBySection:
    RULES = Rules(navigation="by_section", is_shuffled=False)

    def test_one_moves_freely_inside_and_leaves_for_good(self, author: Author, cast: Cast, visitor: Browser) -> None:
        _, slug = author.make(TWO, self.RULES)
        person = visitor(cast.student)
        page = person.open(f"/sets/{slug}")
        assert "one that you have left can’t be opened again" in page.words
        person.press("Start quiz")
        first = person.press("Next").path.removesuffix("2")
        person.press("Next", choice="a")
        assert "Back" in (person.page.buttons() if person.page else ())
        assert person.open(f"{first}4").path == f"{first}1"  # not reached yet
        person.open(f"{first}3")
        page = person.press("To the overview")
        assert page.heading == "1 question of this section is not answered"
        assert "Finish quiz" not in page.buttons()
        page = person.press("Go on")
        assert page.path == f"{first}4"
        assert "Back" not in page.buttons()
        assert person.open(f"{first}2").path == f"{first}4"
        for _ in range(2):
            page = person.press("Next", choice="a")
        page = person.press("To the overview", choice="a")
        page = person.press("Finish quiz")
        assert page.heading == "4 of 5 right"

    def test_nothing_of_another_section_takes_an_answer(self, author: Author, cast: Cast, session: Session) -> None:
        _, slug = author.make(TWO, self.RULES)
        attempt_id = author.start(cast.student, slug)
        with pytest.raises(Conflict, match="forward only"):
            respond(session, cast.student, attempt_id, 4, Given(uuid.uuid4(), {"choice": "a"}, 0), MONDAY)
        typed = Typed({"choice": "a"}, uuid.uuid4(), 1, base_revision=0, working_revision=0)
        with pytest.raises(Conflict, match="forward only"):
            keep_working_answer(session, cast.student, attempt_id, 4, typed, MONDAY)
        respond(session, cast.student, attempt_id, 3, Given(uuid.uuid4(), {"choice": "a"}, 0), MONDAY)
        respond(session, cast.student, attempt_id, 2, Given(uuid.uuid4(), {"choice": "a"}, 0), MONDAY)


class TestPools:
    def bank(self, author: Author, number: int = 6) -> list[int]:
        """Publish questions tagged “raptor”; their items."""
        author.make([{"title": "", "stems": [f"Bird {n}?" for n in range(number)], "tags": ["Raptor"]}], title="Bank")
        tagged = select(Item.id).join(ItemVersion, ItemVersion.item_id == Item.id).order_by(Item.id)
        contents = author.session.execute(tagged.add_columns(ItemVersion.content)).all()
        return [item_id for item_id, content in contents if content.get("tags") == ["Raptor"]]

    def pool(self, number: int, **fits: Any) -> list[dict[str, Any]]:
        return [{"title": "Mixed", "pool": Pool(number=number, tags=("raptor",), **fits)}]

    def test_the_seed_draws_so_many_that_fit(self, author: Author, cast: Cast) -> None:
        bank = self.bank(author)
        _, slug = author.make(self.pool(3))
        drawn = set()
        for seed, learner in enumerate((cast.student, cast.classmate, cast.admin)):
            stems = author.stems(author.start(learner, slug, seed))
            assert len(set(stems)) == 3
            drawn |= set(stems)
        assert len(drawn) > 3
        assert drawn <= {f"Bird {n}?" for n in range(len(bank))}

    def test_never_two_enemies_and_what_falls_short_is_said(
        self, author: Author, cast: Cast, session: Session, visitor: Browser
    ) -> None:
        bank = self.bank(author, 4)
        set_enemies(session, bank, [(bank[0], bank[1]), (bank[2], bank[3])])
        set_id, slug = author.make(self.pool(3), Rules(is_shuffled=False))
        teacher = visitor(cast.teacher).open(f"/teach/sets/{set_id}")
        assert "3 questions drawn from: tagged raptor. 4 questions fit." in teacher.words
        assert "Others give away one of these or of the set. Each student gets 2 instead of 3" in teacher.words
        assert "Bird 0?" in teacher.words
        student = visitor(cast.student)
        assert "2 questions in 1 section: “Mixed” (2 of 4 by lot)." in student.open(f"/sets/{slug}").words
        page = student.press("Start quiz")
        assert "1 question fewer than planned" in page.words
        drawn = set(session.scalars(select(AttemptItem.item_id)))
        assert len(drawn & {bank[0], bank[1]}) == len(drawn & {bank[2], bank[3]}) == 1

    def test_questions_of_others_drafts_and_other_kinds_do_not_fit(
        self, author: Author, cast: Cast, session: Session
    ) -> None:
        bank = self.bank(author)
        session.get_one(Item, bank[0]).status = "retired"
        session.get_one(Item, bank[1]).owner_id = cast.colleague
        _, slug = author.make(self.pool(9, kinds=("single_choice",)))
        assert sorted(author.stems(author.start(cast.student, slug))) == [f"Bird {n}?" for n in range(2, 6)]
        _, none = author.make([*self.pool(9, kinds=("numeric",)), TWO[1]], title="Other")
        assert len(author.stems(author.start(cast.student, none))) == 3

    def test_what_waits_for_another_quiz_is_not_drawn(self, author: Author, cast: Cast) -> None:
        bank = self.bank(author, 4)
        _, first = author.make(self.pool(3), title="First")
        _, second = author.make(self.pool(4), title="Second")
        taken = set(author.stems(author.start(cast.student, first)))
        left = author.stems(author.start(cast.student, second))
        assert (len(left), taken & set(left)) == (1, set())
        assert len(author.stems(author.start(cast.classmate, second))) == len(bank)

    def test_a_pool_that_holds_nothing_for_somebody_starts_nothing(self, author: Author, cast: Cast) -> None:
        self.bank(author, 2)
        _, first = author.make(self.pool(2), title="First")
        _, second = author.make(self.pool(2), title="Second")
        author.start(cast.student, first)
        with pytest.raises(NotAllowed, match="no question to ask"):
            author.start(cast.student, second)

    def test_what_was_drawn_is_not_called_gone_in_the_results(
        self, author: Author, cast: Cast, session: Session, visitor: Browser
    ) -> None:
        self.bank(author, 2)
        set_id, slug = author.make([*self.pool(1), TWO[1]])
        author.start(cast.student, slug)
        session.commit()
        student = visitor(cast.student)
        student.open(f"/sets/{slug}")
        student.follow("Continue")
        student.open(student.page.path.rpartition("/")[0] + "/finish" if student.page else "")
        student.press("Finish quiz")
        words = visitor(cast.teacher).open(f"/teach/sets/{set_id}/results").words
        assert "One answer · Mixed, from its pool" in words
        assert "One answer · Crows" in words
        assert "no longer in the set" not in words

    def test_versions_are_pinned(self, author: Author, cast: Cast, session: Session) -> None:
        bank = self.bank(author, 1)
        _, slug = author.make(self.pool(1))
        attempt_id = author.start(cast.student, slug)
        pinned = session.scalars(select(AttemptItem.item_version_id).where(AttemptItem.attempt_id == attempt_id)).one()
        version = session.get_one(ItemVersion, pinned)
        assert (version.item_id, session.get_one(Attempt, (cast.student, attempt_id)).item_count) == (bank[0], 1)

    def test_a_start_costs_the_same_with_many_pools(
        self, app: Flask, author: Author, cast: Cast, session: Session, visitor: Browser, clock: Clock
    ) -> None:
        self.bank(author)
        costs = []
        for number in (1, 6):
            sections = [{**self.pool(1)[0], "title": f"Mixed {place}"} for place in range(number)]
            set_id, slug = author.make(sections, title=f"With {number}")
            with counted_queries(app) as page:
                visitor(cast.teacher).open(f"/teach/sets/{set_id}")
            with counted_queries(app) as shown:
                visitor(cast.student).open(f"/sets/{slug}")
            costs.append((len(page), len(shown)))
        assert costs[0] == costs[1]
