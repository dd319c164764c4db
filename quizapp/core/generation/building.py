"""Putting items together: attribution, evidence, explanation, so that every rule's drafts read alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.texts import Passage
from quizapp.core.items import (
    Accepted,
    Cloze,
    Evidence,
    Flashcard,
    Gap,
    Matching,
    Numeric,
    Option,
    Ordering,
    Pair,
    ShortAnswer,
    TrueFalse,
)

ACCORDING = "According to the passage, "
_EXPLANATION_WORDS = 55
_TYPED_WORDS = 4
Places = Sequence[tuple[int, int]]


def short_or_card(
    passage: Passage, rule: str, question: str, answers: Sequence[str], places: Places, worth: float
) -> Candidate:
    """Return a short answer where the first answer is short enough to be typed, else a card."""
    stem = f"{ACCORDING}{question}?"
    evidence, feedback = quotes(passage, places), explanation(passage, places)
    if len(answers[0].split()) > _TYPED_WORDS:
        card = Flashcard(stem=stem, answer=answers[0], bloom="remember", evidence=evidence, feedback=feedback)
        return Candidate(item=card, rule=rule, worth=worth)
    accepted = tuple(Accepted(text=answer) for answer in dict.fromkeys(answers))
    item = ShortAnswer(stem=stem, accepted=accepted, bloom="remember", evidence=evidence, feedback=feedback)
    return Candidate(item=item, rule=rule, worth=worth)


def card(passage: Passage, rule: str, stem: str, answer: str, places: Places, worth: float) -> Candidate:
    """Return a card; its back is no typed answer, however short."""
    evidence, feedback = quotes(passage, places), explanation(passage, places)
    item = Flashcard(stem=stem, answer=answer, bloom="remember", evidence=evidence, feedback=feedback)
    return Candidate(item=item, rule=rule, worth=worth)


def number(
    passage: Passage, rule: str, question: str, value: float, unit: str, places: Places, worth: float
) -> Candidate:
    """Return a question for a number."""
    item = Numeric(
        stem=f"{ACCORDING}{question}?",
        accepted=(Accepted(number=value),),
        unit=unit,
        bloom="remember"
        if any(f"{value:,.15g}" in passage.text[a:b] or f"{value:.15g}" in passage.text[a:b] for a, b in places)
        else "",
        evidence=quotes(passage, places),
        feedback=explanation(passage, places),
    )
    return Candidate(item=item, rule=rule, worth=worth)


def gap(
    passage: Passage, rule: str, span: tuple[int, int], hole: tuple[int, int], answers: Sequence[str], worth: float
) -> Candidate:
    """Return a quotation of the passage with one hole; span and hole are places in the passage."""
    text = passage.text
    before, after = text[span[0] : hole[0]], text[hole[1] : span[1]]
    if after[-1:] not in {".", "!", "?"}:
        after += " …"  # the passage goes on
    item = Cloze(
        stem=f"The passage says: “{one_line(before)}{{{{1}}}}{one_line(after)}”",
        gaps=(Gap(kind="typed", accepted=tuple(Accepted(text=answer) for answer in answers)),),
        bloom="remember",
        evidence=quotes(passage, [span]),
        feedback=explanation(passage, [span]),
    )
    return Candidate(item=item, rule=rule, worth=worth)


def quotes(passage: Passage, places: Places) -> tuple[Evidence, ...]:
    """Return verbatim evidence for places in the passage."""
    return tuple(Evidence(quote=passage.text[start:end], start=start, end=end) for start, end in places)


def explanation(passage: Passage, places: Places) -> str:
    """Quote the evidence as what argues the key, cut to what an explanation may have."""
    said = [one_line(passage.text[start:end]) for start, end in places]
    said = [
        f"{' '.join(quote.split()[:_EXPLANATION_WORDS])} …" if len(quote.split()) > _EXPLANATION_WORDS else quote
        for quote in said
    ]
    return f"The passage says: {' '.join(f'“{_inner(quote)}”' for quote in said)}"


def one_line(text: str) -> str:
    """Return a text with single spaces for its breaks."""
    return re.sub(r"\s+", " ", text)


def _inner(quote: str) -> str:
    """Turn double quotation marks inside a quotation into single ones."""
    quote = re.sub(r'"([^"]*)"', r"‘\1’", quote)
    return quote.replace("“", "‘").replace("”", "’")


def ordering(passage: Passage, rule: str, stem: str, order: Sequence[str], places: Places, worth: float) -> Candidate:
    """Return entries to be put in the order in which they are given here."""
    evidence, feedback = quotes(passage, places), explanation(passage, places)
    item = Ordering(stem=stem, order=tuple(order), bloom="remember", evidence=evidence, feedback=feedback)
    return Candidate(item=item, rule=rule, worth=worth)


def matching(
    passage: Passage,
    rule: str,
    stem: str,
    pairs: Sequence[tuple[str, str]],
    others: Sequence[str],
    places: Places,
    worth: float,
) -> Candidate:
    """Return pairs to be joined; `others` are right sides that belong to none."""
    item = Matching(
        stem=stem,
        pairs=(*(Pair(left=left, right=right) for left, right in pairs), *(Pair(right=other) for other in others)),
        bloom="remember",
        evidence=quotes(passage, places),
        feedback=explanation(passage, places),
    )
    return Candidate(item=item, rule=rule, worth=worth)


def true_false(
    passage: Passage, rule: str, said: str, places: Places, worth: float, turned: tuple[str, str] | None = None
) -> Candidate:
    """Return a statement to be judged; `turned` are the word of the passage and the one that stands for it, if any."""
    if turned is None:
        true = Option(id="true", text="True", weight=1, feedback="The passage says so.")
        false = Option(
            id="false", text="False", feedback="The passage says just this.", misconception="doubts what is stated"
        )
    else:
        word, opposite = turned
        said_so = (
            f"The passage has “{word}” where the statement has “{opposite}”." if opposite else "The passage says not."
        )
        mistake = f"takes “{opposite}” for “{word}”" if opposite else f"overlooks “{word}”"
        true = Option(id="true", text="True", feedback=said_so, misconception=mistake)
        false = Option(id="false", text="False", weight=1, feedback=said_so)
    item = TrueFalse(
        stem=f"{ACCORDING}{said}.",
        options=(true, false),
        bloom="understand" if len(places) == 1 else "analyse",
        evidence=quotes(passage, places),
        feedback=explanation(passage, places),
    )
    return Candidate(item=item, rule=rule, worth=worth)
