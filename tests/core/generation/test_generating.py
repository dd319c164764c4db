"""Generation as a whole: nothing crashes, evidence is verbatim, gates hold, the same text gives the same drafts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.core import tagging
from quizapp.core.generation import GENERATOR_VERSION, Candidate, Draft, Refused, generate, judge
from quizapp.core.items import Accepted, Evidence, ShortAnswer, SingleChoice, TrueFalse, read_item, write_item
from quizapp.core.linting import lint
from quizapp.core.linting.actors import actors_in, persons_in
from quizapp.errors import Unreadable
from tests.core.generation.golden import FOLDER, GOLDEN, shown
from tests.generation.passages import Passage, passages

OPEN = passages("open")
_TEXT = """
the a of to and is was are were in on by that which who it they its because if when not called such as , . ; : – (
) “ ” year years 1822 1990 20 about three 5% £9 °C river bend plates Darwin James U.S. water rises found made
small large more than does n't you we to hold from with for into has been will can
"""
_WORDS = _TEXT.split()


@pytest.mark.parametrize("passage", OPEN, ids=lambda passage: passage.name)
def test_every_draft_passes_every_gate_with_verbatim_evidence(passage: Passage) -> None:
    for draft in generate(passage.text).drafts:
        assert draft.item.source == "rules"
        assert draft.version == GENERATOR_VERSION
        assert 0 < draft.rank < 1
        assert draft.item.evidence
        for quote in draft.item.evidence:
            assert passage.text[quote.start : quote.end] == quote.quote
        assert read_item(write_item(draft.item)) == draft.item
        assert not [finding for finding in lint(draft.item, passage.text) if finding.severity == "error"]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_drafts_on_five_passages_are_these(name: str) -> None:
    text = next(passage.text for passage in OPEN if passage.name == name)
    assert shown(text) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_the_same_arguments_give_the_same_drafts_and_none_asks_the_same_twice() -> None:
    text = OPEN[0].text
    assert generate(text, seed="a") == generate(text, seed="a")
    items = [draft.item for draft in generate(text).drafts]
    assert len({item.stem for item in items}) == len(items)


def test_what_is_asked_already_is_not_drafted_again() -> None:
    text = OPEN[1].text
    first = generate(text).drafts[0]
    again = generate(text, existing=[first.item])
    assert first.item.stem not in {draft.item.stem for draft in again.drafts}
    assert again.dropped["near-duplicate"] >= 1


def test_decisions_move_the_expected_rate_of_a_rule() -> None:
    text = OPEN[0].text
    rule = generate(text).drafts[0].rule
    before = max(draft.rank for draft in generate(text, count=30).drafts if draft.rule == rule)
    after = max(draft.rank for draft in generate(text, count=30, priors={rule: (0, 20)}).drafts if draft.rule == rule)
    assert after < before - 0.3


def test_enemies_name_each_other() -> None:
    for passage in OPEN[:12]:
        items = {draft.item.external_id: draft.item for draft in generate(passage.text).drafts}
        for item in items.values():
            assert all(item.external_id in items[enemy].enemies for enemy in item.enemies)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(_WORDS), min_size=60, max_size=220))
def test_no_text_makes_it_crash(words: list[str]) -> None:
    text = " ".join(words).replace(" .", ".").replace(". a", ". A").replace(". the", ". The")
    for draft in _drafts(text):
        for quote in draft.item.evidence:
            assert text[quote.start : quote.end] == quote.quote


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=150, max_size=600))
def test_no_characters_make_it_crash(text: str) -> None:
    whole = f"{text} {OPEN[0].text}"
    for draft in _drafts(whole):
        for quote in draft.item.evidence:
            assert whole[quote.start : quote.end] == quote.quote


def _drafts(text: str) -> tuple[Draft, ...]:
    """Return what is made of a text; nothing of one that is refused."""
    try:
        return generate(text).drafts
    except Unreadable:
        return ()


def test_without_the_tagger_the_simplest_rules_still_make_drafts_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "_tagger", lambda: None)
    tagging.readings.cache_clear()
    text = next(passage.text for passage in OPEN if passage.name == "64-marathon-distance")
    generated = generate(text)
    tagging.readings.cache_clear()
    assert {draft.rule for draft in generated.drafts} <= {"year-gap", "amount-gap"}
    assert generated.drafts
    assert generated.notes


class TestJudge:
    """The gates by themselves, as another provider meets them."""

    PASSAGE = "The stone was found in 1799. Greek was the key to it."

    def asked(self, stem: str, answer: str, quote: str) -> Candidate:
        item = ShortAnswer(stem=stem, accepted=(Accepted(text=answer),), evidence=(Evidence(quote=quote),))
        return Candidate(item=item, rule="model")

    def test_a_sound_item_becomes_a_draft_with_the_rate_of_its_rule(self) -> None:
        sound = self.asked(
            "According to the passage, which script was the key to the stone?", "Greek", "Greek was the key"
        )
        drafted = judge(sound, self.PASSAGE, judged=(9, 10))
        assert isinstance(drafted, Draft)
        assert 0.6 < drafted.rank < 0.9

    @pytest.mark.parametrize(
        ("answer", "quote", "reason"),
        [
            ("Greek", "Greek opened it", "evidence-not-found"),
            ("Demotic", "Greek was the key", "not-derivable"),
        ],
    )
    def test_what_fails_a_gate_is_refused_with_its_code(self, answer: str, quote: str, reason: str) -> None:
        stem = "According to the passage, which script was the key to the stone?"
        refused = judge(self.asked(stem, answer, quote), self.PASSAGE)
        assert isinstance(refused, Refused)
        assert refused.reason == reason
        assert refused.findings

    def test_a_near_duplicate_of_an_item_that_exists_is_refused(self) -> None:
        sound = self.asked(
            "According to the passage, which script was the key to the stone?", "Greek", "Greek was the key"
        )
        refused = judge(sound, self.PASSAGE, [sound.item])
        assert isinstance(refused, Refused)
        assert refused.reason == "near-duplicate"


def test_terms_are_offered_beside_those_that_a_related_passage_defines_and_no_others() -> None:
    text = (
        "Rocks are sorted by how they form. Sandstone is a dark rock that forms when grains stick. Limestone is a pale "
        "rock that forms when shells settle in the sea. Marble is a hard rock that forms when limestone is heated. "
        "All three rocks are cut and sold for building in many towns near the sea today."
    )
    other = (
        "Some rocks form in the ground. Granite is a hard rock that forms when magma cools in the ground. Slate is a "
        "flat rock that forms when mud is pressed. People in many towns cut these rocks and sold them for building "
        "near the sea until the last century."
    )
    alone, beside = generate(text, count=40), generate(text, count=40, pool=[other, OPEN[0].text])
    first, second = (
        [draft.item for draft in made.drafts if isinstance(draft.item, SingleChoice)] for made in (alone, beside)
    )
    assert not first
    assert second
    offered = {option.text for item in second for option in item.options}
    assert offered & {"granite", "slate"}
    assert "chlorophyll" not in offered
    for item in second:
        assert sum(option.weight == 1 for option in item.options) == 1


def test_no_false_statement_touches_a_person_or_swaps_an_actor() -> None:
    false = [
        draft
        for passage in OPEN
        for draft in generate(passage.text, count=60).drafts
        if isinstance(draft.item, TrueFalse) and draft.item.options[1].weight == 1
    ]
    assert {draft.rule for draft in false} == {"turned-statement", "miscounted", "unnegated"}
    for draft in false:
        sentences = " ".join(quote.quote for quote in draft.item.evidence)
        assert not persons_in(sentences)
        assert actors_in(draft.item.stem) <= actors_in(sentences)
