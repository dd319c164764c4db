"""Gaps cut without thought, the control that blind readers should mostly refuse: `python -m tests.generation.naive`.

A phrase is up to three words after an article, a possessive or a preposition, as far as the next small word or mark.
The two phrases whose words are most frequent in the passage are blanked where they first stand alone in a sentence.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.core.items import Accepted, Cloze, Evidence, Gap, Item
from quizapp.core.sentences import sentence_spans
from tests.generation.passages import NAIVE, Passage, passages

_OPENERS = """
a an the its their his her our your this these of in on at by for from with into between through
"""
_SMALL = """
and or but so if as than then that which who whose what when where while because since until although not no nor
is are was were be been being am has have had do does did can could may might will would shall should must he she it
they we you i him them us me there here most more much many some any all both each every other about over under up
down out off after before during without against also only just even very too still yet how why back such behind
usually to one two three four first second third
"""
# A tagger would know these; taken into phrases they would make the control weaker than it need be.
_VERBS = "broke came carries clump lost owes paid stands"
OPENERS = frozenset(_OPENERS.split())
SMALL = OPENERS | frozenset(_SMALL.split()) | frozenset(_VERBS.split())
PHRASE_WORDS = 3
STEM_WORDS = 36
EACH = 2
_TOKEN = re.compile(r"\w+(?:[-’']\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Phrase:
    """A phrase where it stands: the bounds of its sentence and its own, in code points of the passage."""

    sentence: tuple[int, int]
    start: int
    end: int


def naive_gaps(passage: Passage) -> list[tuple[str, str, str]]:
    """Return (stem, key, quote) of the gaps of a passage, in the order of their sentences."""
    counts = Counter(word.casefold() for word in _TOKEN.findall(passage.text) if word.casefold() not in SMALL)

    def rank(phrase: Phrase) -> tuple[float, int]:
        found = [counts[word.casefold()] for word in _TOKEN.findall(passage.text[phrase.start : phrase.end])]
        return -sum(found) / len(found), phrase.start

    chosen: list[Phrase] = []
    for phrase in sorted(_phrases(passage.text), key=rank):
        key = _words(passage.text, phrase)
        taken = any(key == _words(passage.text, other) or phrase.sentence == other.sentence for other in chosen)
        if not taken and len(chosen) < EACH:
            chosen.append(phrase)
    return [_gap(passage.text, phrase) for phrase in sorted(chosen, key=lambda phrase: phrase.start)]


def naive_items(passage: Passage) -> list[Item]:
    """Return the gaps of a passage as questions."""
    return [
        Cloze(
            stem=stem,
            gaps=(Gap(kind="typed", accepted=(Accepted(text=key),)),),
            external_id=f"naive-{passage.name[:2]}-{number}",
            evidence=(Evidence(quote=quote),),
        )
        for number, (stem, key, quote) in enumerate(naive_gaps(passage), 1)
    ]


def naive_file() -> str:
    """Return the whole file of naive questions, for the passages held back."""
    lines = ["# Gaps cut by naive.py on the paragraphs held back. Writers of rules do not read on."]
    for passage in passages("held"):
        for number, (stem, key, quote) in enumerate(naive_gaps(passage), 1):
            lines += [
                "",
                f"[[{passage.name}]]",
                f'external_id = "naive-{passage.name[:2]}-{number}"',
                'kind = "cloze"',
                f"stem = {_quoted(stem)}",
                f'gaps = [{{ kind = "typed", accepted = [{{ text = {_quoted(key)} }}] }}]',
                f"evidence = [{{ quote = {_quoted(quote)} }}]",
            ]
    return "\n".join(lines) + "\n"


def _phrases(text: str) -> Iterator[Phrase]:
    for begin, stop in sentence_spans(text):
        sentence = text[begin:stop]
        tokens = list(_TOKEN.finditer(sentence))
        for place, opener in enumerate(tokens[:-1]):
            if opener[0].casefold() in OPENERS and (run := _run(tokens[place + 1 :])):
                start, end = run[0].start(), run[-1].end()
                alone = len(re.findall(rf"\b{re.escape(sentence[start:end])}\b", sentence)) == 1
                if alone and len(sentence.split()) <= STEM_WORDS:
                    yield Phrase((begin, stop), begin + start, begin + end)


def _run(tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    run = []
    for token in tokens[:PHRASE_WORDS]:
        if token[0].casefold() in SMALL or not token[0][0].isalpha():
            break
        run.append(token)
    return run


def _words(text: str, phrase: Phrase) -> str:
    return text[phrase.start : phrase.end].casefold()


def _gap(text: str, phrase: Phrase) -> tuple[str, str, str]:
    begin, stop = phrase.sentence
    stem = f"The passage says: “{text[begin : phrase.start]}{{{{1}}}}{text[phrase.end : stop]}”"
    return stem, text[phrase.start : phrase.end], text[begin:stop]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    NAIVE.write_text(naive_file(), encoding="utf-8")
