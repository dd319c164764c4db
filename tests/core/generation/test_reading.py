"""How sentences are read: clauses and their parts, pronouns that take a noun's place, and what is left unread."""

from __future__ import annotations

import pytest

from quizapp.core.generation import generate
from quizapp.core.generation.parsing import clauses_of
from quizapp.core.generation.reading import Reading
from quizapp.core.generation.texts import read_passage
from quizapp.core.items import key_text, plain_stem

_BEFORE = "The old harbour of Senna lies at the mouth of a wide river. Ships have used it for many years."
_AFTER = (
    "The harbour is visited by many people in summer, and most of them come by train from the large town in the west."
)


def asked(sentence: str) -> dict[str, str]:
    """Return stem and key of all that is asked about a sentence, the attribution left out."""
    drafts = generate(f"{_BEFORE} {sentence} {_AFTER}", count=80).drafts
    return {
        plain_stem(draft.item.stem).removeprefix("According to the passage, "): key_text(draft.item) for draft in drafts
    }


def test_a_sentence_is_cut_into_clauses_with_their_parts() -> None:
    text = f"{_BEFORE} In 1822 the scholar, who was ill, found the key and told the world. {_AFTER}"
    passage = read_passage(text)
    shown = [
        (clause.kind, *(passage.words_of(part) for part in (clause.front, clause.subject, clause.verbs, clause.rest)))
        for clause in clauses_of(passage.sentences[2])
    ]
    assert shown == [
        ("main", "In 1822", "the scholar", "found", "the key"),
        ("relative", "", "the scholar", "was", "ill"),
        ("main", "", "the scholar", "told", "the world"),
    ]


@pytest.mark.parametrize(
    ("sentence", "question", "key"),
    [
        (
            "The bridge was designed by the engineer Ada Holm in 1931.",
            "who designed the bridge in 1931?",
            "the engineer Ada Holm",
        ),
        ("The bridge was opened in May 1931.", "in which year was the bridge opened?", "1931"),
        ("The crane lifts 40 tonnes of timber.", "how many tonnes of timber does the crane lift?", "40"),
        ("A long wall protects the docks from storms.", "what protects the docks from storms?", "a long wall"),
        (
            "The docks are lit at night because ships arrive late.",
            "why are the docks lit at night?",
            "because ships arrive late",
        ),
        (
            "If the tide falls, the keepers open the gates.",
            "what happens if the tide falls?",
            "the keepers open the gates",
        ),
    ],
)
def test_a_clause_is_turned_into_a_question(sentence: str, question: str, key: str) -> None:
    assert asked(sentence).get(question) == key


@pytest.mark.parametrize(
    "sentence",
    [
        "Never open the gates in winter.",
        "The pilots and the crews told them nothing about it.",
        "We think that you should see it.",
        "This was a great surprise to everybody.",
    ],
)
def test_orders_not_to_and_words_that_point_elsewhere_are_left_alone(sentence: str) -> None:
    told = " ".join(asked(sentence))
    for word in ("one should open", "pilots", "you should", "surprise"):
        assert word not in told


def test_a_pronoun_takes_the_subject_before_it_where_only_that_fits() -> None:
    text = f"{_BEFORE} The crane was built in 1890. It lifts heavy timber from the ships. {_AFTER}"
    reads = Reading(read_passage(text)).reads
    assert [read.subject for read in reads if read.is_resolved] == ["the crane"]


def test_a_pronoun_takes_nothing_where_what_stands_between_was_not_read() -> None:
    text = f"{_BEFORE} The crane was built in 1890. Never use ropes that are wet: it breaks them. {_AFTER}"
    assert not [read for read in Reading(read_passage(text)).reads if read.is_resolved]
