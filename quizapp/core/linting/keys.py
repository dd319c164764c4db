"""Flaws of keys and of what explains them: too long to type, empty, unexplained, or of another level."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.items import Cloze, Essay, Flashcard, Item, Matching, Ordering, TrueFalse
from quizapp.core.linting.findings import Finding, flaw
from quizapp.core.linting.subjects import Choices, Subject, sentence_roots
from quizapp.core.linting.wording import VAGUE_ADJECTIVES, VAGUE_HEADS, is_content, quoted, roots, words

_MARKED_WORDS = 4
# Words of a question that asks how things hang together.
_RELATION = re.compile(
    r"\b(?:affect|and|balanc|because|benefit|between|both|but|caus|chain|chang|combin|common|compar|condition|conflict"
    r"|consequen|contrast|depend|differ|effect|example|explain|follow|how|if|illustrat|imply|implies|influen|join"
    r"|kind of|lead|link|make|order|pair|pattern|purpose|reason|relat|result|risk|role|sequence|share|similar|step"
    r"|structure|than|turn|two|weigh|whether|while|why)\w*",
    re.IGNORECASE,
)


def long_typed_key(subject: Subject) -> Iterator[Finding]:
    """Find typed keys of more than four words, which can't be marked fairly."""
    for key in subject.typed_keys:
        if len(key.text.split()) > _MARKED_WORDS:
            message = f"{quoted([key.text])} is too long to be typed alike by all. Ask for fewer words or use a card."
            yield flaw("long-key", message, key.target)


def vague_answer(subject: Subject) -> Iterator[Finding]:
    """Find keys that name nothing, such as “various factors”."""
    if not subject.is_english:
        return
    for key in subject.keys:
        found = [word for word in words(key.text) if is_content(word) or word in VAGUE_ADJECTIVES]
        if found and VAGUE_HEADS.intersection(found) and not set(found) - VAGUE_HEADS - VAGUE_ADJECTIVES:
            yield flaw("vague-answer", f"{quoted([key.text])} says nothing by itself. Name what it is.", key.target)


def explanation(subject: Subject) -> Iterator[Finding]:
    """Find an item that does not argue its key."""
    if not subject.item.feedback.strip() and not isinstance(subject.item, Essay):
        yield flaw("no-explanation", "Say why the answer is right; learners read it after they answer.", "feedback")


def measure(subject: Subject) -> Iterator[Finding]:
    """Find an essay that gives nothing to mark or to rate it by."""
    item = subject.item
    if isinstance(item, Essay) and not (item.answer.strip() or item.rubric.strip() or item.criteria):
        message = "Write a model answer or criteria: whoever marks it, or rates its card, needs something to go by."
        yield flaw("no-measure", message, "criteria")


def reasons(subject: Subject) -> Iterator[Finding]:
    """Find distractors that don't say why they are wrong, or which mistake leads to them."""
    for group in _with_wrong_answers(subject):
        for code, is_missing, wanted in (
            ("no-reason", [not option.feedback.strip() for option in group.distractors], "why it is wrong"),
            (
                "no-misconception",
                [not option.misconception.strip() for option in group.distractors],
                "which mistake leads to it",
            ),
        ):
            if all(is_missing) and len(is_missing) > 1:
                yield flaw(code, f"For each wrong answer, note {wanted}.", group.target)
                continue
            for option, missing in zip(group.distractors, is_missing, strict=True):
                if missing:
                    yield flaw(code, f"For {quoted([option.text])}, note {wanted}.", group.target_of(option))


def level(subject: Subject) -> Iterator[Finding]:
    """Find a Bloom level that its evidence speaks against.

    Remember: the key's words stand in one sentence. Understand: one sentence says it in other words. Analyse: two
    sentences are joined, or a relation is asked for.
    """
    sentences = subject.evidence_sentences
    if not sentences:
        return
    match subject.item.bloom:
        case "remember" if strange := _words_beyond(subject, sentences):
            message = f"{quoted([strange])} is in no sentence of the evidence word for word: understand, not remember?"
            yield flaw("bloom", message, "bloom")
        case "understand" if len(sentences) > 1 and not isinstance(subject.item, Matching | Ordering):
            message = f"The evidence takes {len(sentences)} sentences: analyse, not understand?"
            yield flaw("bloom", message, "bloom")
        case "analyse" if len(sentences) == 1 and not _asks_relation(subject.item):
            yield flaw("bloom", "One sentence settles it and no relation is asked for: understand?", "bloom")


RULES = (long_typed_key, vague_answer, explanation, measure, reasons, level)


def _with_wrong_answers(subject: Subject) -> tuple[Choices, ...]:
    if isinstance(subject.item, TrueFalse):
        return (Choices("options", subject.item.options),)
    return subject.choices


def _words_beyond(subject: Subject, sentences: tuple[str, ...]) -> str:
    """Return a key that no sentence holds, or that not the same sentence holds; matching may take one for each."""
    item = subject.item
    if isinstance(item, Matching):
        sides = [pair.right for pair in item.pairs if pair.left is not None]
        return next((side for side in sides if not any(_holds(sentence, side) for sentence in sentences)), "")
    keys = [key.text for key in subject.keys]
    if any(all(_holds(sentence, key) for key in keys) for sentence in sentences):
        return ""
    return next((key for key in keys if not any(_holds(sentence, key) for sentence in sentences)), "; ".join(keys))


def _holds(sentence: str, key: str) -> bool:
    return roots(key) <= sentence_roots(sentence)


def _asks_relation(item: Item) -> bool:
    if isinstance(item, Matching | Ordering) or len(item.evidence) > 1:
        return True
    texts = [item.stem, item.answer if isinstance(item, Flashcard) else ""]
    return any(_RELATION.search(text) for text in texts) or (isinstance(item, Cloze) and len(item.gaps) > 1)
